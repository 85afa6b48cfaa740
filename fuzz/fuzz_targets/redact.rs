//! What is hidden, wherever it was planted.

#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use tower_client_fuzz::toyota::planted::{AnyJson, Planted};
use tower_client_fuzz::toyota::shapes;
use toyota_client::redact::{Redactor, redact};

fuzz_target!(|input: Input<'_>| {
    anything(input.text);
    if let Ok(document) = serde_json::from_str(input.text) {
        document_stays_one(&document);
    }
    let document = input.document.get(&mut Vec::new());
    document_stays_one(&document);

    let mut secrets = Vec::new();
    let document = input.planted.get(&mut secrets);
    let redacted = redact(&document).to_string();
    let line = document.to_string();
    if is_elsewhere(&line, &secrets) {
        return;
    }
    let line = Redactor::new().text(&line);
    let told = Redactor::new().hide("hunter2");
    for secret in &secrets {
        shapes::is_gone(secret, &redacted);
        shapes::is_gone(secret, &line);
    }
    let hunted = told.text(input.text).into_owned();
    assert!(!hunted.contains("hunter2"), "{hunted}");
});

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    document: AnyJson<'a>,
    planted: Planted<'a>,
    text: &'a str,
}

/// Whether the fuzzer has found out a secret, and put it where it is none, such as in a word.
fn is_elsewhere(line: &str, secrets: &[String]) -> bool {
    secrets.iter().any(|secret| {
        let planted = secrets.iter().filter(|it| *it == secret).count();
        line.matches(secret.as_str()).count() > planted
    })
}

/// A line of a log: no longer than its marks make it, and nothing is hidden twice.
fn anything(text: &str) {
    let redactor = Redactor::new();
    let once = redactor.text(text).into_owned();
    shapes::is_bounded(text.len(), once.len());
    assert_eq!(redactor.text(&once), once, "{text:?}");
}

fn document_stays_one(document: &Value) {
    let once = redact(document);
    shapes::is_same(document, &once);
    shapes::is_bounded(document.to_string().len(), once.to_string().len());
    assert_eq!(redact(&once), once, "{document}");
}
