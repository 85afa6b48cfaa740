//! What the cache saves, and what is told of it.

use http::StatusCode;
use serde_json::Value;
use toyota_sim::{Fault, Route};

use super::story::untimed;
use super::{against, simulator, suffix, toyota};

#[tokio::test]
async fn what_is_read_again_is_asked_for_once() {
    let sim = simulator().await;

    let run = against(&sim, &["vehicles", "--repeat", "5", "--verbose"]).await;

    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(sim.counters().requests(Route::Vehicles), 1);
    assert_eq!(run.stdout.lines().count(), 4, "a heading and three cars");
    insta::assert_snapshot!(first_lines(&untimed(&run.stderr), 8), @r"
    asking for the vehicles
      cache: miss
      attempt 1: 200 in T s
      ended: succeeded
      answer: 25.3 KiB after T s
    asking for the vehicles
      cache: hit
      answer: 25.3 KiB after T s
    ");
    assert_eq!(run.stderr.matches("\n  cache: hit\n").count(), 4, "{run:?}");
}

#[tokio::test]
async fn without_a_cache_each_reading_is_a_request() {
    let sim = simulator().await;
    let args = ["--no-cache", "vehicles", "--repeat", "5", "--verbose"];

    let run = against(&sim, &args).await;

    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(sim.counters().requests(Route::Vehicles), 5);
    assert_eq!(run.stderr.matches("\n  cache: bypass\n").count(), 5);
    assert_eq!(run.stderr.matches("\n  attempt 1: 200 in ").count(), 5);
}

#[tokio::test]
async fn the_car_is_looked_up_once_and_read_as_often_as_is_said() {
    let sim = simulator().await;
    let suffix = suffix(&sim);
    for (args, asked) in [(&["--json"][..], 1), (&["--json", "--no-cache"], 3)] {
        let before = sim.counters();
        let args = [args, &["telemetry", &suffix, "--repeat", "3"]].concat();

        let run = against(&sim, &args).await;

        let document: Value = serde_json::from_str(&run.stdout).unwrap();
        assert!(document["telemetry"].is_object(), "one document: {run:?}");
        let after = sim.counters();
        for (route, expected) in [(Route::Vehicles, 1), (Route::Telemetry, asked)] {
            let requests = after.requests(route) - before.requests(route);
            assert_eq!(requests, expected, "{route:?} {args:?}");
        }
    }
}

#[tokio::test]
async fn the_first_reading_that_fails_ends_it() {
    let sim = simulator().await;
    let missing = Fault::status(StatusCode::NOT_FOUND);
    sim.script(Route::Vehicles, [missing]);

    let run = against(&sim, &["vehicles", "--repeat", "3", "--verbose"]).await;

    assert_eq!((run.code, run.stdout.as_str()), (6, ""), "{run:?}");
    assert_eq!(sim.counters().requests(Route::Vehicles), 1);
    assert!(run.stderr.contains("\n  cache: miss\n"), "{run:?}");
}

#[tokio::test]
async fn a_program_that_ends_forgets_its_answers() {
    let sim = simulator().await;

    for _ in 0..2 {
        assert_eq!(against(&sim, &["vehicles"]).await.code, 0);
    }

    assert_eq!(sim.counters().requests(Route::Vehicles), 2);
}

#[tokio::test]
async fn what_the_cache_did_is_measured() {
    let args = ["--simulated", "--metrics", "vehicles", "--repeat", "3"];

    let run = toyota(&args, &[]).await;

    assert_eq!(run.code, 0, "{run:?}");
    for line in [
        r#"toyota_cache_total{operation="vehicles",outcome="hit"} 2"#,
        r#"toyota_cache_total{operation="vehicles",outcome="miss"} 1"#,
        r#"toyota_attempts_total{operation="vehicles"} 1"#,
        r#"toyota_total{operation="vehicles",status="success"} 3"#,
    ] {
        assert!(run.stderr.contains(line), "{line} is not in {}", run.stderr);
    }
}

#[tokio::test]
async fn reading_is_repeated_at_least_once_and_for_reads_alone() {
    let sim = simulator().await;
    for args in [
        &["vehicles", "--repeat", "0"][..],
        &["vehicles", "--repeat", "1001"],
        &["login", "--repeat", "2"],
    ] {
        let run = against(&sim, args).await;

        assert_eq!(run.code, 2, "{args:?}: {run:?}");
        assert!(run.stderr.contains("--repeat"), "{args:?}: {run:?}");
    }
}

fn first_lines(text: &str, count: usize) -> String {
    text.lines().take(count).collect::<Vec<_>>().join("\n")
}
