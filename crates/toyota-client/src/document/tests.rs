use std::error::Error;
use std::fs;
use std::thread;

use serde::Deserialize;
use tempfile::TempDir;

use super::*;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Tally {
    #[serde(default)]
    count: u64,
    #[serde(default)]
    name: String,
}

#[test]
fn what_is_kept_is_found_by_the_next() {
    let folder = TempDir::new().unwrap();
    let document = document_in(&folder);

    assert_eq!(look(&document), Found::Nothing);
    assert_eq!(add_one(&document).unwrap(), 1);
    assert_eq!(add_one(&document_in(&folder)).unwrap(), 2);

    let count = Tally {
        count: 2,
        ..Tally::default()
    };
    assert_eq!(look(&document), Found::Document(count));
}

#[test]
fn what_is_not_changed_is_not_written() {
    let folder = TempDir::new().unwrap();
    let document = document_in(&folder);
    add_one(&document).unwrap();
    let written = || fs::metadata(document.path()).unwrap().modified().unwrap();
    let before = written();

    let (found, opened) = document.open::<Tally>().unwrap();
    let Found::Document(tally) = found else {
        panic!("{found:?}");
    };
    opened.keep(&tally).unwrap();

    assert_eq!(written(), before);
}

#[test]
fn changes_of_many_at_once_are_all_kept() {
    let folder = TempDir::new().unwrap();

    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let document = document_in(&folder);
                for _ in 0..25 {
                    add_one(&document).unwrap();
                }
            });
        }
    });

    assert_eq!(add_one(&document_in(&folder)).unwrap(), 101);
}

#[test]
fn what_is_no_document_is_said_to_be_damaged_and_moved_aside() {
    let large = format!(r#"{{"version":1,"name":"{}"}}"#, "x".repeat(file::MOST));
    let deep = "[".repeat(100_000);
    for text in [
        "",
        "{",
        "null",
        "[1]",
        "\u{feff}{}",
        "{}",
        r#"{"version":0}"#,
        r#"{"version":-1}"#,
        r#"{"version":"1"}"#,
        r#"{"version":1,"count":"many"}"#,
        r#"{"version":1,"version":1}"#,
        r#"{"version":1} {"version":1}"#,
        "[timeouts]\nread = 5\n",
        &large,
        &deep,
    ] {
        let folder = TempDir::new().unwrap();
        let document = document_in(&folder);
        fs::write(document.path(), text).unwrap();

        let (found, opened) = document.open::<Tally>().unwrap();
        opened.keep(&Tally::default()).unwrap();
        drop(opened);

        let shown = &text[..text.len().min(40)];
        assert_eq!(found, Found::Damaged, "{shown}");
        assert_eq!(
            fs::read_to_string(document.beside("damaged")).unwrap(),
            text
        );
        assert_eq!(look(&document), Found::Document(Tally::default()));
    }
}

#[test]
fn what_a_newer_version_has_written_is_left_as_it_is() {
    let folder = TempDir::new().unwrap();
    let document = document_in(&folder);
    let text = r#"{"version":2,"count":{"of":"another","kind":1}}"#;
    fs::write(document.path(), text).unwrap();

    let error = add_one(&document).unwrap_err();

    assert!(matches!(error.fault(), Fault::Newer(2)), "{error:?}");
    assert_eq!(fs::read_to_string(document.path()).unwrap(), text);
}

#[test]
fn what_a_crash_has_left_behind_is_no_trouble() {
    let folder = TempDir::new().unwrap();
    let document = document_in(&folder);
    add_one(&document).unwrap();
    fs::write(document.beside("tmp"), r#"{"version":1,"cou"#).unwrap();

    assert_eq!(add_one(&document).unwrap(), 2);

    assert!(!document.beside("tmp").exists());
}

#[test]
fn what_would_be_too_large_is_not_kept() {
    let folder = TempDir::new().unwrap();
    let document = document_in(&folder);
    add_one(&document).unwrap();

    let large = Tally {
        name: "x".repeat(file::MOST),
        ..Tally::default()
    };
    let (_, opened) = document.open::<Tally>().unwrap();
    let error = opened.keep(&large).unwrap_err();
    drop(opened);

    assert!(matches!(error.fault(), Fault::TooLarge), "{error:?}");
    assert_eq!(add_one(&document).unwrap(), 2);
}

#[test]
fn a_file_that_cannot_be_one_is_an_error_that_names_it() {
    let folder = TempDir::new().unwrap();
    let document = document_in(&folder);
    fs::create_dir(document.path()).unwrap();
    let below_a_file = {
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        Document::new(file.join("memory.json"))
    };

    let error = add_one(&document).unwrap_err();
    assert!(matches!(error.fault(), Fault::NotAFile), "{error:?}");
    assert!(error.to_string().ends_with("memory.json cannot be used"));
    assert_eq!(
        error.source().unwrap().to_string(),
        "it is not a regular file"
    );

    let error = add_one(&below_a_file).unwrap_err();
    assert!(matches!(error.fault(), Fault::Io("locked", _)), "{error:?}");
}

#[test]
fn who_holds_the_lock_for_ever_holds_nobody_up_for_ever() {
    let folder = TempDir::new().unwrap();
    let document = document_in(&folder);
    let held = lock::take(&document.beside("lock")).unwrap();

    let error = add_one(&document).unwrap_err();

    assert!(matches!(error.fault(), Fault::Locked), "{error:?}");
    drop(held);
    assert_eq!(add_one(&document).unwrap(), 1);
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_what_is_kept() {
    use std::os::unix::fs::PermissionsExt;

    let folder = TempDir::new().unwrap();
    let document = Document::new(folder.path().join("new").join("memory.json"));
    add_one(&document).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder.path().join("new")), 0o700);

    fs::set_permissions(document.path(), fs::Permissions::from_mode(0o666)).unwrap();
    add_one(&document).unwrap();

    assert_eq!(mode(document.path()), 0o600);
    assert_eq!(mode(&document.beside("lock")), 0o600);
}

fn document_in(folder: &TempDir) -> Document {
    Document::new(folder.path().join("memory.json"))
}

/// What is there; nothing is written.
fn look(document: &Document) -> Found<Tally> {
    document.open().unwrap().0
}

fn add_one(document: &Document) -> Result<u64, DocumentError> {
    let (found, opened) = document.open()?;
    let mut tally = match found {
        Found::Document(tally) => tally,
        Found::Nothing | Found::Damaged => Tally::default(),
    };
    tally.count += 1;
    opened.keep(&tally)?;
    Ok(tally.count)
}
