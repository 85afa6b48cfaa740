//! Keys that hold a list, and what of it is shown.

use serde_json::json;

use super::*;

#[test]
fn a_list_is_one_in_every_format_and_a_text_with_spaces_too() {
    for (name, text) in [
        ("config.toml", "[cache]\nstore = [\"memory\", 'memory']"),
        ("config.toml", "[cache]\nstore = \"memory memory\""),
        ("config.yaml", "cache: {store: [memory, memory]}"),
        (
            "config.yaml",
            "cache:\n  store:\n    - memory\n    - \"memory\"",
        ),
        ("config.yaml", "cache: {store: memory memory}"),
        (
            "config.json",
            r#"{"cache": {"store": ["memory", "memory"]}}"#,
        ),
    ] {
        let config = Folder::with(name, text).read().unwrap();

        assert_eq!(
            value(&config, "cache.store").as_deref(),
            Some("memory memory"),
            "{text}"
        );
        assert!(matches!(
            config.origin("cache.store"),
            Some(Origin::File { .. })
        ));
    }
    let embedded: Config = serde_json::from_value(json!({"cache": {"store": ["memory"]}})).unwrap();
    assert_eq!(embedded.cache.store.len(), 1);
}

#[test]
fn a_list_with_something_else_in_it_is_told_of_and_not_shown() {
    for list in [
        json!([]),
        json!(["memory", "s3cret"]),
        json!([["memory"]]),
        json!([{ "s3cret": 1 }]),
        json!(["memory", true]),
        json!(vec!["memory"; 9]),
        json!("redis://anna:s3/cret@host"),
        json!({ "memory": "s3cret" }),
    ] {
        let document = json!({ "cache": { "store": list } });

        let in_file = Folder::with("config.json", document.to_string()).read();
        let embedded = serde_json::from_value::<Config>(document);

        let shown = in_file.unwrap_err().to_string();
        assert!(shown.contains("cache.store "), "{shown}");
        let shown = format!("{shown} {}", embedded.unwrap_err());
        assert!(
            !shown.contains("s3cret") && !shown.contains("s3/cret"),
            "{shown}"
        );
    }
}

#[test]
fn a_key_that_holds_no_list_refuses_one() {
    for (name, text) in [
        ("config.toml", "[cache]\nttl = [60]"),
        ("config.json", r#"{"auth": {"username": ["a@b"]}}"#),
    ] {
        let refused = Folder::with(name, text).read().unwrap_err();

        assert_eq!(refused.problems().len(), 1, "{refused}");
    }
}

#[test]
fn a_list_in_code_is_held_to_the_same_bounds() {
    let none = Config::new().with_cache_store(&[]).unwrap_err().to_string();
    let wrong = Config::new().with_cache_store(&["s3cret"]).unwrap_err();

    assert!(
        none.starts_with("with_cache_store: cache.store is not allowed: 1 to 8"),
        "{none}"
    );
    assert!(!wrong.to_string().contains("s3cret"), "{wrong}");
}

#[test]
fn the_store_is_opened_as_it_is_set() {
    let config = Config::new().with_cache_max_size(7).unwrap();
    let tiers = config.clone().with_cache_store(&["memory", "memory"]);

    let store = format!("{:?}", config.cache.open().unwrap());
    let tiers = format!("{:?}", tiers.unwrap().cache.open().unwrap());

    assert!(
        store.starts_with("MemoryStore {") && store.contains("max_entries: 7"),
        "{store}"
    );
    assert!(tiers.starts_with("Tiered {"), "{tiers}");
    assert_eq!(tiers.matches("max_entries: 7").count(), 2, "{tiers}");
}

#[cfg(feature = "cache-redis")]
#[test]
fn a_password_of_a_store_is_shown_nowhere_and_what_stands_for_it_is_no_value() {
    let text = "[cache]\nstore = ['memory', 'redis://anna:s3cret@localhost/2']";
    let file = Folder::with("config.toml", text);
    make_readable(&file.file).unwrap();

    let config = file.read().unwrap();

    let written = serde_json::to_value(&config).unwrap();
    let shown = value(&config, "cache.store").unwrap();
    assert_eq!(shown, "memory redis://***@localhost/2");
    let all = format!("{config:?} {written} {shown}");
    assert!(!all.contains("s3cret") && !all.contains("anna"), "{all}");
    assert!(serde_json::from_value::<Config>(written).is_err());
    #[cfg(unix)]
    assert!(
        config.warnings()[0]
            .to_string()
            .contains("holds cache.store and can be read by others")
    );
}

/// Lets others read a file, where that is a mode.
#[cfg(feature = "cache-redis")]
fn make_readable(path: &std::path::Path) -> std::io::Result<()> {
    #[cfg(unix)]
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
    let _ = path;
    Ok(())
}
