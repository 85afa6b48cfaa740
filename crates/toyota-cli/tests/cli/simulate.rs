//! The simulated service for other clients, and what completes a command line.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::toyota;

const PATIENCE: Duration = Duration::from_secs(30);
/// How many variables a client needs.
const VARIABLES: usize = 6;

#[tokio::test]
async fn another_client_can_use_what_is_printed() {
    let (_service, vars) = simulate(&[]).await;
    let vars: Vec<_> = vars
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();

    let run = toyota(&["vehicles"], &vars).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    assert!(run.stdout.contains("Runabout"), "{run:?}");
}

#[tokio::test]
async fn a_car_is_asked_by_the_routes_that_there_are() {
    for families in ["old", "new"] {
        let (_service, vars) = simulate(&["--families", families, "--cars", "2"]).await;
        let vars: Vec<_> = vars
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();

        for command in ["status", "electric"] {
            let run = toyota(&[command, "rav"], &vars).await;

            assert_eq!(
                (run.code, run.stderr.as_str()),
                (0, ""),
                "{families}: {run:?}"
            );
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_ends_it_without_a_word() {
    let (mut service, _) = simulate(&[]).await;
    let id = service.id().unwrap().to_string();

    let sent = Command::new("kill").args(["-INT", &id]).status().await;
    let ended = timeout(PATIENCE, service.wait()).await.unwrap().unwrap();

    assert!(sent.unwrap().success());
    assert_eq!(ended.code(), Some(0));
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port().to_string();

    let run = toyota(&["simulate", "--port", &port], &[]).await;

    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert!(run.stderr.contains("in use"), "{run:?}");
}

#[tokio::test]
async fn every_shell_gets_its_completions() {
    for (shell, word) in [
        ("bash", "complete -F _toyota"),
        ("zsh", "#compdef toyota"),
        ("fish", "complete -c toyota"),
        ("powershell", "Register-ArgumentCompleter"),
        ("elvish", "edit:completion"),
    ] {
        let run = toyota(&["completions", shell], &[]).await;

        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{shell}");
        assert!(run.stdout.contains(word), "{shell}: {}", run.stdout);
        assert!(run.stdout.contains("telemetry"), "{shell}");
    }
}

/// Starts a service, and reads what it prints.
async fn simulate(args: &[&str]) -> (Child, Vec<(String, String)>) {
    let mut service = Command::new(env!("CARGO_BIN_EXE_toyota"))
        .arg("simulate")
        .args(args)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(service.stdout.take().unwrap()).lines();
    let mut vars = Vec::new();
    while vars.len() < VARIABLES {
        let line = timeout(PATIENCE, lines.next_line()).await.unwrap();
        let line = line.unwrap().expect("it runs on");
        let (name, value) = line.split_once('=').unwrap();
        vars.push((name.to_owned(), value.to_owned()));
    }
    (service, vars)
}
