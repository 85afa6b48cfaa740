//! The real layers, some of them, around the client's parts.

use std::fmt;
use std::time::Duration;

use http::Request;
use tests::{config, credentials};
use tower::layer::layer_fn;
use tower_client_cache::{CacheHandle, CacheLayer, MemoryStore, Rule};
use tower_client_call::Operation;
use tower_client_error::ErrorLayer;
use tower_client_metrics::{MetricsLayer, Registry};
use tower_client_retry::{Backoff, Jitter, RetryLayer};
use toyota_client::{Body, Login, ToyotaErrors, ToyotaService, auth};

use super::Host;
use super::own::{Arrivals, Own};
use crate::stack::{End, Over, Stack, ask, boxed, over, stack};

/// What a composition has or has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Both of its layers.
    Metrics,
    Errors,
    Cache,
    Retry,
    Auth,
}

const PARTS: [Part; 5] = [
    Part::Metrics,
    Part::Errors,
    Part::Cache,
    Part::Retry,
    Part::Auth,
];

/// Where the user's own layer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Outermost,
    /// Below the cache and above retries.
    Middle,
    Innermost,
}

/// Some of the layers, and a place of the user's own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Composition {
    /// A bit for each of the parts.
    parts: u8,
    pub(crate) place: Place,
}

impl Composition {
    /// How many layers [`full`](Self::full) has, with the one that keeps what arrives.
    pub(crate) const FULL: usize = 9;

    /// Every subset with every place.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let places = [Place::Outermost, Place::Middle, Place::Innermost];
        let subsets = 0..1 << PARTS.len();
        subsets.flat_map(move |parts| places.map(|place| Self { parts, place }))
    }

    /// All layers, and the user's own around them.
    pub(crate) fn full() -> Self {
        Self {
            parts: (1 << PARTS.len()) - 1,
            place: Place::Outermost,
        }
    }

    pub(crate) fn has(self, part: Part) -> bool {
        let position = PARTS.iter().position(|other| *other == part).unwrap();
        self.parts & (1 << position) != 0
    }
}

impl fmt::Debug for Composition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = PARTS.into_iter().filter(|part| self.has(*part));
        f.debug_set().entries(parts).finish()?;
        write!(f, " with the user's own layer {:?}", self.place)
    }
}

/// A client of some of the layers.
pub(crate) struct Client {
    stack: Stack,
    pub(crate) registry: Registry,
    pub(crate) cache: CacheHandle,
    pub(crate) own: Own,
    pub(crate) arrivals: Arrivals,
}

impl Client {
    /// Creates a client of these layers, and of another above the n-th of them.
    pub(crate) fn new(composition: Composition, other: Option<(usize, Over)>, host: &Host) -> Self {
        let (registry, own, arrivals) = (Registry::new(), Own::default(), Arrivals::default());
        let (cache, handle) = cache();
        let calls = over(MetricsLayer::call(registry.clone()));
        let errors = over(ErrorLayer::new(ToyotaErrors::default()));
        let sends = over(MetricsLayer::attempt(registry.clone()));
        let part = |part, layer| composition.has(part).then_some(layer);
        let place = |place| (composition.place == place).then(|| own.layer());
        let layers = [
            place(Place::Outermost),
            part(Part::Metrics, calls),
            part(Part::Errors, errors),
            part(Part::Cache, cache),
            place(Place::Middle),
            part(Part::Retry, retry()),
            Some(identity(host)),
            part(Part::Auth, credentials_of(host)),
            part(Part::Metrics, sends),
            place(Place::Innermost),
            Some(arrivals.layer()),
        ];
        let mut layers: Vec<_> = layers.into_iter().flatten().collect();
        if let Some((at, other)) = other {
            layers.insert(at, other);
        }
        Self {
            stack: stack(layers, boxed(host.transport.clone())),
            registry,
            cache: handle,
            own,
            arrivals,
        }
    }

    /// Asks for the cars.
    pub(crate) async fn call(&self) -> End {
        let path = "/v2/vehicle/guid";
        let mut request = Request::get(path).body(Body::empty()).unwrap();
        request
            .extensions_mut()
            .insert(Operation::new("vehicles", path));
        ask(&self.stack, request).await
    }
}

/// The service says nothing of caching.
fn cache() -> (Over, CacheHandle) {
    let rule = Rule::fixed(Duration::from_secs(300));
    let layer = CacheLayer::builder(MemoryStore::new())
        .rules(rule)
        .build()
        .unwrap();
    let handle = layer.handle();
    (over(layer), handle)
}

/// Three attempts that hardly wait.
fn retry() -> Over {
    let backoff = Backoff {
        base: Duration::from_millis(1),
        factor: 1.0,
        jitter: Jitter::None,
        ..Backoff::default()
    };
    over(RetryLayer::builder().backoff(backoff).build().unwrap())
}

/// What adds base URL and identity, which belongs above credentials and below retries.
fn identity(host: &Host) -> Over {
    let config = config(&host.sim);
    over(layer_fn(move |inner| {
        ToyotaService::new(inner, &config).unwrap()
    }))
}

fn credentials_of(host: &Host) -> Over {
    let config = config(&host.sim);
    let login = Login::new(host.transport.clone(), &config).unwrap();
    over(auth::layer(login, credentials(&host.sim), &config).build())
}
