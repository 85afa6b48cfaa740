//! A strict reader of Prometheus' text format 0.0.4.

use std::collections::{BTreeMap, BTreeSet};

/// All samples of a page, by name and labels.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Page {
    pub(crate) samples: BTreeMap<(String, BTreeMap<String, String>), f64>,
    families: BTreeMap<String, String>,
}

/// Reads a page, or panics and says where.
pub(crate) fn parse(text: &str) -> Page {
    let mut page = Page::default();
    let mut family = None;
    let mut helped = BTreeSet::new();
    assert!(
        text.is_empty() || text.ends_with('\n'),
        "no end of line at the end"
    );
    for line in text.split_terminator('\n') {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, _) = help.split_once(' ').expect(line);
            assert!(helped.insert(name.to_owned()), "described twice: {line}");
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').expect(line);
            assert!(helped.contains(name), "not described: {line}");
            let other = page.families.insert(name.to_owned(), kind.to_owned());
            assert_eq!(other, None, "typed twice: {line}");
            family = Some((name.to_owned(), kind.to_owned()));
        } else {
            let (name, labels, value) = sample(line);
            let (family, kind) = family.as_ref().expect("a sample before its family");
            belongs(&name, &labels, family, kind);
            let other = page.samples.insert((name, labels), value);
            assert_eq!(other, None, "there twice: {line}");
        }
    }
    page
}

fn belongs(name: &str, labels: &BTreeMap<String, String>, family: &str, kind: &str) {
    let rest = name.strip_prefix(family).expect(name);
    let fits = match kind {
        "counter" => rest.is_empty() && name.ends_with("_total"),
        "gauge" => rest.is_empty(),
        "histogram" if rest == "_bucket" => labels.contains_key("le"),
        "histogram" => ["_sum", "_count"].contains(&rest),
        _ => false,
    };
    assert!(fits, "{name} in {family}, a {kind}");
}

fn sample(line: &str) -> (String, BTreeMap<String, String>, f64) {
    let end = line.find(['{', ' ']).expect(line);
    let (name, mut rest) = line.split_at(end);
    assert!(is_name(name, ":"), "{line}");
    let mut labels = BTreeMap::new();
    if let Some(braced) = rest.strip_prefix('{') {
        rest = braced;
        loop {
            let (label, quoted) = rest.split_once("=\"").expect(line);
            assert!(is_name(label, "") && !label.starts_with("__"), "{line}");
            let (value, after) = quoted_text(quoted);
            let other = labels.insert(label.to_owned(), value);
            assert_eq!(other, None, "labelled twice: {line}");
            match after.strip_prefix(',') {
                Some(more) => rest = more,
                None => {
                    rest = after.strip_prefix('}').expect(line);
                    break;
                }
            }
        }
    }
    let value = rest.strip_prefix(' ').expect(line);
    (name.to_owned(), labels, value.parse().expect(line))
}

/// Reads up to the quote that ends a text.
fn quoted_text(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut chars = text.chars();
    loop {
        match chars.next().expect("a text without an end") {
            '"' => return (value, chars.as_str()),
            '\\' => value.push(match chars.next() {
                Some('n') => '\n',
                Some(escaped @ ('\\' | '"')) => escaped,
                other => panic!("no escape: {other:?}"),
            }),
            char => value.push(char),
        }
    }
}

fn is_name(name: &str, also: &str) -> bool {
    let first = name.chars().next();
    let plain = |char: char| char.is_ascii_alphanumeric() || char == '_' || also.contains(char);
    first.is_some_and(|first| !first.is_ascii_digit()) && name.chars().all(plain)
}
