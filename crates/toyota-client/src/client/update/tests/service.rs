//! A service that has what it is told to have.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tower::service_fn;

use crate::{Body, Clock, Config, HttpService, ToyotaClient};

pub(super) const LOCATION: &str = "/v1/location";
pub(super) const HEALTH: &str = "/v1/vehiclehealth/status";
pub(super) const ELECTRIC: &str = "/v1/vehicle/electric/status";
pub(super) const TELEMETRY: &str = "/v3/telemetry";
pub(super) const NOTIFICATIONS: &str = "/v2/notification/history";
pub(super) const STATUS: &str = "/v1/vehicle/status";
pub(super) const OLD_STATUS: &str = "/v1/global/remote/status";
pub(super) const SERVICE_HISTORY: &str = "/v1/servicehistory/vehicle/summary";
pub(super) const CLIMATE_SETTINGS: &str = "/v1/vehicle/climate-settings";
pub(super) const CLIMATE_STATUS: &str = "/v1/vehicle/climate-status";
pub(super) const TRIPS: &str = "/v1/trips";

/// In the order in which they are asked for.
pub(super) const PATHS: [&str; 10] = [
    LOCATION,
    HEALTH,
    ELECTRIC,
    TELEMETRY,
    NOTIFICATIONS,
    STATUS,
    SERVICE_HISTORY,
    CLIMATE_SETTINGS,
    CLIMATE_STATUS,
    TRIPS,
];

/// A service, what it was asked, and its time.
#[derive(Clone, Default)]
pub(super) struct Service {
    answers: Arc<Mutex<BTreeMap<&'static str, (u16, Value)>>>,
    asked: Arc<Mutex<Vec<String>>>,
    hours: Arc<Mutex<i64>>,
}

impl Service {
    /// One that has a little of everything.
    pub(super) fn whole() -> Self {
        let service = Self::default();
        let at = "1970-01-01T00:00:00Z";
        for (path, payload) in [
            (LOCATION, json!({"lastTimestamp": at})),
            (HEALTH, json!({"warning": []})),
            (
                ELECTRIC,
                json!({"batteryLevel": 0, "lastUpdateTimestamp": at}),
            ),
            (TELEMETRY, json!({"fuelLevel": 41, "timestamp": at})),
            (NOTIFICATIONS, json!([])),
            (STATUS, json!({"lastUpdateTimestamp": at})),
            (SERVICE_HISTORY, json!({"serviceHistories": []})),
            (CLIMATE_SETTINGS, json!({"duration": 20})),
            (CLIMATE_STATUS, json!({"status": "stopped"})),
            (TRIPS, json!({"trips": [], "summary": []})),
        ] {
            service.answers(path, 200, json!({ "payload": payload }));
        }
        service
    }

    pub(super) fn answers(&self, path: &'static str, status: u16, body: Value) {
        self.answers.lock().unwrap().insert(path, (status, body));
    }

    pub(super) fn refuses(&self, path: &'static str, status: u16, code: &str, detail: &str) {
        let message = json!({"responseCode": code, "detailedDescription": detail});
        self.answers(path, status, json!({"status": {"messages": [message]}}));
    }

    /// The route is fenced, or there is none.
    pub(super) fn fence(&self, path: &'static str) {
        self.refuses(path, 403, "APIGW-403", "Unauthorized");
    }

    pub(super) fn later(&self, hours: i64) {
        *self.hours.lock().unwrap() += hours;
    }

    pub(super) fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(*self.hours.lock().unwrap())
    }

    pub(super) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    fn answer(&self, request: &Request<Body>) -> Response<Body> {
        let path = request.uri().path();
        self.asked.lock().unwrap().push(path.to_owned());
        let answers = self.answers.lock().unwrap();
        let refusal = (403, json!({"code": "APIGW-403", "message": "Unauthorized"}));
        let (status, body) = answers.get(path).cloned().unwrap_or(refusal);
        let answer = Response::builder().status(status);
        answer.body(Body::from(body.to_string())).unwrap()
    }

    pub(super) fn client(&self) -> ToyotaClient<impl HttpService> {
        let (service, clock) = (self.clone(), self.clone());
        let answer = move |request| {
            let service = service.clone();
            async move {
                // So that an update can be cancelled between two answers.
                tokio::time::sleep(Duration::from_secs(1)).await;
                Ok::<_, Infallible>(service.answer(&request))
            }
        };
        ToyotaClient::new(service_fn(answer), &Config::new())
            .by_clock(Clock::from_fn(move || clock.now()))
    }
}
