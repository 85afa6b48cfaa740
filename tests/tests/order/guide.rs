//! The guide names the tests here, each of them, and no others.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const GUIDE: &str = include_str!("../../../docs/layer-order.md");
const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/order");

#[test]
fn the_guide_names_every_test_and_no_other() {
    let tests = tests_below(Path::new(TESTS), "");
    assert!(tests.len() > 50, "{tests:?}");

    let named = named();

    let missing: Vec<_> = tests.difference(&named).collect();
    assert!(missing.is_empty(), "not in the guide: {missing:#?}");
    let unknown: Vec<_> = named.difference(&tests).collect();
    assert!(unknown.is_empty(), "there are no such tests: {unknown:#?}");
}

/// What the guide names: paths in code that have no capitals, as those of types have.
fn named() -> BTreeSet<String> {
    let in_code = GUIDE.split('`').skip(1).step_by(2);
    let is_of_test = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_:".contains(c);
    in_code
        .filter(|code| code.contains("::") && code.chars().all(is_of_test))
        .map(str::to_owned)
        .collect()
}

/// The tests in a folder's files, by their paths as the test runner shows them.
fn tests_below(folder: &Path, module: &str) -> BTreeSet<String> {
    let mut tests = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let module = format!("{module}{name}::");
        if path.is_dir() {
            tests.extend(tests_below(&path, &module));
        } else if name != "guide" {
            tests.extend(tests_of(&fs::read_to_string(&path).unwrap(), &module));
        }
    }
    tests
}

fn tests_of(source: &str, module: &str) -> Vec<String> {
    let mut lines = source.lines();
    let mut tests = Vec::new();
    while let Some(line) = lines.next() {
        if line.starts_with("#[tokio::test") || line == "#[test]" {
            let signature = lines.next().unwrap();
            let name = signature
                .split("fn ")
                .nth(1)
                .unwrap()
                .split('(')
                .next()
                .unwrap();
            tests.push(format!("{module}{name}"));
        }
    }
    tests
}
