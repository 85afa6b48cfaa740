//! Times calls over a loopback socket, bare and through all five layers, taking turns in one run:
//! `cargo bench -p tests --bench loopback`, with the number of rounds as an argument.
//!
//! Each round makes the same calls twice, 64 in flight, by hyper-util's client alone and through the
//! stack around it; which goes first alternates. What else the machine does meanwhile hits both, so
//! the ratio of a round means something where a time does not. Prints the median of the ratios.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a program, whose figures are for people"
)]

use std::fmt::Debug;
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tests::ratios::summary;
use tokio::net::TcpListener;
use tokio::runtime;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tower::{Service, ServiceBuilder, ServiceExt};
use tower_client::ServiceBuilderExt;
use tower_client::auth::{AuthLayer, Credential, Origins, source_fn};
use tower_client::cache::{CacheLayer, MemoryStore, Rule};
use tower_client::metrics::{MetricsLayer, Registry};
use tower_client::retry::RetryLayer;

const IN_FLIGHT: usize = 64;
const CALLS: usize = 6_400;
const ROUNDS: usize = 31;

fn main() {
    let rounds = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let rounds = rounds.unwrap_or(ROUNDS);
    let address = serve();
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    println!("{rounds} rounds of {CALLS} calls each, {IN_FLIGHT} in flight; time over bare:");
    for (name, rule) in [
        ("calls that are not cached, by their rule", Rule::off()),
        ("answers that are not to be stored", Rule::standard()),
    ] {
        let ratios = runtime.block_on(compare(address, rule, rounds));
        println!("{name}: {}", summary(ratios));
    }
}

/// Serves two kibibytes of JSON on a thread of its own.
fn serve() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("a socket");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(accept(listener));
    });
    address
}

async fn accept(listener: std::net::TcpListener) {
    let listener = TcpListener::from_std(listener).expect("a socket");
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        let connection = http1::Builder::new().serve_connection(
            TokioIo::new(stream),
            service_fn(|_| async {
                let response = Response::builder()
                    .header("content-type", "application/json")
                    .header("cache-control", "no-store");
                response.body(Full::new(Bytes::from_static(&[b'7'; 2048])))
            }),
        );
        tokio::spawn(connection);
    }
}

/// Returns, for each round, the time through the layers over the time without.
async fn compare(address: SocketAddr, rule: Rule, rounds: usize) -> Vec<f64> {
    let uri = Uri::try_from(format!("http://{address}/v1/trips/7")).expect("a URI");
    let bare = client();
    let layered = layered(client(), &uri, rule);
    // Connections, credential and series are made once.
    time(&bare, &uri).await;
    time(&layered, &uri).await;
    let mut ratios = Vec::with_capacity(rounds);
    for round in 0..rounds {
        let (without, with) = if round % 2 == 0 {
            let without = time(&bare, &uri).await;
            (without, time(&layered, &uri).await)
        } else {
            let with = time(&layered, &uri).await;
            (time(&bare, &uri).await, with)
        };
        ratios.push(with.as_secs_f64() / without.as_secs_f64());
    }
    ratios
}

fn client() -> Client<HttpConnector, Full<Bytes>> {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    Client::builder(TokioExecutor::new()).build(connector)
}

fn layered(client: Client<HttpConnector, Full<Bytes>>, uri: &Uri, rule: Rule) -> impl Call {
    let registry = Registry::new();
    let authority = uri.authority().expect("an authority");
    let origins = Origins::new([format!("http://{authority}")]).expect("an origin");
    let token = source_fn(|_, _| async {
        Ok(Credential::new("a token").expires_in(Duration::from_secs(3600)))
    });
    let cache = CacheLayer::builder(MemoryStore::new()).rules(rule);
    ServiceBuilder::new()
        .measure(MetricsLayer::call(registry.clone()))
        .map_api_errors()
        .cache_responses(cache.build().expect("settings that can be"))
        .retry_calls(RetryLayer::default())
        .authenticate(AuthLayer::new(token, origins))
        .measure(MetricsLayer::attempt(registry))
        .service(client)
}

/// A client of either kind.
trait Call:
    Service<Request<Full<Bytes>>, Response = Response<Self::Body>, Error: Debug, Future: Send>
    + Clone
    + Send
    + 'static
{
    type Body: Body<Data = Bytes, Error: Debug> + Send;
}

impl<S, B> Call for S
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>, Error: Debug, Future: Send>
        + Clone
        + Send
        + 'static,
    B: Body<Data = Bytes, Error: Debug> + Send,
{
    type Body = B;
}

/// Makes the calls, and returns how long they took.
async fn time(client: &impl Call, uri: &Uri) -> Duration {
    let begun = Instant::now();
    let mut callers = JoinSet::new();
    for _ in 0..IN_FLIGHT {
        let (client, uri) = (client.clone(), uri.clone());
        callers.spawn(async move {
            for _ in 0..CALLS / IN_FLIGHT {
                let mut request = Request::new(Full::default());
                *request.uri_mut() = uri.clone();
                let response = client.clone().oneshot(request).await.expect("an answer");
                let body = response.into_body().collect().await.expect("a body");
                assert_eq!(body.to_bytes().len(), 2048);
            }
        });
    }
    while let Some(done) = callers.join_next().await {
        done.expect("no panic");
    }
    begun.elapsed()
}
