//! The layers, as this API needs them.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use tower::util::BoxCloneSyncService;
use tower::{BoxError, ServiceBuilder};
use tower_client::ServiceBuilderExt;
use tower_client::auth::oauth::{ClientCredentialsGrant, OAuthClient};
use tower_client::auth::{AuthLayer, Origins};
use tower_client::cache::{CacheLayer, MemoryStore};
use tower_client::call::Principal;
use tower_client::error::ApiError;
use tower_client::metrics::{MetricsLayer, Registry};
use tower_client::retry::{Backoff, RetryLayer};

use super::errors::{Complaint, ForgeErrors};
use super::{LONGEST_ANSWER, limits};
use crate::transport::transport;

/// The body of an answer, whatever layers it came through.
pub(super) type Body = UnsyncBoxBody<Bytes, BoxError>;

/// The whole stack.
pub(super) type Service =
    BoxCloneSyncService<Request<Full<Bytes>>, Response<Body>, ApiError<Complaint>>;

/// An app that is known to the API, and what proves that it is this one.
#[derive(Clone, Copy)]
pub(crate) struct App<'a> {
    pub(crate) id: &'a str,
    pub(crate) secret: &'a str,
}

/// Does not show the secret.
impl fmt::Debug for App<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

pub(super) fn build(origin: &str, app: App<'_>, registry: &Registry) -> Result<Service, BoxError> {
    let transport = transport();
    let login = OAuthClient::builder(format!("{origin}/login/oauth/access_token"), app.id)
        .client_secret(app.secret)
        .build()?;
    let source = ClientCredentialsGrant::new(transport.clone(), login);
    // Whatever a link says, the token goes nowhere else, and neither do we.
    let auth = AuthLayer::builder(source, Origins::new([origin])?).refuse_elsewhere();
    // The app is the only one who asks.
    let cache = CacheLayer::builder(MemoryStore::new()).single_principal(Principal::new(app.id));
    let retry = RetryLayer::builder()
        .backoff(Backoff {
            base: Duration::from_millis(200),
            ..Backoff::default()
        })
        .collect_body(LONGEST_ANSWER);

    let service = ServiceBuilder::new()
        .map_response(boxed)
        .measure(MetricsLayer::call(registry.clone()))
        .map_api_errors_with(ForgeErrors)
        .cache_responses(cache.build()?)
        .retry_calls(retry.build()?)
        .map_response(limits::in_words_of_http)
        .authenticate(auth.build())
        .measure(MetricsLayer::attempt(registry.clone()))
        .service(transport);
    Ok(BoxCloneSyncService::new(service))
}

fn boxed<B>(response: Response<B>) -> Response<Body>
where
    B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    response.map(|body| body.map_err(Into::into).boxed_unsync())
}
