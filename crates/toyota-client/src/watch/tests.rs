//! A watch over a scripted service, in paused time.

mod steps;
mod unsteady;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use http::{Request, Response, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tower::service_fn;

use super::*;
use crate::car::DataSet;
use crate::stack::Fresh;
use crate::{Body, Clock, Config};

/// A service that counts what it is asked, and its car.
#[derive(Clone, Default)]
struct Service(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    asked: BTreeMap<String, usize>,
    kilometres: f64,
    charging: bool,
    reported: i64,
    refused: Option<(u16, &'static str)>,
    /// What fails, and what is never answered.
    fails: Option<&'static str>,
    unauthorised: Option<&'static str>,
    hangs: Option<&'static str>,
    /// What the telemetry lacks is known from the position.
    has_odometer: Option<bool>,
    /// How many reads an earlier answer would have done for.
    cached: usize,
    cars: Option<Value>,
}

impl Service {
    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.0.lock().unwrap());
    }

    fn asked(&self) -> BTreeMap<String, usize> {
        std::mem::take(&mut self.0.lock().unwrap().asked)
    }

    fn answer(&self, path: &str, now: Timestamp) -> Response<Body> {
        let state = &mut *self.0.lock().unwrap();
        *state.asked.entry(path.to_owned()).or_default() += 1;
        if let Some((status, detail)) = state.refused {
            let body = json!({"code": "APIGW-403", "message": detail});
            let status = StatusCode::from_u16(status).unwrap();
            let answer = Response::builder().status(status);
            return answer.body(Body::from(body.to_string())).unwrap();
        }
        for (failing, status) in [(state.fails, 503), (state.unauthorised, 401)] {
            if failing == Some(path) {
                let answer = Response::builder().status(status);
                return answer.body(Body::empty()).unwrap();
            }
        }
        let charging = if state.charging { "charging" } else { "none" };
        let payload = match path {
            "/v2/vehicle/guid" => state.cars.clone().unwrap_or_else(|| json!([car("V1")])),
            "/v3/telemetry" if state.has_odometer == Some(false) => json!(null),
            "/v1/location" => json!({
                "lastTimestamp": now.to_string(),
                "vehicleLocation": {"latitude": 52.123_456, "longitude": 13.654_321},
            }),
            "/v3/telemetry" => json!({
                "odometer": {"value": state.kilometres, "unit": "km"}, "timestamp": now.to_string(),
            }),
            "/v1/vehicle/electric/status" => {
                json!({"batteryLevel": 50, "chargingStatus": charging, "lastUpdateTimestamp": now.to_string()})
            }
            "/v1/remote/status" => {
                state.reported += 1;
                json!({"returnCode": "000000", "appRequestNo": "1"})
            }
            path if path.contains("realtime") => json!({"returnCode": "000000"}),
            "/v1/vehicle/status" => {
                let at = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(state.reported);
                json!({"lastUpdateTimestamp": at.to_string(), "overallStatus": "ok"})
            }
            "/v1/servicehistory/vehicle/summary" => json!({"serviceHistories": []}),
            _ => json!({"vin": "V1"}),
        };
        Response::new(Body::from(json!({ "payload": payload }).to_string()))
    }

    fn watch(&self) -> Watch<impl HttpService> {
        let start = Instant::now();
        let now = move || {
            let elapsed = SignedDuration::try_from(start.elapsed()).unwrap();
            Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24) + elapsed
        };
        let service = self.clone();
        let answer = move |request: Request<Body>| {
            let path = request.uri().path();
            let answer = service.answer(path, now());
            let is_fresh = request.extensions().get::<Fresh>().is_some();
            let is_read = request.method() == http::Method::GET;
            let mut hangs = false;
            service.change(|it| {
                it.cached += usize::from(is_read && !is_fresh);
                hangs = it.hangs == Some(path);
            });
            async move {
                if hangs {
                    std::future::pending::<()>().await;
                }
                Ok::<_, Infallible>(answer)
            }
        };
        let client = ToyotaClient::new(service_fn(answer), &Config::new());
        Watch::new(client.by_clock(Clock::from_fn(now)))
    }
}

fn car(vin: &str) -> Value {
    let all = json!({
        "lastParkedCapable": true, "econnectVehicleStatusCapable": true, "telemetryCapable": true,
        "vehicleStatus": true, "climateCapable": true,
    });
    json!({"vin": vin, "extendedCapabilities": all, "features": {"serviceHistory": 1}})
}

#[tokio::test(start_paused = true)]
async fn a_parked_car_is_asked_for_little_in_a_day_and_woken_never() {
    let service = Service::default();
    let mut watch = service.watch();

    for _ in 0..240 {
        let cycle = watch.next().await;
        assert_eq!(cycle.failures().count(), 0);
    }

    let asked = service.asked();
    assert!(!asked.contains_key("/v1/remote/status"), "{asked:?}");
    assert_eq!(service.0.lock().unwrap().cached, 0);
    assert_eq!(asked["/v3/telemetry"], 240);
    assert_eq!(asked["/v1/location"], 24);
    let all: usize = asked.values().sum();
    // As the documentation says.
    assert!((1_000..1_200).contains(&all), "{all} {asked:?}");
}

#[tokio::test(start_paused = true)]
async fn a_car_that_stops_is_woken_and_its_trips_are_read() {
    let service = Service::default();
    let mut watch = service.watch();
    watch.next().await;
    service.asked();

    service.change(|it| it.kilometres = 12.0);
    watch.next().await;
    let moving = service.asked();
    watch.next().await;
    let stopped = service.asked();

    assert_eq!(moving["/v1/location"], 1, "{moving:?}");
    assert!(!moving.contains_key("/v1/remote/status"), "{moving:?}");
    assert_eq!(stopped["/v1/remote/status"], 1, "{stopped:?}");
    assert_eq!(stopped["/v1/trips"], 1, "{stopped:?}");
}

#[tokio::test(start_paused = true)]
async fn a_car_that_is_charged_is_woken_twice_an_hour() {
    let service = Service::default();
    service.change(|it| it.charging = true);
    let mut watch = service.watch();

    for _ in 0..20 {
        watch.next().await;
    }

    let asked = service.asked();
    assert_eq!(
        asked["/v1/global/remote/electric/realtime-status"], 4,
        "{asked:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn cars_come_and_go_and_what_is_known_of_those_that_stay_stays() {
    let service = Service::default();
    service.change(|it| it.cars = Some(json!([car("V1"), car("V2")])));
    let mut watch = service.watch();
    watch.next().await;

    service.change(|it| it.cars = Some(json!([car("V3"), car("V2")])));
    // An hour, and once more for what the first list did not name.
    for _ in 0..11 {
        watch.next().await;
    }

    let cars: Vec<_> = watch
        .cars()
        .map(|car| car.vin().as_str().to_owned())
        .collect();
    assert_eq!(cars, ["V3", "V2"]);
    let history = watch
        .cars()
        .nth(1)
        .unwrap()
        .history(DataSet::ServiceHistory);
    // Read a single time in the hour, as the list was: what was known was kept.
    assert_eq!(
        history.fetched(),
        Some(Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24))
    );
}

#[tokio::test(start_paused = true)]
async fn a_service_that_fails_fails_nothing_that_is_known() {
    let service = Service::default();
    let mut watch = service.watch();
    watch.next().await;

    service.change(|it| it.refused = Some((500, "out of order")));
    let cycle = watch.next().await;

    assert!(cycle.failures().count() >= 3, "{cycle:?}");
    let car = watch.cars().next().unwrap();
    assert!(car.telemetry.value().is_some());
    assert!(car.telemetry.history().failure().is_some());
    service.change(|it| it.refused = None);
    let cycle = watch.next().await;
    assert_eq!(cycle.failures().count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_car_that_is_sold_is_left_alone_and_an_account_that_is_refused_too() {
    for (status, detail, most) in [
        (403, "invalid guid and vin mapping", 1),
        (401, "who are you", 1),
    ] {
        let service = Service::default();
        let mut watch = service.watch();
        watch.next().await;
        service.asked();

        service.change(|it| it.refused = Some((status, detail)));
        watch.next().await;

        let asked: usize = service.asked().values().sum();
        assert!(asked <= most, "{status}: {asked}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_shown_of_a_watch_tells_neither_which_car_it_is_nor_where() {
    let service = Service::default();
    service.change(|it| it.cars = Some(json!([car("JTSIM00000PET0001")])));
    let mut watch = service.watch();

    let cycle = watch.next().await;

    let coordinates = watch.cars().next().unwrap().location.value();
    assert!(coordinates.unwrap().coordinates.is_some());
    let cars: Vec<_> = watch.cars().collect();
    let shown = format!("{cars:?} {cycle:?}");
    for secret in ["JTSIM00000PET", "52.12", "13.65"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn a_cycle_can_be_made_in_any_thread_and_is_not_too_large() {
    fn is_send<T: Send>(future: T) -> usize {
        std::mem::size_of_val(&future)
    }

    let service = Service::default();
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(async {
        let mut watch = service.watch();

        let size = is_send(watch.next());

        assert!(size < 16 * 1024, "{size}");
    });
}
