//! Lines from the call that makes them to the file that they are in.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use toyota_client::config::LogRotation;

use super::*;

#[test]
fn a_line_is_one_json_object_with_its_time_and_spans() {
    let lines = lines_of(LogFormat::Json, "info", || {
        let _outer = tracing::info_span!("outer", call = 1).entered();
        let _inner = tracing::info_span!("inner").entered();
        tracing::info!(attempts = 2, what = ?Some("it"), "done\nin \"time\"");
    });

    let line: Value = serde_json::from_str(&lines).unwrap();
    assert_eq!(line["level"], "INFO");
    assert_eq!(line["target"], "toyota::logging::tests");
    let fields = serde_json::json!({
        "message": "done\nin \"time\"", "attempts": 2, "what": "Some(\"it\")",
    });
    assert_eq!(line["fields"], fields);
    let spans = serde_json::json!([{ "name": "outer", "call": 1 }, { "name": "inner" }]);
    assert_eq!(line["spans"], spans);
    let time = line["timestamp"].as_str().unwrap();
    assert!(
        time.ends_with('Z') && time.parse::<jiff::Timestamp>().is_ok(),
        "{time}"
    );
}

#[test]
fn a_line_for_people_has_neither_colours_nor_commands_in_a_file() {
    let lines = lines_of(LogFormat::Pretty, "info", || {
        tracing::warn!(attempts = 2, "\u{1b}[2Jdone");
    });

    assert!(!lines.contains('\u{1b}'), "{lines:?}");
    let (time, rest) = lines.split_once(' ').unwrap();
    assert!(
        time.ends_with('Z') && time.parse::<jiff::Timestamp>().is_ok(),
        "{time}"
    );
    assert_eq!(
        rest,
        " WARN toyota::logging::tests: \\x1b[2Jdone attempts=2\n"
    );
}

#[test]
fn dependencies_are_heard_from_warnings_on_also_through_the_log_crate() {
    let lines = lines_of(LogFormat::Json, "debug", || {
        tracing::debug!(target: "tower_client_retry::call", "ours");
        tracing::info!(target: "hyper_util::client", "theirs");
        tracing::warn!(target: "hyper_util::client", "their warning");
        log::info!(target: "rustls::conn", "old");
        log::warn!(target: "rustls::conn", "old warning");
        log::debug!(target: "toyota_client::old", "our old");
    });

    let said = lines.lines().map(|line| {
        let line: Value = serde_json::from_str(line).unwrap();
        line["fields"]["message"].as_str().unwrap().to_owned()
    });
    let said: Vec<_> = said.collect();
    assert_eq!(said, ["ours", "their warning", "old warning", "our old"]);
}

#[test]
fn no_secret_token_or_vin_is_in_a_line() {
    for format in [LogFormat::Json, LogFormat::Pretty] {
        let lines = lines_of(format, "trace", || {
            let _span = tracing::info_span!("sign-in", password = "s3cret\"word").entered();
            tracing::info!(key = ?"s3cret\"word", "s3cret\"word eyJh.eyJi.c JTMZ63FV50D000202");
        });

        for secret in ["s3cret", "eyJ", "JTMZ", "50D"] {
            assert!(!lines.contains(secret), "{format:?} {secret}: {lines}");
        }
        assert!(lines.contains("*** *** …0202"), "{lines}");
    }
}

#[test]
fn a_secret_that_is_typed_later_is_in_no_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let (dispatch, guard) = logging(LogFormat::Json, "info", &path).build().unwrap();

    guard.secrets().add(&"typed-later".into());
    let scope = dispatch.set_default();
    tracing::info!("it is typed-later");
    drop((scope, guard));

    let lines = fs::read_to_string(path).unwrap();
    assert!(lines.contains("it is ***"), "{lines}");
}

#[test]
fn what_cannot_be_used_is_named_before_anything_is_logged() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();

    let path = folder.path().join("file/log");
    let error = logging(LogFormat::Json, "info", &path).build().unwrap_err();
    let named = format!("the log file {} cannot be written", path.display());
    assert_eq!(error.to_string(), named);
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn debug_shows_no_secret() {
    let logging = logging(LogFormat::Json, "info", Path::new("log"));

    assert!(!format!("{logging:?}").contains("s3cret"));
}

/// The lines of one act, read from the file when the guard is gone.
fn lines_of(format: LogFormat, filter: &str, act: impl FnOnce()) -> String {
    let folder: TempDir = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let (dispatch, guard) = logging(format, filter, &path).build().unwrap();

    let scope = dispatch.set_default();
    act();
    drop(scope);
    drop(guard);

    fs::read_to_string(path).unwrap()
}

fn logging(format: LogFormat, filter: &str, path: &Path) -> Logging {
    let file = Rotating {
        path: path.to_owned(),
        rotation: LogRotation::Never,
        keep: NonZeroUsize::MIN,
    };
    Logging {
        filter: filter.parse().unwrap(),
        format,
        file: Some(file),
        secrets: vec!["s3cret\"word".into()],
    }
}
