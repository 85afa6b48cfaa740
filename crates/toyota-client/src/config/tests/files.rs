//! Files: the formats, and what is none.

use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

use super::*;
use crate::Brand;

const TOML: &str = r#"
[api]
timeout = 2.5
brand = "L"
[auth]
client_id = "0123"
username = "no@example.com"
[cache]
enabled = false
max_size = 1_000
[logging]
level = "warn,toyota_client=debug"
"#;

const YAML: &str = "
api: {timeout: 2.5, brand: L}
auth:
  client_id: 0123
  username: no@example.com
cache:
  enabled: false
  max_size: 1000
logging:
  level: warn,toyota_client=debug
retry: ~
";

const JSON: &str = r#"{
    "$schema": "https://example.com/config.schema.json",
    "api": {"timeout": 2.5, "brand": "L"},
    "auth": {"client_id": "0123", "username": "no@example.com"},
    "cache": {"enabled": false, "max_size": 1000},
    "logging": {"level": "warn,toyota_client=debug"},
    "retry": null
}"#;

#[test]
fn all_formats_say_the_same() {
    for (name, text) in [
        ("config.toml", TOML),
        ("config.yaml", YAML),
        ("config.yml", YAML),
        ("CONFIG.JSON", JSON),
    ] {
        let config = Folder::with(name, text).read().unwrap();

        assert_eq!(config.api.timeout, Duration::from_millis(2500), "{name}");
        assert_eq!(config.api.brand, Brand::LEXUS, "{name}");
        assert_eq!(config.client_id(), Ok("0123"), "{name}");
        assert_eq!(config.auth.username.as_deref(), Some("no@example.com"));
        assert!(!config.cache.enabled, "{name}");
        assert_eq!(config.cache.max_size, 1000, "{name}");
        assert_eq!(config.logging.level.as_str(), "warn,toyota_client=debug");
        assert_eq!(config.retry.max_attempts, 3);
    }
}

#[test]
fn what_yaml_once_took_for_something_else_stays_a_text() {
    let text = "auth:\n  client_id: 0123\n  realm: NO\n  password: 1e3\n";

    let config = Folder::with("config.yaml", text).read().unwrap();

    assert_eq!(config.client_id(), Ok("0123"));
    assert_eq!(config.realm(), "NO");
    assert_eq!(
        config.auth.password.as_ref().unwrap().expose_secret(),
        "1e3"
    );
}

#[test]
fn an_empty_file_sets_nothing() {
    for name in ["config.toml", "config.yaml", "config.json"] {
        for text in ["", "\n", "\u{feff}"] {
            let config = Folder::with(name, text).read().unwrap();

            assert_eq!(config.cache.ttl.as_secs(), 300, "{name} {text:?}");
        }
    }
}

#[test]
fn what_cannot_be_parsed_is_told_with_its_place() {
    for (name, text) in [
        ("config.toml", "[api]\nkey = s3cret"),
        ("config.yaml", "api:\n  key: s3cret\n key: s3cret"),
        ("config.json", "{\"api\":\n{\"key\": s3cret}}"),
    ] {
        let file = Folder::with(name, text);

        let error = file.read().unwrap_err();

        let place = error.problems()[0].place();
        assert!(
            matches!(
                place,
                Place::File {
                    at: Some((2 | 3, _)),
                    ..
                }
            ),
            "{error}"
        );
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
}

#[test]
fn two_files_in_the_folder_are_one_too_many() {
    let folder = Folder::with("config.toml", "");
    fs::write(folder.folder.path().join("config.json"), "{}").unwrap();

    let error = Config::loader()
        .folder(folder.folder.path())
        .variables([("TOYOTA_BRAND", "X")])
        .load()
        .unwrap_err();

    assert_eq!(
        folder.shown(error),
        "/config.toml: config.json is there too; allowed is one of them\n\
         TOYOTA_BRAND \"X\" is not allowed: T, L or S"
    );
}

#[test]
fn what_is_no_file_of_settings_is_told_by_its_name() {
    const ALLOWED: &str = "allowed is a TOML, YAML or JSON file of at most 1 MiB";
    let folder = Folder::with("config.txt", "");
    let place = folder.folder.path();
    fs::create_dir(place.join("folder.toml")).unwrap();
    fs::write(place.join("latin.yaml"), b"# ja\nauth:\n  k\xe4se: 1").unwrap();
    let large = File::create(place.join("large.json")).unwrap();
    large.set_len(100_000_000).unwrap();
    for (name, expected) in [
        (
            "config.txt",
            "the name has to end in .toml, .yaml, .yml or .json".to_owned(),
        ),
        (
            "config",
            "the name has to end in .toml, .yaml, .yml or .json".to_owned(),
        ),
        ("missing.toml", format!("there is no such file; {ALLOWED}")),
        (
            "config.txt/a.toml",
            format!("there is no such file; {ALLOWED}"),
        ),
        ("folder.toml", format!("a folder; {ALLOWED}")),
        ("large.json", format!("longer than 1 MiB; {ALLOWED}")),
        ("latin.yaml:3:4", format!("not UTF-8; {ALLOWED}")),
    ] {
        let file = name.split(':').next().unwrap();

        let error = Config::from_file(place.join(file)).unwrap_err();

        assert_eq!(folder.shown(error), format!("/{name}: {expected}"));
    }
}

#[test]
fn a_file_of_one_mebibyte_is_read_and_one_of_a_byte_more_is_not() {
    let comment = |length: usize| format!("#{}\n[cache]\nttl = 7", "x".repeat(length - 17));
    let whole = 1024 * 1024;
    assert_eq!(comment(whole).len(), whole);

    let read = Folder::with("config.toml", comment(whole)).read();
    assert_eq!(read.unwrap().cache.ttl.as_secs(), 7);
    assert!(
        Folder::with("config.toml", comment(whole + 1))
            .read()
            .is_err()
    );
}

#[cfg(unix)]
#[test]
fn a_file_without_an_end_is_not_even_opened() {
    let folder = Folder::with("config.txt", "");
    let place = folder.folder.path();
    let (fifo, zero) = (place.join("fifo.toml"), place.join("zero.toml"));
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    assert!(made.unwrap().success());
    std::os::unix::fs::symlink("/dev/zero", &zero).unwrap();
    for path in [fifo, zero] {
        let error = Config::from_file(&path).unwrap_err();

        assert!(error.to_string().contains(": no regular file; "), "{error}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_cannot_be_read_is_named_with_the_reason() {
    // The first page of a process is no memory: whoever reads it fails, root too.
    let folder = Folder::with("config.txt", "");
    let memory = folder.folder.path().join("memory.json");
    std::os::unix::fs::symlink("/proc/self/mem", &memory).unwrap();

    let error = Config::from_file(&memory).unwrap_err();

    let shown = folder.shown(error);
    assert!(
        shown.starts_with("/memory.json: cannot be read ("),
        "{shown}"
    );
    assert!(shown.ends_with("file of at most 1 MiB"), "{shown}");
}

#[cfg(unix)]
#[test]
fn a_link_to_nowhere_is_a_file_that_is_missing_and_not_none() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("config.yaml");
    std::os::unix::fs::symlink("nowhere", &link).unwrap();

    let loader = Config::loader().folder(folder.path()).without_variables();

    let error = loader.load().unwrap_err().to_string();
    assert!(error.contains("there is no such file"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_secret_that_others_can_read_is_a_warning() {
    use std::os::unix::fs::PermissionsExt;

    let warnings = |text: &str, mode: u32| {
        let file = Folder::with("config.toml", text);
        fs::set_permissions(&file.file, fs::Permissions::from_mode(mode)).unwrap();
        let config = file.read().unwrap();
        let warnings = config.warnings().iter().map(|it| file.shown(it));
        warnings.collect::<Vec<_>>()
    };
    let secret = "auth.password = 's3cret'";

    let told = warnings(secret, 0o644);

    assert_eq!(
        told,
        ["/config.toml: holds auth.password and can be read by others: chmod 600"]
    );
    assert_eq!(warnings(secret, 0o600), [""; 0]);
    assert_eq!(warnings("auth.realm = 'a'", 0o644), [""; 0]);
}

#[test]
fn a_path_is_shown_without_what_moves_cursors() {
    let path = Path::new("/missing/\u{1b}[2J.toml");

    let error = Config::from_file(path).unwrap_err();

    assert!(
        error.to_string().starts_with(r"/missing/\u{1b}[2J.toml: "),
        "{error}"
    );
}
