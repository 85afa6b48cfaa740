//! A page of trips as large as is wanted, and a client to read it with.

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body as HttpBody;
use jiff::civil::date;
use serde_json::{Value, json};
use toyota_client::trips::{TripQuery, Trips};
use toyota_client::{Body, Clock, Config, HttpService, ToyotaClient, Vin};

/// The text of a page of so many trips with so many points each: a point has about 110 bytes, as it has at
/// the service.
#[must_use]
pub fn page(trips: usize, points: usize) -> Bytes {
    let trips: Vec<_> = (0..trips).map(|number| trip(number, points)).collect();
    let page = json!({
        "status": {"messages": [{"responseCode": "ONE-DA-200", "description": "OK"}]},
        "payload": {
            "from": "2026-11-01",
            "to": "2026-11-22",
            "trips": trips,
            "summary": null,
            "_metadata": {"pagination": {
                "limit": 50, "offset": 0, "previousOffset": null, "nextOffset": null,
            }},
        },
    });
    page.to_string().into()
}

fn trip(number: usize, points: usize) -> Value {
    let route: Vec<_> = (0..points).map(point).collect();
    json!({
        "id": format!("11111111-2222-4333-8444-{number:012}"),
        "category": 0,
        "createdOn": "2026-11-21T18:00:00Z",
        "summary": {
            "length": 15215, "duration": 1500, "durationIdle": 60, "averageSpeed": 36.52,
            "maxSpeed": 0.0, "fuelConsumption": 226.0, "lengthOverspeed": 10,
            "durationOverspeed": 1, "lengthHighway": 20, "durationHighway": 2,
            "countries": ["DE"], "startLat": 50.11111, "startLon": 8.68888, "endLat": 50.22222,
            "endLon": 8.81111, "startTs": "2026-11-21T17:00:00Z",
            "endTs": "2026-11-21T17:25:00Z", "nightTrip": false,
        },
        "scores": {
            "global": 65, "acceleration": 50, "braking": 60, "advice": 70, "constantSpeed": 80,
        },
        "hdc": {
            "evTime": 653, "evDistance": 5000, "chargeTime": 10, "chargeDist": 100, "ecoTime": 20,
            "ecoDist": 200, "powerTime": 30, "powerDist": 300,
        },
        "behaviours": [{
            "ts": "2026-11-21T17:10:00Z", "type": "B", "good": true, "priority": false,
            "severity": 12.5, "coachingMsg": 3, "diagnosticMsg": 4, "context": {"slope": -2},
            "lat": 50.11111, "lon": 8.68888,
        }],
        "route": route,
    })
}

fn point(number: usize) -> Value {
    let step = f64::from(u32::try_from(number).unwrap_or_default()) / 100_000.0;
    json!({
        "lat": 50.111_117 + step, "lon": 8.688_887 + step, "overspeed": false, "highway": true,
        "isEv": number.is_multiple_of(2), "mode": number % 3, "indexInPoints": number,
    })
}

/// A client of a service that answers everything with what this makes.
pub fn client<B>(
    body: impl Fn() -> B + Clone + Send + Sync + 'static,
) -> ToyotaClient<impl HttpService>
where
    B: HttpBody<Data = Bytes, Error = std::convert::Infallible> + Send + 'static,
{
    let service = tower::service_fn(move |_: Request<Body>| {
        std::future::ready(Ok::<_, std::convert::Infallible>(Response::new(body())))
    });
    ToyotaClient::new(service, &Config::new())
        .by_clock(Clock::from_fn(|| {
            "2026-11-23T12:00:00Z".parse().expect("a time")
        }))
        .unmeasured()
}

/// A car.
#[must_use]
pub fn vin() -> Vin {
    Vin::new("JTSIM00000PET0001").expect("a VIN")
}

/// Its trips, with their routes, as many on a page as there can be.
pub fn trips<S: HttpService>(client: &ToyotaClient<S>) -> Trips {
    let query = TripQuery::new(date(2026, 11, 1), date(2026, 11, 22));
    client.trips(&vin(), &query.with_routes().in_pages_of(50))
}
