//! What a call costs by itself: stacks around an origin that answers at once.
//!
//! The origin does what it must and nothing else, so that the difference to `bare` is the layers'
//! own. `benches/cost.rs` counts a case's instructions, `tests/allocations.rs` its allocations.

mod pages;
pub mod stores;

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::hint::black_box;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::{
    ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, DATE, ETAG, HeaderName,
    HeaderValue, SERVER, USER_AGENT,
};
use http::{Request, Response, Uri};
use http_body_util::{BodyExt, Full};
use tokio::runtime;
use tower::{Layer, Service, ServiceBuilder, ServiceExt};
use tower_client_auth::{AuthLayer, Credential, Origins, source_fn};
use tower_client_cache::{CacheLayer, MemoryStore, Rule};
use tower_client_call::{CallRecord, Operation};
use tower_client_error::ErrorLayer;
use tower_client_metrics::{MetricsLayer, Registry};
use tower_client_retry::RetryLayer;
use tower_http::set_header::SetRequestHeaderLayer;

use self::pages::{trips_calls, value_calls};

/// A stack whose cost is counted.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// What it is called on the command line.
    pub name: &'static str,
    start: fn() -> Calls,
}

/// Makes this many calls, one after the other.
type Calls = Box<dyn FnMut(u32)>;

/// Every case; `bare` is what the others are compared to.
pub const CASES: &[Case] = &[
    Case::new("bare", || calls(Origin::STALE)),
    Case::new("private", || calls_of(Origin::STALE, private_request)),
    Case::new("named", || named_calls(Origin::STALE)),
    Case::new("error", || {
        calls(ErrorLayer::default().layer(Origin::STALE))
    }),
    Case::new("metrics_call", || {
        named_calls(MetricsLayer::call(Registry::new()).layer(Origin::STALE))
    }),
    Case::new("metrics_attempt", || {
        named_calls(MetricsLayer::attempt(Registry::new()).layer(Origin::STALE))
    }),
    Case::new("retry", || {
        calls(RetryLayer::default().layer(Origin::STALE))
    }),
    Case::new("auth", || calls(fresh_token().layer(Origin::STALE))),
    Case::new("cache_hit", || calls(cache().layer(Origin::FRESH))),
    Case::new("cache_hit_long", || calls(cache().layer(Origin::LONG))),
    Case::new("hit_boxed", || stores::hits(stores::boxed(), ())),
    Case::new("hit_tiered", || stores::hits(stores::tiered(), ())),
    Case::new("hit_disk", stores::disk_hits),
    Case::new("hit_redis", stores::redis_hits),
    Case::new("cache_pass", || {
        calls_of(cache().layer(Origin::STALE), private_request)
    }),
    Case::new("cache_unstored", || {
        calls(cache().layer(Origin::UNSTORABLE))
    }),
    Case::new("cache_store", || {
        let mut uris = distinct_uris().into_iter().cycle();
        calls_of(cache().layer(Origin::FRESH), move || {
            request_of(uris.next().expect("a cycle"))
        })
    }),
    Case::new("stack", || stack_calls(Rule::off(), Origin::FRESH)),
    Case::new("stack_unstored", || {
        stack_calls(Rule::standard(), Origin::UNSTORABLE)
    }),
    Case::new("stack_hit", || stack_calls(Rule::standard(), Origin::FRESH)),
    Case::new("trips_page", || trips_calls(false)),
    Case::new("trips_page_routes", || trips_calls(true)),
    Case::new("trips_page_value", value_calls),
    Case::new("copied-header", || {
        calls(copied_header().layer(Origin::STALE))
    }),
];

impl Case {
    const fn new(name: &'static str, start: fn() -> Calls) -> Self {
        Self { name, start }
    }

    /// Returns the case with this name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        CASES.iter().find(|case| case.name == name)
    }

    /// Builds the stack and its runtime, and returns what makes this many calls.
    ///
    /// The first calls pay for what is made once: do not count them.
    pub fn start(&self) -> impl FnMut(u32) + use<> {
        (self.start)()
    }
}

fn calls<S, B>(service: S) -> Calls
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>> + 'static,
    S::Error: std::fmt::Debug,
    B: http_body::Body<Data = Bytes> + Unpin,
    B::Error: std::fmt::Debug,
{
    calls_of(service, request)
}

/// Calls with the facts that a typed client puts on each: what metrics read, and write to.
fn named_calls<S, B>(service: S) -> Calls
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>> + 'static,
    S::Error: std::fmt::Debug,
    B: http_body::Body<Data = Bytes> + Unpin,
    B::Error: std::fmt::Debug,
{
    calls_of(service, named_request)
}

fn calls_of<S, B>(
    mut service: S,
    mut request: impl FnMut() -> Request<Full<Bytes>> + 'static,
) -> Calls
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>> + 'static,
    S::Error: std::fmt::Debug,
    B: http_body::Body<Data = Bytes> + Unpin,
    B::Error: std::fmt::Debug,
{
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    Box::new(move |count| {
        runtime.block_on(async {
            for _ in 0..count {
                let ready = service.ready().await.expect("an origin that is ready");
                let response = ready.call(request()).await.expect("an answer");
                let mut body = black_box(response).into_body();
                let frame = body.frame().await.expect("a frame");
                black_box(frame.expect("an origin that does not fail"));
            }
        });
    })
}

/// Calls through all five layers in their order, cached by this rule.
fn stack_calls(rule: Rule, origin: Origin) -> Calls {
    let registry = Registry::new();
    let cache = CacheLayer::builder(MemoryStore::new()).rules(rule);
    let stack = ServiceBuilder::new()
        .layer(MetricsLayer::call(registry.clone()))
        .layer(ErrorLayer::default())
        .layer(cache.build().expect("settings that can be"))
        .layer(RetryLayer::default())
        .layer(fresh_token())
        .layer(MetricsLayer::attempt(registry));
    calls(stack.service(origin))
}

/// A cache of fewer entries than there are [distinct URIs](distinct_uris).
fn cache() -> CacheLayer {
    let store = MemoryStore::builder().max_entries(1000).build();
    CacheLayer::new(store.expect("sizes that can be"))
}

/// URIs that are made before they are counted, as many as a cache of 1,000 entries forgets.
fn distinct_uris() -> Vec<Uri> {
    let numbered = |number: u32| format!("https://api.example/v1/trips/{number}");
    (0..4096)
        .map(|number| Uri::try_from(numbered(number)).expect("a URI"))
        .collect()
}

/// A token that is good for the whole run and expires all the same: the clocks have to be asked.
fn fresh_token() -> AuthLayer {
    let source = source_fn(|_, _| async {
        let hour = Duration::from_secs(3600);
        Ok(Credential::new(TOKEN).expires_in(hour))
    });
    let origins = Origins::new(["https://api.example"]).expect("an origin");
    AuthLayer::new(source, origins)
}

/// What there is to compare: tower-http's layer, which copies a header on each request.
fn copied_header() -> SetRequestHeaderLayer<HeaderValue> {
    let token = HeaderValue::try_from(format!("Bearer {TOKEN}")).expect("a token");
    SetRequestHeaderLayer::overriding(AUTHORIZATION, token)
}

const TOKEN: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl";

/// A small read, as a client of an API builds it.
#[inline(never)] // the same code in every case
fn request() -> Request<Full<Bytes>> {
    request_of(Uri::from_static("https://api.example/v1/trips/7"))
}

#[inline(always)]
fn request_of(uri: Uri) -> Request<Full<Bytes>> {
    let mut request = Request::new(Full::default());
    *request.uri_mut() = black_box(uri);
    let headers = request.headers_mut();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(USER_AGENT, HeaderValue::from_static("cost/1.0"));
    request
}

/// A read that is not to be stored.
#[inline(never)]
fn private_request() -> Request<Full<Bytes>> {
    let mut request = request();
    let headers = request.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    request
}

#[inline(never)]
fn named_request() -> Request<Full<Bytes>> {
    let mut request = request();
    let facts = request.extensions_mut();
    facts.insert(Operation::new("trip", "/v1/trips/{id}"));
    facts.insert(CallRecord::new());
    request
}

/// Answers at once.
#[derive(Clone, Copy, Debug)]
struct Origin {
    cache_control: &'static str,
    length: &'static str,
    body: &'static [u8],
}

impl Origin {
    /// Two kibibytes that are stale when they come.
    const STALE: Self = Self {
        cache_control: "private, max-age=0",
        length: "2048",
        body: &[b'x'; 2048],
    };
    /// The same, fresh for ten years after that date.
    const FRESH: Self = Self {
        cache_control: "private, max-age=315360000",
        ..Self::STALE
    };
    /// The same, never to be stored.
    const UNSTORABLE: Self = Self {
        cache_control: "private, no-store",
        ..Self::STALE
    };
    /// A mebibyte that is fresh for ten years after that date.
    const LONG: Self = Self {
        length: "1048576",
        body: &[b'x'; 1024 * 1024],
        ..Self::FRESH
    };

    fn fields(&self) -> [(HeaderName, &'static str); 6] {
        [
            (CONTENT_TYPE, "application/json"),
            (CONTENT_LENGTH, self.length),
            (DATE, "Sun, 22 Nov 2026 20:00:00 GMT"),
            (CACHE_CONTROL, self.cache_control),
            (ETAG, "\"7\""),
            (SERVER, "origin"),
        ]
    }
}

impl<B> Service<Request<B>> for Origin {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    #[inline(never)] // the same code in every case
    fn call(&mut self, request: Request<B>) -> Self::Future {
        drop(black_box(request));
        let mut response = Response::new(Full::new(Bytes::from_static(self.body)));
        let headers = response.headers_mut();
        for (name, value) in self.fields() {
            // As they come from a connection: slices of what was read, which cost no allocation.
            headers.insert(name, HeaderValue::from_static(value));
        }
        ready(Ok(response))
    }
}
