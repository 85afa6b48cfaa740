//! The services among tower's own: in `ServiceBuilder`, behind `Buffer`, boxed, limited.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Empty, Full};
use tests::{ask_at_once, client, config, credentials, login, simulator, soon, transport};
use tower::util::BoxCloneSyncService;
use tower::{BoxError, Layer, ServiceBuilder, ServiceExt};
use toyota_client::auth::{self, AuthLayer};
use toyota_client::{Body, ToyotaClient, ToyotaService};
use toyota_sim::{Route, Simulator};

fn auth(sim: &Simulator) -> AuthLayer {
    auth::layer(login(sim), credentials(sim), &config(sim)).build()
}

/// What adds base URL and identity, around the rest.
fn identity<S>(sim: &Simulator, inner: S) -> ToyotaService<S> {
    ToyotaService::new(inner, &config(sim)).unwrap()
}

fn service(sim: &Simulator) -> ToyotaService {
    ToyotaService::new(transport(sim), &config(sim)).unwrap()
}

#[tokio::test]
async fn the_service_takes_any_suitable_body() {
    let sim = simulator().await;
    let request = |body| Request::get("/v2/vehicle/guid").body(body).unwrap();

    let empty = Request::get("/v2/vehicle/guid")
        .body(Empty::<Bytes>::new())
        .unwrap();
    let streamed = Full::<Bytes>::default()
        .map_err(BoxError::from)
        .boxed_unsync();
    let answers = [
        soon(service(&sim).oneshot(empty)).await.unwrap().status(),
        soon(service(&sim).oneshot(request(streamed)))
            .await
            .unwrap()
            .status(),
    ];

    // Nobody is signed in: the gateway says so, which is proof enough that it was asked.
    assert_eq!(answers.map(|status| status.as_u16()), [403, 403]);
}

#[tokio::test]
async fn the_client_talks_through_a_stack_of_towers_own_layers() {
    let sim = simulator().await;
    let stack = ServiceBuilder::new()
        .buffer(8)
        .concurrency_limit(1)
        .timeout(Duration::from_secs(10))
        .layer(auth(&sim))
        .service(transport(&sim));
    let stack = identity(&sim, stack);
    let client = ToyotaClient::new(stack, &config(&sim));

    ask_at_once(&client, 20).await;

    assert_eq!(sim.counters().requests(Route::Vehicles), 20);
}

#[tokio::test]
async fn the_client_talks_through_a_boxed_service() {
    let sim = simulator().await;
    let boxed = BoxCloneSyncService::new(
        ServiceBuilder::new()
            .layer(auth(&sim))
            .service(transport(&sim)),
    );
    let client = ToyotaClient::new(identity(&sim, boxed), &config(&sim));

    assert!(soon(client.vehicles()).await.is_ok());
}

#[tokio::test]
async fn a_limit_below_the_credentials_is_respected_by_their_replay() {
    let sim = simulator().await;
    let limited = ServiceBuilder::new()
        .layer(auth(&sim))
        .concurrency_limit(1)
        .service(transport(&sim));
    let client = ToyotaClient::new(identity(&sim, limited), &config(&sim));
    soon(client.vehicles()).await.unwrap();

    sim.expire_access_tokens();

    assert!(soon(client.vehicles()).await.is_ok());
}

#[tokio::test]
async fn a_request_to_another_origin_is_not_signed() {
    let (sim, elsewhere) = (simulator().await, simulator().await);
    let stack = identity(&sim, auth(&sim).layer(transport(&sim)));
    let uri = format!("{}/v2/vehicle/guid", elsewhere.api_url());

    let request = Request::get(uri).body(Body::empty()).unwrap();
    soon(stack.oneshot(request)).await.unwrap();

    assert_eq!(sim.counters().requests_total(), 0);
    let requests = elsewhere.requests();
    for name in [
        "authorization",
        "x-guid",
        "guid",
        "x-client-ref",
        "x-api-key",
        "api_key",
    ] {
        assert!(!requests[0].headers().contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn a_cancelled_call_leaves_the_client_working() {
    let sim = simulator().await;
    let client = client(&sim);
    soon(client.vehicles()).await.unwrap();

    for millis in [0, 1, 2, 5, 10, 20] {
        let call = tokio::time::timeout(Duration::from_millis(millis), client.vehicles());
        drop(call.await);

        assert!(soon(client.vehicles()).await.is_ok());
    }
}

#[tokio::test]
async fn a_client_that_is_dropped_leaves_no_task_and_no_connection() {
    let sim = simulator().await;
    let tasks = || {
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks()
    };
    let before = tasks();
    let client = client(&sim);
    soon(client.vehicles()).await.unwrap();
    assert!(sim.counters().connections_open > 0);

    drop(client);

    soon(async {
        // The simulator has a task for each connection.
        while sim.counters().connections_open > 0 || tasks() > before {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn compressed_answers_are_asked_for_and_read() {
    let sim = simulator().await;

    let cars = soon(client(&sim).vehicles()).await.unwrap();

    assert!(!cars.value.is_empty());
    let requests = sim.requests();
    let vehicles = requests
        .iter()
        .find(|r| r.route() == Route::Vehicles)
        .unwrap();
    assert_eq!(vehicles.headers()["accept-encoding"], "gzip,br");
}

#[test]
fn public_types_can_be_sent_shared_and_cloned() {
    fn check<T: Clone + Send + Sync + 'static>() {}

    check::<ToyotaClient>();
    check::<ToyotaService>();
    check::<toyota_client::Transport>();
    check::<toyota_client::Stack>();
    check::<toyota_client::Config>();
    check::<toyota_client::Credentials>();
    check::<toyota_client::auth::Credential>();
    check::<toyota_client::LoginError>();
}
