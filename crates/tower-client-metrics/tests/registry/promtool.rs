//! Prometheus' own checker, on what is rendered.

use std::io::Write;
use std::process::{Command, Stdio};

use tower_client_metrics::{Format, Registry};

use crate::{hostile, tools};

#[test]
fn promtool_has_nothing_to_say_about_metrics_that_are_well_named() {
    let Some((code, said)) = check(&hostile::well_named()) else {
        return;
    };

    assert_eq!((code, said.as_str()), (Some(0), ""));
}

#[test]
fn promtool_parses_metrics_whatever_they_are_named() {
    let Some((code, said)) = check(&hostile::badly_named()) else {
        return;
    };

    // 3 is its taste in names, 1 a text that it cannot parse.
    assert_eq!(code, Some(3), "{said}");
    assert!(!said.contains("error while linting"), "{said}");
}

#[test]
fn promtool_notices_what_cannot_be_parsed() {
    let Some((code, said)) = promtool("calls_total{a=\"\"b\"} 1\n") else {
        return;
    };

    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("error while linting"), "{said}");
}

fn check(registry: &Registry) -> Option<(Option<i32>, String)> {
    promtool(&registry.render(Format::Prometheus))
}

/// Returns how `promtool check metrics` ended, and what it said.
fn promtool(text: &str) -> Option<(Option<i32>, String)> {
    let program = tools::find("promtool", "PROMTOOL_BIN")?;
    let mut child = Command::new(program)
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It reads all before it says anything: neither waits for the other.
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(text.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    Some((output.status.code(), String::from_utf8(said).unwrap()))
}
