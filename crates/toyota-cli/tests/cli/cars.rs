//! Which cars there are, and which is meant by what is said of it.

use serde_json::Value;
use toyota_sim::Route;

use crate::{against, simulator, toyota};

#[tokio::test]
async fn lists_the_simulated_garage() {
    let run = toyota(&["--simulated", "vehicles"], &[]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout, @r"
    NAME       MODEL         YEAR  RUNS ON         VIN
    Runabout   Yaris 5-door  2022  fuel            SB1Z93BE10E000101
    RAV4 PHEV  RAV4 Plug-in  2023  plug-in hybrid  JTMZ63FV50D000202
    Quiet one  RZ            2024  electricity     JTHZ4AHB700000303
    ");
}

#[tokio::test]
async fn prints_one_json_document() {
    let run = toyota(&["--simulated", "--json", "vehicles"], &[]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["vehicles"].as_array().unwrap().len(), 3);
    assert_eq!(document["warnings"], serde_json::json!([]));
}

#[tokio::test]
async fn a_car_is_named_by_how_its_name_begins_in_any_case() {
    let sim = simulator().await;
    for name in ["runabout", "RUN", "yaris", "0101"] {
        let run = against(&sim, &["telemetry", name]).await;

        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{name}: {run:?}");
        assert!(run.stdout.contains("odometer"), "{name}: {run:?}");
    }
}

#[tokio::test]
async fn an_only_car_need_not_be_named() {
    let sim = simulator().await;
    sim.edit_account(|account| account.cars_mut().truncate(1));

    let run = against(&sim, &["--json", "telemetry"]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    assert!(run.stdout.contains(sim.account().cars()[0].vin()));
}

#[tokio::test]
async fn of_several_cars_one_has_to_be_named_and_they_are_listed() {
    let sim = simulator().await;

    let run = against(&sim, &["telemetry"]).await;

    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    insta::assert_snapshot!(run.stderr, @r"
    error: this account has several cars: say which
      1  Runabout (…0101)
      2  RAV4 PHEV (…0202)
      3  Quiet one (…0303)
     next: name a car by the end of its VIN (four characters or more), or by its name
    ");
    assert_eq!(sim.counters().requests(Route::Telemetry), 0);
}

#[tokio::test]
async fn who_has_no_car_is_not_told_to_name_one() {
    let sim = simulator().await;
    sim.edit_account(|account| account.cars_mut().clear());
    for args in [&["dashboard"][..], &["location", "run"]] {
        let run = against(&sim, args).await;

        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        let next = " next: add the car to this account in the app, or sign in as its owner\n";
        assert_eq!(
            run.stderr,
            format!("error: this account has no cars\n{next}")
        );
    }
}

#[tokio::test]
async fn a_whole_vin_may_be_written_in_small_letters() {
    let sim = simulator().await;
    let vin = sim.account().cars()[0].vin().to_ascii_lowercase();

    let run = against(&sim, &["telemetry", &vin]).await;

    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(sim.counters().requests(Route::Vehicles), 0);
}
