//! A climate control that is set and not started.

use toyota_sim::{Families, Route};

use crate::{against, simulator};

const CAR: &str = "rav4 phev";
const SET: [&str; 7] = [
    "climate",
    "set",
    CAR,
    "--temperature",
    "23",
    "--heat",
    "rear-window",
];

#[tokio::test]
async fn is_set_where_the_older_route_answers_and_not_started() {
    for families in [Families::OldOnly, Families::Both] {
        let sim = simulator().await;
        sim.set_families(families);
        let args = [&SET[..], &["--yes", "--wait", "10"]].concat();

        let run = against(&sim, &args).await;
        let told = against(&sim, &["climate", CAR]).await;

        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
        assert!(run.stdout.starts_with("Done; seen after "), "{run:?}");
        assert!(told.stdout.contains("23 °C"), "{told:?}");
        let counters = sim.counters();
        assert_eq!(counters.requests(Route::OldClimateChange), 1);
        assert_eq!(counters.requests(Route::ClimateControl), 0);
        assert_eq!(counters.requests(Route::OldClimateControl), 0);
    }
}

#[tokio::test]
async fn where_only_the_newer_routes_are_a_start_is_named_that_keeps_it() {
    let sim = simulator().await;
    sim.set_families(Families::NewOnly);
    let args = [&SET[..], &["--yes"]].concat();

    let run = against(&sim, &args).await;

    assert_eq!((run.code, run.stdout.as_str()), (6, ""), "{run:?}");
    let next = run.stderr.lines().last().unwrap();
    insta::assert_snapshot!(next, @" next: this car is set as it is started: `toyota climate start --save` keeps what it is given");
    assert_eq!(sim.counters().requests(Route::ClimateControl), 0);
}

#[tokio::test]
async fn nothing_is_set_without_a_yes_or_without_saying_what() {
    let sim = simulator().await;
    for (args, word) in [
        (&SET[..], "say --yes"),
        (&["climate", "set", CAR, "--yes"], "--temperature"),
        (
            &["climate", "set", CAR, "--temperature", "40", "--yes"],
            "18 to 29",
        ),
    ] {
        let run = against(&sim, args).await;

        run.assert_not_done(word);
    }
    assert_eq!(sim.counters().requests(Route::OldClimateChange), 0);
}
