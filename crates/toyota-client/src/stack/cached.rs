//! The cache's place in the stack: whose an answer is, what it is about, and whether it is one.

mod origin;

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::header::CACHE_CONTROL;
use http::{HeaderValue, Request, Response, StatusCode, Uri};
use tower::{BoxError, Layer, Service};
use tower_client::auth::Provider;
use tower_client::cache::{
    Cache, CacheBody, CacheError, CacheHandle, CacheLayer, Entry, ResponseFuture, Rule, RuleTable,
};
use tower_client::call::Principal;
use url::form_urlencoded::byte_serialize;
use uuid::Uuid;

use self::origin::Origin;
use crate::envelope::read_answer;
use crate::operations::{Caching, Operations};
use crate::{BaseUrl, Body, Config, Credentials, HttpService};

/// Puts the cache over the rest of a client's stack.
#[derive(Clone)]
pub(crate) struct CachedLayer {
    cache: CacheLayer,
    account: Arc<Account>,
}

/// Answers again what a client's calls were answered before: to the same account of the same make,
/// about the same car, until a logout.
///
/// A call that has a [`Principal`] of its own shares nothing with those that have none.
#[derive(Clone)]
pub(crate) struct Cached<S> {
    cache: Cache<Origin<S>>,
    account: Arc<Account>,
}

/// Whose calls are cached.
struct Account {
    id: Arc<str>,
    api: BaseUrl,
    provider: Provider,
}

/// Among a call's extensions: it is to be asked of the service, whatever was answered before. What
/// comes is stored for those who ask after it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fresh;

/// What the cache is not to see of a call: its own URI and principal, which the service below gets
/// back. What only the cache is to see is taken away again.
#[derive(Clone)]
struct Disguise {
    uri: Uri,
    principal: Option<Principal>,
    is_fresh: bool,
}

impl CachedLayer {
    pub(crate) fn new(
        cache: CacheLayer,
        config: &Config,
        credentials: &Credentials,
        provider: Provider,
    ) -> Self {
        Self {
            cache,
            account: Arc::new(Account {
                id: account_id(config, credentials),
                api: config.api.base_url.clone(),
                provider,
            }),
        }
    }

    /// Returns whose the answers are of calls that have no principal of their own: of which epoch
    /// makes no difference to who forgets all of them.
    pub(crate) fn principal(&self) -> Principal {
        Principal::new(Arc::clone(&self.account.id))
    }

    /// Returns what the owner of the cache looks into it with.
    pub(crate) fn handle(&self) -> CacheHandle {
        self.cache.handle()
    }
}

impl<S> Layer<S> for CachedLayer {
    type Service = Cached<S>;

    fn layer(&self, inner: S) -> Cached<S> {
        Cached {
            cache: self.cache.layer(Origin(inner)),
            account: Arc::clone(&self.account),
        }
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
        let is_fresh = request.extensions_mut().remove::<Fresh>().is_some();
        if is_fresh {
            let asked = HeaderValue::from_static("no-cache");
            request.headers_mut().insert(CACHE_CONTROL, asked);
        }
        let extensions = request.extensions_mut();
        extensions.insert(owner);
        extensions.insert(Disguise {
            uri,
            principal,
            is_fresh,
        });
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
    let name = match credentials.username() {
        "" => Uuid::new_v4().to_string(),
        name => name.to_owned(),
    };
    let login = config.auth.login_url.to_string();
    [&*login, config.realm(), &*config.api.brand.code, &*name]
        .join("\n")
        .into()
}

/// Returns the rules: the service sends no cache headers, so each answer is good for a time that the
/// operation has, or for this. It is never served longer: nobody is to take old data for new.
pub(crate) fn rules(operations: &Operations, ttl: Duration) -> RuleTable {
    let others = RuleTable::new(Rule::off());
    operations.iter().fold(others, |table, operation| {
        let name = operation.name();
        let ttl = match operation.caching {
            Caching::Off => return table,
            Caching::Usual => ttl,
            Caching::For(ttl) => ttl,
        };
        table.operation(name, Rule::fixed(ttl).tag(name).store_if(is_answer))
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
