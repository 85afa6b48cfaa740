//! Cycles that are made step by step.

use super::*;

const STATUS: &str = "/v1/vehicle/status";
const ELECTRIC: &str = "/v1/vehicle/electric/status";
const LOCATION: &str = "/v1/location";
const WAKE: &str = "/v1/remote/status";

#[tokio::test(start_paused = true)]
async fn what_is_known_is_seen_before_the_cycle_is_over() {
    let service = Service::default();
    service.change(|it| it.cars = Some(json!([car("V1"), car("V2")])));
    service.change(|it| it.hangs = Some(STATUS));
    let mut watch = service.watch();

    let left = tokio::time::timeout(Duration::from_secs(1), watch.next()).await;

    assert!(left.is_err());
    let mut cars = watch.cars();
    assert!(cars.next().unwrap().telemetry.value().is_some());
    assert!(cars.next().unwrap().telemetry.value().is_none());
    let done = &watch.under_way().unwrap().cars;
    assert_eq!(done.len(), 1);
    assert!(done[0].has_updated(DataSet::Telemetry));
}

#[tokio::test(start_paused = true)]
async fn each_step_asks_for_one_thing_of_the_car_whose_turn_it_is() {
    let service = Service::default();
    service.change(|it| it.cars = Some(json!([car("V1"), car("V2")])));
    let mut watch = service.watch();
    let mut turns = Vec::new();

    let cycle = loop {
        let turn = watch.current().map(|car| car.vin().as_str().to_owned());
        let cycle = watch.step().await;
        let asked: usize = service.asked().values().sum();
        assert_eq!(asked, 1, "{turn:?}");
        turns.push(turn);
        if let Some(cycle) = cycle {
            break cycle;
        }
    };

    let of_each = DataSet::ALL.len();
    assert_eq!(turns[0], None);
    assert_eq!(turns[1..=of_each], vec![Some("V1".to_owned()); of_each]);
    assert_eq!(turns[1 + of_each..], vec![Some("V2".to_owned()); of_each]);
    assert_eq!(cycle.cars.len(), 2);
    assert!(watch.current().is_none() && watch.under_way().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_cycle_that_is_left_off_goes_on_after_what_it_was_asking_for() {
    let service = Service::default();
    service.change(|it| it.hangs = Some(ELECTRIC));
    let mut watch = service.watch();
    let left = tokio::time::timeout(Duration::from_secs(1), watch.next()).await;
    assert!(left.is_err());

    service.change(|it| it.hangs = None);
    let cycle = tokio::time::timeout(Duration::from_secs(1), watch.next()).await;

    let cycle = cycle.unwrap();
    assert_eq!(
        cycle.began,
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24)
    );
    let asked = service.asked();
    assert!(asked.values().all(|times| *times == 1), "{asked:?}");
    assert!(!cycle.cars[0].has_updated(DataSet::Electric));
    assert!(cycle.cars[0].has_updated(DataSet::Trips));
    watch.next().await;
    assert_eq!(service.asked()[ELECTRIC], 1);
}

#[tokio::test(start_paused = true)]
async fn a_cycle_that_is_left_off_is_made_up_for_by_none() {
    let service = Service::default();
    let mut watch = service.watch();
    let start = Instant::now();
    watch.next().await;

    let left = tokio::time::timeout(Duration::from_secs(60), watch.next()).await;

    assert!(left.is_err());
    assert_eq!(watch.due_in(), Duration::from_secs(300));
    watch.next().await;
    assert!(start.elapsed() >= Duration::from_secs(360));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_for_more_often_by_who_leaves_off_again_and_again() {
    let service = Service::default();
    service.change(|it| it.hangs = Some("/v3/telemetry"));
    let mut watch = service.watch();

    for _ in 0..350 {
        let _ = tokio::time::timeout(Duration::from_secs(1), watch.next()).await;
    }

    let asked = service.asked();
    assert!(asked.values().all(|times| *times == 1), "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn a_car_that_is_left_off_as_it_is_woken_is_woken_once_in_a_cycle() {
    let service = Service::default();
    let mut watch = service.watch();
    watch.next().await;
    service.change(|it| it.kilometres = 12.0);
    watch.next().await;
    service.change(|it| it.hangs = Some(WAKE));
    service.asked();

    let soon = watch.due_in() + Duration::from_secs(5);
    let left = tokio::time::timeout(soon, watch.next()).await;
    assert!(left.is_err());
    service.change(|it| it.hangs = None);
    let cycle = watch.next().await;

    assert!(cycle.cars[0].attended.is_none());
    let asked = service.asked();
    assert_eq!((asked[WAKE], asked[LOCATION]), (1, 1), "{asked:?}");
    // The car has stopped: it is asked once more.
    watch.next().await;
    assert_eq!(service.asked()[WAKE], 1);
}

#[tokio::test(start_paused = true)]
async fn what_changed_as_the_car_moved_is_asked_for_though_it_was_left_off() {
    let service = Service::default();
    let mut watch = service.watch();
    watch.next().await;
    service.change(|it| it.kilometres = 12.0);
    service.change(|it| it.hangs = Some(LOCATION));

    let soon = watch.due_in() + Duration::from_secs(5);
    let left = tokio::time::timeout(soon, watch.next()).await;
    assert!(left.is_err());
    service.change(|it| it.hangs = None);
    watch.next().await;
    service.asked();
    watch.next().await;

    assert_eq!(service.asked()[LOCATION], 1);
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_that_expires_as_a_car_is_woken_ends_the_cycle() {
    let service = Service::default();
    let mut watch = service.watch();
    watch.next().await;
    service.change(|it| it.kilometres = 12.0);
    watch.next().await;
    service.asked();

    service.change(|it| it.unauthorised = Some(WAKE));
    let cycle = watch.next().await;

    assert!(cycle.refused().is_some(), "{cycle:?}");
    assert!(!service.asked().contains_key("/v1/trips"));
}
