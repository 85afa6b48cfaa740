//! What a run logs: where, how, and that it is nothing that anybody may not read.

use std::fs;
use std::path::{Path, PathBuf};

use http::StatusCode;
use serde_json::Value;
use toyota_sim::{Fault, Route, Simulator};

use crate::{against, simulator, suffix, toyota, vars};

#[tokio::test]
async fn at_debug_every_line_on_stderr_is_json_and_none_holds_a_secret() {
    let sim = simulator().await;
    let level = ("TOYOTA_LOG_LEVEL", "debug".to_owned());
    for args in [&["vehicles"][..], &["telemetry", &suffix(&sim)], &["login"]] {
        let mut vars = vars(&sim);
        vars.push(level.clone());

        let run = toyota(args, &vars).await;

        assert_eq!(run.code, 0, "{run:?}");
        let lines = json_lines(&run.stderr);
        let targets = lines.iter().map(|line| line["target"].as_str().unwrap());
        assert!(
            targets
                .clone()
                .any(|target| target.starts_with("toyota_client")),
            "{run:?}"
        );
        for line in &lines {
            assert!(line["timestamp"].as_str().unwrap().ends_with('Z'), "{line}");
        }
        assert_harmless(&run.stderr, &sim);
    }
}

#[tokio::test]
async fn at_trace_nothing_of_a_dependency_and_no_secret_is_told() {
    let sim = simulator().await;
    let mut vars = vars(&sim);
    vars.push(("TOYOTA_LOG_LEVEL", "trace".to_owned()));

    let run = toyota(&["vehicles"], &vars).await;

    for line in json_lines(&run.stderr) {
        let target = line["target"].as_str().unwrap();
        let ours = target.starts_with("toyota") || target.starts_with("tower_client");
        assert!(
            ours || line["level"] == "WARN" || line["level"] == "ERROR",
            "{line}"
        );
    }
    assert_harmless(&run.stderr, &sim);
}

#[tokio::test]
async fn all_that_dependencies_say_holds_no_secret_either() {
    let sim = simulator().await;
    let mut vars = vars(&sim);
    vars.push(("TOYOTA_LOG_LEVEL", "trace,toyota=trace".to_owned()));

    let run = toyota(&["vehicles"], &vars).await;

    let lines = json_lines(&run.stderr);
    let targets = lines.iter().map(|line| line["target"].as_str().unwrap());
    assert!(
        targets
            .clone()
            .any(|target| target.starts_with("hyper_util")),
        "{run:?}"
    );
    assert_harmless(&run.stderr, &sim);
}

#[tokio::test]
async fn at_the_default_level_a_run_that_succeeds_is_silent() {
    let sim = simulator().await;
    for args in [
        &["vehicles"][..],
        &["location", &suffix(&sim)],
        &["login"],
        &["logout"],
    ] {
        let run = against(&sim, args).await;

        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{args:?}");
    }
}

#[tokio::test]
async fn lines_go_to_a_file_that_only_its_owner_reads() {
    let sim = simulator().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/toyota.log");
    for rotation in ["never", "hourly", "Daily"] {
        let mut vars = vars(&sim);
        vars.push(("TOYOTA_LOG_LEVEL", "toyota_client=debug".to_owned()));
        vars.push(("TOYOTA_LOG_FILE", path.display().to_string()));
        vars.push(("TOYOTA_LOG_ROTATION", rotation.to_owned()));

        let run = toyota(&["vehicles"], &vars).await;

        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{rotation}");
    }
    let files = files_in(path.parent().unwrap());
    assert_eq!(files.len(), 3, "{files:?}");
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        assert!(!json_lines(&text).is_empty(), "{}", file.display());
        assert_harmless(&text, &sim);
        #[cfg(unix)]
        assert_private(&file);
    }
}

#[tokio::test]
async fn the_file_holds_what_was_logged_before_a_command_failed() {
    let sim = simulator().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("toyota.log");
    sim.script(
        Route::Vehicles,
        [StatusCode::BAD_GATEWAY; 3].map(Fault::status),
    );
    let mut vars = vars(&sim);
    vars.push(("TOYOTA_LOG_LEVEL", "debug".to_owned()));
    vars.push(("TOYOTA_LOG_FILE", path.display().to_string()));
    vars.push(("TOYOTA_LOG_ROTATION", "never".to_owned()));
    vars.retain(|(name, _)| *name != "TOYOTA_TIMEOUT");

    let run = toyota(&["vehicles"], &vars).await;

    assert_eq!(run.code, 6, "{run:?}");
    assert!(run.stderr.starts_with("error: "), "{run:?}");
    let lines = json_lines(&fs::read_to_string(path).unwrap());
    let retries = lines
        .iter()
        .filter(|line| line["target"] == "tower_client_retry::call::judge");
    assert!(retries.count() >= 1, "{lines:#?}");
}

#[tokio::test]
async fn lines_for_people_have_no_colours_where_no_terminal_is() {
    let sim = simulator().await;
    let mut vars = vars(&sim);
    vars.push(("TOYOTA_LOG_LEVEL", "debug".to_owned()));
    vars.push(("TOYOTA_LOG_FORMAT", "pretty".to_owned()));

    let run = toyota(&["vehicles"], &vars).await;

    assert!(run.stderr.contains("DEBUG"), "{run:?}");
    assert!(!run.stderr.contains('\u{1b}'), "{run:?}");
    assert_harmless(&run.stderr, &sim);
}

#[tokio::test]
async fn a_wrong_setting_of_the_log_is_named_with_what_is_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let occupied = folder.path().join("occupied");
    fs::write(&occupied, "").unwrap();
    let below = occupied.join("log").display().to_string();
    let log = folder.path().join("log").display().to_string();
    for (name, value, word) in [
        (
            "TOYOTA_LOG_LEVEL",
            "loud",
            r#"TOYOTA_LOG_LEVEL "loud" is not allowed: OFF, ERROR, WARN"#,
        ),
        (
            "TOYOTA_LOG_LEVEL",
            "warn,h2=",
            r#""warn,h2=" is not allowed"#,
        ),
        (
            "TOYOTA_LOG_FORMAT",
            "xml",
            r#"TOYOTA_LOG_FORMAT "xml" is not allowed: json or pretty"#,
        ),
        ("TOYOTA_LOG_ROTATION", "weekly", "never, hourly or daily"),
        (
            "TOYOTA_LOG_KEEP",
            "0",
            r#"TOYOTA_LOG_KEEP "0" is not allowed: "#,
        ),
        ("TOYOTA_LOG_FILE", &below, "log cannot be written: "),
    ] {
        let mut vars = vec![("TOYOTA_LOG_FILE", log.clone())];
        vars.retain(|(var, _)| *var != name);
        vars.push((name, value.to_owned()));

        let run = toyota(&["--simulated", "vehicles"], &vars).await;

        run.assert_not_done(word);
    }
}

fn json_lines(text: &str) -> Vec<Value> {
    let lines = text.lines();
    let lines = lines.map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")));
    lines.collect()
}

/// Fails if a text has what is known of the simulated account, or was sent for it.
fn assert_harmless(text: &str, sim: &Simulator) {
    let account = sim.account();
    let mut secrets = vec![account.username().to_owned(), account.password().to_owned()];
    secrets.extend(account.cars().iter().map(|car| car.vin().to_owned()));
    let named = ["TOYOTA_API_KEY", "TOYOTA_OAUTH_CLIENT_SECRET"];
    secrets.extend(named.into_iter().filter_map(|name| sim.variable(name)));
    secrets.push("eyJ".to_owned());
    for secret in secrets {
        assert!(!text.contains(&secret), "{secret:?} is in {text}");
    }
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[cfg(unix)]
fn assert_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;

    let mode = fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "{}", path.display());
}
