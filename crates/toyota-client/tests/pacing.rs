//! Pacing in its place: between retries and everything that sends, over services that have limits.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::header::{LOCATION, RETRY_AFTER};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tower::layer::layer_fn;
use tower::{Layer, ServiceBuilder, ServiceExt, service_fn};
use toyota_client::auth::Credential;
use toyota_client::call::{CallEvent, CallRecord, Deadline, Delivery};
use toyota_client::pace::{PaceLayer, Pacing, Urgency};
use toyota_client::stack::{Link, Place};
use toyota_client::{Body, Config, HttpService, Kind, ToyotaClient, ToyotaClientBuilder};

const CARS: &str = r#"{"payload": [{"vin": "JTSIM00000PET0001"}]}"#;
const SECOND: Duration = Duration::from_secs(1);
const TENTH: Duration = Duration::from_millis(100);

#[tokio::test(start_paused = true)]
async fn a_redirect_has_what_it_needs_of_a_service_with_limits() {
    for buffered in [false, true] {
        let origin = Origin::first(|answer| {
            *answer.status_mut() = StatusCode::TEMPORARY_REDIRECT;
            let there = HeaderValue::from_static("/v3/vehicle/guid");
            answer.headers_mut().insert(LOCATION, there);
        });
        let limited = ServiceBuilder::new()
            .concurrency_limit(1)
            .service(origin.service());
        let client = if buffered {
            let buffered = ServiceBuilder::new().buffer(1).service(limited);
            unsigned().service(buffered).build().unwrap()
        } else {
            unsigned().service(limited).build().unwrap()
        };

        assert!(vehicles(&client, 4).await.into_iter().all(|it| it.is_ok()));
        assert_eq!(origin.asked().len(), 5);
    }
}

#[tokio::test(start_paused = true)]
async fn a_replay_has_what_it_needs_of_a_service_with_limits() {
    let origin = Origin::first(|answer| *answer.status_mut() = StatusCode::UNAUTHORIZED);
    let limited = ServiceBuilder::new()
        .concurrency_limit(1)
        .service(origin.service());
    let client = ToyotaClient::builder()
        .without_cache()
        .credential(Credential::new("old"))
        .service(limited)
        .build()
        .unwrap();
    let provider = client.provider();
    let calls = tokio::spawn({
        let client = client.clone();
        async move { vehicles(&client, 2).await }
    });
    sleep(TENTH / 10).await;
    // What the replay is sent with.
    let owner = provider.default_principal();
    provider.set(&owner, Credential::new("new")).await.unwrap();

    assert!(calls.await.unwrap().into_iter().all(|it| it.is_ok()));
}

#[tokio::test(start_paused = true)]
async fn a_command_goes_first_also_over_a_service_with_limits() {
    let origin = Origin::default();
    let limited = ServiceBuilder::new()
        .concurrency_limit(1)
        .service(origin.service());
    let paced = pace(1, TENTH).layer(limited);

    ask_in_order(paced, &["p0", "p1", "p2", "command"]).await;

    assert_eq!(origin.paths(), ["/p0", "/command", "/p1", "/p2"]);
}

#[tokio::test(start_paused = true)]
async fn a_command_goes_first_also_when_two_may_be_under_way() {
    for max_in_flight in [2, 16] {
        let origin = Origin::default();
        let paced = pace(max_in_flight, SECOND).layer(origin.service());

        ask_in_order(paced, &["p0", "p1", "p2", "p3", "command"]).await;

        assert_eq!(origin.paths(), ["/p0", "/command", "/p1", "/p2", "/p3"]);
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_comes_later_than_the_gap_does_not_wait_and_the_next_does() {
    let origin = Origin::default();
    let paced = pace(1, SECOND).layer(origin.service());

    ask(&paced, "p0").await;
    sleep(10 * SECOND).await;
    ask(&paced, "p1").await;
    ask(&paced, "p2").await;

    let at: Vec<_> = origin.asked().into_iter().map(|asked| asked.at).collect();
    let apart: Vec<_> = at.windows(2).map(|two| two[1] - two[0]).collect();
    assert!(apart[0] >= 10 * SECOND && apart[0] < 11 * SECOND);
    assert_eq!(apart[1], SECOND);
}

#[tokio::test(start_paused = true)]
async fn nobody_in_the_line_is_sent_while_the_service_asks_for_time() {
    let origin = Origin::first(|answer| {
        *answer.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        let long = HeaderValue::from_static("20");
        answer.headers_mut().insert(RETRY_AFTER, long);
    });
    let client = unsigned().service(origin.service()).build().unwrap();

    assert!(vehicles(&client, 10).await.into_iter().all(|it| it.is_ok()));

    let asked = origin.asked();
    assert_eq!(asked.len(), 11);
    assert!(asked[1].at - asked[0].at >= 20 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_sent_before_its_deadline_is_not_sent_and_does_not_wait() {
    let origin = Origin::default();
    let paced = pace(1, 60 * SECOND).layer(origin.service());
    ask(&paced, "p0").await;
    for (left, waits) in [
        (20 * SECOND, Duration::ZERO),
        (Duration::ZERO, Duration::ZERO),
    ] {
        let begun = Instant::now();
        let mut late = request("command");
        late.extensions_mut().insert(Deadline::within(left));

        let error = paced.clone().oneshot(late).await.err().unwrap();

        assert_eq!(Delivery::of(&*error), Delivery::NotSent);
        assert_eq!(begun.elapsed(), waits);
    }
    assert_eq!(origin.paths(), ["/p0"]);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_breaks_off_gives_the_turn_to_the_next() {
    let paced = pace(1, Duration::ZERO).layer(service_fn(|_: Request<Body>| async {
        let broken = http_body_util::Limited::new(Body::from("a long answer"), 3);
        Ok::<_, Infallible>(Response::new(broken))
    }));
    let broken = paced.clone().oneshot(request("p0")).await.unwrap();
    let mut body = broken.into_body();

    assert!(
        http_body_util::BodyExt::frame(&mut body)
            .await
            .unwrap()
            .is_err()
    );

    let next = tokio::time::timeout(SECOND, paced.oneshot(request("p1")));
    assert!(next.await.is_ok(), "though the broken body is held still");
}

#[tokio::test(start_paused = true)]
async fn too_many_in_the_line_are_told_so_at_once() {
    let origin = Origin::slow(1_000 * SECOND);
    let client = unsigned().service(origin.service()).build().unwrap();
    let mut crowd = JoinSet::new();
    for _ in 0..1_001 {
        let client = client.clone();
        crowd.spawn(async move { client.vehicles().await.map(drop) });
    }
    sleep(TENTH / 100).await;
    let begun = Instant::now();

    let error = client.request(Method::POST, "/v1/lock", None, None).await;

    let error = error.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (Kind::RateLimit, 1));
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert!(error.to_string().contains("too many calls wait"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_client_keeps_the_configured_pace_and_its_calls_tell_of_it() {
    let config = Config::new().with_min_gap(3 * SECOND).unwrap();
    let config = config.with_max_in_flight(2).unwrap();
    let origin = Origin::slow(100 * SECOND);
    let client = unsigned().config(config.with_timeout(3_000 * SECOND).unwrap());
    let client = client.service(origin.service()).build().unwrap();
    let record = CallRecord::telling();
    let second = client.clone().recording(record.clone());

    let (first, second, third) =
        tokio::join!(client.vehicles(), second.vehicles(), client.vehicles(),);

    assert!(first.is_ok() && second.is_ok() && third.is_ok());
    let begun = origin.asked()[0].at;
    let at = origin.asked().into_iter().map(|asked| asked.at - begun);
    assert_eq!(
        at.collect::<Vec<_>>(),
        [Duration::ZERO, 3 * SECOND, 100 * SECOND]
    );
    let told = record.story().into_iter().map(|told| told.event);
    assert!(
        told.into_iter()
            .any(|it| it == CallEvent::Noted("waited for its turn"))
    );
}

#[tokio::test(start_paused = true)]
async fn the_line_is_inside_of_attempts_and_holds_no_turn_between_them() {
    let origin = Origin::first(|answer| *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE);
    let attempts = Arc::new(Mutex::new(Vec::new()));
    let noting = layer_fn({
        let attempts = Arc::clone(&attempts);
        move |inner: Link| {
            let attempts = Arc::clone(&attempts);
            let note = move |request: Request<Body>| {
                attempts.lock().unwrap().push(Instant::now());
                request
            };
            ServiceBuilder::new().map_request(note).service(inner)
        }
    });
    let client = unsigned()
        .pace(pace(1, SECOND))
        .layer_at(Place::Attempts, noting)
        .service(origin.service())
        .build()
        .unwrap();
    let begun = Instant::now();

    assert!(vehicles(&client, 3).await.into_iter().all(|it| it.is_ok()));

    // All three came to the line at once, and the first's second attempt after the others.
    let attempts = attempts.lock().unwrap();
    assert_eq!(attempts.len(), 4);
    assert!(attempts[..3].iter().all(|at| *at == begun));
    assert_eq!(origin.asked().len(), 4);
}

#[test]
fn a_client_without_credentials_needs_no_client_identifier() {
    let config = Config::new().with_brand(toyota_client::Brand::SUBARU);

    assert!(unsigned().config(config.clone()).build().is_ok());
    assert!(ToyotaClient::builder().config(config).build().is_err());
}

fn unsigned() -> ToyotaClientBuilder {
    ToyotaClient::builder().without_auth().without_cache()
}

fn pace(max_in_flight: usize, min_gap: Duration) -> PaceLayer {
    let pacing = Pacing {
        max_in_flight,
        min_gap,
    };
    PaceLayer::new(pacing).unwrap()
}

/// Asks for the vehicles so often at once.
async fn vehicles(client: &ToyotaClient, calls: usize) -> Vec<Result<(), toyota_client::Error>> {
    let mut all = JoinSet::new();
    for _ in 0..calls {
        let client = client.clone();
        all.spawn(async move { client.vehicles().await.map(drop) });
    }
    all.join_all().await
}

/// Asks one after the other, without waiting for answers.
async fn ask_in_order(service: impl HttpService, paths: &[&str]) {
    let mut all = JoinSet::new();
    for path in paths {
        let (service, request) = (service.clone(), request(path));
        all.spawn(async move { service.oneshot(request).await.map(drop).map_err(Into::into) });
        sleep(TENTH / 10).await;
    }
    let answers: Vec<Result<(), tower::BoxError>> = all.join_all().await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
}

async fn ask(service: &impl HttpService, path: &str) {
    let answer = service.clone().oneshot(request(path)).await;
    assert!(answer.is_ok());
}

fn request(path: &str) -> Request<Body> {
    let mut request = Request::get(format!("/{path}"))
        .body(Body::empty())
        .unwrap();
    if path == "command" {
        request.extensions_mut().insert(Urgency::Command);
    }
    request
}

/// Answers each request after a while, and notes it.
#[derive(Clone)]
struct Origin {
    asked: Arc<Mutex<Vec<Asked>>>,
    first: fn(&mut Response<Body>),
    takes: Duration,
}

#[derive(Clone, Debug)]
struct Asked {
    path: String,
    at: Instant,
}

impl Default for Origin {
    fn default() -> Self {
        Self::first(|_| {})
    }
}

impl Origin {
    /// Changes the first answer.
    fn first(first: fn(&mut Response<Body>)) -> Self {
        Self {
            asked: Arc::default(),
            first,
            takes: TENTH / 2,
        }
    }

    fn slow(takes: Duration) -> Self {
        Self {
            takes,
            ..Self::default()
        }
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    fn paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.path).collect()
    }

    fn service(&self) -> impl HttpService<Error = Infallible> + use<> {
        let origin = self.clone();
        service_fn(move |request: Request<Body>| {
            let answer = origin.answer(&request);
            let takes = origin.takes;
            async move {
                sleep(takes).await;
                Ok(answer)
            }
        })
    }

    fn answer(&self, request: &Request<Body>) -> Response<Body> {
        let mut asked = self.asked.lock().unwrap();
        asked.push(Asked {
            path: request.uri().path().to_owned(),
            at: Instant::now(),
        });
        let mut answer = Response::new(Body::from(CARS));
        if asked.len() == 1 {
            (self.first)(&mut answer);
        }
        answer
    }
}
