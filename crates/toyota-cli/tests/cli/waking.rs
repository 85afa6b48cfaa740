//! What a car has to be woken for, and how often that may be.

use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use toyota_sim::{Route, Simulator, WakeBehaviour};

use crate::reads::undated;
use crate::{Run, against, simulator, toyota, vars};

const CAR: &str = "rav4 p";

#[tokio::test]
async fn tells_what_is_open_and_how_old_that_is() {
    let sim = simulator().await;

    let run = against(&sim, &["status", CAR]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    let (reported, rest) = run.stdout.split_once('\n').unwrap();
    assert!(
        reported.starts_with("reported      2026-08-31 07:20 UTC, "),
        "{run:?}"
    );
    assert!(reported.ends_with(" ago"), "{run:?}");
    insta::assert_snapshot!(undated(rest), @r"
    the car       was not woken
    overall       warning
    warnings      1
    locked        yes
    open          yes
    hazard lights off
    tail lights   off
    headlights    off
    rear seats    nothing was left there

    WHAT                        IS      LOCK    REPORTED
    driver's door               closed  locked  DATE UTC
    passenger's door            closed  locked  DATE UTC
    rear door, driver's side    closed  locked  DATE UTC
    rear door, passenger's      closed  locked  DATE UTC
    trunk                       closed  locked  DATE UTC
    hood                        closed  -       DATE UTC
    driver's window             closed          DATE UTC
    passenger's window          closed          DATE UTC
    rear window, driver's side  closed          DATE UTC
    rear window, passenger's    OPEN            DATE UTC
    ");
    assert_eq!(sim.counters().requests(Route::StatusWake), 0);
}

#[tokio::test]
async fn a_car_that_is_woken_says_something_new() {
    let sim = simulator().await;
    let vin = sim.account().cars()[1].vin().to_owned();
    sim.set_wakes(
        &vin,
        WakeBehaviour::responsive().after(Duration::from_secs(1)),
    );

    let run = against(&sim, &["--json", "status", CAR, "--wake"]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["comeBy"]["how"], "woken", "{document}");
    assert!(document["ageSeconds"].as_u64().unwrap() < 60, "{document}");
    assert_eq!(sim.counters().requests(Route::StatusWake), 1);
}

#[tokio::test]
async fn a_car_that_the_service_does_not_wake_is_told_as_it_was() {
    let sim = simulator().await;
    let vin = sim.account().cars()[1].vin().to_owned();
    sim.set_wakes(&vin, WakeBehaviour::rejected());
    for (command, word) in [("status", "OPEN"), ("electric", "battery")] {
        let run = against(&sim, &[command, CAR, "--wake"]).await;

        assert_eq!(run.code, 0, "{run:?}");
        let told = format!("{}{}", run.stdout, run.stderr);
        assert!(
            told.contains("was not woken: the service does not do that"),
            "{told}"
        );
        assert!(run.stdout.contains(word), "{run:?}");
    }
}

#[tokio::test]
async fn a_car_is_woken_for_what_is_older_than_is_wanted_and_only_then() {
    for fresh in ["--fresh", "--fresh=60"] {
        let owner = Owner::new().await;
        let vin = owner.sim.account().cars()[1].vin().to_owned();

        let old = owner.run(&["--json", "status", fresh, CAR]).await;
        owner.sim.report(&vin);
        let new = owner.run(&["--json", "status", fresh, CAR]).await;

        for (run, how) in [(old, "wakeRefused"), (new, "cached")] {
            assert_eq!(run.code, 0, "{fresh}: {run:?}");
            let document: Value = serde_json::from_str(&run.stdout).unwrap();
            assert_eq!(document["comeBy"]["how"], how, "{fresh}: {document}");
        }
    }
    let both = toyota(&["status", CAR, "--fresh", "--wake"], &[]).await;
    assert_eq!(both.code, 2, "{both:?}");
}

#[tokio::test]
async fn how_often_a_car_was_woken_outlives_a_run() {
    let owner = Owner::new().await;

    let mut told = Vec::new();
    for _ in 0..10 {
        let run = owner.run(&["--json", "status", CAR, "--wake"]).await;
        assert_eq!(run.code, 0, "{run:?}");
        let document: Value = serde_json::from_str(&run.stdout).unwrap();
        told.push(document["comeBy"]["how"].as_str().unwrap().to_owned());
    }

    assert_eq!(told.first().unwrap(), "wakeRefused");
    assert_eq!(told.last().unwrap(), "quotaSpent", "{told:?}");
    let sent = owner.sim.counters().requests(Route::StatusWake);
    assert!(sent < 10, "{sent}");
}

#[tokio::test]
async fn what_is_learnt_of_cars_names_none_and_is_for_its_owner_alone() {
    let owner = Owner::new().await;
    owner.run(&["status", CAR, "--wake"]).await;
    let file = owner.folder.path().join("cars.json");

    let learnt = std::fs::read_to_string(&file).unwrap();

    let account = owner.sim.account();
    for car in account.cars() {
        assert!(!learnt.contains(car.vin()), "{learnt}");
    }
    assert!(!learnt.contains(account.username()) && !learnt.contains(account.guid()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{mode:o}");
    }
}

/// An owner whose runs share a folder, and whose cars the service does not wake.
struct Owner {
    sim: Simulator,
    folder: TempDir,
}

impl Owner {
    async fn new() -> Self {
        let sim = simulator().await;
        for car in sim.account().cars() {
            sim.set_wakes(car.vin(), WakeBehaviour::rejected());
        }
        let folder = tempfile::tempdir().unwrap();
        Self { sim, folder }
    }

    async fn run(&self, args: &[&str]) -> Run {
        let mut vars = vars(&self.sim);
        vars.push(("TOYOTA_TOKEN_DIR", self.folder.path().display().to_string()));
        toyota(args, &vars).await
    }
}
