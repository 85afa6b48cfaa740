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

    let run = toyota(&["vehicles"], &borrowed(&vars)).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    assert!(run.stdout.contains("Runabout"), "{run:?}");
}

#[tokio::test]
async fn a_car_is_asked_by_the_routes_that_there_are() {
    for families in ["old", "new"] {
        let (_service, vars) = simulate(&["--families", families, "--cars", "2"]).await;

        for command in ["status", "electric"] {
            let run = toyota(&[command, "rav"], &borrowed(&vars)).await;

            assert_eq!(
                (run.code, run.stderr.as_str()),
                (0, ""),
                "{families}: {run:?}"
            );
        }
    }
}

#[tokio::test]
async fn the_help_tells_each_option_and_where_to_point_a_client() {
    let run = toyota(&["simulate", "-h"], &[]).await;

    let (_, own) = run.stdout.split_once("The service:\n").unwrap();
    insta::assert_snapshot!(own, @r"
          --port <N>             Listens on this port of 127.0.0.1 instead of a free one [default: 0]
          --families <FAMILIES>  Which routes it answers: those of before the service moved them, those
                                 of after, or both [default: both] [possible values: old, new, both]
          --cars <N>             How many cars are in the garage [default: 3]
          --drive                Has the cars be driven: away, now and for ten minutes, and then by the
                                 habits of their drivers
          --fail <FAULT>         Has requests of the API fail: with a status such as 503, or by reset,
                                 truncated, garbage, noise, html, endless, silence
          --fail-percent <N>     How many of 100 requests fail that way [default: 10]
          --tls <PATH>           Speaks TLS, and writes the certificate that a client has to trust to
                                 this file
          --seed <N>             Seeds what is random: which requests fail, and how cars are reached
                                 [default: 0]

    What is printed is what a client needs, one variable a line; with --json it is one object. Both
    hosts of the client have to lead to TOYOTA_API_URL. User name and password are those that are
    printed, the gateway key is for x-api-key and API_KEY, the secret for the token calls, with the
    OAuth client oneapp. All of it is invented. This program is such a client after
    `toyota simulate > sim.env &` and `set -a; . ./sim.env`.
    ");
}

#[tokio::test]
async fn cars_can_be_driven_and_requests_fail() {
    let (_driven, driven) = simulate(&["--drive"]).await;
    let (_failing, failing) = simulate(&["--fail", "503,502", "--fail-percent", "100"]).await;

    let location = toyota(&["--json", "telemetry", "run"], &borrowed(&driven)).await;
    let failed = toyota(&["--no-retry", "vehicles"], &borrowed(&failing)).await;

    let telemetry: serde_json::Value = serde_json::from_str(&location.stdout).unwrap();
    let reported = telemetry["telemetry"]["timestamp"].as_str().unwrap();
    let reported: jiff::Timestamp = reported.parse().unwrap();
    let age = jiff::Timestamp::now().duration_since(reported);
    assert!(
        age.unsigned_abs() < PATIENCE * 2,
        "it reported as it set out: {age}"
    );
    assert_eq!(failed.code, 6, "{failed:?}");
    assert!(failed.stderr.contains("50"), "{failed:?}");
}

#[tokio::test]
async fn a_client_that_insists_on_tls_is_given_what_to_trust() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("authority.pem");
    let (_service, vars) = simulate(&["--tls", path.to_str().unwrap()]).await;
    let nowhere = folder.path().join("no/such/folder.pem");

    let refused = toyota(&["simulate", "--tls", nowhere.to_str().unwrap()], &[]).await;

    let pem = std::fs::read_to_string(&path).unwrap();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"), "{pem}");
    assert!(vars[0].1.starts_with("https://localhost:"), "{vars:?}");
    assert_eq!((refused.code, refused.stdout.as_str()), (2, ""));
    assert!(refused.stderr.contains("could not write"), "{refused:?}");
}

#[tokio::test]
async fn what_is_no_fault_is_told() {
    let run = toyota(&["simulate", "--fail", "flood"], &[]).await;

    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert!(
        run.stderr.contains("a fault is a status from 200 to 599"),
        "{run:?}"
    );
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

    run.assert_not_done("in use");
}

#[tokio::test]
async fn data_sets_are_completed_and_cars_are_no_files() {
    let bash = toyota(&["completions", "bash"], &[]).await.stdout;
    let zsh = toyota(&["completions", "zsh"], &[]).await.stdout;

    let data =
        "compgen -W \"location health electric telemetry notifications status service-history";
    assert!(bash.contains(data), "{bash}");
    let mut cars = zsh.lines().filter(|line| line.contains("car -- The car"));
    assert!(cars.all(|line| !line.contains("_default")), "{zsh}");
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

fn borrowed(vars: &[(String, String)]) -> Vec<(&str, String)> {
    let vars = vars.iter();
    vars.map(|(name, value)| (name.as_str(), value.clone()))
        .collect()
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
