use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use toyota_sim::{Fault, Route, Routine, Simulator};

use crate::support::{ELECTRIC, Owner, PETROL, within};

const QUARTER: Duration = Duration::from_secs(15 * 60);
const WEEK: u32 = 7 * 24 * 4;

#[tokio::test]
async fn a_week_passes_as_fast_as_its_requests() {
    let owner = Owner::new().await;
    owner.sim.set_routine(PETROL, Routine::Habitual);
    let mut line = Line::open(&owner.sim).await;
    tokio::time::pause();
    let began = owner.sim.clock().now();

    let mut odometers = Vec::new();
    for _ in 0..WEEK {
        tokio::time::sleep(QUARTER).await;
        let request = owner.request(Method::GET, "/v3/telemetry", PETROL, None);
        let telemetry = line.ask(request).await;
        let odometer = &telemetry["payload"]["odometer"]["value"];
        odometers.push(odometer.as_f64().unwrap());
    }

    let passed = owner.sim.clock().now().duration_since(began).unwrap();
    assert!(passed >= QUARTER * WEEK);
    assert!(odometers.is_sorted());
    odometers.dedup();
    assert!(odometers.len() > 4, "{odometers:?}");
    assert_eq!(
        owner.sim.counters().requests(Route::Telemetry),
        u64::from(WEEK)
    );
}

#[tokio::test]
async fn a_wake_takes_its_time_by_tokio_s_clock() {
    let owner = Owner::new().await;
    let mut line = Line::open(&owner.sim).await;
    tokio::time::pause();
    let read = || owner.request(Method::GET, "/v1/vehicle/status", ELECTRIC, None);
    let wake = owner.request(Method::POST, "/v1/remote/status", ELECTRIC, None);
    let date = |answer: Value| answer["payload"]["lastUpdateTimestamp"].clone();
    let before = date(line.ask(read()).await);

    line.ask(wake).await;
    tokio::time::sleep(Duration::from_secs(9)).await;
    let early = date(line.ask(read()).await);
    tokio::time::sleep(Duration::from_secs(17)).await;
    let late = date(line.ask(read()).await);

    assert_eq!(early, before);
    assert_ne!(late, before);
}

#[tokio::test]
async fn a_slow_answer_comes_in_ten_pieces() {
    let owner = Owner::new().await;
    let mut line = Line::open(&owner.sim).await;
    tokio::time::pause();
    let request = || owner.request(Method::GET, "/v3/telemetry", PETROL, None);
    let whole = line.ask(request()).await;
    let second = Duration::from_secs(1);
    owner.sim.script(Route::Telemetry, [Fault::slow(second)]);

    let before = tokio::time::Instant::now();
    let slow = line.ask(request()).await;

    assert_eq!(slow, whole);
    assert_eq!(before.elapsed().as_secs(), 10);
}

#[tokio::test]
async fn requests_at_once_are_counted() {
    let owner = Owner::new().await;
    let slow = || Fault::pass().after(Duration::from_secs(1));
    owner.sim.script(Route::Location, [slow(), slow(), slow()]);
    let mut lines = [
        Line::open(&owner.sim).await,
        Line::open(&owner.sim).await,
        Line::open(&owner.sim).await,
    ];
    tokio::time::pause();
    let request = || owner.request(Method::GET, "/v1/location", PETROL, None);
    let before = owner.sim.counters().most_in_flight(0);

    let [first, second, third] = &mut lines;
    tokio::join!(
        first.ask(request()),
        second.ask(request()),
        third.ask(request())
    );
    first.ask(request()).await;

    let counters = owner.sim.counters();
    assert_eq!((before, counters.most_in_flight(0)), (0, 3));
    assert_eq!(counters.most_in_flight(1), 0);
    assert_eq!(owner.sim.car_counters(PETROL).requests(Route::Location), 4);
}

#[tokio::test]
async fn more_at_once_than_the_gateway_bears_is_throttled() {
    let owner = Owner::new().await;
    let sim = &owner.sim;
    let slow = Fault::pass().after(Duration::from_secs(1));
    sim.fail_randomly(Route::Location, 1.0, slow).unwrap();
    sim.throttle_beyond(2);
    let mut lines = [
        Line::open(sim).await,
        Line::open(sim).await,
        Line::open(sim).await,
    ];
    tokio::time::pause();
    let request = || owner.request(Method::GET, "/v1/location", PETROL, None);

    let [first, second, third] = &mut lines;
    let (one, two, three) = tokio::join!(
        first.send(request()),
        second.send(request()),
        third.send(request())
    );
    let alone = first.send(request()).await;
    sim.clear_faults();

    let answered = [one.0, two.0, three.0, alone.0];
    let throttled = answered.iter().filter(|status| **status == 429).count();
    assert_eq!((throttled, alone.0), (1, StatusCode::OK), "{answered:?}");
    let refused = [one, two, three].into_iter().find(|it| it.0 == 429);
    let message = &refused.unwrap().1["status"]["messages"][0];
    assert_eq!(message["responseCode"], "APIGW-403");
    assert_eq!(message["detailedDescription"], "Unauthorized");
    assert_eq!(sim.counters().most_in_flight(0), 3);
}

#[tokio::test]
async fn a_connection_in_memory_is_a_connection() {
    let owner = Owner::new().await;
    let before = owner.sim.counters();
    let mut line = Line::open(&owner.sim).await;
    line.ask(owner.request(Method::GET, "/v1/location", PETROL, None))
        .await;
    let open = owner.sim.counters();

    owner
        .sim
        .script(Route::Location, [Fault::reset_after_read()]);
    let reset = owner.request(Method::GET, "/v1/location", PETROL, None);
    let ended = within(line.0.send_request(reset)).await;

    assert_eq!(open.connections_accepted, before.connections_accepted + 1);
    assert!(ended.is_err());
}

#[tokio::test]
async fn a_simulator_that_is_gone_answers_nobody() {
    let sim = within(Simulator::builder().start()).await.unwrap();
    let mut line = Line::open(&sim).await;

    drop(sim);

    let request = Request::new(Full::default());
    assert!(within(line.0.send_request(request)).await.is_err());
}

/// A connection in memory.
struct Line(SendRequest<Full<Bytes>>);

impl Line {
    async fn open(sim: &Simulator) -> Self {
        let io = TokioIo::new(sim.connect());
        let (sender, connection) = within(http1::handshake(io)).await.unwrap();
        tokio::spawn(connection);
        Self(sender)
    }

    /// Sends a request and returns what a good answer holds.
    async fn ask(&mut self, request: Request<Full<Bytes>>) -> Value {
        let (status, body) = self.send(request).await;
        assert_eq!(status, StatusCode::OK);
        body
    }

    async fn send(&mut self, request: Request<Full<Bytes>>) -> (StatusCode, Value) {
        let answer = self.0.send_request(request).await.unwrap();
        let status = answer.status();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&body).unwrap())
    }
}
