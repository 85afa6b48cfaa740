//! What is written for others to read: the template, the schema.

use std::collections::BTreeSet;

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
        let default = &rules["default"];
        let kinds = match &rules["type"] {
            Value::Array(kinds) => kinds.clone(),
            kind => vec![kind.clone()],
        };
        let kind = match default {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_u64() => "integer",
            Value::Number(_) => "number",
            _ => "string",
        };
        let fits = |known: &Value| *known == kind || (*known == "number" && kind == "integer");
        assert!(kinds.iter().any(fits), "{key:?}: {default} is no {kinds:?}");

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
