//! Texts of the service that would do something to a terminal.

use serde_json::Value;
use toyota_sim::{Payload, Simulator};

use crate::{against, simulator};

/// Clears the screen, turns the direction, goes back, and begins what looks like a fact of its own.
const EVIL: &str = "\u{1b}[2J\u{9b}2J\u{202e}\u{8}\r\nlocked yes";
const PAYLOADS: [Payload; 12] = [
    Payload::Vehicle,
    Payload::Location,
    Payload::Telemetry,
    Payload::Health,
    Payload::Trip,
    Payload::ServiceHistory,
    Payload::Odometer,
    Payload::Electric,
    Payload::Status,
    Payload::ClimateStatus,
    Payload::ClimateSettings,
    Payload::Notifications,
];

#[tokio::test]
async fn what_the_service_tells_moves_no_cursor_and_makes_no_line_of_its_own() {
    let sim = simulator().await;
    let vin = sim.account().cars()[1].vin().to_owned();
    spoil(&sim, &vin);
    for args in [
        &["vehicles"][..],
        &["account"],
        &["location", &vin],
        &["telemetry", &vin],
        &["odometer", &vin],
        &["health", &vin],
        &["electric", &vin],
        &["status", &vin],
        &["climate", &vin],
        &["notifications", &vin],
        &["service-history", &vin],
        &["trip", &vin, "--id", "1"],
        &["dashboard", &vin],
        &["watch", &vin, "--no-wake", "--rounds", "1"],
    ] {
        for format in [&[][..], &["--json"]] {
            let args = [args, format].concat();

            let run = against(&sim, &args).await;

            assert_eq!(run.code, 0, "{args:?}: {run:?}");
            assert_tame(&run.stdout, &args);
            assert_tame(&run.stderr, &args);
        }
    }
}

#[tokio::test]
async fn a_question_and_a_choice_move_no_cursor() {
    let sim = simulator().await;
    let vin = sim.account().cars()[1].vin().to_owned();
    spoil(&sim, &vin);
    let end = &vin[vin.len() - 4..];
    for args in [&["unlock", end][..], &["location"]] {
        let run = against(&sim, args).await;

        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        assert!(run.stderr.contains("RAV4 PHEV"), "{run:?}");
        assert_tame(&run.stderr, args);
    }
}

fn assert_tame(text: &str, args: &[&str]) {
    let moves = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!text.contains(moves), "{args:?}: {text:?}");
    let invented = text.lines().find(|line| line.starts_with("locked yes"));
    assert_eq!(invented, None, "{args:?}: {text:?}");
}

/// Puts something at the end of each text that is told of the car and its owner.
fn spoil(sim: &Simulator, vin: &str) {
    let payloads = PAYLOADS.map(|payload| (payload, sim.payload(vin, payload)));
    sim.edit_account(|account| {
        let car = account.car_mut(vin).unwrap();
        for (payload, value) in payloads {
            car.set(payload, spoiled(value.unwrap(), vin));
        }
        let holder = account.holder().unwrap().clone();
        account.set_holder(spoiled(holder, vin));
    });
}

fn spoiled(value: Value, vin: &str) -> Value {
    match value {
        Value::String(text) if text != vin => Value::String(text + EVIL),
        Value::Array(list) => list.into_iter().map(|it| spoiled(it, vin)).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| (name, spoiled(value, vin)))
            .collect(),
        other => other,
    }
}
