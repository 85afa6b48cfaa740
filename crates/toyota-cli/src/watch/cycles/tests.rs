//! Cycles over a scripted service, in paused time.

use std::future::pending;
use std::time::Duration;

use toyota_client::wake::WakeQuotas;
use toyota_client::watch::Cadence;

use super::*;
use crate::watch::scripted::{Service, battery};

/// When something was told, and what was being done.
type Told = Vec<(Duration, Moment, Doing)>;

#[tokio::test(start_paused = true)]
async fn each_second_is_told_and_each_cycle_in_its_time() {
    let service = Service::new();

    let (told, ended) = watched(&service, Some(2), pending()).await;

    ended.unwrap();
    let over: Vec<_> = told
        .iter()
        .filter(|(_, moment, _)| *moment == Moment::CycleOver)
        .map(|(at, _, doing)| (at.as_secs(), *doing))
        .collect();
    let left = Duration::from_secs(360);
    assert_eq!(over, [(0, Doing::Waiting { left }), (360, Doing::Done)]);
    let waiting = told
        .iter()
        .filter(|(_, moment, _)| *moment == Moment::Passing);
    let waiting: Vec<_> = waiting
        .filter_map(|(_, _, doing)| match doing {
            Doing::Waiting { left } => Some(left.as_secs()),
            _ => None,
        })
        .collect();
    assert!(waiting.len() >= 359, "{}", waiting.len());
    assert!(
        waiting.is_sorted_by(|before, after| before > after),
        "{waiting:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_known_is_told_car_by_car_before_the_cycle_is_over() {
    let service = Service::new();
    let mut view = View::new(Cadence::default(), WakeQuotas::default());
    let (client, _) = service.client();
    let watch = Watch::new(client.clone());
    let mut told = Vec::new();
    let tell = |view: &mut View, moment| {
        let cars = view.cars.iter();
        let known = cars.filter(|it| it.car.telemetry.value().is_some());
        let reading = view.reading.as_ref().map(ToString::to_string);
        told.push((moment, view.cars.len(), known.count(), reading));
        Ok(())
    };

    let ended = cycles(watch, &client, Some(1), &mut view, pending(), tell).await;

    ended.unwrap();
    // Of the list nothing may have been told: it comes at once.
    told.retain(|(_, cars, ..)| *cars > 0);
    told.dedup();
    let [first, second] = ["…0202", "…0101"].map(|vin| Some(vin.to_owned()));
    let expected = [
        (Moment::Passing, 2, 0, first.clone()),
        (Moment::Passing, 2, 1, first),
        (Moment::Passing, 2, 1, second.clone()),
        (Moment::Passing, 2, 2, second),
        (Moment::CycleOver, 2, 2, None),
    ];
    assert_eq!(told, expected);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_fails_ends_nothing() {
    let service = Service::new();
    for path in ["/v2/vehicle/guid", "/v3/telemetry", "/v1/vehicle/status"] {
        service.fail(path, 503);
    }

    let (told, ended) = watched(&service, Some(4), pending()).await;

    ended.unwrap();
    let over = told
        .iter()
        .filter(|(_, moment, _)| *moment == Moment::CycleOver);
    assert_eq!(over.count(), 4);
}

#[tokio::test(start_paused = true)]
async fn who_is_signed_out_watches_no_longer() {
    let service = Service::new();
    service.fail("/v3/telemetry", 401);
    let mut view = View::new(Cadence::default(), WakeQuotas::default());
    let (client, _) = service.client();
    let watch = Watch::new(client.clone());

    let ended = cycles(watch, &client, None, &mut view, pending(), |_, _| Ok(())).await;

    ended.unwrap();
    assert_eq!(view.last.as_ref().unwrap().number, 1);
    assert_eq!(view.signed_out().unwrap().operation(), "telemetry");
}

#[tokio::test(start_paused = true)]
async fn it_stops_when_it_is_told_to_between_two_cycles() {
    let service = Service::new();
    let stop = async {
        tokio::time::sleep(Duration::from_secs(100)).await;
        Ok(())
    };

    let (told, ended) = watched(&service, None, stop).await;

    ended.unwrap();
    let (last, _, _) = told.last().unwrap();
    assert!((99..=100).contains(&last.as_secs()), "{last:?}");
}

#[tokio::test(start_paused = true)]
async fn it_stops_when_it_is_told_to_within_a_cycle() {
    let service = Service::new();
    // It is charged, and woken for it: there is no answer for 25 seconds.
    let charging = battery("2026-03-01T11:48:00Z", "charging", 90);
    service.answer("/v1/vehicle/electric/status", charging);
    let stop = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        Ok(())
    };

    let (told, ended) = watched(&service, None, stop).await;

    ended.unwrap();
    assert!(
        told.iter().all(|(_, moment, _)| *moment == Moment::Passing),
        "{told:?}"
    );
    let is_asking = |doing: &Doing| matches!(doing, Doing::Asking { .. });
    assert!(
        told.iter().all(|(_, _, doing)| is_asking(doing)),
        "{told:?}"
    );
    assert!(told.len() >= 4, "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn who_cannot_be_told_is_told_no_more() {
    let service = Service::new();
    let mut view = View::new(Cadence::default(), WakeQuotas::default());
    let (client, _) = service.client();
    let watch = Watch::new(client.clone());
    let tell = |_: &mut View, _| Err(Failure::internal("the pipe is closed"));

    let ended = cycles(watch, &client, None, &mut view, pending(), tell).await;

    assert!(
        ended
            .unwrap_err()
            .to_string()
            .contains("the pipe is closed")
    );
}

async fn watched(
    service: &Service,
    rounds: Option<u32>,
    stop: impl Future<Output = Result<(), Failure>>,
) -> (Told, Result<(), Failure>) {
    let mut view = View::new(Cadence::default(), WakeQuotas::default());
    let (client, _) = service.client();
    let (mut told, start) = (Vec::new(), Instant::now());
    let watch = Watch::new(client.clone());
    let tell = |view: &mut View, moment| {
        told.push((start.elapsed(), moment, view.doing));
        Ok(())
    };
    let ended = cycles(watch, &client, rounds, &mut view, stop, tell).await;
    (told, ended)
}
