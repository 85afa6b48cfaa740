//! The layers under test, and the services they are put between.

use std::convert::Infallible;

use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body_util::BodyExt;
use http_body_util::Full;
use http_body_util::combinators::UnsyncBoxBody;
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use tower::buffer::Buffer;
use tower::limit::ConcurrencyLimit;
use tower::util::BoxCloneSyncService;
use tower::{BoxError, Layer, Service, ServiceExt};
use tower_client_auth::{AuthLayer, Origins, StaticToken};
use tower_client_cache::{CacheLayer, MemoryStore};
use tower_client_error::ErrorLayer;
use tower_client_metrics::{MetricsLayer, Registry};
use tower_client_retry::RetryLayer;

use crate::probe::Probe;

pub(crate) type Body = UnsyncBoxBody<Bytes, BoxError>;
pub(crate) type Stack<E = BoxError> = BoxCloneSyncService<Request<Full<Bytes>>, Response<Body>, E>;
pub(crate) type HyperClient = Client<HttpConnector, Full<Bytes>>;

/// A layer, ready to be put over services of different types.
pub(crate) struct Layered {
    pub(crate) name: &'static str,
    pub(crate) over: fn(Stack) -> Stack,
    pub(crate) over_hyper: fn(HyperClient) -> Stack,
    pub(crate) over_infallible: fn(Stack<Infallible>) -> Stack,
}

macro_rules! layered {
    ($name:literal, $layer:expr) => {
        Layered {
            name: $name,
            over: |inner| boxed($layer.layer(inner)),
            over_hyper: |inner| boxed($layer.layer(inner)),
            over_infallible: |inner| boxed($layer.layer(inner)),
        }
    };
}

/// Every layer.
pub(crate) const LAYERS: &[Layered] = &[
    layered!("auth", auth()),
    layered!("cache", CacheLayer::new(MemoryStore::new())),
    layered!("error", ErrorLayer::default()),
    layered!("metrics of calls", MetricsLayer::call(Registry::new())),
    layered!(
        "metrics of attempts",
        MetricsLayer::attempt(Registry::new())
    ),
    layered!("retry", RetryLayer::default()),
];

/// A name, and how it is put over a service.
type Surrounding = (&'static str, fn(Stack) -> Stack);

/// What may stand above a layer or below it, with room for one call.
const SURROUNDINGS: [Surrounding; 3] = [
    ("nothing", |inner| inner),
    ("a limit", |inner| boxed(ConcurrencyLimit::new(inner, 1))),
    ("a buffer", |inner| boxed(Buffer::new(inner, 1))),
];

/// A layer between its surroundings.
pub(crate) struct Composition {
    layer: &'static Layered,
    above: Surrounding,
    below: Surrounding,
}

impl Composition {
    /// Every layer in every place.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        LAYERS.iter().flat_map(|layer| {
            SURROUNDINGS.into_iter().flat_map(move |above| {
                SURROUNDINGS.into_iter().map(move |below| Self {
                    layer,
                    above,
                    below,
                })
            })
        })
    }

    pub(crate) fn name(&self) -> String {
        let (layer, above, below) = (self.layer.name, self.above.0, self.below.0);
        format!("{layer} below {above}, above {below}")
    }

    pub(crate) fn over(&self, probe: &Probe) -> Stack {
        let below = (self.below.1)(boxed(probe.clone()));
        (self.above.1)((self.layer.over)(below))
    }
}

/// Forgets a service's types.
pub(crate) fn boxed<S, B>(service: S) -> Stack
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
    S::Error: Into<BoxError> + 'static,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let service = service
        .map_err(Into::into)
        .map_response(|response: Response<B>| {
            response.map(|body| body.map_err(Into::into).boxed_unsync())
        });
    BoxCloneSyncService::new(service)
}

/// A request that every layer has something to do with.
pub(crate) fn request() -> Request<Full<Bytes>> {
    let mut request = Request::new(Full::default());
    *request.uri_mut() = Uri::from_static("https://api.example/");
    request
}

fn auth() -> AuthLayer {
    let origins = Origins::new(["https://api.example"]).unwrap();
    AuthLayer::new(StaticToken::new("s3cret"), origins)
}
