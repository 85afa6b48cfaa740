//! Those who call: wait, read, and leave in every way there is.

use std::future::poll_fn;
use std::panic::resume_unwind;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use http::header::{CONTENT_LENGTH, HOST};
use http::{Request, Response};
use http_body_util::BodyExt;
use tokio::sync::oneshot;
use tower::{BoxError, Service};
use tower_client_metrics::{Boxed, CallBodyMeter, CallRecorder, MeteredBody, Metrics, Registry};

use crate::body::Payload;
use crate::plan::{Leaving, Patience, Plan};
use crate::resender::{Given, Resender};
use crate::transport::Ledger;

pub(crate) type Client = Metrics<Resender, CallRecorder<Registry>, Boxed>;

type Answer = Response<MeteredBody<Given, CallBodyMeter<Registry>>>;

type BoxFuture = Pin<Box<dyn Future<Output = Result<Answer, BoxError>> + Send>>;

/// How a call ended for its caller.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Ended {
    /// The caller left, with a future or a body in hand.
    Left,
    Failed,
    /// The body broke off.
    Broken,
    /// The body was read to its end.
    Read,
}

/// Makes a call as planned.
pub(crate) async fn call(client: &Client, plan: &Arc<Plan>, ledger: &Arc<Ledger>) -> Ended {
    let (leaves, has_left) = oneshot::channel();
    let caller = Caller {
        plan: Arc::clone(plan),
        ledger: Arc::clone(ledger),
        patience: plan.caller.patience,
        leaves,
    };
    if plan.caller.leaving == Leaving::Drop {
        return caller.run(client.clone()).await;
    }
    let task = tokio::spawn(caller.run(client.clone()));
    if has_left.await.is_ok() {
        task.abort();
    }
    // A panic of a caller's is planned, one of the test's own is not.
    task.await.unwrap_or_else(|error| {
        let planned = error.is_cancelled() || error.into_panic().is::<Leaving>();
        assert!(planned, "{plan:#?}");
        Ended::Left
    })
}

struct Caller {
    plan: Arc<Plan>,
    ledger: Arc<Ledger>,
    patience: Patience,
    /// Told when somebody may abort the task.
    leaves: oneshot::Sender<()>,
}

impl Caller {
    async fn run(mut self, mut client: Client) -> Ended {
        poll_fn(|cx| client.poll_ready(cx)).await.unwrap();
        let mut future = start(&mut client, &self.plan);
        match self.patience.endure(future.as_mut()).await {
            None => self.leave(future).await,
            Some(Err(_)) => Ended::Failed,
            Some(Ok(answer)) => {
                drop(future);
                self.ledger.answers.fetch_add(1, Relaxed);
                self.read(answer).await
            }
        }
    }

    async fn read(mut self, mut answer: Answer) -> Ended {
        let body = answer.body_mut();
        for _ in 0..self.plan.caller.frames.unwrap_or(u32::MAX) {
            let frame = self.patience.endure(pin!(body.frame())).await;
            let ended = match frame {
                None => break,
                Some(Some(Ok(_))) => continue,
                Some(Some(Err(_))) => Ended::Broken,
                Some(None) => Ended::Read,
            };
            if self.plan.caller.asks_again {
                let _nothing = body.frame().await;
            }
            return ended;
        }
        self.leave(answer).await
    }

    /// Leaves, with something in hand.
    async fn leave<T>(self, held: T) -> Ended {
        match self.plan.caller.leaving {
            Leaving::Drop => drop(held),
            // As `panic!` does, but without a word on stderr.
            Leaving::Panic => resume_unwind(Box::new(Leaving::Panic)),
            Leaving::Abort => {
                let _the_other_waits = self.leaves.send(());
                std::future::pending::<()>().await;
            }
        }
        Ended::Left
    }
}

/// Boxed, since whether `AsError` is implemented for `BoxError` is more than the compiler can find
/// out in a task of its own.
fn start(client: &mut Client, plan: &Arc<Plan>) -> BoxFuture {
    Box::pin(client.call(request(plan)))
}

fn request(plan: &Arc<Plan>) -> Request<Payload> {
    let uri = format!("{}/v1/trips/1?page=2", plan.place.origin);
    let mut request = Request::builder().method(plan.method.0).uri(uri);
    if let Some(host) = plan.place.host {
        request = request.header(HOST, host);
    }
    if let Payload::Announced(bytes) = plan.payload {
        request = request.header(CONTENT_LENGTH, bytes);
    }
    if let Some(operation) = plan.operation {
        request = request.extension(operation);
    }
    let request = request.extension(Arc::clone(plan));
    request.body(plan.payload).unwrap()
}
