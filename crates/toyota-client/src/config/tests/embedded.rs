//! Settings inside those of an application.

use serde::de::{self, IntoDeserializer};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::*;

#[derive(Debug, Serialize, Deserialize)]
struct Application {
    name: String,
    #[serde(default)]
    toyota: Config,
}

#[test]
fn an_application_has_them_among_its_own() {
    let text = r#"{"name": "mine", "toyota": {"cache": {"ttl": 60, "enabled": "false"}}}"#;

    let application: Application = serde_json::from_str(text).unwrap();

    assert_eq!(application.name, "mine");
    assert_eq!(application.toyota.cache.ttl.as_secs(), 60);
    assert!(!application.toyota.cache.enabled);
    assert_eq!(application.toyota.origin("cache.ttl"), Some(&Origin::Code));
    let none: Application = serde_json::from_str(r#"{"name": "mine"}"#).unwrap();
    assert_eq!(none.toyota.cache.ttl.as_secs(), 300);
}

#[test]
fn what_is_written_reads_as_itself() {
    for config in [
        Config::new(),
        from([
            ("TOYOTA_BRAND", "S"),
            ("TOYOTA_MIN_GAP", "0.25"),
            ("TOYOTA_USERNAME", "anna@example.com"),
            ("TOYOTA_METRICS_LISTEN", "127.0.0.1:1"),
            ("TOYOTA_LOG_FILE", "a b"),
        ])
        .unwrap(),
    ] {
        let written = serde_json::to_value(&config).unwrap();

        let read: Config = serde_json::from_value(written.clone()).unwrap();

        assert_eq!(serde_json::to_value(&read).unwrap(), written);
    }
    let application = Application {
        name: "mine".to_owned(),
        toyota: Config::new(),
    };
    // TOML has no null: what is not set is left out.
    let written = toml::to_string(&application).unwrap();
    let read: Application = toml::from_str(&written).unwrap();
    assert_eq!(read.toyota.realm(), "tme");
}

#[test]
fn a_secret_is_masked_and_its_mask_is_refused() {
    let config = from([("TOYOTA_PASSWORD", "s3cret"), ("TOYOTA_API_KEY", "k3y")]).unwrap();

    let written = serde_json::to_value(&config).unwrap();
    let read: Result<Config, _> = serde_json::from_value(written.clone());

    assert_eq!(written["auth"]["password"], "***");
    assert_eq!(written["api"]["key"], "***");
    assert_eq!(written["auth"]["client_secret"], Value::Null);
    assert_eq!(
        read.unwrap_err().to_string(),
        "api.key \"***\" is not allowed: the secret itself, not what stands for it\n\
         auth.password \"***\" is not allowed: the secret itself, not what stands for it"
    );
}

#[test]
fn an_error_lists_all_that_is_wrong() {
    let document = json!({
        "api": { "timeout": 0, "brand": ["T"], "key": { "a": { "b": "s3cret" } } },
        "cache": true,
        "retry": { "max_attemps": 3, "factor": -1.5 },
    });

    let error = serde_json::from_value::<Config>(document).unwrap_err();

    assert_eq!(
        error.to_string(),
        "api.brand is not allowed: T, L or S\n\
         api.key is not allowed: 1 to 256 visible ASCII characters\n\
         api.timeout \"0\" is not allowed: seconds above 0, at most 3600\n\
         cache is not allowed: a table of enabled, ttl, max_size, store\n\
         retry.factor \"-1.5\" is not allowed: a number from 1 to 100\n\
         retry.max_attemps is not known: did you mean retry.max_attempts?"
    );
}

#[test]
fn a_number_where_a_text_is_needed_is_refused_and_not_quoted() {
    let long = "12345678901234567890123456789";
    for (text, expected) in [
        (
            "api.client_version = 2.10",
            "api.client_version is not allowed: a text in quotes is needed",
        ),
        (
            "auth.password = 0x10",
            "auth.password is not allowed: a text in quotes is needed",
        ),
        (
            "auth.realm = false",
            "auth.realm is not allowed: a text in quotes is needed",
        ),
    ] {
        let error = toml::from_str::<Config>(text).unwrap_err();

        assert!(error.to_string().contains(expected), "{error}");
    }
    let wide: de::value::U128Deserializer<de::value::Error> =
        long.parse::<u128>().unwrap().into_deserializer();
    let error = Config::deserialize(wide).unwrap_err();
    assert_eq!(error.to_string(), "a table of sections is needed");
    let numbered = [(12345_u64, 1_u64)].into_iter();
    let numbered = de::value::MapDeserializer::<_, de::value::Error>::new(numbered);
    let error = Config::deserialize(numbered).unwrap_err();
    assert_eq!(error.to_string(), "a key is a text");
    let config: Config = toml::from_str("api.timeout = 1.5\ncache.enabled = false").unwrap();
    assert_eq!(value(&config, "api.timeout").as_deref(), Some("1.5"));
}

#[test]
fn a_key_that_is_given_twice_and_what_is_no_table_are_refused() {
    for (text, expected) in [
        (r#"{"cache": {"ttl": 1, "ttl": 2}}"#, "a key is given twice"),
        (r#"{"cache": {}, "cache": {}}"#, "a key is given twice"),
        ("[]", "a table of sections is needed"),
        ("5", "a table of sections is needed"),
    ] {
        let error = serde_json::from_str::<Config>(text).unwrap_err();

        assert!(error.to_string().starts_with(expected), "{error}");
    }
}
