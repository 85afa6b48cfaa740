//! What is repeated over real sockets: what arrives, what is done by it, what the caller gets.

use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, DATE, RETRY_AFTER};
use http::{HeaderName, HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt, Limited};
use serde_json::{Value, json};
use tests::{
    TIMEOUT, client_with, config, credentials, login, simulator, soon, tls_simulator, transport,
};
use tokio::time::Instant;
use tower::ServiceExt;
use tower_client_call::{Delivery, Idempotency, StopReason};
use tower_client_retry::{Backoff, Jitter, RetryError, RetryLayer, RetryLayerBuilder};
use toyota_client::{Body, Error, Kind, LoginErrorKind, SignIn, Stack, ToyotaClient, Vin};
use toyota_sim::{Fault, LoginFlow, RecordedRequest, Route, Simulator};

const SECOND: Duration = Duration::from_secs(1);
/// What an attempt may take where one is to be given up: far more than one that is answered takes.
const HASTE: Duration = Duration::from_millis(300);
/// What a test may take longer on a busy machine.
const SLACK: Duration = Duration::from_millis(400);
const COMMAND: &str = "/v1/global/remote/command";
const VEHICLES: &str = "/v2/vehicle/guid";
const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const CORRELATION: HeaderName = HeaderName::from_static("x-correlationid");

/// Waits hardly at all, and is not kept from repeating by what failed before.
fn quick() -> RetryLayerBuilder {
    let backoff = Backoff {
        base: Duration::from_millis(1),
        factor: 1.0,
        jitter: Jitter::None,
        ..Backoff::default()
    };
    let retry = RetryLayer::builder().backoff(backoff);
    retry.without_budget().without_cool_down()
}

async fn signed_in(sim: &Simulator, retry: RetryLayerBuilder) -> ToyotaClient {
    let client = client_with(sim, retry);
    soon(client.vehicles()).await.unwrap();
    client
}

/// A client that is signed in and has no connection yet.
async fn not_connected(sim: &Simulator, retry: RetryLayerBuilder) -> Stack {
    let signed_in = soon(login(sim).sign_in(&credentials(sim))).await.unwrap();
    let SignIn::Complete(tokens) = signed_in else {
        panic!("a code is asked for");
    };
    let client = ToyotaClient::builder()
        .config(config(sim))
        .tokens(tokens)
        .retry(retry);
    client.build_over(transport(sim)).unwrap().into_inner()
}

/// A client whose calls may take so long.
fn client_within(sim: &Simulator, timeout: Duration, retry: RetryLayerBuilder) -> ToyotaClient {
    let config = config(sim).with_timeout(timeout).unwrap();
    let client = ToyotaClient::builder()
        .config(config)
        .credentials(credentials(sim))
        .retry(retry);
    client.build_over(transport(sim)).unwrap()
}

/// What is asked, and whether it may be received twice.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ask {
    Read,
    ReadOnce,
    Command,
    Keyed,
    KeyedOnce,
    SaidRepeatable,
}

impl Ask {
    fn route(self) -> Route {
        match self {
            Self::Read | Self::ReadOnce => Route::Vehicles,
            Self::Command | Self::Keyed | Self::KeyedOnce | Self::SaidRepeatable => Route::Command,
        }
    }

    fn may_be_received_twice(self) -> bool {
        matches!(self, Self::Read | Self::Keyed | Self::SaidRepeatable)
    }

    /// Returns the request; its key, if it has one, is this.
    fn request(self, sim: &Simulator, key: &str) -> Request<Body> {
        let mut request = match self.route() {
            Route::Vehicles => Request::get(VEHICLES).body(Body::empty()).unwrap(),
            _ => command(sim, Body::from(r#"{"command": "door-lock"}"#)),
        };
        if matches!(self, Self::Keyed | Self::KeyedOnce) {
            let key = HeaderValue::from_str(key).unwrap();
            request.headers_mut().insert(KEY, key);
        }
        let said = match self {
            Self::Read | Self::Command | Self::Keyed => None,
            Self::ReadOnce | Self::KeyedOnce => Some(Idempotency::Once),
            Self::SaidRepeatable => Some(Idempotency::Repeatable),
        };
        if let Some(said) = said {
            request.extensions_mut().insert(said);
        }
        request
    }
}

fn command(sim: &Simulator, body: Body) -> Request<Body> {
    Request::post(COMMAND)
        .header("vin", first_car(sim).as_str())
        .header(CONTENT_TYPE, "application/json")
        .body(body)
        .unwrap()
}

/// Sends a request through the stack and reads the whole answer.
async fn send(stack: &Stack, request: Request<Body>) -> Result<(u16, Bytes), RetryError> {
    let answer = soon(stack.clone().oneshot(request)).await?;
    let status = answer.status().as_u16();
    let body = soon(answer.into_body().collect()).await;
    let body = body.expect("an attempt ends with the end of its answer");
    Ok((status, body.to_bytes()))
}

fn first_car(sim: &Simulator) -> Vin {
    Vin::new(sim.account().cars()[0].vin()).unwrap()
}

fn json(body: &[u8]) -> Option<Value> {
    serde_json::from_slice(body).ok()
}

fn arrived(sim: &Simulator, route: Route) -> Vec<RecordedRequest> {
    let mut requests = sim.requests();
    requests.retain(|request| request.route() == route);
    requests
}

/// A fault that one call meets.
struct Row {
    name: &'static str,
    faults: Vec<Fault>,
    /// The attempt is given up after [`HASTE`].
    hasty: bool,
    /// What the caller gets of it: a status, or an error that says what can have happened.
    brings: Result<u16, Delivery>,
    /// How often a command is carried out all the same.
    effects: u64,
    /// Whether it is repeated where it may be; and otherwise, how many requests there are.
    repeated: bool,
    requests: u64,
}

impl Row {
    fn new(name: &'static str, fault: Fault, brings: Result<u16, Delivery>) -> Self {
        Self {
            name,
            faults: vec![fault],
            hasty: false,
            brings,
            effects: 0,
            repeated: true,
            requests: 1,
        }
    }

    fn status(name: &'static str, fault: Fault, status: u16) -> Self {
        Self::new(name, fault, Ok(status))
    }

    /// Marks what is never repeated.
    fn never_repeated(self) -> Self {
        let repeated = false;
        Self { repeated, ..self }
    }

    /// Marks what leaves a command carried out.
    fn leaves_its_effect(self) -> Self {
        Self { effects: 1, ..self }
    }

    fn hasty(self) -> Self {
        let hasty = true;
        Self { hasty, ..self }
    }
}

fn rows() -> Vec<Row> {
    use Delivery::{Answered, MaybeSent};
    let status = |status| Fault::status(StatusCode::from_u16(status).unwrap());
    let refused_twice = Row {
        faults: vec![status(401), status(401)],
        // The session repeats a refused token's request, whatever it does: it was not served.
        requests: 2,
        ..Row::status("401 twice", status(401), 401).never_repeated()
    };
    vec![
        Row::status("500", status(500), 500),
        Row::status("502", status(502), 502),
        Row::status("503", status(503), 503),
        Row::status("503, 0 s", status(503).retry_after_seconds(0), 503),
        Row::status("503, 1 s", status(503).retry_after_seconds(1), 503),
        Row::status("504", status(504), 504),
        Row::status("408", status(408), 408),
        Row::status("429", status(429), 429),
        Row::status("429, 1 s", status(429).retry_after_seconds(1), 429),
        Row::status("400", status(400), 400).never_repeated(),
        refused_twice,
        Row::status("403", status(403), 403).never_repeated(),
        Row::status("404", status(404), 404).never_repeated(),
        Row::status("501", status(501), 501).never_repeated(),
        Row::status("html 200", Fault::html(StatusCode::OK), 200).never_repeated(),
        Row::status("html 403", Fault::html(StatusCode::FORBIDDEN), 403).never_repeated(),
        Row::status("html 502", Fault::html(StatusCode::BAD_GATEWAY), 502),
        Row::new("reset before", Fault::reset_before_read(), Err(MaybeSent)),
        Row::new("reset after", Fault::reset_after_read(), Err(MaybeSent)).leaves_its_effect(),
        Row::new("truncated", Fault::truncated(), Err(Answered)).leaves_its_effect(),
        Row::new("endless", Fault::endless(HASTE / 10), Err(Answered))
            .leaves_its_effect()
            .hasty(),
        Row::new("silence", Fault::pass().after(20 * HASTE), Err(MaybeSent))
            .leaves_its_effect()
            .hasty(),
        Row::new("garbage wire", Fault::garbage_wire(), Err(MaybeSent)).leaves_its_effect(),
        Row::status("garbage body", Fault::garbage_body(), 200)
            .leaves_its_effect()
            .never_repeated(),
    ]
}

/// Lets one call after the other meet its fault, and compares what came of it.
async fn check(sim: &Simulator, ask: Ask, rows: Vec<Row>) {
    let patient = signed_in(sim, quick()).await.into_inner();
    let hasty = signed_in(sim, quick().attempt_timeout(HASTE))
        .await
        .into_inner();
    for row in rows {
        let shown = format!("{ask:?}, {}", row.name);
        let repeated = row.repeated && ask.may_be_received_twice();
        let is_command = ask.route() == Route::Command;
        let before = sim.counters();
        sim.script(ask.route(), row.faults);

        let stack = if row.hasty { &hasty } else { &patient };
        let answer = send(stack, ask.request(sim, row.name)).await;

        let brought = match &answer {
            Ok((status, _)) => Ok(*status),
            Err(error) => Err(Delivery::of(error)),
        };
        let expected = if repeated { Ok(200) } else { row.brings };
        assert_eq!(brought, expected, "{shown}: {answer:?}");
        if repeated {
            let (_, body) = answer.unwrap();
            assert!(!json(&body).unwrap()["payload"].is_null(), "{shown}");
        }
        let after = sim.counters();
        let requests = after.requests(ask.route()) - before.requests(ask.route());
        assert_eq!(requests, if repeated { 2 } else { row.requests }, "{shown}");
        let effects = after.commands_carried_out - before.commands_carried_out;
        let expected = match ask {
            Ask::Read | Ask::ReadOnce => 0,
            Ask::Keyed if repeated => 1,
            // Whoever says so is believed, also if it is not so.
            Ask::SaidRepeatable if repeated => row.effects + 1,
            _ => row.effects,
        };
        assert_eq!(effects, expected, "{shown}");
        let at_most_once = is_command && ask != Ask::SaidRepeatable;
        assert!(!at_most_once || effects <= 1, "{shown}");
    }
}

#[tokio::test]
async fn a_read_is_repeated_after_every_fault_that_may_pass() {
    check(&simulator().await, Ask::Read, rows()).await;
}

#[tokio::test]
async fn a_command_without_a_key_is_carried_out_at_most_once() {
    check(&simulator().await, Ask::Command, rows()).await;
}

#[tokio::test]
async fn a_command_with_a_key_is_repeated_and_carried_out_once() {
    check(&simulator().await, Ask::Keyed, rows()).await;
}

#[tokio::test]
async fn what_is_to_be_sent_once_is_so_whatever_method_and_key_say() {
    check(&simulator().await, Ask::ReadOnce, rows()).await;
    check(&simulator().await, Ask::KeyedOnce, rows()).await;
}

#[tokio::test]
async fn a_caller_who_says_that_a_command_is_repeatable_is_believed() {
    let mut lost_answers = rows();
    lost_answers.retain(|row| row.effects > 0);

    check(&simulator().await, Ask::SaidRepeatable, lost_answers).await;
}

#[tokio::test]
async fn the_same_holds_over_http_2() {
    let checks = [Ask::Read, Ask::Command, Ask::Keyed]
        .map(|ask| tokio::spawn(async move { check(&tls_simulator().await, ask, rows()).await }));

    for check in checks {
        soon(check).await.unwrap();
    }
}

/// TCP is up when the reset comes. Here it comes before hyper writes anything, and hyper says so: the
/// command is repeated. Elsewhere hyper may have begun to write, and then it is not.
#[tokio::test]
async fn a_command_whose_connection_is_reset_at_once_is_carried_out_if_and_only_if_it_succeeds() {
    let sim = simulator().await;
    for _ in 0..20 {
        let stack = not_connected(&sim, quick()).await;
        let before = sim.counters();
        sim.reset_next_connections(1);

        let answer = send(&stack, Ask::Command.request(&sim, "")).await;

        let after = sim.counters();
        let effects = after.commands_carried_out - before.commands_carried_out;
        let accepted = after.connections_accepted - before.connections_accepted;
        match answer {
            Ok((status, _)) => assert_eq!((status, effects, accepted), (200, 1, 2)),
            Err(error) => {
                assert_eq!(Delivery::of(&error), Delivery::MaybeSent, "{error:?}");
                assert_eq!(error.stop(), StopReason::NotRetryable);
                assert_eq!((effects, accepted), (0, 1));
            }
        }
    }
}

#[tokio::test]
async fn a_read_whose_connection_is_reset_at_once_is_repeated() {
    let sim = simulator().await;
    let stack = not_connected(&sim, quick()).await;
    sim.reset_next_connections(2);

    let (status, _) = send(&stack, Ask::Read.request(&sim, "")).await.unwrap();

    assert_eq!((status, sim.counters().requests(Route::Vehicles)), (200, 1));
}

#[tokio::test]
async fn a_command_whose_handshake_is_reset_was_not_sent_and_is_repeated() {
    let sim = tls_simulator().await;
    let stack = not_connected(&sim, quick()).await;
    sim.reset_next_connections(2);

    let (status, _) = send(&stack, Ask::Command.request(&sim, "")).await.unwrap();

    assert_eq!(status, 200);
    let counters = sim.counters();
    assert_eq!(counters.requests(Route::Command), 1);
    assert_eq!(counters.commands_carried_out, 1);
}

#[tokio::test]
async fn each_attempt_at_a_command_is_the_same_request() {
    let sim = simulator().await;
    let stack = signed_in(&sim, quick().max_attempts(5)).await.into_inner();
    let order = json!({"command": "door-lock", "note": "x".repeat(40 * 1024)}).to_string();
    let whole = Body::from(order.clone());
    let streamed = Body::new(Limited::new(Body::from(order.clone()), 64 * 1024));
    for (key, body) in [("whole", whole), ("streamed", streamed)] {
        let before = sim.counters();
        let unavailable = Fault::status(StatusCode::SERVICE_UNAVAILABLE);
        let faults = [
            unavailable,
            Fault::reset_after_read(),
            Fault::truncated(),
            Fault::garbage_wire(),
        ];
        sim.script(Route::Command, faults);
        let mut request = command(&sim, body);
        let headers = request.headers_mut();
        headers.insert(KEY, HeaderValue::from_static(key));
        let correlation = HeaderValue::from_static("8d3e2f60-5b0b-4a8e-9f5a-6b1f0f6d1c11");
        headers.insert(CORRELATION, correlation);

        let (_, answer) = send(&stack, request).await.unwrap();

        assert_eq!(json(&answer).unwrap()["payload"]["returnCode"], "000000");
        let effects = sim.counters().commands_carried_out - before.commands_carried_out;
        assert_eq!(effects, 1);
        let arrived = arrived(&sim, Route::Command);
        let attempts = &arrived[arrived.len() - 5..];
        for attempt in attempts {
            assert_eq!(attempt.headers()[KEY], key);
            assert_eq!(attempt.body(), order.as_bytes());
            assert_eq!(attempt.headers(), attempts[0].headers());
        }
    }
}

#[tokio::test]
async fn the_attempts_of_a_typed_call_share_a_correlation_id_and_its_answer_is_whole() {
    let sim = simulator().await;
    let client = signed_in(&sim, quick().max_attempts(4)).await;
    let expected = sim.account().cars().len();
    let faults = || {
        let unavailable = Fault::status(StatusCode::SERVICE_UNAVAILABLE);
        [unavailable, Fault::reset_before_read(), Fault::truncated()]
    };

    for _ in 0..2 {
        sim.script(Route::Vehicles, faults());
        let cars = soon(client.vehicles()).await.unwrap();
        assert_eq!((cars.value.len(), cars.warnings.len()), (expected, 0));
    }

    let arrived = arrived(&sim, Route::Vehicles);
    let ids: Vec<_> = arrived.iter().map(|r| &r.headers()[CORRELATION]).collect();
    assert_eq!(ids.len(), 1 + 4 + 4);
    assert!(ids[1..5].iter().all(|id| *id == ids[1]), "{ids:?}");
    assert!(ids[5..].iter().all(|id| *id == ids[5]), "{ids:?}");
    assert!(ids[0] != ids[1] && ids[1] != ids[5], "{ids:?}");
}

#[tokio::test]
async fn a_typed_command_is_not_repeated_once_it_may_have_arrived() {
    let sim = simulator().await;
    let client = signed_in(&sim, quick()).await;
    sim.script(Route::Command, [Fault::reset_after_read()]);

    let body = json!({"command": "door-lock"});
    let error = soon(client.request(Method::POST, COMMAND, Some(&first_car(&sim)), Some(&body)))
        .await
        .unwrap_err();

    assert_eq!(error.kind(), Kind::Network);
    assert_eq!(
        (error.delivery(), error.attempts()),
        (Delivery::MaybeSent, 1)
    );
    assert_eq!(sim.counters().commands_carried_out, 1);
}

const FAILURES: u64 = 1000;

/// Makes calls until this many attempts have failed; each call ends well.
async fn recover(sim: &Simulator, client: &ToyotaClient, faults: Vec<Fault>) {
    let car = first_car(sim);
    let each = 0.5 / f64::from(u32::try_from(faults.len()).unwrap());
    for fault in faults {
        sim.fail_randomly(Route::Location, each, fault).unwrap();
    }
    let (before, mut calls) = (sim.counters().requests(Route::Location), 0);
    while sim.counters().requests(Route::Location) - before < FAILURES + calls {
        let answer = soon(client.location(&car)).await;
        assert!(answer.is_ok(), "{answer:?}");
        calls += 1;
    }
    sim.clear_faults();
}

fn failed_statuses() -> Vec<Fault> {
    let status = |status| StatusCode::from_u16(status).unwrap();
    let mut faults: Vec<_> = [408, 429, 500, 502, 503, 504]
        .map(|number| Fault::gateway(status(number), "APIGW", "No"))
        .into();
    faults.push(Fault::html(StatusCode::BAD_GATEWAY));
    faults.push(Fault::status(StatusCode::SERVICE_UNAVAILABLE).retry_after_seconds(0));
    faults
}

fn broken_answers() -> Vec<Fault> {
    vec![
        Fault::reset_before_read(),
        Fault::reset_after_read(),
        Fault::truncated(),
        Fault::garbage_wire(),
    ]
}

/// One connection is enough for one call after the other, whatever fails.
async fn check_connections_open(sim: &Simulator) {
    let retry = quick().max_attempts(30).attempt_timeout(HASTE);
    let client = signed_in(sim, retry).await;
    let before = sim.counters().connections_open;
    let faults = [failed_statuses(), broken_answers()].concat();

    recover(sim, &client, faults).await;
    for _ in 0..2 {
        let silence = Fault::pass().after(20 * HASTE);
        sim.script(Route::Location, [silence, Fault::endless(HASTE / 10)]);
        soon(client.location(&first_car(sim))).await.unwrap();
    }

    // A closed connection is seen by the other side a moment later.
    soon(async {
        while sim.counters().connections_open > before {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_thousand_recoveries_leave_no_connection_open_over_either_protocol() {
    let plain = tokio::spawn(async { check_connections_open(&simulator().await).await });
    let tls = tokio::spawn(async { check_connections_open(&tls_simulator().await).await });

    soon(plain).await.unwrap();
    soon(tls).await.unwrap();
}

/// A failed answer leaves its connection fit for the next attempt. (Who drains it is not seen here:
/// of what has arrived already, hyper drains much by itself.)
async fn check_connections_accepted(sim: &Simulator) {
    let client = signed_in(sim, quick().max_attempts(30)).await;
    let before = sim.counters();

    recover(sim, &client, failed_statuses()).await;

    let after = sim.counters();
    assert_eq!(after.connections_accepted, before.connections_accepted);
    assert_eq!(after.connections_open, before.connections_open);
}

#[tokio::test]
async fn a_thousand_failed_statuses_need_no_new_connection_over_either_protocol() {
    let plain = tokio::spawn(async { check_connections_accepted(&simulator().await).await });
    let tls = tokio::spawn(async { check_connections_accepted(&tls_simulator().await).await });

    soon(plain).await.unwrap();
    soon(tls).await.unwrap();
}

#[tokio::test]
async fn a_sign_in_that_fails_for_a_passing_reason_is_repeated_whatever_it_is_for() {
    let status = |status| Fault::status(StatusCode::from_u16(status).unwrap());
    for ask in [Ask::Read, Ask::Command, Ask::KeyedOnce] {
        for fault in [
            status(503),
            status(429),
            Fault::reset_before_read(),
            Fault::reset_after_read(),
            Fault::truncated(),
        ] {
            let shown = format!("{ask:?}, {fault:?}");
            let sim = simulator().await;
            let stack = client_with(&sim, quick()).into_inner();
            sim.script(Route::Token, [fault]);

            let answer = send(&stack, ask.request(&sim, "one")).await;

            assert_eq!(answer.unwrap().0, 200, "{shown}");
            let counters = sim.counters();
            assert_eq!(counters.requests(ask.route()), 1, "{shown}");
            let effects = u64::from(ask.route() == Route::Command);
            assert_eq!(counters.commands_carried_out, effects, "{shown}");
            // The sign-in begins anew, with the password: the code was used, or may have been.
            assert_eq!(counters.password_posts, 2, "{shown}");
        }
    }
}

#[tokio::test]
async fn a_sign_in_that_is_refused_for_good_is_not_repeated() {
    for (flow, reason) in [
        (LoginFlow::Recorded, LoginErrorKind::InvalidPassword),
        (
            LoginFlow::CodeStep {
                code: "123456".to_owned(),
            },
            LoginErrorKind::CodeRequired,
        ),
        (LoginFlow::CodeRefused, LoginErrorKind::CodeRequired),
    ] {
        for ask in [Ask::Read, Ask::Command, Ask::Keyed] {
            let sim = simulator().await;
            let stack = client_with(&sim, quick()).into_inner();
            if reason == LoginErrorKind::InvalidPassword {
                sim.edit_account(|account| account.set_password("changed"));
            }
            sim.set_login(flow.clone());

            for _ in 0..2 {
                let error = send(&stack, ask.request(&sim, "one")).await.unwrap_err();

                assert_eq!(error.stop(), StopReason::NotRetryable, "{error:?}");
                assert_eq!(error.attempts(), 1);
                assert_eq!(Delivery::of(&error), Delivery::NotSent);
                assert_eq!(login_error(&error), Some(reason));
            }

            let counters = sim.counters();
            assert_eq!(counters.password_posts, 1, "{flow:?}");
            assert_eq!(counters.requests(ask.route()), 0);
        }
    }
}

fn login_error(error: &RetryError) -> Option<LoginErrorKind> {
    tower_client_call::causes(error)
        .find_map(|cause| cause.downcast_ref::<toyota_client::LoginError>())
        .map(toyota_client::LoginError::kind)
}

#[tokio::test]
async fn a_login_host_that_asks_to_wait_is_left_alone_for_so_long() {
    let sim = simulator().await;
    let client = client_with(&sim, quick());
    let busy = Fault::status(StatusCode::TOO_MANY_REQUESTS).retry_after_seconds(1);
    sim.script(Route::Authenticate, [busy]);

    let before = Instant::now();
    soon(client.vehicles()).await.unwrap();

    assert!(before.elapsed() >= SECOND, "{:?}", before.elapsed());
}

/// How long a call takes that waits as it was asked to.
fn asked_for(wait: Duration) -> Range<Duration> {
    wait..wait * 11 / 10 + SLACK
}

/// How long a call takes that meets this fault once.
async fn recovery_time(fault: Fault) -> Duration {
    let sim = simulator().await;
    let client = client_within(
        &sim,
        10 * SECOND,
        RetryLayer::builder().backoff(Backoff {
            base: Duration::from_millis(1),
            ..Backoff::default()
        }),
    );
    soon(client.vehicles()).await.unwrap();
    sim.script(Route::Vehicles, [fault]);

    let before = Instant::now();
    soon(client.vehicles()).await.unwrap();
    let elapsed = before.elapsed();

    assert_eq!(sim.counters().requests(Route::Vehicles), 3);
    elapsed
}

#[tokio::test]
async fn retry_after_is_waited_for_in_both_forms_and_a_tenth_more_at_most() {
    let throttled = || Fault::status(StatusCode::TOO_MANY_REQUESTS);
    let unavailable = || Fault::status(StatusCode::SERVICE_UNAVAILABLE);
    // A service whose clock is years behind.
    let value = HeaderValue::from_static;
    let dated = unavailable()
        .header(DATE, value("Sun, 06 Nov 1994 08:49:37 GMT"))
        .header(RETRY_AFTER, value("Sun, 06 Nov 1994 08:49:38 GMT"));
    let calls = [
        (throttled().retry_after_seconds(1), asked_for(SECOND)),
        (unavailable().retry_after_seconds(1), asked_for(SECOND)),
        (dated, asked_for(SECOND)),
        // The second may turn between the two dates that the service writes, the one that it names
        // and its own.
        (
            unavailable().retry_after_date(2 * SECOND),
            SECOND..asked_for(2 * SECOND).end,
        ),
    ]
    .map(|(fault, expected)| (tokio::spawn(recovery_time(fault)), expected));

    for (call, expected) in calls {
        let waited = soon(call).await.unwrap();
        assert!(expected.contains(&waited), "{waited:?} of {expected:?}");
    }
}

#[tokio::test]
async fn who_cannot_wait_as_long_as_asked_fails_at_once_and_the_next_call_does_not_ask() {
    for (fault, kind) in [
        (StatusCode::TOO_MANY_REQUESTS, Kind::RateLimit),
        (StatusCode::SERVICE_UNAVAILABLE, Kind::Server),
    ] {
        let sim = simulator().await;
        let client = signed_in(&sim, RetryLayer::builder()).await;
        sim.script(
            Route::Vehicles,
            [Fault::status(fault).retry_after_seconds(30)],
        );

        let before = Instant::now();
        let first = soon(client.vehicles()).await.unwrap_err();
        let requests = sim.counters().requests_total();
        let second = soon(client.vehicles()).await.unwrap_err();

        assert!(before.elapsed() < TIMEOUT / 2, "{:?}", before.elapsed());
        assert_eq!(sim.counters().requests_total(), requests);
        for (error, delivery) in [(&first, Delivery::Answered), (&second, Delivery::NotSent)] {
            assert_eq!(error.kind(), kind, "{error:?}");
            assert_eq!(error.status(), Some(fault));
            assert_eq!(error.delivery(), delivery);
            let wait = error.retry_after().unwrap().as_secs();
            assert!((29..=30).contains(&wait), "{wait}");
        }
    }
}

/// How long a failing call takes, and how it fails.
async fn failure(client: &ToyotaClient) -> (Duration, Error) {
    let before = Instant::now();
    let error = soon(client.vehicles()).await.unwrap_err();
    (before.elapsed(), error)
}

#[tokio::test]
async fn a_service_that_stalls_costs_one_attempt_timeout_for_each_attempt() {
    let attempt = Duration::from_millis(200);
    for stalled in [
        Fault::endless(attempt / 10),
        Fault::pass().after(10 * SECOND),
    ] {
        let shown = format!("{stalled:?}");
        let sim = simulator().await;
        let retry = quick().max_attempts(2).attempt_timeout(attempt);
        let client = signed_in(&sim, retry).await;
        sim.script(Route::Vehicles, [stalled.clone(), stalled]);

        let (elapsed, error) = failure(&client).await;

        assert_eq!(error.kind(), Kind::Timeout, "{shown}: {error:?}");
        assert_eq!(sim.counters().requests(Route::Vehicles), 1 + 2);
        let expected = 2 * attempt..2 * attempt + SLACK;
        assert!(expected.contains(&elapsed), "{shown}: {elapsed:?}");
        assert!(soon(client.vehicles()).await.is_ok());
    }
}

#[tokio::test]
async fn the_deadline_ends_a_call_whatever_the_attempts_are_allowed() {
    let timeout = 2 * HASTE;
    let many = || quick().max_attempts(100);
    let unavailable = Fault::status(StatusCode::SERVICE_UNAVAILABLE);
    for (retry, fault, kind) in [
        (many(), Fault::pass().after(10 * SECOND), Kind::Timeout),
        (many(), Fault::endless(HASTE / 10), Kind::Timeout),
        (
            many().attempt_timeout(HASTE * 2 / 3),
            Fault::pass().after(10 * SECOND),
            Kind::Timeout,
        ),
        // It could not be answered in time, so it is not asked again, and not waited for.
        (many(), unavailable.retry_after_seconds(1), Kind::Server),
    ] {
        let shown = format!("{fault:?}");
        let sim = simulator().await;
        let client = client_within(&sim, timeout, retry);
        soon(client.vehicles()).await.unwrap();
        sim.fail_randomly(Route::Vehicles, 1.0, fault).unwrap();

        let (elapsed, error) = failure(&client).await;

        assert_eq!(error.kind(), kind, "{shown}: {error:?}");
        assert!(elapsed < timeout + SLACK, "{shown}: {elapsed:?}");
    }
}
