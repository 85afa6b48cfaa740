//! The tests that `docs/cache.md` names as proofs exist.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::fs;
use std::path::Path;

const GUIDE: &str = include_str!("../../docs/cache.md");
const SOURCES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../crates/tower-client-cache/src"
);

#[test]
fn every_test_that_the_guide_names_exists() {
    let sources = all_below(Path::new(SOURCES));
    let tables = GUIDE.split("## Sections and their tests").nth(1).unwrap();
    let tables = tables.split("### Through the layer").next().unwrap();
    let in_code = tables.split('`').skip(1).step_by(2);
    let named: Vec<_> = in_code
        .filter(|code| code.contains("::") && !code.ends_with("::"))
        .collect();
    assert!(named.len() > 100, "{named:?}");

    for path in named {
        let name = path.rsplit("::").next().unwrap();
        if name
            .chars()
            .all(|c| c.is_lowercase() || c.is_numeric() || c == '_')
        {
            let test = format!("fn {name}(");
            assert!(sources.contains(&test), "there is no test {path}");
        }
    }
}

fn all_below(folder: &Path) -> String {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .map(|path| {
            if path.is_dir() {
                all_below(&path)
            } else {
                fs::read_to_string(path).unwrap()
            }
        })
        .collect()
}
