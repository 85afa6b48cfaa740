//! The layers between the two that measure: send again, authenticate and keep answers as the plan
//! says, and write down what they did.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response};
use http_body_util::{BodyExt, Either};
use tower::{BoxError, Service, ServiceExt};
use tower_client_call::{CallRecord, StopReason};
use tower_client_metrics::{
    AttemptBodyMeter, AttemptRecorder, MeteredBody, Metrics, Registry, Typed,
};

use crate::body::{Payload, Script};
use crate::plan::{Again, Fetch, Leg, Plan};
use crate::transport::Transport;
use crate::waiting::pause;
use crate::words::{Fault, TransportError, answered};

pub(crate) type Wire = Metrics<Transport, AttemptRecorder<Registry>, Typed>;

type Sent = MeteredBody<Script, AttemptBodyMeter<Registry>>;

/// The body of an answer that has just come, or was kept.
pub(crate) type Given = Either<Sent, Script>;

#[derive(Clone, Debug)]
pub(crate) struct Resender(pub(crate) Wire);

type ResendFuture =
    Pin<Box<dyn Future<Output = Result<Response<Given>, BoxError>> + Send + 'static>>;

impl Service<Request<Payload>> for Resender {
    type Response = Response<Given>;
    type Error = BoxError;
    type Future = ResendFuture;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, request: Request<Payload>) -> ResendFuture {
        let plan: &Arc<Plan> = request.extensions().get().unwrap();
        let plan = Arc::clone(plan);
        let record = CallRecord::find(request.extensions()).unwrap().clone();
        let clone = self.0.clone();
        let mut sending = Sending {
            wire: std::mem::replace(&mut self.0, clone),
            request,
            first: None,
            leaving: Leaving::new(&plan, &record),
            record,
        };
        if let Some(leg) = plan.resender.legs.first().filter(|_| plan.resender.eager) {
            sending.first = Some(sending.start(leg));
        }
        Box::pin(async move { sending.run(&plan).await })
    }
}

/// One call on its way.
struct Sending {
    // Dropped first, as the innermost.
    first: Option<<Wire as Service<Request<Payload>>>::Future>,
    wire: Wire,
    request: Request<Payload>,
    record: CallRecord,
    leaving: Leaving,
}

impl Sending {
    async fn run(mut self, plan: &Plan) -> Result<Response<Given>, BoxError> {
        let resender = &plan.resender;
        if let Some(fetch) = resender.fetch {
            self.fetch(fetch).await;
        }
        if let Some((outcome, _)) = resender.cache {
            self.record.set_cache(outcome);
        }
        let mut answer = Ok(resender.kept.response().map(Either::Right));
        for (number, leg) in resender.legs.iter().enumerate() {
            let result = self.send(leg).await;
            let is_last = number + 1 == resender.legs.len();
            answer = match result {
                Ok(response) if is_last && !resender.refuses => Ok(response.map(Either::Left)),
                Ok(response) => {
                    let refused = answered(response.status().as_u16());
                    drain(response, leg.drained).await;
                    Err(refused.into())
                }
                Err(error) => Err(error.into()),
            };
            if !is_last {
                self.prepare(leg.again).await;
            }
        }
        if let Some((stop, _)) = resender.stop {
            self.record.set_stop(stop);
        }
        self.leaving.0 = None;
        answer
    }

    fn start(&mut self, leg: &Arc<Leg>) -> <Wire as Service<Request<Payload>>>::Future {
        let mut request = self.request.clone();
        request.extensions_mut().insert(Arc::clone(leg));
        self.wire.call(request)
    }

    async fn send(&mut self, leg: &Arc<Leg>) -> Result<Response<Sent>, TransportError> {
        let future = match self.first.take() {
            Some(first) => first,
            None => {
                self.wire.ready().await?;
                self.start(leg)
            }
        };
        let mut patience = leg.patience;
        let result = patience.endure(pin!(future)).await;
        if let Some(kind) = leg.kind {
            self.record.set_error_kind(kind);
        }
        result.unwrap_or_else(|| Err(Fault::Io(std::io::ErrorKind::TimedOut).error()))
    }

    async fn prepare(&mut self, again: Again) {
        match again {
            Again::Retry((reason, _), pauses, eighths) => {
                pause(pauses).await;
                self.record
                    .add_backoff(Duration::from_millis(125) * eighths);
                self.record.count_retry(reason);
            }
            Again::Replay(fetch) => {
                self.fetch(fetch).await;
                self.record.count_replay();
            }
            Again::Redirect => {}
        }
    }

    async fn fetch(&mut self, fetch: Fetch) {
        pause(fetch.pauses).await;
        self.record.count_token_fetch();
        let wait = Duration::from_millis(125) * fetch.eighths;
        self.record.add_credential_wait(wait);
    }
}

/// Reads some of an answer that goes no further, and drops it.
async fn drain(mut response: Response<Sent>, frames: Option<u32>) {
    for _ in 0..frames.unwrap_or(u32::MAX) {
        if !matches!(response.body_mut().frame().await, Some(Ok(_))) {
            break;
        }
    }
}

/// Notes that the caller left, when the call is dropped before it is over.
struct Leaving(Option<CallRecord>);

impl Leaving {
    fn new(plan: &Plan, record: &CallRecord) -> Self {
        Self(plan.resender.notes_leaving.then(|| record.clone()))
    }
}

impl Drop for Leaving {
    fn drop(&mut self) {
        if let Some(record) = &self.0 {
            record.set_stop(StopReason::Cancelled);
        }
    }
}
