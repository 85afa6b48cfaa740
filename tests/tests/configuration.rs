//! What the guide says of the settings is what they are. `UPDATE_DOCS=1` writes it anew.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use toyota_client::Config;
use toyota_client::config::{Key, keys, schema};

const GUIDE: &str = "configuration.md";
const SCHEMA: &str = "config.schema.json";
const HEAD: &str = "\
| key | variable | default | allowed | what it is |
| --- | --- | --- | --- | --- |
";

#[test]
fn the_table_of_the_guide_has_every_key_as_it_is() {
    let guide = read(GUIDE);
    let (before, rest) = guide.split_once(HEAD).expect("the table's head");
    let (_, after) = rest.split_once("\n\n").expect("an end of the table");
    let rows: String = keys().map(row).collect();
    let expected = format!("{before}{HEAD}{rows}\n{}", after.trim_start_matches('\n'));

    update(GUIDE, &expected);

    assert!(read(GUIDE) == expected, "the table is to be:\n{HEAD}{rows}");
}

#[test]
fn the_schema_in_the_docs_is_the_one_of_the_settings() {
    update(SCHEMA, &format!("{:#}\n", schema()));

    let written: Value = serde_json::from_str(&read(SCHEMA)).unwrap();

    assert_eq!(written, schema());
}

#[test]
fn the_guides_files_say_the_same_in_all_formats() {
    let guide = read(GUIDE);
    let folder = tempfile::tempdir().unwrap();

    let read = ["toml", "yaml", "json"].map(|format| {
        let (_, rest) = guide.split_once(&format!("```{format}\n")).unwrap();
        let (example, _) = rest.split_once("```").unwrap();
        let path = folder.path().join(format!("config.{format}"));
        fs::write(&path, example).unwrap();
        let config = Config::from_file(path).unwrap();
        serde_json::to_value(config).unwrap()
    });

    assert_eq!(read[0]["api"]["brand"], "L");
    assert_eq!(read[0]["cache"]["ttl"], 60);
    assert!(read.iter().all(|other| *other == read[0]));
}

fn row(key: &Key) -> String {
    let default = match key.default() {
        phrase if phrase.contains(' ') || phrase == "none" => phrase,
        value => format!("`{value}`"),
    };
    format!(
        "| `{}` | `{}` | {default} | {} | {} |\n",
        key.path(),
        key.variable(),
        key.allowed(),
        key.doc().trim_end_matches('.'),
    )
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../docs")
        .join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_default()
}

fn update(name: &str, content: &str) {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(path(name), content).unwrap();
    }
}
