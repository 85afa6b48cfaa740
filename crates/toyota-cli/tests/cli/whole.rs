//! All that is known of a car.

use http::StatusCode;
use serde_json::Value;
use toyota_sim::{Fault, Route, Simulator};

use crate::{against, simulator};

const CAR: &str = "rav4 p";

#[tokio::test]
async fn tells_all_that_is_known_of_a_car_and_how_old_it_is() {
    let sim = simulator().await;

    let run = against(&sim, &["dashboard", CAR]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    for line in [
        "car            RAV4 PHEV",
        "odometer       21954.6 km",
        "fuel           41 %",
        "battery        78 %",
        "electric range 51 km",
        "warnings       none",
        "locked         yes",
        "open           yes",
        "climate        stopped",
    ] {
        assert!(run.stdout.lines().any(|it| it == line), "{line}: {run:?}");
    }
    let read = run.stdout.lines().filter(|line| line.contains(" read "));
    assert_eq!(read.count(), 10, "{run:?}");
}

#[tokio::test]
async fn a_data_set_that_fails_costs_no_more_than_itself() {
    let sim = simulator().await;
    sim.script(Route::Health, [Fault::status(StatusCode::BAD_GATEWAY)]);

    let run = document(&sim, &["--no-retry", "--json", "dashboard", CAR]).await;

    assert_eq!(run["dataSets"]["health"]["outcome"], "failed");
    assert!(run["dataSets"]["health"]["error"].is_string(), "{run}");
    assert_eq!(run["dataSets"]["climateStatus"]["outcome"], "read");
    assert_eq!(run["dashboard"]["odometer"]["value"], 21954.6);
    assert_eq!(run["vin"], sim.account().cars()[1].vin());
}

#[tokio::test]
async fn only_what_is_wanted_is_asked_for() {
    let sim = simulator().await;

    let args = [
        "--json",
        "dashboard",
        CAR,
        "--only",
        "telemetry,service-history",
    ];
    let run = document(&sim, &args).await;

    let sets = run["dataSets"].as_object().unwrap();
    let names: Vec<_> = sets.keys().map(String::as_str).collect();
    assert_eq!(names, ["serviceHistory", "telemetry"]);
    assert_eq!(sim.counters().requests(Route::Location), 0);
    let nothing = ["dashboard", CAR, "--only", "trips", "--skip", "trips"];
    let nothing = against(&sim, &nothing).await;
    assert_eq!(
        (nothing.code, nothing.stdout.as_str()),
        (2, ""),
        "{nothing:?}"
    );
    assert!(nothing.stderr.contains("nothing to ask for"), "{nothing:?}");
    let wrong = against(&sim, &["dashboard", CAR, "--only", "tyres"]).await;
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("climate-settings"), "{wrong:?}");
}

#[tokio::test]
async fn what_fails_as_a_whole_is_a_failure() {
    let sim = simulator().await;
    sim.script(
        Route::Telemetry,
        [Fault::status(StatusCode::SERVICE_UNAVAILABLE)],
    );

    let args = ["--no-retry", "dashboard", CAR, "--only", "telemetry"];
    let run = against(&sim, &args).await;

    assert_eq!((run.code, run.stdout.as_str()), (6, ""), "{run:?}");
}

async fn document(sim: &Simulator, args: &[&str]) -> Value {
    let run = against(sim, args).await;
    assert_eq!(run.code, 0, "{run:?}");
    serde_json::from_str(&run.stdout).unwrap()
}
