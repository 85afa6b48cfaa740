//! The typed API, over any service.

mod account;
pub(crate) mod ask;
mod attend;
mod builder;
mod call;
mod command;
mod reads;
mod skew;
mod status;
#[cfg(test)]
mod tests;
mod trips;
mod update;
mod user;
mod wake;
mod whole;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use serde_json::Value;
use tower::{Layer, ServiceExt};
use tower_client::call::{CallRecord, Deadline, InvalidSetting};
use tower_client::error::{ErrorLayer, MapErrors};

pub use self::builder::ToyotaClientBuilder;
use self::call::Call;
use self::skew::Skew;
use self::user::User;
use self::whole::{Answer, Whole};
use crate::auth::UserId;
use crate::envelope::{NoAnswer, read_json};
use crate::exchange::Limits;
use crate::metrics::{CallMetrics, Registry, call_metrics};
use crate::operations::Operations;
use crate::routes::RouteTable;
use crate::stack::Stack;
use crate::wake::WakeSettings;
use crate::{Clock, Config, Error, HttpService, Memory, ToyotaErrors, Vin};

/// A car in the list of vehicles has about 10 KiB. As JSON values, an answer takes several times
/// its size.
const MAX_ANSWER_BYTES: usize = 4 * 1024 * 1024;
/// The largest known answer, fifty trips with their routes, has about 8 MB.
const MAX_RAW_ANSWER_BYTES: usize = 32 * 1024 * 1024;
/// Explanations of errors are short.
const MAX_ERROR_TIME: Duration = Duration::from_secs(5);

/// Toyota's connected services, typed.
///
/// Generic over the service that it talks through: what [`builder`](ToyotaClient::builder) puts
/// together, or any service that takes requests with a path and gives answers. Cheap to clone.
///
/// ```
/// use http::{Request, Response};
/// use toyota_client::{Body, Config, ToyotaClient};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let service = tower::service_fn(|request: Request<Body>| async move {
///     assert_eq!(request.uri(), "/v2/vehicle/guid");
///     let answer = r#"{"payload": [{"vin": "JTSIM00000PET0001", "nickName": "Blue"}]}"#;
///     Ok::<_, std::convert::Infallible>(Response::new(Body::from(answer)))
/// });
/// let client = ToyotaClient::new(service, &Config::new());
///
/// let cars = client.vehicles().await?.value;
///
/// assert_eq!(cars[0].name(), Some("Blue"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ToyotaClient<S = Stack> {
    service: MapErrors<S, ToyotaErrors>,
    metrics: Option<CallMetrics>,
    registry: Registry,
    operations: Arc<Operations>,
    routes: Arc<RouteTable>,
    pub(crate) clock: Clock,
    memory: Memory,
    /// Under which name cars are remembered.
    account: AccountName,
    user: Option<User>,
    wakes: WakeSettings,
    /// Whether anything was ever answered: before that, a refusal may be of the whole client.
    proven: Arc<AtomicBool>,
    skew: Skew,
    timeout: Duration,
    record: Option<CallRecord>,
}

/// Under which name an account's cars are remembered, which is not to be shown: the user's is in it.
#[derive(Clone, Default)]
struct AccountName(Arc<str>);

impl AccountName {
    fn new(name: &str) -> Self {
        Self(name.into())
    }

    fn name(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountName").finish_non_exhaustive()
    }
}

impl ToyotaClient {
    /// Returns a builder for the whole stack: transport, credentials, identity, retries, cache.
    pub fn builder() -> ToyotaClientBuilder {
        ToyotaClientBuilder::new()
    }
}

impl<S> ToyotaClient<S> {
    /// Creates a client that talks through `service`. Of the configuration only the timeout, the
    /// routes and the quotas of wakes matter here.
    #[must_use]
    pub fn new(service: S, config: &Config) -> Self {
        let errors = ToyotaErrors::within(MAX_ERROR_TIME.min(config.api.timeout / 2));
        let registry = Registry::new();
        Self {
            service: ErrorLayer::new(errors).layer(service),
            metrics: Some(call_metrics(&registry)),
            registry,
            operations: Arc::new(Operations::default()),
            routes: Arc::new(RouteTable::new(
                config.api.routes.as_deref().unwrap_or_default(),
            )),
            clock: Clock::system(),
            memory: Memory::in_process(),
            account: AccountName::default(),
            user: None,
            wakes: config.wake,
            proven: Arc::default(),
            skew: Skew::default(),
            timeout: config.api.timeout,
            record: None,
        }
    }

    /// Treats each operation by these rules. What they say of caching is for
    /// [`builder`](ToyotaClient::builder).
    #[must_use]
    pub fn by_rules(self, operations: Operations) -> Self {
        let operations = Arc::new(operations);
        Self { operations, ..self }
    }

    /// Tells ages, quotas and periods by this clock, instead of the system's.
    #[must_use]
    pub fn by_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Remembers here what is learnt of cars, instead of as long as the client and its clones live.
    /// Clients of different accounts can share one only if they are
    /// [built](ToyotaClient::builder), which keeps their cars apart.
    #[must_use]
    pub fn remembering(self, memory: Memory) -> Self {
        Self { memory, ..self }
    }

    /// Wakes cars as these settings say.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] names the first that cannot be followed.
    pub fn waking(self, wakes: WakeSettings) -> Result<Self, InvalidSetting> {
        wakes.check()?;
        Ok(Self { wakes, ..self })
    }

    /// Names the user for whom the service below signs requests in: some of the service's routes want
    /// it in their body.
    #[must_use]
    pub fn for_user(self, user: UserId) -> Self {
        let user = Some(User::known(user));
        Self { user, ..self }
    }

    /// Measures calls in this registry, instead of in one of its own. The requests for them are
    /// measured where [`builder`](ToyotaClient::builder) was told to.
    #[must_use]
    pub fn measured_in(self, registry: Registry) -> Self {
        Self {
            metrics: Some(call_metrics(&registry)),
            registry,
            ..self
        }
    }

    /// Does not measure calls.
    #[must_use]
    pub fn unmeasured(self) -> Self {
        let metrics = None;
        Self { metrics, ..self }
    }

    /// Returns the registry in which calls are measured; in a client of
    /// [`builder`](ToyotaClient::builder), the requests for them too.
    #[must_use]
    pub fn metrics(&self) -> &Registry {
        &self.registry
    }

    /// Writes what happens to the calls (the cache's part, attempts, waits, why they ended) to this
    /// record; take one for each call.
    #[must_use]
    pub fn recording(self, record: CallRecord) -> Self {
        let record = Some(record);
        Self { record, ..self }
    }

    /// Returns the service that it talks through.
    #[must_use]
    pub fn get_ref(&self) -> &S {
        self.service.get_ref()
    }

    /// Returns the service that it talks through mutably.
    pub fn get_mut(&mut self) -> &mut S {
        self.service.get_mut()
    }

    /// Returns the service that it talks through.
    #[must_use]
    pub fn into_inner(self) -> S {
        self.service.into_inner()
    }
}

impl<S: HttpService> ToyotaClient<S> {
    /// Sends any request and returns the whole answer as JSON; an empty answer is `{}`.
    ///
    /// For what has no method yet. What only reads is the operation `request`, anything else the
    /// operation `command`, which is sent once unless its [rules](Operations) say otherwise. At most
    /// 32 MiB are read. The answer is not redacted: it holds VINs and positions.
    ///
    /// # Errors
    ///
    /// [`Error`]; of [`Kind::Validation`](crate::Kind::Validation) when `path` is not one.
    pub async fn request(
        &self,
        method: Method,
        path: &str,
        vin: Option<&Vin>,
        body: Option<&Value>,
    ) -> Result<Value, Error> {
        let call = Call {
            operation: Operations::raw(&method),
            method,
            path: Cow::Borrowed(path),
            vin,
            body: body.map(Cow::Borrowed),
            at: None,
            fresh: false,
            max_answer_bytes: MAX_RAW_ANSWER_BYTES,
        };
        self.send(call, read_json).await
    }

    /// Sends a call and returns what `read` makes of the answer.
    async fn send<T: Send + Sync + 'static>(
        &self,
        call: Call<'_>,
        read: fn(Bytes) -> Result<T, NoAnswer>,
    ) -> Result<T, Error> {
        let mut request = call.request()?;
        let rules = self.operations.of(call.operation.name());
        let timeout = rules.and_then(|rules| rules.timeout);
        let timeout = timeout.unwrap_or(self.timeout);
        let facts = request.extensions_mut();
        facts.insert(Deadline::within(timeout));
        facts.insert(self.record.clone().unwrap_or_default());
        if let Some(rules) = rules {
            rules.tell(facts);
        }
        let whole = Whole {
            service: self.service.clone(),
            limits: Limits {
                time: timeout,
                body_bytes: call.max_answer_bytes,
            },
            read,
        };
        let sent = self.clock.now();
        let answer = match &self.metrics {
            Some(metrics) => metrics
                .layer(whole)
                .oneshot(request)
                .await
                .map(|it| it.map(drop)),
            None => whole.oneshot(request).await.map(|it| it.map(drop)),
        };
        match answer {
            Ok(answer) => {
                // What only reads a cache may have answered, with a date of before.
                if !call.method.is_safe() {
                    self.skew.learn(answer.headers(), sent, self.clock.now());
                }
                // Nothing between takes it away.
                Answer::of(answer).ok_or_else(Error::invalid_target)
            }
            Err(error) => Err(error.about(call.vin)),
        }
    }
}
