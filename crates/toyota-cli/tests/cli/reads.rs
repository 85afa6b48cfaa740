//! What is known of a car, data set by data set.

mod hostile;

use serde_json::Value;
use toyota_sim::Route;

use crate::{against, simulator, suffix, toyota};

#[tokio::test]
async fn tells_where_a_car_is() {
    let sim = simulator().await;
    let suffix = suffix(&sim);

    let run = against(&sim, &["location", &suffix]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout, @r"
    position      50.8949, 4.3415
    what          Last Parked
    taken         2026-08-30 16:42 UTC
    last contact  2026-08-30 16:45 UTC
    ");
}

#[tokio::test]
async fn tells_what_a_car_reports() {
    let sim = simulator().await;
    let vin = sim.account().cars()[0].vin().to_owned();

    let run = against(&sim, &["telemetry", &vin]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout, @r"
    odometer      43087 km
    fuel          62 %
    range         418 km
    reported      2026-08-30 16:45 UTC
    ");
    // A whole VIN needs no look-up.
    assert_eq!(sim.counters().requests(Route::Vehicles), 0);
}

#[tokio::test]
async fn location_and_telemetry_are_json_documents_too() {
    let sim = simulator().await;
    let suffix = suffix(&sim);
    for (command, member) in [("location", "location"), ("telemetry", "telemetry")] {
        let run = against(&sim, &["--json", command, &suffix]).await;

        let document: Value = serde_json::from_str(&run.stdout).unwrap();
        assert!(document[member].is_object(), "{document}");
        assert_eq!(document["vin"], sim.account().cars()[0].vin());
    }
}

#[tokio::test]
async fn tells_how_full_a_battery_is_and_when_it_is_charged() {
    let run = toyota(&["--simulated", "electric", "rav"], &[]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    insta::assert_snapshot!(undated(&run.stdout), @r"
    battery        78 % [################    ]
    usable         73 %
    charging       none
    electric range 51 km
    with climate   46.9 km
    fuel range     482.641 km
    total range    529.473 km
    fuel           41 %
    next event     DATE UTC
    charges next   DATE UTC
    reported       DATE UTC

    SCHEDULE  FROM   TO  ON
    on        01:30  -   Mon Tue Wed Thu Fri
    ");
}

#[tokio::test]
async fn tells_what_the_climate_control_does_and_is_set_to() {
    let run = toyota(&["--simulated", "climate", "quiet"], &[]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    insta::assert_snapshot!(undated(&run.stdout), @r"
    climate       stopped

    It is set to
    temperature   21 °C
    of            18 °C to 29 °C, in steps of 1
    runs for      20 min
    front window  off
    rear window   off
    wheel         off
    mirrors       off
    seats         driver off, passenger off, rear driver off, rear passenger off
    ");
}

#[tokio::test]
async fn settings_that_a_car_does_not_tell_cost_no_more_than_a_note() {
    let sim = simulator().await;
    for route in [Route::ClimateSettings, Route::OldClimateSettings] {
        sim.fence(route);
    }

    let run = against(&sim, &["climate", "status", "quiet"]).await;

    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.starts_with("climate       stopped\n"), "{run:?}");
    assert!(
        run.stderr
            .starts_with("note: what it is set to is not known"),
        "{run:?}"
    );
}

#[tokio::test]
async fn tells_which_lights_warn() {
    let sim = simulator().await;
    let vin = sim.account().cars()[0].vin().to_owned();

    let none = against(&sim, &["health", "rav"]).await;
    sim.edit_account(|account| {
        let warning = serde_json::json!({
            "vin": vin,
            "warning": [{
                "wngcode": "TIRW", "wngdesc": "Tire Pressure Warning System", "severity": 2,
                "wngdcmtime": "2026-03-01T10:00:00Z",
            }],
            "wnglastUpdTime": "2026-03-01T10:00:00Z",
        });
        let car = account.car_mut(&vin).unwrap();
        car.set(toyota_sim::Payload::Health, warning);
    });
    let one = against(&sim, &["health", "run"]).await;

    assert!(none.stdout.starts_with("warnings      none\n"), "{none:?}");
    insta::assert_snapshot!(one.stdout, @r"
    warnings      1
    reported      2026-03-01 10:00 UTC

    CODE  SEVERITY  SINCE                 WHAT
    TIRW  2         2026-03-01 10:00 UTC  Tire Pressure Warning System
    ");
}

#[tokio::test]
async fn tells_what_the_odometer_shows() {
    let run = toyota(&["--simulated", "odometer", "run"], &[]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    insta::assert_snapshot!(run.stdout, @r"
    odometer      43087 km
    reported      2026-08-30 16:45 UTC
    ");
}

#[tokio::test]
async fn tells_whose_account_it_is() {
    let sim = simulator().await;

    let run = against(&sim, &["account"]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    insta::assert_snapshot!(run.stdout, @r"
    name          Robin Sample
    mail          driver@example.com
    phone         +32 470000101, not verified
    language      en-GB
    in the app    en
    state         Active
    kind          Individual
    opened        2022-03-11 08:54 UTC
    changed       2025-01-15 11:30 UTC
    terms         accepted, 2025-01 on 2025-01-15 11:30 UTC
    ");
}

#[tokio::test]
async fn lists_what_workshops_did() {
    let run = toyota(&["--simulated", "service-history", "rav"], &[]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    insta::assert_snapshot!(run.stdout, @r"
    DATE        KIND  ODOMETER  BY              NOTES
    2025-11-12  HSC   15210 km  Garage Exemple  -
    ");
    let none = toyota(&["--simulated", "service-history", "quiet"], &[]).await;
    assert_eq!(none.stdout, "The service history of this car is empty.\n");
}

#[tokio::test]
async fn lists_what_the_service_told() {
    let run = toyota(&["--simulated", "notifications", "rav"], &[]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    insta::assert_snapshot!(undated(&run.stdout), @r"
    WHEN                       ABOUT           WHAT
    DATE UTC  new  Vehicle Alerts  RAV4 PHEV: a window was left open.
    ");
}

#[tokio::test]
async fn an_answer_that_is_partly_nonsense_is_told_for_the_rest() {
    let sim = simulator().await;
    let vin = sim.account().cars()[1].vin().to_owned();
    sim.edit_account(|account| {
        let electric =
            serde_json::json!({"batteryLevel": 41, "evRange": "far", "chargingSchedules": 7});
        let car = account.car_mut(&vin).unwrap();
        car.set(toyota_sim::Payload::Electric, electric);
    });

    let run = against(&sim, &["electric", "rav"]).await;

    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.stdout, "battery       41 % [########            ]\n");
    let note = "note: 2 parts of the answer could not be read; --json lists them\n";
    assert_eq!(run.stderr, note);
}

#[tokio::test]
async fn distances_are_in_the_units_that_are_asked_for() {
    for (units, line) in [
        ("metric", "odometer      43087 km"),
        ("uk", "odometer      26773.021 mi"),
        ("us", "odometer      26773.021 mi"),
    ] {
        let run = toyota(&["--simulated", "--units", units, "telemetry", "run"], &[]).await;

        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.stdout.starts_with(line), "{units}: {run:?}");
    }
}

#[tokio::test]
async fn distances_are_in_the_units_that_are_set_unless_others_are_asked_for() {
    let set = [("TOYOTA_UNITS", "us".to_owned())];
    for (args, line) in [
        (&["telemetry", "run"][..], "odometer      26773.021 mi"),
        (
            &["--units", "metric", "telemetry", "run"],
            "odometer      43087 km",
        ),
    ] {
        let run = toyota(&[&["--simulated"], args].concat(), &set).await;

        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.stdout.starts_with(line), "{run:?}");
    }
}

#[tokio::test]
async fn every_data_set_is_a_json_document_too() {
    let sim = simulator().await;
    for (command, members) in [
        ("electric", &["electric"][..]),
        ("climate", &["climateStatus", "climateSettings"]),
        ("notifications", &["notifications"]),
        ("health", &["health"]),
        ("service-history", &["serviceHistory"]),
        ("status", &["status", "comeBy"]),
        ("trips", &["trips"]),
    ] {
        let run = against(&sim, &["--json", command, "rav4 p"]).await;

        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
        let document: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(document["vin"], sim.account().cars()[1].vin());
        assert_eq!(document["warnings"], serde_json::json!([]), "{document}");
        for member in members {
            let value = &document[member];
            assert!(
                value.is_object() || value.is_array(),
                "{command}: {document}"
            );
        }
    }
}

/// The text with every date and time of day as `DATE`.
pub(crate) fn undated(text: &str) -> String {
    let is_date = |word: &str| word.len() == 10 && word.parse::<jiff::civil::Date>().is_ok();
    let undated = |line: &str| {
        let mut words = Vec::new();
        let mut rest = line.split(' ');
        while let Some(word) = rest.next() {
            if is_date(word) {
                words.push("DATE");
                rest.next();
            } else {
                words.push(word);
            }
        }
        words.join(" ")
    };
    text.lines().map(undated).collect::<Vec<_>>().join("\n")
}
