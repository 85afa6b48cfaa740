//! A scripted service with two cars, for tests in paused time.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use http::{Request, Response, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::time::Instant;
use tower::service_fn;
use toyota_client::{Body, Clock, Config, HttpService, ToyotaClient};

/// No path: under this is what a car says when it is woken.
const WOKEN: &str = "woken";

/// What a scripted service answers, by the end of the path, and what it is.
#[derive(Clone, Default)]
pub(crate) struct Service(Arc<Mutex<BTreeMap<&'static str, (StatusCode, Value)>>>);

impl Service {
    /// Two cars: one that tells everything, and one that tells little.
    pub(crate) fn new() -> Self {
        let service = Self::default();
        script(&service);
        service
    }

    /// Answers so from now on.
    pub(crate) fn answer(&self, path: &'static str, payload: Value) {
        self.set(path, StatusCode::OK, json!({ "payload": payload }));
    }

    /// Fails so from now on.
    pub(crate) fn fail(&self, path: &'static str, status: u16) {
        let status = StatusCode::from_u16(status).unwrap();
        self.set(path, status, json!({"code": "ONE-GLOBAL-RS-1"}));
    }

    /// Answers so for doors and windows as soon as the car is woken.
    pub(crate) fn answer_when_woken(&self, payload: Value) {
        self.answer(WOKEN, payload);
    }

    fn set(&self, path: &'static str, status: StatusCode, body: Value) {
        self.0.lock().unwrap().insert(path, (status, body));
    }

    /// Returns a client of this service and the clock that it goes by: noon, when it is created.
    pub(crate) fn client(&self) -> (ToyotaClient<impl HttpService + use<>>, Clock) {
        let start = Instant::now();
        let clock = Clock::from_fn(move || {
            let elapsed = SignedDuration::try_from(start.elapsed()).unwrap();
            at("2026-03-01T12:00:00Z") + elapsed
        });
        let scripted = self.clone();
        let said = move |request: Request<Body>| {
            let answer = scripted.say(request.uri().path());
            async { Ok::<_, Infallible>(answer) }
        };
        let client = ToyotaClient::new(service_fn(said), &Config::new());
        (client.by_clock(clock.clone()), clock)
    }

    fn say(&self, path: &str) -> Response<Body> {
        let mut answers = self.0.lock().unwrap();
        if path == "/v1/remote/status"
            && let Some(status) = answers.get(WOKEN).cloned()
        {
            answers.insert("/v1/vehicle/status", status);
        }
        let said = answers.iter().find(|(end, _)| path.ends_with(**end));
        let nothing = (StatusCode::OK, json!({"payload": null}));
        let (status, body) = said.map_or(nothing, |(_, answer)| answer.clone());
        let answer = Response::builder().status(status);
        answer.body(Body::from(body.to_string())).unwrap()
    }
}

pub(crate) fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

/// How far the first car has gone.
pub(crate) fn odometer(kilometres: f64, reported: &str) -> Value {
    json!({
        "odometer": {"value": kilometres, "unit": "km"}, "fuelLevel": 41, "batteryLevel": 78,
        "timestamp": reported,
    })
}

/// Doors and windows of a car.
pub(crate) fn status(reported: &str, driver: &str) -> Value {
    let door = |lock: &str| {
        json!({
            "lockStatus": {"status": lock, "lastUpdateTimestamp": reported},
            "openStatus": {"status": "closed", "lastUpdateTimestamp": reported},
        })
    };
    json!({
        "lastUpdateTimestamp": reported, "overallStatus": "ok", "leftHandDrive": true,
        "doors": {"driver": door(driver), "passenger": door("locked")},
        "windows": {"driver": {"status": "closed", "lastUpdateTimestamp": reported}},
    })
}

/// A battery that is charged, or is not.
pub(crate) fn battery(reported: &str, charging: &str, minutes: u32) -> Value {
    json!({
        "batteryLevel": 78, "chargingStatus": charging, "remainingChargeTime": minutes,
        "evRange": {"value": 51.2, "unit": "km"}, "lastUpdateTimestamp": reported,
    })
}

fn script(service: &Service) {
    let all = json!({
        "lastParkedCapable": true, "econnectVehicleStatusCapable": true, "telemetryCapable": true,
        "vehicleStatus": true, "climateCapable": true,
    });
    let little = json!({
        "lastParkedCapable": true, "econnectVehicleStatusCapable": false, "telemetryCapable": true,
        "vehicleStatus": false, "climateCapable": false, "econnectClimateCapable": false,
        "remoteEngineStartStop": false,
    });
    let reported = "2026-03-01T11:48:00Z";
    let cars = json!([
        {"vin": "JTSIM00000PHV0202", "nickName": "Blue one", "fuelType": "I",
            "extendedCapabilities": all, "features": {"serviceHistory": 1}},
        {"vin": "JTSIM00000PET0101", "nickName": "祖父の車", "fuelType": "G", "evVehicle": false,
            "extendedCapabilities": little,
            "features": {"serviceHistory": 0, "climateStartEngine": 0}},
    ]);
    let location = json!({
        "lastTimestamp": reported,
        "vehicleLocation": {"latitude": 50.8949, "longitude": 4.3415,
            "locationAcquisitionDatetime": reported},
    });
    let warnings = json!({"warning": [{"wngcode": "TIRW", "wngdesc": "Tire Pressure"}]});
    let visits = json!({"serviceHistories": [{"serviceDate": "2025-11-12"}]});
    let messages = json!([{"notifications": [
        {"vin": "JTSIM00000PHV0202", "isRead": false, "message": "The boot is open."},
        {"vin": "JTSIM00000PHV0202", "isRead": true, "message": "It is closed."},
    ]}]);
    let climate = json!({
        "status": "stopped", "updatedAt": reported,
        "currentTemperature": {"value": 4, "unit": "C", "timestamp": reported},
    });
    let set_to = json!({"duration": 20, "temperature": {"value": 21, "unit": "C"}});
    for (path, payload) in [
        ("/v2/vehicle/guid", cars),
        ("/v3/telemetry", odometer(21954.63, reported)),
        ("/v1/location", location),
        ("/v1/vehiclehealth/status", warnings),
        (
            "/v1/vehicle/electric/status",
            battery(reported, "none", 65535),
        ),
        ("/electric/realtime-status", json!({"returnCode": "000000"})),
        ("/v1/vehicle/status", status(reported, "locked")),
        ("/v1/remote/status", json!({"returnCode": "000000"})),
        ("/v1/servicehistory/vehicle/summary", visits),
        ("/v2/notification/history", messages),
        ("/v1/vehicle/climate-status", climate),
        ("/v1/vehicle/climate-settings", set_to),
    ] {
        service.answer(path, payload);
    }
}
