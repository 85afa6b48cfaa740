//! What is drawn of data that age, fail, or are had by a wake.

use std::time::Duration;

use toyota_client::Units;
use toyota_client::wake::WakeQuotas;
use toyota_client::watch::Cadence;

use super::scene::{paper, scene};
use crate::show::Picture;
use crate::watch::scripted::{at, battery, odometer, status};
use crate::watch::{Doing, View};

const HOUR: Duration = Duration::from_secs(60 * 60);

#[tokio::test(start_paused = true)]
async fn ages_count_on_and_the_countdown_down_between_two_cycles() {
    let mut scene = scene();
    scene.cycle().await;
    let lines = |drawn: &str| {
        let lines = drawn.lines().map(str::to_owned);
        let lines = lines.filter(|line| line.contains("health") || line.contains("next in"));
        lines.collect::<Vec<_>>().join("\n")
    };

    let first = lines(&scene.drawn(&paper(80, 50)));
    scene.wait(Duration::from_secs(1)).await;
    let second = lines(&scene.drawn(&paper(80, 50)));
    scene.wait(Duration::from_secs(341)).await;
    let third = lines(&scene.drawn(&paper(80, 50)));

    insta::assert_snapshot!([first, second, third].join("\n"), @r"
      health            Tire Pressure                      17 s ago    fresh
      health            Tire Pressure                      17 s ago    fresh
    cycle 1 took 3 s  next in 5:43  Ctrl-C ends
      health            Tire Pressure                      18 s ago    fresh
      health            Tire Pressure                      18 s ago    fresh
    cycle 1 took 3 s  next in 5:42  Ctrl-C ends
      health            Tire Pressure                      5 min ago   fresh
      health            Tire Pressure                      5 min ago   fresh
    cycle 1 took 3 s  next in 0:01  Ctrl-C ends
    ");
}

#[tokio::test(start_paused = true)]
async fn what_fails_is_told_in_short_and_what_was_known_stays() {
    let mut scene = scene();
    scene.cycle().await;
    scene.service.fail("/v3/telemetry", 503);
    scene.service.fail("/v1/vehicle/electric/status", 429);
    scene.service.fail("/v2/vehicle/guid", 502);
    for _ in 0..11 {
        scene.cycle().await;
    }

    insta::assert_snapshot!(scene.drawn(&paper(90, 50)), @r"
    Blue one (…0202)  locked  not plugged in
      location          50.8949, 4.3415                      1 h ago    fresh
      health            Tire Pressure                        1 h ago    fresh
      electric          battery 78 %, 51.2 km, not plugged…  1 h ago    failed: 429 too often…
      telemetry         21954.6 km, fuel 41 %, battery 78 %  1 h ago    failed: 503 fault, 11x
      notifications     1 unread of 2                        6 min ago  fresh
      status            locked, closed                       1 h ago    fresh
      service history   1 visit, last 2025-11-12             1 h ago    fresh
      climate settings  21 °C, for 20 min                    1 h ago    fresh
      climate status    stopped, 4 °C inside                 1 h ago    fresh
      trips             today 0 km, week 0 km                1 h ago    fresh
      wakes             4 left, nothing new                  -          read

    祖父の車 (…0101)
      location          50.8949, 4.3415                      1 h ago    fresh
      health            Tire Pressure                        1 h ago    fresh
      electric          -                                    -          not supported
      telemetry         21954.6 km, fuel 41 %, battery 78 %  1 h ago    failed: 503 fault, 11x
      notifications     none                                 6 min ago  fresh
      status            -                                    -          not supported
      service history   -                                    -          not supported
      climate settings  -                                    -          not supported
      climate status    -                                    -          not supported
      trips             today 0 km, week 0 km                1 h ago    fresh
      wakes             off                                  -          -

    no list of cars: fault of the service (502)
    requests 96  retries 0  from the cache 0  waits 0  errors 35
    cycle 12 took 3 s  next in 5:43  Ctrl-C ends
    ");
}

#[tokio::test(start_paused = true)]
async fn what_a_car_did_not_report_for_a_day_is_stale() {
    let mut scene = scene();
    scene.cycle().await;

    scene.wait(25 * HOUR).await;

    insta::assert_snapshot!(scene.drawn(&paper(80, 50)), @r"
    Blue one (…0202)  locked  not plugged in
      location          50.8949, 4.3415                     1 day ago  stale
      health            Tire Pressure                       1 day ago  stale
      electric          battery 78 %, 51.2 km, not plugge…  1 day ago  stale
      telemetry         21954.6 km, fuel 41 %, battery 78…  1 day ago  stale
      notifications     1 unread of 2                       1 day ago  stale
      status            locked, closed                      1 day ago  stale
      service history   1 visit, last 2025-11-12            1 day ago  stale
      climate settings  21 °C, for 20 min                   1 day ago  stale
      climate status    stopped, 4 °C inside                1 day ago  stale
      trips             today 0 km, week 0 km               1 day ago  stale
      wakes             4 left, nothing new                 -          read

    祖父の車 (…0101)
      location          50.8949, 4.3415                     1 day ago  stale
      health            Tire Pressure                       1 day ago  stale
      electric          -                                   -          not supported
      telemetry         21954.6 km, fuel 41 %, battery 78…  1 day ago  stale
      notifications     none                                1 day ago  stale
      status            -                                   -          not supported
      service history   -                                   -          not supported
      climate settings  -                                   -          not supported
      climate status    -                                   -          not supported
      trips             today 0 km, week 0 km               1 day ago  stale
      wakes             off                                 -          -

    requests 16  retries 0  from the cache 0  waits 0  errors 0
    cycle 1 took 3 s  next in 0:00  Ctrl-C ends
    ");
    let narrow = scene.drawn(&paper(50, 50));
    insta::assert_snapshot!(narrow.lines().take(5).collect::<Vec<_>>().join("\n"), @r"
    Blue one (…0202)  locked  not plugged in
      location          50.8949, 4.3415   stale, 1 day
      health            Tire Pressure     stale, 1 day
      electric          battery 78 %, 5…  stale, 1 day
      telemetry         21954.6 km, fue…  stale, 1 day
    ");
}

#[tokio::test(start_paused = true)]
async fn a_car_that_has_stopped_is_woken_and_one_that_is_charged_too() {
    let mut scene = scene();
    let answers = "2026-03-01T12:13:00Z";
    scene.cycle().await;
    scene
        .service
        .answer("/v3/telemetry", odometer(21990.0, "2026-03-01T12:05:00Z"));
    let charging = battery("2026-03-01T12:05:00Z", "charging", 90);
    scene
        .service
        .answer("/v1/vehicle/electric/status", charging);
    scene.cycle().await;
    scene.service.answer_when_woken(status(answers, "unlocked"));

    scene.cycle().await;

    insta::assert_snapshot!(scene.drawn(&paper(100, 50)), @r"
    Blue one (…0202)  UNLOCKED  charging, full in 1 h 22 min
      location          50.8949, 4.3415                    24 min ago  fresh
      health            Tire Pressure                      17 s ago    fresh
      electric          battery 78 %, 51.2 km, charging    7 min ago   fresh
      telemetry         21990 km, fuel 41 %, battery 78 %  7 min ago   fresh
      notifications     1 unread of 2                      12 min ago  fresh
      status            unlocked: driver, closed           17 s ago    fresh
      service history   1 visit, last 2025-11-12           12 min ago  fresh
      climate settings  21 °C, for 20 min                  12 min ago  fresh
      climate status    stopped, 4 °C inside               24 min ago  fresh
      trips             today 0 km, week 0 km              17 s ago    fresh
      wakes             3 left, it has stopped             27 s ago    answered in 10 s
      charge wakes      3 left                             6 min ago   not needed

    祖父の車 (…0101)
      location          50.8949, 4.3415                    24 min ago  fresh
      health            Tire Pressure                      17 s ago    fresh
      electric          -                                  -           not supported
      telemetry         21990 km, fuel 41 %, battery 78 %  7 min ago   fresh
      notifications     none                               12 min ago  fresh
      status            -                                  -           not supported
      service history   -                                  -           not supported
      climate settings  -                                  -           not supported
      climate status    -                                  -           not supported
      trips             today 0 km, week 0 km              17 s ago    fresh
      wakes             off                                -           -

    requests 45  retries 0  from the cache 0  waits 0  errors 0
    cycle 3 took 3 s  next in 5:33  Ctrl-C ends
    ");
}

#[test]
fn before_the_first_cycle_it_is_told_what_is_waited_for() {
    let mut view = View::new(Cadence::default(), WakeQuotas::default());
    view.doing = Doing::Asking {
        since: Duration::from_millis(4900),
    };
    let now = at("2026-03-01T12:00:00Z");

    let picture = Picture::of(&view, now, Units::Metric, &paper(80, 24));

    insta::assert_snapshot!(picture.lines.join("\n"), @r"
    nothing is known yet
    requests 0  retries 0  from the cache 0  waits 0  errors 0
    cycle 1: asking for 4 s  Ctrl-C ends
    ");
}

#[tokio::test(start_paused = true)]
async fn what_is_known_is_drawn_while_others_are_still_being_read() {
    let mut scene = scene();
    for _ in 0..12 {
        assert!(scene.step().await.is_none());
    }
    scene.view.doing = Doing::Asking {
        since: Duration::from_secs(65),
    };

    insta::assert_snapshot!(scene.drawn(&paper(80, 24)), @r"
    Blue one (…0202)  locked  not plugged in
      location          50.8949, 4.3415                    12 min ago  fresh
      health            Tire Pressure                      now         fresh
      electric          battery 78 %, 51.2 km, not plugg…  12 min ago  fresh
      telemetry         21954.6 km, fuel 41 %, battery 7…  12 min ago  fresh
      notifications     1 unread of 2                      now         fresh
      status            locked, closed                     12 min ago  fresh
      service history   1 visit, last 2025-11-12           now         fresh
      climate settings  21 °C, for 20 min                  now         fresh
      climate status    stopped, 4 °C inside               12 min ago  fresh
      trips             today 0 km, week 0 km              now         fresh
      wakes             4 left, nothing new                -           read

    祖父の車 (…0101)
      location          -                                  -           not asked yet
      health            -                                  -           not asked yet
      telemetry         21954.6 km, fuel 41 %, battery 7…  12 min ago  fresh
      notifications     -                                  -           not asked yet
      trips             -                                  -           not asked yet

    requests 12  retries 0  from the cache 0  waits 0  errors 0
    cycle 1: asking for 65 s  reading 祖父の車 (…0101)  Ctrl-C ends
    ");
}

#[tokio::test(start_paused = true)]
async fn how_a_car_is_woken_is_told_from_its_turn_to_the_next() {
    let mut scene = scene();
    scene.cycle().await;
    scene
        .service
        .answer("/v3/telemetry", odometer(21990.0, "2026-03-01T12:05:00Z"));
    scene.cycle().await;
    let answers = "2026-03-01T12:13:00Z";
    scene.service.answer_when_woken(status(answers, "locked"));
    let wakes = |drawn: &str| {
        let mut lines = drawn.lines();
        lines
            .find(|line| line.contains("wakes"))
            .unwrap()
            .to_owned()
    };

    let mut told = Vec::new();
    while scene.step().await.is_none() {
        told.push(wakes(&scene.drawn(&paper(80, 50))));
    }

    told.dedup();
    assert_eq!(
        told,
        [
            "  wakes             4 left, it moves                   -           not needed",
            "  wakes             3 left, it has stopped          10 s ago    answered in 10 s",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_account_that_cannot_be_asked_is_no_account_without_cars() {
    for (payload, told) in [
        (None, "no list of cars: fault of the service (500)"),
        (
            Some(serde_json::json!([])),
            "this account has no car to watch",
        ),
    ] {
        let mut scene = scene();
        match payload {
            None => scene.service.fail("/v2/vehicle/guid", 500),
            Some(payload) => scene.service.answer("/v2/vehicle/guid", payload),
        }

        scene.cycle().await;

        let drawn = scene.drawn(&paper(80, 24));
        assert_eq!(drawn.lines().next(), Some(told));
    }
}
