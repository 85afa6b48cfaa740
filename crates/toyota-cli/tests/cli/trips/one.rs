//! One trip.

use http::StatusCode;
use serde_json::{Value, json};
use toyota_sim::{Fault, Payload, Route, Simulator};

use super::CAR;
use crate::{Run, against, simulator};

const ID: &str = "11111111-2222-4333-8444-555555555555";

#[tokio::test]
async fn tells_all_of_the_trip_that_is_named() {
    let sim = simulator().await;
    let vin = sim.account().cars()[0].vin().to_owned();
    sim.edit_account(|account| account.car_mut(&vin).unwrap().set(Payload::Trip, trip()));

    let run = one(&sim, &["--id", ID]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    insta::assert_snapshot!(run.stdout, @r"
    started       2026-10-25 00:50 UTC
    ended         2026-10-25 01:15 UTC
    from          50.9, 4.3
    countries     BE, NL
    at night      yes
    distance      15.2 km
    motorway      0.0 km
    too fast      1.4 km
    time          25 min
    standing      1 min
    speed         36 km/h
    fuel          0.23 l
    consumption   1.5 l/100 km
    electric      8.1 km, 10 min
    score         65
    accelerating  70
    braking       52
    coached       2 times, 1 of them as praise
    route         2 points
    id            11111111-2222-4333-8444-555555555555
    ");
    let miles = one(&sim, &["--id", ID, "--units", "uk"]).await;
    assert!(
        miles.stdout.contains("\ndistance      9.5 mi\n"),
        "{miles:?}"
    );
}

#[tokio::test]
async fn tells_of_the_latest_trip_unless_another_is_named() {
    let sim = simulator().await;

    let trip = document(&sim, &[]).await;
    let named = document(&sim, &["--id", trip["id"].as_str().unwrap()]).await;

    let listed = against(&sim, &["--json", "trips", CAR, "--limit", "1"]).await;
    let listed: Value = serde_json::from_str(&listed.stdout).unwrap();
    assert_eq!(listed["trips"][0]["id"], trip["id"]);
    assert_eq!(named, trip);
    assert!(trip["route"].as_array().unwrap().len() > 10, "{trip}");
}

#[tokio::test]
async fn a_trip_that_there_is_not_is_no_failure() {
    let sim = simulator().await;

    let unknown = one(&sim, &["--id", ID]).await;
    let document = document(&sim, &["--id", ID]).await;
    let wrong = one(&sim, &["--id", "../account"]).await;

    let nothing = "The service knows nothing about this.\n";
    assert_eq!((unknown.code, unknown.stdout.as_str()), (0, nothing));
    assert_eq!(document, Value::Null);
    assert_eq!(wrong.code, 2, "{wrong:?}");
    assert!(wrong.stderr.contains("letters, digits and hyphens"));
}

#[tokio::test]
async fn a_fault_meets_the_request_that_is_made() {
    let sim = simulator().await;
    for (route, args) in [(Route::Trips, &[][..]), (Route::Trip, &["--id", ID])] {
        sim.script(route, [Fault::status(StatusCode::BAD_GATEWAY)]);

        let run = one(&sim, &[&["--no-retry"], args].concat()).await;

        assert_eq!((run.code, run.stdout.as_str()), (6, ""), "{run:?}");
    }
}

async fn one(sim: &Simulator, args: &[&str]) -> Run {
    against(sim, &[&["trip", CAR], args].concat()).await
}

async fn document(sim: &Simulator, args: &[&str]) -> Value {
    let run = one(sim, &[args, &["--json"]].concat()).await;
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    let mut document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["warnings"], json!([]));
    document["trip"].take()
}

fn trip() -> Value {
    json!({
        "id": ID,
        "category": 0,
        "summary": {
            "length": 15215, "duration": 1530, "durationIdle": 75, "averageSpeed": 35.8,
            "maxSpeed": 0.0, "fuelConsumption": 226, "lengthHighway": 0, "lengthOverspeed": 1420,
            "countries": ["BE", "NL"], "nightTrip": true,
            "startLat": 50.9, "startLon": 4.3, "endLat": 0.0, "endLon": 0.0,
            "startTs": "2026-10-25T00:50:00Z", "endTs": "2026-10-25T01:15:30Z",
        },
        "scores": {"global": 65, "acceleration": 70.4, "braking": 52},
        "hdc": {"evTime": 653, "evDistance": 8120},
        "behaviours": [
            {"ts": "2026-10-25T00:55:00Z", "type": "A", "good": true},
            {"ts": "2026-10-25T00:56:00Z", "type": "B", "good": false},
        ],
        "route": [{"lat": 50.9, "lon": 4.3}, {"lat": 50.91, "lon": 4.31}],
    })
}
