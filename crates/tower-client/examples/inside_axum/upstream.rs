//! The service that we call for our users: the stack, and what is asked by it.

mod on_behalf;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use tower::util::BoxCloneSyncService;
use tower::{BoxError, ServiceBuilder, ServiceExt};
use tower_client::ServiceBuilderExt;
use tower_client::auth::{AuthLayer, Origins, Provider};
use tower_client::cache::{CacheLayer, MemoryStore};
use tower_client::call::{Deadline, Operation, Principal};
use tower_client::error::{ApiError, Call, Kind};
use tower_client::metrics::{MetricsLayer, Registry};
use tower_client::retry::{Backoff, RetryLayer};

use self::on_behalf::OnBehalf;
use crate::transport::transport;

pub(crate) const TRIPS: Operation = Operation::new("trips", "/v1/trips");
pub(crate) const FORECAST: Operation = Operation::new("forecast", "/v1/forecast");
pub(crate) const REPORT: Operation = Operation::new("report", "/v1/report");

pub(crate) type Body = UnsyncBoxBody<Bytes, BoxError>;
type Service = BoxCloneSyncService<Request<Full<Bytes>>, Response<Body>, ApiError>;

/// A whole answer is read in each attempt up to this length, and is in time with it; a longer one
/// is passed on as it comes.
const LONGEST_COLLECTED: usize = 64 * 1024;

/// The way to the service. Clones are cheap, and share everything: connections, tokens, what is
/// cached and for whom, and what is known of the service's troubles.
#[derive(Clone, Debug)]
pub(crate) struct Upstream {
    origin: Arc<str>,
    service: Service,
    provider: Provider,
}

impl Upstream {
    /// Puts the stack together; one for the whole program.
    pub(crate) fn new(origin: &str, key: &str, registry: &Registry) -> Result<Self, BoxError> {
        let transport = transport();
        let source = OnBehalf::new(transport.clone(), origin, key)?;
        let auth = AuthLayer::new(source, Origins::new([origin])?);
        let provider = auth.provider();
        let retry = RetryLayer::builder()
            .backoff(Backoff {
                base: Duration::from_millis(50),
                ..Backoff::default()
            })
            .collect_body(LONGEST_COLLECTED);

        let service = ServiceBuilder::new()
            .map_response(boxed)
            .measure(MetricsLayer::call(registry.clone()))
            .map_api_errors()
            // Not of a single principal: each request says whose it is, and what one user was
            // answered is nobody else's.
            .cache_responses(CacheLayer::new(MemoryStore::new()))
            .retry_calls(retry.build()?)
            .authenticate(auth)
            .measure(MetricsLayer::attempt(registry.clone()))
            .service(transport);
        Ok(Self {
            origin: origin.into(),
            service: BoxCloneSyncService::new(service),
            provider,
        })
    }

    /// Asks for a resource on somebody's behalf, until a deadline.
    pub(crate) async fn get(
        &self,
        operation: Operation,
        principal: Principal,
        deadline: Deadline,
    ) -> Result<Response<Body>, ApiError> {
        let request = Request::get(format!("{}{}", self.origin, operation.template()))
            .extension(operation)
            .extension(principal)
            .extension(deadline)
            .body(Full::default())
            .map_err(|error| {
                ApiError::failed(&Call::of(&Request::new(())), Kind::Internal, error)
            })?;
        self.service.clone().oneshot(request).await
    }

    /// Waits until no token is being fetched for these users: one that was rotated a moment ago
    /// would be lost with the program.
    pub(crate) async fn settle(&self, principals: impl IntoIterator<Item = Principal>) {
        for principal in principals {
            self.provider.settle(&principal).await;
        }
    }
}

/// Forgets which layers a response came through.
fn boxed<B>(response: Response<B>) -> Response<Body>
where
    B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    response.map(|body| body.map_err(Into::into).boxed_unsync())
}
