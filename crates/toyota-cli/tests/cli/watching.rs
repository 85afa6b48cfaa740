//! Cars that are kept in view, in a terminal and where there is none.

#[cfg(unix)]
mod terminal;

use std::process::Stdio;
use std::time::Duration;

use http::StatusCode;
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;
use toyota_sim::{Fault, Route, Simulator, WakeBehaviour};

use crate::{against, simulator, toyota, vars};

const CAR: &str = "rav4 p";
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_cycle_is_a_table_without_colours_or_cursor_moves() {
    let sim = simulator().await;

    let run = against(&sim, &["watch", CAR, "--rounds", "1"]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    assert!(!run.stdout.contains('\u{1b}'), "{run:?}");
    let title = run.stdout.lines().next().unwrap();
    // The locale of a test is C.
    assert_eq!(title, "RAV4 PHEV (..0202)  locked  OPEN  not plugged in");
    assert!(run.stdout.is_ascii(), "{run:?}");
    for words in [
        "  electric          battery 78 %, 51 km, not plugged in ",
        "  status            locked, open: rear window, passenger's ",
        "  service history   1 visit, last 2025-11-12 ",
        "  wakes             4 left, nothing new ",
    ] {
        assert!(run.stdout.contains(words), "{words}: {run:?}");
    }
    // The car was looked for, the cars were listed, and each of ten data sets was asked for.
    let [.., taken, cycle, _] = &run.stdout.lines().collect::<Vec<_>>()[..] else {
        panic!("{run:?}");
    };
    assert!(
        taken.starts_with("requests 12  retries 0  from the cache 0  waits "),
        "{run:?}"
    );
    assert!(taken.ends_with("  errors 0"), "{run:?}");
    assert!(cycle.starts_with("cycle 1 took "), "{run:?}");
    assert_eq!(sim.counters().requests(Route::StatusWake), 0);
}

#[tokio::test]
async fn all_cars_of_the_account_are_watched_if_none_is_named() {
    let sim = simulator().await;
    for car in sim.account().cars() {
        sim.set_wakes(car.vin(), WakeBehaviour::rejected());
    }

    let all = document(&sim, &["--no-wake"]).await;
    let two = document(&sim, &["quiet", "0101"]).await;

    let names = |document: &Value| {
        let cars = document["cars"].as_array().unwrap().iter();
        let names = cars.map(|car| car["name"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(&all), ["Runabout", "RAV4 PHEV", "Quiet one"]);
    assert_eq!(names(&two), ["Runabout", "Quiet one"]);
    assert_eq!(all["cars"][0]["wakes"]["standing"], "off");
    assert_eq!(all["cars"][0]["wakes"]["decision"], "disabled");
    // The last one is charged, and would be woken for it.
    assert_eq!(
        two["cars"][1]["wakes"]["electric"]["comeBy"]["how"],
        "wakeRefused"
    );
    assert_eq!(sim.counters().requests(Route::ElectricWake), 1);
}

#[tokio::test]
async fn a_cycle_is_a_document_on_one_line() {
    let sim = simulator().await;

    let run = against(&sim, &["--json", "watch", CAR, "--rounds", "1"]).await;

    assert_eq!((run.code, run.stdout.lines().count()), (0, 1), "{run:?}");
    let cycle: Value = serde_json::from_str(&run.stdout).unwrap();
    let members = |value: &Value| {
        let members = value.as_object().unwrap().keys().cloned();
        members.collect::<Vec<_>>().join(" ")
    };
    insta::assert_snapshot!(members(&cycle), @"at began cars cycle error nextInSeconds tookSeconds totals");
    let car = &cycle["cars"][0];
    insta::assert_snapshot!(members(car), @"climateStatus dashboard dataSets location locked name open status trips vin wakes");
    insta::assert_snapshot!(members(&car["dataSets"]), @"climateSettings climateStatus electric health location notifications serviceHistory status telemetry trips");
    insta::assert_snapshot!(members(&car["dataSets"]["status"]), @"ageSeconds asked error failuresInARow fetched reported state warnings");
    insta::assert_snapshot!(members(&car["wakes"]), @"decision electric standing status why");
    insta::assert_snapshot!(members(&cycle["totals"]), @"errors fromCache requests retries waitedSeconds waits");
    assert_eq!(car["vin"], sim.account().cars()[1].vin());
    assert_eq!(car["dashboard"]["odometer"]["value"], 21954.6);
    assert_eq!((&car["locked"], &car["open"]), (&true.into(), &true.into()));
    assert_eq!(car["wakes"]["status"]["left"], 4);
    assert_eq!(
        (&cycle["cycle"], &cycle["nextInSeconds"]),
        (&1.into(), &Value::Null)
    );
}

#[tokio::test]
async fn the_wakes_that_are_left_are_those_of_the_settings() {
    let vars = [
        ("TOYOTA_WAKE_STATUS_PER_HOUR", "3".to_owned()),
        ("TOYOTA_WAKE_ELECTRIC_PER_DAY", "0".to_owned()),
    ];
    let args = ["--simulated", "--json", "watch", "quiet", "--rounds", "1"];

    let run = toyota(&args, &vars).await;

    assert_eq!(run.code, 0, "{run:?}");
    let cycle: Value = serde_json::from_str(&run.stdout).unwrap();
    let wakes = &cycle["cars"][0]["wakes"];
    assert_eq!(wakes["status"]["left"], 3, "{cycle}");
    // It is charged, and would be woken for it.
    assert_eq!(wakes["electric"]["left"], 0);
    assert_eq!(wakes["electric"]["comeBy"]["how"], "quotaSpent");
}

#[tokio::test]
async fn a_data_set_that_fails_costs_no_more_than_itself() {
    let args = ["--simulated", "--no-retry", "--fault", "503"];
    let args = [&args[..], &["--json", "watch", CAR, "--rounds", "1"]].concat();

    let run = toyota(&args, &[]).await;

    assert_eq!(run.code, 0, "{run:?}");
    let cycle: Value = serde_json::from_str(&run.stdout).unwrap();
    let sets = &cycle["cars"][0]["dataSets"];
    assert_eq!(sets["telemetry"]["state"], "failed", "{cycle}");
    assert_eq!(sets["telemetry"]["asked"], "failed");
    assert!(
        sets["telemetry"]["error"]
            .as_str()
            .unwrap()
            .contains("status 503")
    );
    assert_eq!(sets["health"]["state"], "fresh");
    assert_eq!(cycle["totals"]["errors"], 1);
}

#[tokio::test]
async fn a_table_tells_in_short_what_failed_and_a_note_why() {
    let args = ["--simulated", "--no-retry", "--fault", "503"];
    let args = [&args[..], &["watch", CAR, "--rounds", "1"]].concat();

    let run = toyota(&args, &[]).await;

    assert_eq!(run.code, 0, "{run:?}");
    let telemetry = run.stdout.lines().find(|line| line.contains("telemetry"));
    assert!(telemetry.unwrap().ends_with("failed: 503 fault"), "{run:?}");
    assert_eq!(
        run.stderr,
        "note: telemetry: car …0202: the service failed, status 503\n"
    );
}

#[tokio::test]
async fn a_service_that_is_down_ends_nothing() {
    let sim = simulator().await;
    let unavailable = || Fault::status(StatusCode::SERVICE_UNAVAILABLE);
    sim.script(
        Route::Vehicles,
        [unavailable(), unavailable(), unavailable()],
    );

    let run = against(&sim, &["--no-retry", "watch", "--rounds", "1"]).await;

    assert_eq!(run.code, 0, "{run:?}");
    let told = run.stdout.lines().next().unwrap();
    assert_eq!(told, "no list of cars: fault of the service (503)");
}

#[tokio::test]
async fn who_is_signed_out_watches_no_longer() {
    let sim = simulator().await;
    let refused = || Fault::status(StatusCode::UNAUTHORIZED);
    sim.script(Route::Location, [refused(), refused()]);

    let run = against(&sim, &["watch", CAR]).await;

    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stderr.contains("\n next: "), "{run:?}");
}

#[tokio::test]
async fn the_service_is_not_asked_more_often_than_it_bears() {
    let sim = simulator().await;
    for minutes in ["4", "61"] {
        let run = against(&sim, &["watch", CAR, "--every", minutes]).await;

        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains("5..=60"), "{run:?}");
    }
}

#[tokio::test]
async fn a_car_that_there_is_not_is_told_with_those_that_there_are() {
    let run = against(&simulator().await, &["watch", CAR, "beetle"]).await;

    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert!(run.stderr.contains("Runabout (…0101)"), "{run:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_ends_the_wait_for_the_next_cycle_without_a_word() {
    for signal in ["-INT", "-TERM"] {
        let sim = simulator().await;
        let (mut watch, _tokens) = start(&sim, &["--json", "watch", CAR]);
        let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();
        let line = timeout(PATIENCE, lines.next_line()).await.unwrap().unwrap();
        let cycle: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let next = cycle["nextInSeconds"].as_u64().unwrap();

        let ended = end(watch, signal).await;

        assert_eq!((ended.0, ended.1.as_str()), (Some(0), ""), "{signal}");
        assert!((300..=360).contains(&next), "{next}");
        assert_eq!(lines.next_line().await.unwrap(), None);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_ends_a_cycle_that_waits_for_the_service() {
    let sim = simulator().await;
    sim.script(
        Route::Telemetry,
        [Fault::pass().after(Duration::from_secs(600))],
    );
    let (watch, _tokens) = start(&sim, &["watch", CAR]);
    let asked = async {
        while sim.counters().requests(Route::Telemetry) == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, asked).await.unwrap();

    let ended = end(watch, "-INT").await;

    assert_eq!(ended, (Some(0), String::new()));
}

/// Runs it until it is ended, with a patience that no test has.
#[cfg(unix)]
fn start(sim: &Simulator, args: &[&str]) -> (Child, TempDir) {
    start_on(Stdio::piped(), sim, args)
}

/// Runs it with this for its stdout.
#[cfg(unix)]
fn start_on(stdout: Stdio, sim: &Simulator, args: &[&str]) -> (Child, TempDir) {
    let tokens = tempfile::tempdir().unwrap();
    let mut vars = vars(sim);
    vars.retain(|(name, _)| *name != "TOYOTA_TIMEOUT");
    let watch = Command::new(env!("CARGO_BIN_EXE_toyota"))
        .args(args)
        .env_clear()
        .envs(vars)
        .env("TOYOTA_TOKEN_DIR", tokens.path())
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn();
    (watch.unwrap(), tokens)
}

/// Sends it a signal; returns its exit code and what it wrote to stderr.
#[cfg(unix)]
async fn end(watch: Child, signal: &str) -> (Option<i32>, String) {
    let id = watch.id().unwrap().to_string();
    let sent = Command::new("kill").args([signal, &id]).status().await;
    assert!(sent.unwrap().success());
    let output = timeout(PATIENCE, watch.wait_with_output()).await;
    let output = output.unwrap().unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

async fn document(sim: &Simulator, args: &[&str]) -> Value {
    let args = [&["--json", "watch", "--rounds", "1"], args].concat();
    let run = against(sim, &args).await;
    assert_eq!(run.code, 0, "{run:?}");
    serde_json::from_str(&run.stdout).unwrap()
}
