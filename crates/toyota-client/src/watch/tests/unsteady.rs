//! Services that have bad moments, and programs that do not wait.

use super::*;
use crate::Kind;

const STATUS: &str = "/v1/vehicle/status";
const TRIPS: &str = "/v1/trips";
const SERVICES: &str = "/v1/servicehistory/vehicle/summary";

#[tokio::test(start_paused = true)]
async fn a_status_that_fails_hides_no_stop() {
    let service = Service::default();
    let mut watch = service.watch();
    watch.next().await;
    service.change(|it| it.kilometres = 12.0);
    watch.next().await;
    service.asked();

    service.change(|it| it.fails = Some(STATUS));
    let cycle = watch.next().await;

    assert_eq!(cycle.failures().count(), 1, "{cycle:?}");
    let asked = service.asked();
    assert_eq!(asked[TRIPS], 1, "{asked:?}");
    assert_eq!(asked["/v1/location"], 1, "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn a_cycle_that_is_left_off_as_the_car_is_woken_hides_no_stop() {
    let service = Service::default();
    let mut watch = service.watch();
    watch.next().await;
    service.change(|it| it.kilometres = 12.0);
    watch.next().await;

    service.change(|it| it.hangs = Some(STATUS));
    let soon = watch.due_in() + Duration::from_secs(5);
    let left = tokio::time::timeout(soon, watch.next()).await;
    assert!(left.is_err());
    service.asked();
    service.change(|it| it.hangs = None);
    watch.cycle().await;

    let asked = service.asked();
    assert_eq!(asked[TRIPS], 1, "{asked:?}");
    assert_eq!(asked["/v1/location"], 1, "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn what_a_cycle_did_not_come_to_is_asked_for_in_the_next() {
    let service = Service::default();
    let mut watch = service.watch();
    service.change(|it| it.hangs = Some("/v1/vehicle/electric/status"));
    let left = tokio::time::timeout(Duration::from_secs(1), watch.next()).await;
    assert!(left.is_err());

    service.change(|it| it.hangs = None);
    watch.cycle().await;

    assert_eq!(service.asked()[SERVICES], 1);
}

#[tokio::test(start_paused = true)]
async fn what_fails_once_is_not_given_up_for_a_day() {
    let service = Service::default();
    service.change(|it| it.fails = Some(SERVICES));
    let mut watch = service.watch();
    watch.next().await;
    service.change(|it| it.fails = None);
    service.asked();

    let mut asked = Vec::new();
    for _ in 0..6 {
        watch.next().await;
        asked.push(service.asked().contains_key(SERVICES));
    }

    // After half an hour.
    assert_eq!(asked, [false, false, false, false, true, false]);
}

#[tokio::test(start_paused = true)]
async fn an_empty_list_forgets_no_car_before_it_is_empty_again() {
    let service = Service::default();
    let mut watch = service.watch();
    for _ in 0..9 {
        watch.next().await;
    }
    let known = |watch: &Watch<_>| {
        watch
            .cars()
            .filter(|car| car.telemetry.value().is_some())
            .count()
    };
    service.change(|it| it.cars = Some(json!([])));

    watch.next().await;
    watch.next().await;
    assert_eq!(known(&watch), 1);

    service.change(|it| it.cars = None);
    for _ in 0..20 {
        watch.next().await;
    }
    assert_eq!(known(&watch), 1);

    service.change(|it| it.cars = Some(json!(null)));
    for _ in 0..12 {
        watch.next().await;
    }
    assert_eq!(watch.cars().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_car_that_is_listed_twice_is_watched_once() {
    let service = Service::default();
    service.change(|it| it.cars = Some(json!([car("V1"), car("V2"), car("V1")])));
    let mut watch = service.watch();

    watch.next().await;

    assert_eq!(watch.cars().len(), 2);
    assert_eq!(service.asked()["/v3/telemetry"], 2);
}

#[tokio::test(start_paused = true)]
async fn a_car_without_an_odometer_is_asked_once_where_it_is() {
    let service = Service::default();
    service.change(|it| it.has_odometer = Some(false));
    let mut watch = service.watch();

    for _ in 0..5 {
        watch.next().await;
        let asked = service.asked();
        assert_eq!(asked["/v1/location"], 1, "{asked:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_account_that_is_refused_in_the_middle_is_not_asked_for_any_more() {
    let service = Service::default();
    let mut watch = service.watch();
    watch.next().await;
    service.asked();

    service.change(|it| it.refused = Some((401, "who are you")));
    let cycle = watch.next().await;

    assert!(cycle.refused().unwrap().is(Kind::Authentication));
    assert_eq!(service.asked().values().sum::<usize>(), 1);
}
