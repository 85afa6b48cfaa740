use bytes::Bytes;
use http::Method;
use http_body_util::Full;

use crate::support::{ELECTRIC, Owner, send};

const WRITES: [(Method, &str); 10] = [
    (Method::PUT, "/v1/global/remote/climate-settings"),
    (Method::PUT, "/v1/vehicle-association/vehicle"),
    (Method::POST, "/v1/global/remote/climate-control"),
    (Method::POST, "/v1/global/remote/command"),
    (Method::POST, "/v1/global/remote/electric/command"),
    (Method::POST, "/v1/global/remote/electric/realtime-status"),
    (Method::POST, "/v1/global/remote/refresh-climate-status"),
    (Method::POST, "/v1/global/remote/refresh-status"),
    (Method::POST, "/v1/remote/status"),
    (Method::POST, "/v2/remote/climate-control"),
];

const BODIES: [&str; 14] = [
    "",
    "null",
    "[]",
    "7",
    "\"start\"",
    "{",
    "\u{0}",
    r#"{"command": null}"#,
    r#"{"command": ["start"]}"#,
    r#"{"command": "start", "duration": -1}"#,
    r#"{"command": "start", "duration": 1e300, "temperature": {"value": 1e308, "unit": "F"}}"#,
    r#"{"command": "start", "heatingOptions": [], "seatOptions": {"driverSeat": {}}}"#,
    r#"{"command": "RESERVE_CHARGE", "reservationCharge": {"chargeType": "startEnd", "day": "MONDAY", "endTime": {"hour": 1e9, "minute": 1}}}"#,
    r#"{"settingsOn": true, "temperature": 20, "temperatureUnit": "C", "acOperations": [{"acParameters": [7]}]}"#,
];

#[tokio::test]
async fn no_body_makes_the_service_fall_silent_or_a_car_obey() {
    let owner = Owner::new().await;
    let deep = format!("{}{}", r#"{"command":"#.repeat(5000), "[".repeat(5000));
    let before = owner.sim.car_state(ELECTRIC).unwrap();

    for (method, path) in WRITES {
        for body in BODIES.into_iter().chain([deep.as_str()]) {
            let mut request = owner.request(method.clone(), path, ELECTRIC, None);
            *request.body_mut() = Full::from(Bytes::copy_from_slice(body.as_bytes()));

            let answer = send(request).await;

            let known = [200, 400, 403, 500].contains(&answer.status.as_u16());
            assert!(known, "{path} with {body:.60}: {}", answer.status);
            answer.json();
        }
    }
    owner.wait(60);

    let after = owner.sim.car_state(ELECTRIC).unwrap();
    assert_eq!(owner.sim.counters().commands_carried_out, 0);
    assert_eq!((after.doors, after.lights), (before.doors, before.lights));
    assert_eq!(after.climate.phase, before.climate.phase);
}
