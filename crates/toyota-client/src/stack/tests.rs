//! Which layers are there, in which order, and what a layer of one's own sees.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::header::LOCATION;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use tokio::time::{Instant, sleep};
use tower::layer::layer_fn;
use tower::service_fn;
use tower_client::auth::Credential;
use tower_client::call::{Attempt, Idempotency};
use tower_client::retry::{Backoff, RetryLayerBuilder};

use super::*;
use crate::operations::{Caching, Operations};
use crate::pace::Pacing;
use crate::{Kind, ToyotaClient, ToyotaClientBuilder};

const CARS: &str = r#"{"payload": [{"vin": "JTSIM00000PET0001"}]}"#;

#[tokio::test(start_paused = true)]
async fn a_layer_sees_what_its_place_says() {
    let places = [Place::Calls, Place::Misses, Place::Attempts, Place::Sends];
    let seen = places.map(|_| Seen::default());
    let api = Api::failing_first([503, 307]);
    let mut builder = api.builder();
    for (place, seen) in places.into_iter().zip(&seen) {
        builder = builder.layer_at(place, seen.layer());
    }
    let client = builder.build().unwrap();

    // Refused as busy, repeated, redirected; then answered from the cache.
    client.vehicles().await.unwrap();
    client.vehicles().await.unwrap();

    assert_eq!(seen.each_ref().map(Seen::times), [2, 1, 2, 3]);
    let [calls, misses, attempts, sends] = seen.each_ref().map(Seen::first);
    for path_only in [calls, misses, attempts] {
        assert_eq!(path_only.uri, "/v2/vehicle/guid");
        assert!(!path_only.headers.contains_key("authorization"));
        assert!(!path_only.headers.contains_key("x-brand"));
    }
    assert!(sends.uri.starts_with("https://"), "{}", sends.uri);
    assert!(sends.headers.contains_key("authorization"));
    assert!(sends.headers.contains_key("x-brand"));
    let attempts = seen[2].all().into_iter().map(|seen| seen.attempt);
    assert_eq!(attempts.collect::<Vec<_>>(), [1, 2]);
}

#[tokio::test(start_paused = true)]
async fn layers_of_one_place_stand_as_they_were_added() {
    let order = Arc::new(Mutex::new(Vec::new()));
    let noting = |name: &'static str| {
        let order = Arc::clone(&order);
        layer_fn(move |inner: Link| {
            let order = Arc::clone(&order);
            tower::ServiceBuilder::new()
                .map_request(move |request: Request<Body>| {
                    order.lock().unwrap().push(name);
                    request
                })
                .service(inner)
        })
    };
    let client = Api::good()
        .builder()
        .layer(noting("first"))
        .layer_at(Place::Sends, noting("innermost"))
        .layer(noting("second"));

    client.build().unwrap().vehicles().await.unwrap();

    assert_eq!(*order.lock().unwrap(), ["first", "second", "innermost"]);
}

#[tokio::test(start_paused = true)]
async fn each_layer_can_be_left_out() {
    let api = Api::failing_first([503]);
    let client = api.builder().without_retry().build().unwrap();
    let error = client.vehicles().await.unwrap_err();
    assert_eq!((error.kind(), api.asked()), (Kind::Server, 1));

    let api = Api::good();
    let client = api.builder().without_cache().build().unwrap();
    client.vehicles().await.unwrap();
    client.vehicles().await.unwrap();
    assert_eq!(api.asked(), 2);

    let (api, seen) = (Api::good(), Seen::default());
    let builder = api.builder().without_auth();
    let client = builder
        .layer_at(Place::Sends, seen.layer())
        .build()
        .unwrap();
    client.vehicles().await.unwrap();
    assert!(!seen.first().headers.contains_key("authorization"));
    assert!(seen.first().headers.contains_key("x-brand"));

    let client = Api::good().builder().without_metrics().build().unwrap();
    client.vehicles().await.unwrap();
    assert_eq!(client.metrics().snapshot(), Registry::new().snapshot());
}

#[tokio::test(start_paused = true)]
async fn a_layer_is_replaced_by_another_at_its_place() {
    let api = Api::failing_first([503, 503]);
    let again = layer_fn(|inner: Link| {
        service_fn(move |request: Request<Body>| {
            let mut inner = inner.clone();
            async move {
                let body = request.body().try_clone().unwrap_or_default();
                let mut again = Request::new(body);
                *again.uri_mut() = request.uri().clone();
                let answer = inner.call(request).await?;
                if answer.status().is_success() {
                    return Ok(answer);
                }
                // Until then it is under way, and the next would wait for its turn.
                drop(answer);
                inner.call(again).await
            }
        })
    });
    let builder = api.builder().without_retry();
    let client = builder.layer_at(Place::Misses, again).build().unwrap();

    let refused = client.vehicles().await.unwrap_err();
    let cars = client.vehicles().await.unwrap();

    assert_eq!(refused.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
    assert_eq!((cars.value.len(), api.asked()), (1, 3));
}

#[test]
fn a_client_is_built_without_a_runtime() {
    // So it opens no socket, starts no task and waits for nothing.
    let client = ToyotaClient::builder().build();

    assert!(client.is_ok());
}

#[tokio::test(start_paused = true)]
async fn what_is_set_goes_before_what_is_configured_whenever_it_is_set() {
    let api = Api::failing_first([503]);
    let builder = api.builder().without_retry();
    let client = builder.config(crate::Config::new()).build().unwrap();

    assert!(client.vehicles().await.is_err());
}

#[tokio::test(start_paused = true)]
async fn operations_have_times_of_their_own() {
    let operations = Operations::default()
        .with("telemetry", |rules| {
            rules.caching = Caching::For(Duration::from_secs(10));
            rules.timeout = Some(Duration::from_secs(2));
        })
        .unwrap();
    let api = Api::slow(Duration::from_secs(1));
    let builder = api.builder().operations(operations.clone());
    let client = builder.build().unwrap();
    let vin = crate::Vin::new("JTSIM00000PET0001").unwrap();
    for (passed, asked) in [(0, 1), (8, 1), (2, 2)] {
        sleep(Duration::from_secs(passed)).await;
        client.telemetry(&vin).await.unwrap();
        assert_eq!(api.asked(), asked);
    }

    let slow = Api::slow(Duration::from_secs(5));
    let client = slow.builder().operations(operations).build().unwrap();
    let begun = Instant::now();
    let error = client.telemetry(&vin).await.unwrap_err();
    assert_eq!(
        (error.kind(), begun.elapsed().as_secs()),
        (Kind::Timeout, 2)
    );
    assert!(client.location(&vin).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_command_is_sent_once_unless_its_rules_say_otherwise() {
    let repeatable = Operations::default().with("command", |rules| {
        rules.idempotency = Some(Idempotency::Repeatable);
    });
    for (operations, sent) in [(Operations::default(), 1), (repeatable.unwrap(), 3)] {
        for method in [Method::POST, Method::PUT, Method::DELETE] {
            let api = Api::failing_first([500, 500]);
            let client = api.builder().operations(operations.clone());
            let client = client.build().unwrap();

            let answer = client.request(method.clone(), "/v1/lock", None, None);
            assert_eq!(answer.await.is_ok(), sent == 3, "{method}");
            assert_eq!(api.asked(), sent, "{method}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn calls_take_turns_and_commands_go_first() {
    let api = Api::slow(Duration::from_secs(1));
    let pacing = Pacing {
        min_gap: Duration::from_millis(1500),
        ..Pacing::default()
    };
    let pace = PaceLayer::new(pacing).unwrap();
    let seen = Seen::default();
    let builder = api.builder().pace(pace).without_cache();
    let client = builder
        .layer_at(Place::Sends, seen.layer())
        .build()
        .unwrap();

    let begun = Instant::now();
    let (polls, command) = tokio::join!(
        async { tokio::join!(client.vehicles(), client.vehicles()) },
        client.request(Method::POST, "/v1/lock", None, None),
    );

    assert!(polls.0.is_ok() && polls.1.is_ok() && command.is_ok());
    assert_eq!(begun.elapsed(), Duration::from_secs(4));
    let paths = seen.all().into_iter().map(|seen| seen.method);
    assert_eq!(
        paths.collect::<Vec<_>>(),
        [Method::GET, Method::POST, Method::GET]
    );
}

/// A transport that answers with a list of cars.
#[derive(Clone, Default)]
struct Api {
    asked: Arc<Mutex<usize>>,
    first: Arc<[u16]>,
    takes: Duration,
}

impl Api {
    fn good() -> Self {
        Self::default()
    }

    /// Answers the first requests with these statuses.
    fn failing_first<const N: usize>(first: [u16; N]) -> Self {
        let first = Arc::from(first);
        Self {
            first,
            ..Self::default()
        }
    }

    fn slow(takes: Duration) -> Self {
        Self {
            takes,
            ..Self::default()
        }
    }

    fn asked(&self) -> usize {
        *self.asked.lock().unwrap()
    }

    /// The builder of a client that is signed in and asks here.
    fn builder(&self) -> ToyotaClientBuilder {
        let api = self.clone();
        let transport = service_fn(move |_: Request<Body>| {
            let answer = api.answer();
            let takes = api.takes;
            async move {
                sleep(takes).await;
                Ok::<_, Infallible>(answer)
            }
        });
        let quick = Backoff {
            base: Duration::from_millis(1),
            ..Backoff::default()
        };
        ToyotaClient::builder()
            .credential(Credential::new("token"))
            .retry(
                RetryLayerBuilder::default()
                    .backoff(quick)
                    .without_cool_down(),
            )
            .service(transport)
    }

    fn answer(&self) -> Response<Body> {
        let mut asked = self.asked.lock().unwrap();
        let status = self.first.get(*asked).copied().unwrap_or(200);
        *asked += 1;
        let mut answer = Response::new(Body::from(CARS));
        *answer.status_mut() = StatusCode::from_u16(status).unwrap();
        if status == 307 {
            let there = HeaderValue::from_static("/v3/vehicle/guid");
            answer.headers_mut().insert(LOCATION, there);
        }
        answer
    }
}

/// Notes what comes by.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<Sighting>>>);

#[derive(Clone)]
struct Sighting {
    method: Method,
    uri: String,
    headers: HeaderMap,
    attempt: u32,
}

impl Seen {
    fn layer(&self) -> impl Layer<Link, Service: HttpService> + Send + Sync + use<> {
        let seen = self.clone();
        layer_fn(move |inner: Link| {
            let seen = seen.clone();
            let note = move |request: Request<Body>| {
                seen.0.lock().unwrap().push(Sighting {
                    method: request.method().clone(),
                    uri: request.uri().to_string(),
                    headers: request.headers().clone(),
                    attempt: Attempt::of(&request).number(),
                });
                request
            };
            tower::ServiceBuilder::new()
                .map_request(note)
                .service(inner)
        })
    }

    fn all(&self) -> Vec<Sighting> {
        self.0.lock().unwrap().clone()
    }

    fn first(&self) -> Sighting {
        self.all().remove(0)
    }

    fn times(&self) -> usize {
        self.all().len()
    }
}
