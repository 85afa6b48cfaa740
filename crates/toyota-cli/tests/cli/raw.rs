//! Requests that have no command.

use std::fs;

use toyota_sim::Route;

use crate::{against, simulator, toyota};

#[tokio::test]
async fn an_answer_is_shown_without_what_tells_car_and_place() {
    let sim = simulator().await;
    let car = sim.account().cars()[0].clone();

    let redacted = against(&sim, &["raw", "get", "/v1/location", "--vin", "run"]).await;
    let args = ["raw", "GET", "/v1/location", "--vin", "run", "--unredacted"];
    let whole = against(&sim, &args).await;

    assert_eq!(
        (redacted.code, whole.code),
        (0, 0),
        "{redacted:?} {whole:?}"
    );
    assert!(!redacted.stdout.contains(car.vin()) && redacted.stdout.contains("…0101"));
    assert!(redacted.stdout.contains("\"latitude\": \"[position]\""));
    assert!(whole.stdout.contains(car.vin()), "{whole:?}");
}

#[tokio::test]
async fn a_body_may_come_from_a_file() {
    let sim = simulator().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), r#"{"command": "sound-horn"}"#).unwrap();
    let body = format!("@{}", file.path().display());
    let path = "/v1/global/remote/command";

    let run = against(
        &sim,
        &[
            "raw", "post", path, "--vin", "rav4 p", "--body", &body, "-y",
        ],
    )
    .await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    assert!(run.stdout.contains("000000"), "{run:?}");
    assert_eq!(sim.counters().requests(Route::Command), 1);
}

#[tokio::test]
async fn what_is_no_request_is_not_sent() {
    for (args, word) in [
        (&["G E T", "/v1/trips"][..], "a method is a word"),
        (&["GET", "v1/trips"], "path"),
        (&["GET", "https://elsewhere.example/"], "path"),
        (
            &["POST", "/v1/x", "-y", "--body", "{"],
            "--body is not JSON",
        ),
        (
            &["POST", "/v1/x", "-y", "--body", "@/nowhere"],
            "/nowhere cannot be read",
        ),
    ] {
        let args: Vec<_> = ["--simulated", "raw"].iter().chain(args).copied().collect();

        let run = toyota(&args, &[]).await;

        run.assert_not_done(word);
        assert!(!run.stderr.contains("tried: "), "{args:?}: {run:?}");
    }
}

#[tokio::test]
async fn a_fault_needs_a_command_of_one_route() {
    let args = ["--simulated", "--fault", "503", "raw", "GET", "/v1/trips"];

    let run = toyota(&args, &[]).await;

    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("--fault is for commands"), "{run:?}");
}
