//! The client: five layers, put together.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use tower::util::BoxCloneSyncService;
use tower::{BoxError, ServiceBuilder};
use tower_client::ServiceBuilderExt;
use tower_client::auth::{AuthLayer, Origins};
use tower_client::cache::{CacheLayer, MemoryStore};
use tower_client::call::Principal;
use tower_client::error::ApiError;
use tower_client::metrics::{MetricsLayer, Registry};
use tower_client::retry::{Backoff, RetryLayer};

use crate::sign_in::SignIn;
use crate::transport::transport;

/// The body of an answer, whatever layers it came through.
pub(crate) type Body = UnsyncBoxBody<Bytes, BoxError>;

/// The whole stack as a type that can be written down: a field of a struct, say. Its clones share
/// connections, credentials, what is cached, and what is known of the server's troubles.
pub(crate) type Client = BoxCloneSyncService<Request<Full<Bytes>>, Response<Body>, ApiError>;

/// A whole answer is read in each attempt up to this length, so that one that breaks off is asked
/// for again.
const LONGEST_COLLECTED: usize = 64 * 1024;

/// Puts the client of an API together.
pub(crate) fn build(origin: &str, registry: &Registry) -> Result<Client, BoxError> {
    let transport = transport();
    // Of one user: nothing has to say whose its answers are.
    let cache = CacheLayer::builder(MemoryStore::new())
        .single_principal(Principal::new("the only one"))
        .build()?;
    let retry = RetryLayer::builder()
        .backoff(Backoff {
            base: Duration::from_millis(50),
            ..Backoff::default()
        })
        .attempt_timeout(Duration::from_secs(5))
        .collect_body(LONGEST_COLLECTED)
        .build()?;
    let measured = ServiceBuilder::new()
        .measure(MetricsLayer::attempt(registry.clone()))
        .service(transport);
    // The source asks below all that needs its tokens, and its requests are measured as well.
    let source = SignIn::new(measured.clone(), origin, "the key that we were given")?;
    let auth = AuthLayer::new(source, Origins::new([origin])?);

    let service = ServiceBuilder::new()
        .map_response(boxed)
        .measure(MetricsLayer::call(registry.clone()))
        .map_api_errors()
        .cache_responses(cache)
        .retry_calls(retry)
        .authenticate(auth)
        .service(measured);
    Ok(BoxCloneSyncService::new(service))
}

/// Forgets which layers a response came through.
fn boxed<B>(response: Response<B>) -> Response<Body>
where
    B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    response.map(|body| body.map_err(Into::into).boxed_unsync())
}
