//! The cache's place in the stack: whose an answer is, what it is about, and whether it is one.

mod origin;

use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response, StatusCode, Uri};
use tower::{BoxError, Layer, Service};
use tower_client_auth::Provider;
use tower_client_cache::{
    Cache, CacheBody, CacheError, CacheHandle, CacheLayer, Entry, ResponseFuture, Rule, RuleTable,
};
use tower_client_call::Principal;
use url::form_urlencoded::byte_serialize;
use uuid::Uuid;

use self::origin::Origin;
use crate::envelope::read_answer;
use crate::{BaseUrl, Body, Config, Credentials, HttpService};

/// What is read again and again, and changes seldom. Nothing else is stored.
const READS: [&str; 3] = ["vehicles", "location", "telemetry"];

/// Answers again what a client's calls were answered before: to the same account of the same make,
/// about the same car, until a logout.
///
/// Made by [`ToyotaClient::builder`](crate::ToyotaClient::builder). A call that has a [`Principal`]
/// of its own shares nothing with those that have none.
#[derive(Clone)]
pub struct Cached<S> {
    cache: Cache<Origin<S>>,
    handle: CacheHandle,
    account: Arc<Account>,
}

/// Whose calls are cached.
struct Account {
    id: Arc<str>,
    api: BaseUrl,
    provider: Provider,
}

/// What the cache is not to see of a call: its own URI and principal, which the service below gets
/// back.
#[derive(Clone)]
struct Disguise {
    uri: Uri,
    principal: Option<Principal>,
}

impl<S> Cached<S> {
    pub(super) fn new(
        layer: &CacheLayer,
        inner: S,
        config: &Config,
        credentials: &Credentials,
        provider: Provider,
    ) -> Self {
        Self {
            cache: layer.layer(Origin(inner)),
            handle: layer.handle(),
            account: Arc::new(Account {
                id: account_id(config, credentials),
                api: config.api_url.clone(),
                provider,
            }),
        }
    }

    /// Returns what the owner of the cache looks into it with.
    #[must_use]
    pub fn handle(&self) -> CacheHandle {
        self.handle.clone()
    }

    /// Returns the service below.
    #[must_use]
    pub fn get_ref(&self) -> &S {
        &self.cache.get_ref().0
    }

    /// Returns the service below mutably.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.cache.get_mut().0
    }

    /// Returns the service below, without the cache.
    #[must_use]
    pub fn into_inner(self) -> S {
        self.cache.into_inner().0
    }
}

impl<S: fmt::Debug> fmt::Debug for Cached<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cached")
            .field("cache", &self.cache)
            .finish_non_exhaustive()
    }
}

impl<S: HttpService> Service<Request<Body>> for Cached<S> {
    type Response = Response<CacheBody<S::ResponseBody>>;
    type Error = CacheError;
    type Future = ResponseFuture<S::Future, S::ResponseBody>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), CacheError>> {
        self.cache.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        self.account.disguise(&mut request);
        self.cache.call(request)
    }
}

impl Account {
    /// Makes of a request what its answer is stored by: the principal and the URI.
    fn disguise(&self, request: &mut Request<Body>) {
        let principal = request.extensions_mut().remove::<Principal>();
        let owner = self.owner(principal.as_ref());
        let uri = self
            .resource(request)
            .unwrap_or_else(|| request.uri().clone());
        let uri = std::mem::replace(request.uri_mut(), uri);
        let extensions = request.extensions_mut();
        extensions.insert(owner);
        extensions.insert(Disguise { uri, principal });
    }

    /// Returns whose the answer is. A logout ends the epoch, and with it all that was stored.
    fn owner(&self, declared: Option<&Principal>) -> Principal {
        match declared {
            None => {
                let epoch = self.provider.default_principal().epoch();
                Principal::new(Arc::clone(&self.id)).at_epoch(epoch)
            }
            Some(other) => {
                Principal::new(format!("{}\n{}", self.id, other.id())).at_epoch(other.epoch())
            }
        }
    }

    /// Returns the whole URI, with the car: the service tells cars apart by a header.
    fn resource(&self, request: &Request<Body>) -> Option<Uri> {
        let uri = self.api.resolve(request.uri())?;
        let Some(vin) = request.headers().get("vin") else {
            return Some(uri);
        };
        let mark = if uri.query().is_some() { '&' } else { '?' };
        let vin: String = byte_serialize(vin.as_bytes()).collect();
        format!("{uri}{mark}vin={vin}").parse().ok()
    }
}

/// Returns what tells an account from all others that may share the store. One without a name has a
/// client of its own. Makes share realms, and the service answers each its own way.
fn account_id(config: &Config, credentials: &Credentials) -> Arc<str> {
    let brand = &config.brand;
    let name = match credentials.username() {
        "" => Uuid::new_v4().to_string(),
        name => name.to_owned(),
    };
    let login = config.login_url.to_string();
    [&*login, &*brand.realm, &*brand.code, &*name]
        .join("\n")
        .into()
}

/// Returns the rules: the service sends no cache headers, so each answer is good for this time. It
/// is never served longer: nobody is to take old data for new.
pub(super) fn rules(ttl: Duration) -> RuleTable {
    let read = |name: &'static str| Rule::fixed(ttl).tag(name).store_if(is_answer);
    READS
        .into_iter()
        .fold(RuleTable::new(Rule::off()), |rules, name| {
            rules.operation(name, read(name))
        })
}

/// Tells whether what came is an answer: a good status can hide an error, or somebody else's page.
fn is_answer(entry: &Entry) -> bool {
    entry.status() == StatusCode::OK && read_answer(&entry.content().to_bytes()).is_ok()
}

/// Returns what the service below a cache failed with, where nobody else shares it: that a cache was
/// between says nothing.
pub(crate) fn below_cache(error: BoxError) -> BoxError {
    match error.downcast::<CacheError>() {
        Ok(error) => error.try_into_source().unwrap_or_else(BoxError::from),
        Err(error) => error,
    }
}

#[cfg(test)]
mod tests;
