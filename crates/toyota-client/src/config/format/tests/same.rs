//! Each format against another reader of it, and against the other formats.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Map, Value as Json};

use super::*;

/// Lines that define tables and keys, of few names so that they meet.
fn toml_lines() -> impl Strategy<Value = String> {
    let key = proptest::sample::select(&["a", "b", "c", "'a'"][..]);
    let path = proptest::collection::vec(key, 1..4).prop_map(|keys| keys.join("."));
    let leaf = proptest::sample::select(
        &[
            "1",
            "'x'",
            "[]",
            "{}",
            "[{a = 1}]",
            "0_1",
            "1_0",
            "nan",
            "1979-05-27",
            "24:00:00",
        ][..],
    )
    .prop_map(str::to_owned);
    let value = leaf.prop_recursive(2, 6, 3, {
        let path = path.clone();
        move |value| {
            let pair = (path.clone(), value).prop_map(|(path, value)| format!("{path} = {value}"));
            let pairs = proptest::collection::vec(pair, 0..3);
            pairs.prop_map(|pairs| format!("{{{}}}", pairs.join(", ")))
        }
    });
    let line = prop_oneof![
        path.clone().prop_map(|path| format!("[{path}]")),
        path.clone().prop_map(|path| format!("[[{path}]]")),
        (path, value).prop_map(|(path, value)| format!("{path} = {value}")),
    ];
    proptest::collection::vec(line, 0..8).prop_map(|lines| lines.join("\n"))
}

/// Settings that each format can say.
fn settings() -> impl Strategy<Value = Json> {
    let text = prop_oneof!["[ -~]{0,8}", "\\PC{0,8}", ".{0,8}"];
    let leaf = prop_oneof![
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        text.clone().prop_map(Json::from),
    ];
    let members = move |value| {
        let members = proptest::collection::vec((text.clone(), value), 0..5);
        members.prop_map(|members| Json::Object(members.into_iter().collect::<Map<_, _>>()))
    };
    let value = leaf.prop_recursive(4, 32, 5, {
        let members = members.clone();
        move |value| {
            let list = proptest::collection::vec(value.clone(), 0..4).prop_map(Json::from);
            prop_oneof![list, members(value)]
        }
    });
    members(value.boxed())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn toml_is_what_its_makers_read(text in toml_lines()) {
        let theirs = ::toml::from_str::<::toml::Table>(&text);

        let ours = Format::Toml.parse(&text);

        match (&ours, &theirs) {
            (Ok(ours), Ok(theirs)) => {
                prop_assert_eq!(plain(ours), plain_toml(&::toml::Value::from(theirs.clone())));
            }
            // Their keys with dots go on through lists by headers, which TOML forbids.
            (Err(_), Ok(_)) if text.contains("[[") => {}
            (ours, theirs) => prop_assert_eq!(
                ours.is_ok(), theirs.is_ok(), "{}\n{:?}\n{:?}", text, ours, theirs
            ),
        }
    }

    #[test]
    fn json_is_what_serde_json_reads(
        json in crate::hostile::json(),
        broken in any::<prop::sample::Index>(),
        byte in proptest::sample::select(&b"{}[],:\"\\0-.etnu \t/\x01"[..]),
    ) {
        let whole = serde_json::json!({ "a": json }).to_string();
        let mut text = whole.clone().into_bytes();
        let broken = broken.index(text.len());
        text[broken] = byte;
        for text in [whole, String::from_utf8_lossy(&text).into_owned()] {
            let theirs = serde_json::from_str::<Json>(&text);

            let ours = Format::Json.parse(&text);

            match (&ours, &theirs) {
                (Ok(ours), Ok(theirs)) => {
                    prop_assert_eq!(numberless(plain(ours)), numberless(plain_json(theirs)));
                }
                (Err(error), Ok(_)) => {
                    prop_assert!(error.message.contains("already"), "{} {}", text, error);
                }
                (Ok(_), Err(error)) => prop_assert!(false, "{} {}", text, error),
                (Err(_), Err(_)) => {}
            }
        }
    }

    #[test]
    fn the_same_settings_are_the_same_tree_in_each_format(settings in settings()) {
        let expected = plain_json(&settings);
        let json = serde_json::to_string_pretty(&settings).unwrap();
        let toml = ::toml::to_string(&settings).unwrap();
        let mut yaml = String::new();
        write_yaml(&settings, 0, &mut yaml);

        for (format, text) in [(Format::Json, &json), (Format::Toml, &toml), (Format::Yaml, &yaml)] {
            let read = format.parse(text);

            prop_assert_eq!(read.map(|tree| plain(&tree)), Ok(expected.clone()), "{}", text);
        }
        // JSON is YAML too, in flow style.
        let read = Format::Yaml.parse(&json);
        prop_assert_eq!(read.map(|tree| plain(&tree)), Ok(expected), "{}", json);
    }
}

/// A tree without positions and order.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Plain {
    Null,
    Text(String),
    List(Vec<Plain>),
    Table(BTreeMap<String, Plain>),
}

fn plain(node: &Node) -> Plain {
    match &node.value {
        Value::Null => Plain::Null,
        Value::Text(text) | Value::Typed(text) => Plain::Text(text.clone()),
        Value::List(items) => Plain::List(items.iter().map(plain).collect()),
        Value::Table(members) => {
            let members = members.iter();
            Plain::Table(members.map(|m| (m.key.clone(), plain(&m.value))).collect())
        }
    }
}

fn plain_json(json: &Json) -> Plain {
    match json {
        Json::Null => Plain::Null,
        Json::String(text) => Plain::Text(text.clone()),
        Json::Bool(_) | Json::Number(_) => Plain::Text(json.to_string()),
        Json::Array(items) => Plain::List(items.iter().map(plain_json).collect()),
        Json::Object(members) => {
            let members = members.iter();
            Plain::Table(
                members
                    .map(|(key, value)| (key.clone(), plain_json(value)))
                    .collect(),
            )
        }
    }
}

/// Without numbers: serde_json rounds them.
fn numberless(plain: Plain) -> Plain {
    match plain {
        Plain::Null => Plain::Null,
        Plain::Text(text) => {
            let number = serde_json::from_str::<serde_json::Number>(&text);
            Plain::Text(number.map_or(text, |_| "number".to_owned()))
        }
        Plain::List(items) => Plain::List(items.into_iter().map(numberless).collect()),
        Plain::Table(members) => {
            let members = members.into_iter();
            Plain::Table(
                members
                    .map(|(key, value)| (key, numberless(value)))
                    .collect(),
            )
        }
    }
}

fn plain_toml(toml: &::toml::Value) -> Plain {
    match toml {
        ::toml::Value::String(text) => Plain::Text(text.clone()),
        ::toml::Value::Array(items) => Plain::List(items.iter().map(plain_toml).collect()),
        ::toml::Value::Table(members) => {
            let members = members.iter();
            Plain::Table(
                members
                    .map(|(key, value)| (key.clone(), plain_toml(value)))
                    .collect(),
            )
        }
        scalar => Plain::Text(scalar.to_string()),
    }
}

/// Block style, with the quotes of JSON around texts.
fn write_yaml(value: &Json, indent: usize, out: &mut String) {
    let margin = " ".repeat(indent);
    match value {
        Json::Array(items) if !items.is_empty() => {
            for item in items {
                *out += &format!("\n{margin}- ");
                write_yaml(item, indent + 2, out);
            }
        }
        Json::Object(members) if !members.is_empty() => {
            for (key, value) in members {
                *out += &format!("\n{margin}{}: ", Json::from(key.as_str()));
                write_yaml(value, indent + 2, out);
            }
        }
        scalar => *out += &scalar.to_string(),
    }
}
