//! What is written for others to read: the template, the schema.

use std::collections::BTreeSet;

use regex_automata::nfa::thompson::pikevm::PikeVM;
use serde_json::Value;

use super::*;

fn all_of(config: &Config) -> Value {
    serde_json::to_value(config).unwrap()
}

#[test]
fn the_template_reads_as_the_defaults_whether_or_not_its_lines_are_comments() {
    let commented = template();
    let lines = commented.lines();
    let uncommented: Vec<_> = lines
        .map(|line| match line.strip_prefix('#') {
            Some(setting) if !setting.starts_with(' ') => setting,
            _ => line,
        })
        .collect();
    let uncommented = uncommented.join("\n");

    for (text, is_set) in [(&commented, false), (&uncommented, true)] {
        let config = Folder::with("config.toml", text).read().unwrap();

        assert_eq!(all_of(&config), all_of(&Config::new()));
        for key in keys() {
            let has_default = !key.default_json().is_null();
            let origin = config.origin(key.path());
            let is_default = origin == Some(&Origin::Default);
            assert_eq!(is_default, !(is_set && has_default), "{key:?}");
        }
    }
    for key in keys() {
        let setting = format!("\n#{} = ", key.name());
        assert!(commented.contains(&setting), "{key:?}");
        assert!(commented.contains(key.doc()) && commented.contains(key.variable()));
    }
}

#[test]
fn the_schema_knows_every_key_and_no_other() {
    let schema = schema();

    let sections = schema["properties"].as_object().unwrap();
    let mut paths = BTreeSet::new();
    for (section, table) in sections.iter().filter(|(name, _)| *name != "$schema") {
        assert_eq!(table["additionalProperties"], false, "{section}");
        let names = table["properties"].as_object().unwrap().keys();
        paths.extend(names.map(|name| format!("{section}.{name}")));
    }
    assert_eq!(schema["additionalProperties"], false);
    assert!(
        paths.into_iter().eq(keys()
            .map(|key| key.path().to_owned())
            .collect::<BTreeSet<_>>())
    );
}

#[test]
fn the_schema_agrees_with_what_is_read_at_its_bounds() {
    let schema = schema();
    for key in keys() {
        let rules = &schema["properties"][key.section()]["properties"][key.name()];
        let rules = &rules["anyOf"][0];
        let is_read = |text: &str| key.parse(text, &mut Settings::default()).is_ok();
        for bound in ["minimum", "maximum"] {
            if let Some(bound) = rules.get(bound) {
                assert!(is_read(&bound.to_string()), "{key:?} {bound}");
            }
        }
        for beyond in [
            ("minimum", -1.0),
            ("exclusiveMinimum", 0.0),
            ("maximum", 1.0),
        ] {
            if let Some(bound) = rules.get(beyond.0) {
                let beyond = bound.as_f64().unwrap() + beyond.1;
                assert!(!is_read(&beyond.to_string()), "{key:?} {beyond}");
            }
        }
        for word in rules["enum"].as_array().into_iter().flatten() {
            assert!(is_read(word.as_str().unwrap()), "{key:?} {word}");
        }
    }
}

#[test]
fn the_schema_takes_what_is_taken_and_refuses_most_of_what_is_not() {
    for (path, text, is_taken) in [
        ("cache", "null", true),
        ("cache.ttl", "60", true),
        ("cache.ttl", r#""60""#, true),
        ("cache.ttl", r#""1_000""#, true),
        ("cache.ttl", r#""""#, true),
        ("cache.ttl", "null", true),
        ("cache.ttl", r#""soon""#, false),
        ("cache.ttl", "-1", false),
        ("cache.enabled", r#""TRUE""#, true),
        ("cache.enabled", r#""yes""#, false),
        ("api.brand", r#""lexus""#, true),
        ("api.brand", r#""X""#, false),
        ("api.client_version", "2.10", true),
        ("api.client_version", r#""2 10""#, false),
        ("auth.client_id", r#""""#, true),
        ("auth.client_id", "123", true),
        ("auth.username", "5", false),
        ("logging.format", r#""JSON""#, true),
        ("logging.level", r#""Warn, a::b=DEBUG""#, true),
        ("logging.level", r#""loud""#, false),
        ("logging.file", r#""logs/a.log""#, true),
        ("logging.file", r#""logs/""#, false),
        ("logging.file", r#""~/log""#, false),
        ("cache.store", r#"["memory", "memory"]"#, true),
        ("cache.store", r#""memory""#, true),
        ("cache.store", r#"" memory memory""#, true),
        ("cache.store", "[]", false),
        ("cache.store", r#"["files"]"#, false),
        ("cache.store", "[true]", false),
        ("cache.store", "true", false),
        ("auth.token_dir", r#""..""#, true),
        ("auth.token_dir", r#""~""#, false),
    ] {
        let text = match path.split_once('.') {
            Some((section, name)) => format!(r#"{{"{section}": {{"{name}": {text}}}}}"#),
            None => format!(r#"{{"{path}": {text}}}"#),
        };
        let document: Value = serde_json::from_str(&text).unwrap();

        assert_eq!(fits(&document, &schema()), is_taken, "{text}");

        let read = Folder::with("config.json", &text).read();
        assert_eq!(read.is_ok(), is_taken, "{text}: {read:?}");
    }
    assert!(!schema().to_string().contains("Https://"));
}

/// Whether a document fits a schema, as far as ours use what there is.
fn fits(document: &Value, schema: &Value) -> bool {
    let has = |keyword: &str| schema.get(keyword);
    let is_of = |kind: &Value| match kind.as_str().unwrap() {
        "null" => document.is_null(),
        "boolean" => document.is_boolean(),
        "integer" => document.is_u64(),
        "number" => document.is_number(),
        "string" => document.is_string(),
        "array" => document.is_array(),
        "object" => document.is_object(),
        other => panic!("{other}"),
    };
    has("type").is_none_or(|kind| match kind {
        Value::Array(kinds) => kinds.iter().any(is_of),
        kind => is_of(kind),
    }) && has("anyOf").is_none_or(|any| {
        let mut any = any.as_array().unwrap().iter();
        any.any(|schema| fits(document, schema))
    }) && has("enum").is_none_or(|words| words.as_array().unwrap().contains(document))
        && has("items").is_none_or(|schema| {
            let mut items = document.as_array().into_iter().flatten();
            items.all(|item| fits(item, schema))
        })
        && has("minItems").is_none_or(|least| {
            let items = document.as_array().map(Vec::len);
            items.is_none_or(|items| items as u64 >= least.as_u64().unwrap())
        })
        && has("minimum").is_none_or(|least| document.as_f64() >= least.as_f64())
        && has("pattern").is_none_or(|pattern| {
            let text = document.as_str().unwrap_or_default();
            let regex = PikeVM::new(pattern.as_str().unwrap()).unwrap();
            regex.is_match(&mut regex.create_cache(), text)
        })
        && has("properties").is_none_or(|properties| {
            let mut members = document.as_object().into_iter().flatten();
            members.all(|(name, value)| properties.get(name).is_some_and(|it| fits(value, it)))
        })
}
