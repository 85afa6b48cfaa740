//! What a person sees who asks what a car is like.

use std::time::Duration;

use tests::cars::{FAMILIES, PLUG_IN};
use tests::in_memory::Bench;
use tokio::time::Instant;
use toyota_client::Vin;
use toyota_client::model::{Lock, Open};
use toyota_client::wake::{Freshness, How, WakeRefusal};
use toyota_sim::{Families, Route, WakeBehaviour};

const HOUR: Duration = Duration::from_secs(60 * 60);

#[tokio::test(start_paused = true)]
async fn what_somebody_did_to_the_car_is_seen_when_it_was_woken() {
    for families in FAMILIES {
        let (bench, car) = parked(WakeBehaviour::responsive(), families).await;
        let client = bench.client();
        tokio::time::sleep(HOUR).await;
        let opened = bench.sim.edit_car_state(car.as_str(), |state| {
            state.doors.driver.open = true;
            state.doors.driver.locked = false;
        });
        opened.unwrap();

        let cached = client.status(&car, Freshness::Cached).await.unwrap();
        let woken = client.status(&car, Freshness::Wake).await.unwrap();
        let requests = bench.sim.counters().requests_total();
        let again = client.status(&car, Freshness::Cached).await.unwrap();

        let driver = |status: &toyota_client::model::Status| {
            (status.doors.driver.open, status.doors.driver.locked)
        };
        let (closed, open) = (Some(Open::Closed), Some(Open::Open));
        assert_eq!(
            driver(&cached.value.value.unwrap()),
            (closed, Some(Lock::Locked))
        );
        assert!(cached.age.unwrap() >= HOUR);
        let (locked, unlocked) = (woken.value.value.unwrap(), Some(Lock::Unlocked));
        assert_eq!(driver(&locked), (open, unlocked), "{families:?}");
        assert!(matches!(woken.how, How::Woken { after } if after.as_secs() <= 30));
        assert!(woken.age.unwrap() <= Duration::from_secs(30));
        // What was read past the cache is in it.
        assert_eq!(again.reported, woken.reported);
        assert_eq!(bench.sim.counters().requests_total(), requests);
        assert_eq!(bench.wakes(&car), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_has_forgotten_a_car_is_asked_once_and_the_car_is_woken() {
    let behaviour = WakeBehaviour::responsive().cold_after(HOUR);
    let (bench, car) = parked(behaviour, Families::NewOnly).await;
    let client = bench.client();
    tokio::time::sleep(2 * HOUR).await;
    let reads = || {
        let counters = bench.sim.car_counters(car.as_str());
        counters.requests(Route::Status)
    };

    let cold = client.status(&car, Freshness::Cached).await.unwrap();
    assert!(matches!(cold.how, How::Cold), "{:?}", cold.how);
    assert_eq!(reads(), 1);

    let woken = client.status(&car, Freshness::WakeIfOlderThan(HOUR)).await;
    assert!(matches!(woken.unwrap().how, How::Woken { .. }));
    // One before the wake, and then one every ten seconds.
    assert!((3..=5).contains(&reads()), "{}", reads());
}

#[tokio::test(start_paused = true)]
async fn a_moody_service_does_not_keep_a_car_from_being_seen() {
    let behaviour = WakeBehaviour::responsive().throttled(0.5).unwrap();
    let (bench, car) = parked(behaviour, Families::Both).await;
    let client = bench.client();

    let mut woken = 0;
    for _ in 0..10 {
        tokio::time::sleep(HOUR).await;
        let reading = client.status(&car, Freshness::Wake).await.unwrap();
        woken += u32::from(matches!(reading.how, How::Woken { .. }));
    }

    assert!(woken >= 8, "{woken}");
}

#[tokio::test(start_paused = true)]
async fn a_car_that_is_not_woken_is_told_with_the_reason() {
    for (behaviour, code) in [
        (WakeBehaviour::rejected(), "010001"),
        (WakeBehaviour::forbidden(), "APIGW-403"),
        (WakeBehaviour::failing(), "ONE-GLOBAL-RS-40000"),
    ] {
        let (bench, car) = parked(behaviour, Families::Both).await;
        let client = bench.client();

        let reading = client.status(&car, Freshness::Wake).await.unwrap();

        assert!(reading.value.value.is_some());
        let How::WakeRefused(WakeRefusal::Rejected { code: told }) = reading.how else {
            panic!("{:?}", reading.how);
        };
        assert_eq!(told.as_deref(), Some(code));
    }
}

#[tokio::test(start_paused = true)]
async fn a_car_in_a_garage_is_waited_for_and_shown_as_it_was() {
    let (bench, car) = parked(WakeBehaviour::silent(), Families::Both).await;
    let client = bench.client();
    client.status(&car, Freshness::Cached).await.unwrap();
    let start = Instant::now();

    let reading = client.status(&car, Freshness::Wake).await.unwrap();

    assert!(matches!(reading.how, How::NotYet), "{:?}", reading.how);
    assert!(reading.value.value.is_some());
    assert!(
        start.elapsed() <= Duration::from_secs(62),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn battery_and_climate_are_as_the_car_says_now() {
    let (bench, car) = parked(WakeBehaviour::responsive(), Families::Both).await;
    let client = bench.client();
    tokio::time::sleep(HOUR).await;

    let electric = client.wake_electric(&car).await.unwrap();
    let climate = client.wake_climate(&car).await.unwrap();

    assert!(
        matches!(electric.how, How::Woken { .. }),
        "{:?}",
        electric.how
    );
    assert!(electric.age.unwrap() <= Duration::from_secs(30));
    assert!(climate.how.has_woken(), "{:?}", climate.how);
}

/// A plug-in hybrid that takes wakes like this and has just reported.
async fn parked(behaviour: WakeBehaviour, families: Families) -> (Bench, Vin) {
    let bench = Bench::of(families).await;
    let car = bench.parked(PLUG_IN);
    bench.sim.set_wakes(PLUG_IN, behaviour);
    (bench, car)
}
