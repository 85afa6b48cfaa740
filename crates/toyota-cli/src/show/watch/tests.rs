//! What is drawn and written of a watch over a scripted service, in paused time.

mod scene;

use std::time::Duration;

use toyota_client::Units;
use toyota_client::watch::Cadence;

use self::scene::{paper, scene};
use super::document::document;
use super::{Paper, Picture};
use crate::watch::scripted::{at, battery, odometer, status};
use crate::watch::{Doing, View};

const HOUR: Duration = Duration::from_secs(60 * 60);

#[tokio::test(start_paused = true)]
async fn a_wide_terminal_shows_all_that_is_known() {
    let mut scene = scene();

    scene.cycle().await;

    insta::assert_snapshot!(scene.drawn(&paper(100, 50)), @r"
    Blue one (…0202)  locked  not plugged in
      location          50.8949, 4.3415                        12 min ago  fresh
      health            Tire Pressure                          17 s ago    fresh
      electric          battery 78 %, 51.2 km, not plugged in  12 min ago  fresh
      telemetry         21954.6 km, fuel 41 %, battery 78 %    12 min ago  fresh
      notifications     1 unread of 2                          17 s ago    fresh
      status            locked, closed                         12 min ago  fresh
      service history   1 visit, last 2025-11-12               17 s ago    fresh
      climate settings  21 °C, for 20 min                      17 s ago    fresh
      climate status    stopped, 4 °C inside                   12 min ago  fresh
      trips             today 0 km, week 0 km                  17 s ago    fresh
      wakes             4 left, nothing new                    -           read

    祖父の車 (…0101)
      location          50.8949, 4.3415                        12 min ago  fresh
      health            Tire Pressure                          17 s ago    fresh
      electric          -                                      -           not supported
      telemetry         21954.6 km, fuel 41 %, battery 78 %    12 min ago  fresh
      notifications     none                                   17 s ago    fresh
      status            -                                      -           not supported
      service history   -                                      -           not supported
      climate settings  -                                      -           not supported
      climate status    -                                      -           not supported
      trips             today 0 km, week 0 km                  17 s ago    fresh
      wakes             off                                    -           -

    requests 16  retries 0  from the cache 0  waits 0  errors 0
    cycle 1 took 3 s  next in 5:43  Ctrl-C ends
    ");
}

#[tokio::test(start_paused = true)]
async fn a_usual_terminal_cuts_long_values() {
    let mut scene = scene();

    scene.cycle().await;

    insta::assert_snapshot!(scene.drawn(&paper(80, 50)), @r"
    Blue one (…0202)  locked  not plugged in
      location          50.8949, 4.3415                    12 min ago  fresh
      health            Tire Pressure                      17 s ago    fresh
      electric          battery 78 %, 51.2 km, not plugg…  12 min ago  fresh
      telemetry         21954.6 km, fuel 41 %, battery 7…  12 min ago  fresh
      notifications     1 unread of 2                      17 s ago    fresh
      status            locked, closed                     12 min ago  fresh
      service history   1 visit, last 2025-11-12           17 s ago    fresh
      climate settings  21 °C, for 20 min                  17 s ago    fresh
      climate status    stopped, 4 °C inside               12 min ago  fresh
      trips             today 0 km, week 0 km              17 s ago    fresh
      wakes             4 left, nothing new                -           read

    祖父の車 (…0101)
      location          50.8949, 4.3415                    12 min ago  fresh
      health            Tire Pressure                      17 s ago    fresh
      electric          -                                  -           not supported
      telemetry         21954.6 km, fuel 41 %, battery 7…  12 min ago  fresh
      notifications     none                               17 s ago    fresh
      status            -                                  -           not supported
      service history   -                                  -           not supported
      climate settings  -                                  -           not supported
      climate status    -                                  -           not supported
      trips             today 0 km, week 0 km              17 s ago    fresh
      wakes             off                                -           -

    requests 16  retries 0  from the cache 0  waits 0  errors 0
    cycle 1 took 3 s  next in 5:43  Ctrl-C ends
    ");
}

#[tokio::test(start_paused = true)]
async fn on_a_narrow_one_ages_and_states_share_a_column() {
    let mut scene = scene();
    scene.service.fail("/v1/location", 404);

    scene.cycle().await;

    insta::assert_snapshot!(scene.drawn(&paper(48, 50)), @r"
    Blue one (…0202)  locked  not plugged in
      health            Tire Pressure     17 s ago
      electric          battery 78 %, 5…  12 min ago
      telemetry         21954.6 km, fue…  12 min ago
      notifications     1 unread of 2     17 s ago
      status            locked, closed    12 min ago
      service history   1 visit, last 2…  17 s ago
      climate settings  21 °C, for 20 m…  17 s ago
      climate status    stopped, 4 °C i…  12 min ago
      trips             today 0 km, wee…  17 s ago
      wakes             4 left, nothing…  read

    祖父の車 (…0101)
      health            Tire Pressure     17 s ago
      telemetry         21954.6 km, fue…  12 min ago
      notifications     none              17 s ago
      trips             today 0 km, wee…  17 s ago
      wakes             off               -

    requests 16  retries 0  from the cache 0
      waits 0  errors 2
    cycle 1 took 3 s  next in 5:43  Ctrl-C ends
    ");
}

#[tokio::test(start_paused = true)]
async fn a_low_one_shows_what_changes_most_and_what_is_wrong() {
    let mut scene = scene();
    scene.cycle().await;
    scene.service.fail("/v3/telemetry", 503);
    scene.cycle().await;

    insta::assert_snapshot!(scene.drawn(&paper(80, 24)), @r"
    Blue one (…0202)  locked  not plugged in
      location          50.8949, 4.3415                18 min ago  fresh
      health            Tire Pressure                  6 min ago   fresh
      electric          battery 78 %, 51.2 km, not p…  18 min ago  fresh
      telemetry         21954.6 km, fuel 41 %, batte…  18 min ago  failed: 503 fault
      notifications     1 unread of 2                  6 min ago   fresh
      status            locked, closed                 18 min ago  fresh
      service history   1 visit, last 2025-11-12       6 min ago   fresh
      climate settings  21 °C, for 20 min              6 min ago   fresh
      climate status    stopped, 4 °C inside           18 min ago  fresh
      trips             today 0 km, week 0 km          6 min ago   fresh
      wakes             4 left, nothing new            -           not needed

    祖父の車 (…0101)
      location          50.8949, 4.3415                18 min ago  fresh
      health            Tire Pressure                  6 min ago   fresh
      telemetry         21954.6 km, fuel 41 %, batte…  18 min ago  failed: 503 fault
      notifications     none                           6 min ago   fresh
      trips             today 0 km, week 0 km          6 min ago   fresh
      wakes             off                            -           -

    requests 22  retries 0  from the cache 0  waits 0  errors 2
    cycle 2 took 3 s  next in 5:43  Ctrl-C ends
    ");
    insta::assert_snapshot!(scene.drawn(&paper(80, 12)), @r"
    Blue one (…0202)  locked  not plugged in
      electric        battery 78 %, 51.2 km, not plu…  18 min ago  fresh
      telemetry       21954.6 km, fuel 41 %, battery…  18 min ago  failed: 503 fault
      status          locked, closed                   18 min ago  fresh
      climate status  stopped, 4 °C inside             18 min ago  fresh
      wakes           4 left, nothing new              -           not needed
    祖父の車 (…0101)
      telemetry       21954.6 km, fuel 41 %, battery…  18 min ago  failed: 503 fault
      wakes           off                              -           -
    requests 22  retries 0  from the cache 0  waits 0  errors 2
    cycle 2 took 3 s  next in 5:43  Ctrl-C ends
    ");
    insta::assert_snapshot!(scene.drawn(&paper(80, 6)), @r"
    Blue one (…0202)  locked  not plugged in  fuel 41 %  battery 78 %
      telemetry  21954.6 km, fuel 41 %, battery 78 %  18 min ago  failed: 503 fault
    祖父の車 (…0101)  fuel 41 %  battery 78 %
      telemetry  21954.6 km, fuel 41 %, battery 78 %  18 min ago  failed: 503 fault
    requests 22  retries 0  from the cache 0  waits 0  errors 2
    cycle 2 took 3 s  next in 5:43  Ctrl-C ends
    ");
    insta::assert_snapshot!(scene.drawn(&paper(80, 4)), @r"
    Blue one (…0202)  locked  not plugged in  fuel 41 %  battery 78 %
    3 more lines in a taller window
    requests 22  retries 0  from the cache 0  waits 0  errors 2
    cycle 2 took 3 s  next in 5:43  Ctrl-C ends
    ");
}

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
    Blue one (…0202)  UNLOCKED  charging, full in 1 h 30 min
      location          50.8949, 4.3415                    24 min ago  fresh
      health            Tire Pressure                      17 s ago    fresh
      electric          battery 78 %, 51.2 km, charging    7 min ago   fresh
      telemetry         21990 km, fuel 41 %, battery 78 %  7 min ago   fresh
      notifications     1 unread of 2                      12 min ago  fresh
      status            unlocked: driver, closed           now         fresh
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

#[tokio::test(start_paused = true)]
async fn a_terminal_without_unicode_has_ascii_alone() {
    let mut scene = scene();
    scene.cycle().await;
    let paper = Paper {
        unicode: false,
        ..paper(70, 50)
    };

    let drawn = scene.drawn(&paper);

    assert!(drawn.is_ascii(), "{drawn}");
    insta::assert_snapshot!(drawn, @r"
    Blue one (..0202)  locked  not plugged in
      location          50.8949, 4.3415          12 min ago  fresh
      health            Tire Pressure            17 s ago    fresh
      electric          battery 78 %, 51.2 km..  12 min ago  fresh
      telemetry         21954.6 km, fuel 41 %..  12 min ago  fresh
      notifications     1 unread of 2            17 s ago    fresh
      status            locked, closed           12 min ago  fresh
      service history   1 visit, last 2025-11..  17 s ago    fresh
      climate settings  21 C, for 20 min         17 s ago    fresh
      climate status    stopped, 4 C inside      12 min ago  fresh
      trips             today 0 km, week 0 km    17 s ago    fresh
      wakes             4 left, nothing new      -           read

    ???? (..0101)
      location          50.8949, 4.3415          12 min ago  fresh
      health            Tire Pressure            17 s ago    fresh
      electric          -                        -           not supported
      telemetry         21954.6 km, fuel 41 %..  12 min ago  fresh
      notifications     none                     17 s ago    fresh
      status            -                        -           not supported
      service history   -                        -           not supported
      climate settings  -                        -           not supported
      climate status    -                        -           not supported
      trips             today 0 km, week 0 km    17 s ago    fresh
      wakes             off                      -           -

    requests 16  retries 0  from the cache 0  waits 0  errors 0
    cycle 1 took 3 s  next in 5:43  Ctrl-C ends
    ");
}

#[tokio::test(start_paused = true)]
async fn colours_change_no_letter() {
    let mut scene = scene();
    scene.service.fail("/v1/location", 503);
    scene.cycle().await;
    let coloured = Paper {
        colours: true,
        ..paper(80, 50)
    };

    let drawn = scene.drawn(&coloured);

    let plain = ["1", "2", "31", "32", "33", "0"].iter();
    let plain = plain.fold(drawn.clone(), |text, code| {
        text.replace(&format!("\u{1b}[{code}m"), "")
    });
    assert_eq!(plain, scene.drawn(&paper(80, 50)));
    assert!(
        drawn.contains("\u{1b}[31mfailed: 503 fault\u{1b}[0m"),
        "{drawn}"
    );
    assert!(drawn.contains("\u{1b}[32mfresh\u{1b}[0m"), "{drawn}");
}

#[tokio::test(start_paused = true)]
async fn no_line_is_wider_and_no_picture_higher_than_its_window() {
    let mut scene = scene();
    scene.service.fail("/v3/telemetry", 503);
    scene.cycle().await;
    for width in 0..130 {
        for height in [0, 1, 2, 3, 7, 12, 20, 29, 40] {
            let drawn = scene.drawn(&paper(width, height));

            let lines: Vec<_> = drawn.lines().collect();
            assert!(lines.len() <= height, "{width}x{height}: {drawn}");
            for line in lines {
                let wide = line
                    .chars()
                    .filter(|c| !c.is_ascii() && *c != '…' && *c != '°');
                let taken = line.chars().count() + wide.count();
                assert!(taken <= width, "{width}x{height}: {line}");
            }
        }
    }
}

#[test]
fn before_the_first_cycle_it_is_told_what_is_waited_for() {
    let mut view = View::new(Cadence::default());
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
async fn an_account_that_cannot_be_asked_is_no_account_without_cars() {
    for (payload, told) in [
        (None, "no list of cars: fault of the service (500)"),
        (Some(serde_json::json!([])), "this account has no such cars"),
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

#[tokio::test(start_paused = true)]
async fn a_document_has_all_of_it_in_a_stable_shape() {
    let mut scene = scene();
    scene.cycle().await;
    scene.service.fail("/v3/telemetry", 503);
    scene.cycle().await;

    let mut document = document(&scene.view, scene.now(), Units::Metric).unwrap();

    let car = &mut document["cars"][0];
    // As in other documents.
    for member in ["dashboard", "location", "status", "climateStatus", "trips"] {
        assert!(car.get_mut(member).is_some(), "{member}");
        car[member] = "…".into();
    }
    for member in [
        "health",
        "notifications",
        "electric",
        "serviceHistory",
        "trips",
        "climateStatus",
    ] {
        assert!(car["dataSets"][member].is_object(), "{member}");
    }
    let sets = car["dataSets"].as_object_mut().unwrap();
    sets.retain(|name, _| ["location", "status", "telemetry"].contains(&name.as_str()));
    document["cars"].as_array_mut().unwrap().truncate(1);
    let text = serde_json::to_string_pretty(&document).unwrap();
    insta::assert_snapshot!(text, @r#"
    {
      "at": "2026-03-01T12:06:17Z",
      "began": "2026-03-01T12:06:00Z",
      "cars": [
        {
          "climateStatus": "…",
          "dashboard": "…",
          "dataSets": {
            "location": {
              "ageSeconds": 1097,
              "asked": "read",
              "error": null,
              "failuresInARow": 0,
              "fetched": "2026-03-01T12:06:00Z",
              "reported": "2026-03-01T11:48:00Z",
              "state": "fresh",
              "warnings": []
            },
            "status": {
              "ageSeconds": 1097,
              "asked": null,
              "error": null,
              "failuresInARow": 0,
              "fetched": "2026-03-01T12:00:00Z",
              "reported": "2026-03-01T11:48:00Z",
              "state": "fresh",
              "warnings": []
            },
            "telemetry": {
              "ageSeconds": 1097,
              "asked": "failed",
              "error": "telemetry: car …0202: the service failed, status 503 (ONE-GLOBAL-RS-1)",
              "failuresInARow": 1,
              "fetched": "2026-03-01T12:00:00Z",
              "reported": "2026-03-01T11:48:00Z",
              "state": "fresh",
              "warnings": []
            }
          },
          "location": "…",
          "locked": true,
          "name": "Blue one",
          "open": false,
          "status": "…",
          "trips": "…",
          "vin": "JTSIM00000PHV0202",
          "wakes": {
            "decision": "serveCache",
            "electric": {
              "comeBy": null,
              "last": null,
              "left": 4
            },
            "standing": "active",
            "status": {
              "comeBy": null,
              "last": null,
              "left": 4
            },
            "why": "routine"
          }
        }
      ],
      "cycle": 2,
      "error": null,
      "nextInSeconds": 343,
      "tookSeconds": 3.0,
      "totals": {
        "errors": 2,
        "fromCache": 0,
        "requests": 22,
        "retries": 0,
        "waitedSeconds": 0.0,
        "waits": 0
      }
    }
    "#);
}
