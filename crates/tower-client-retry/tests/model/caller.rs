//! Runs a case: its callers, and what they saw.

use std::iter::zip;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body::Body;
use http_body_util::BodyExt;
use tokio::time::{sleep, timeout};
use tower::{BoxError, Layer, Service, ServiceExt};
use tower_client_call::{
    CallRecord, CallSnapshot, Deadline, Delivery, Operation, PeekedBody, RepeatBody, StopReason,
};
use tower_client_retry::{Retry, RetryError};

use crate::body::{Payload, ReplyBody};
use crate::case::{Case, Leaves, Plan};
use crate::ledger::{Entry, Ledger};
use crate::log::{Log, Model, REQUEST_ID};
use crate::probe::{AnyPolicy, Probe, Watched};
use crate::stack::{Below, Stack};

/// Nobody waits longer.
const HOUR: Duration = Duration::from_secs(60 * 60);
const MOMENT: Duration = Duration::from_millis(1);

/// What happened in a case.
#[derive(Debug)]
pub(crate) struct Story {
    pub(crate) case: Case,
    logs: Vec<Log>,
    ends: Vec<End>,
    pub(crate) ledger: Option<(Vec<Entry>, u32)>,
    /// Permits that are not back when all calls are over.
    pub(crate) permits_out: usize,
    pub(crate) misused: u32,
}

impl Story {
    pub(crate) fn calls(&self) -> impl Iterator<Item = (&Plan, &Log, &End)> {
        let calls = zip(&self.case.plans, zip(&self.logs, &self.ends));
        calls.map(|(plan, (log, end))| (plan, log, end))
    }

    pub(crate) fn refunds(&self) -> usize {
        let entries = self.ledger.iter().flat_map(|(entries, _)| entries);
        let refunds = entries.filter(|entry| matches!(entry, Entry::Refunded(_)));
        refunds.count()
    }
}

/// How a call ended for its caller.
#[derive(Clone, Debug)]
pub(crate) struct End {
    /// When the layer was called; `None` if it was never ready.
    pub(crate) called: Option<Duration>,
    pub(crate) deadline: Option<Duration>,
    pub(crate) at: Duration,
    pub(crate) how: How,
    pub(crate) record: CallSnapshot,
    /// What the layer left behind.
    pub(crate) in_flight: usize,
    /// Handles that are kept ready, and from others, when the layer has been called.
    pub(crate) readied: usize,
}

#[derive(Clone, Debug)]
pub(crate) enum How {
    NotReady,
    Left,
    Answer {
        status: StatusCode,
        stop: Option<StopReason>,
    },
    Error {
        stop: StopReason,
        attempts: u32,
        delivery: Delivery,
    },
}

type Client<B> = Retry<Probe<Stack<B>>, Watched>;

pub(crate) fn run<B>(case: Case, policy: &AnyPolicy, body: fn(&Payload) -> B) -> Story
where
    B: RepeatBody<Kept: Send> + Body<Data = Bytes, Error: Into<BoxError>> + Send + Unpin + 'static,
{
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    runtime.unwrap().block_on(async {
        let model = Model::new(case.seed, case.plans.len());
        let (stack, permits) = case.below.build(&model);
        let ledger = case
            .budget
            .map(|(capacity, costs)| Arc::new(Ledger::new(capacity, costs)));
        let layer = case.layer(ledger.clone());
        let layer = layer.policy(Watched::new(policy, &model)).build().unwrap();
        let client: Client<B> = layer.layer(Probe::new(stack, &model));

        let callers = case.plans.iter().enumerate().map(|(id, plan)| {
            let (client, model, plan) = (client.clone(), Arc::clone(&model), plan.clone());
            let body = body(&plan.payload);
            tokio::spawn(call(client, model, id, plan, body, case.below))
        });
        let callers: Vec<_> = callers.collect();
        let mut ends = Vec::new();
        for caller in callers {
            ends.push(caller.await.unwrap());
        }

        let free = permits.map(|permits| permits.available_permits());
        Story {
            permits_out: match (case.below, free) {
                (Below::Limit(all), Some(free)) => all - free,
                _ => 0,
            },
            ledger: ledger.map(|ledger| (ledger.entries(), ledger.tokens())),
            logs: model.logs(),
            misused: model.misused(),
            ends,
            case,
        }
    })
}

async fn call<B>(
    mut client: Client<B>,
    model: Arc<Model>,
    id: usize,
    plan: Plan,
    body: B,
    below: Below,
) -> End
where
    B: RepeatBody<Kept: Send> + Body<Data = Bytes, Error: Into<BoxError>> + Send + Unpin + 'static,
{
    sleep(plan.starts).await;
    let (request, record, deadline) = request(&plan, id, body);
    let ready = matches!(timeout(HOUR, client.ready()).await, Ok(Ok(_)));
    let called = ready.then(|| model.now());
    let mut readied = 0;
    let (how, at) = if ready {
        let future = client.call(request);
        drop(client);
        readied = model.readied();
        how_it_ends(future, &plan, &model, id).await
    } else {
        drop((client, request));
        (How::NotReady, model.now())
    };
    if let Below::Buffer(_) = below {
        // Its worker sees a little later that a caller has left.
        sleep(MOMENT).await;
    }
    End {
        called,
        deadline: deadline.map(|deadline| model.since_start(deadline.instant())),
        at,
        how,
        record: record.snapshot(),
        in_flight: model.change(id, |log| log.in_flight),
        readied,
    }
}

fn request<B>(plan: &Plan, id: usize, body: B) -> (Request<B>, CallRecord, Option<Deadline>) {
    let mut request = Request::new(body);
    *request.method_mut() = plan.method.clone();
    *request.uri_mut() = uri(id).parse().unwrap();
    *request.headers_mut() = headers(plan, id);
    let facts = request.extensions_mut();
    let deadline = plan.deadline.map(Deadline::within);
    if let Some(deadline) = deadline {
        facts.insert(deadline);
    }
    if let Some(fact) = plan.fact {
        facts.insert(fact);
    }
    if let Some(name) = plan.operation {
        facts.insert(Operation::new(name, "/v1/{id}"));
    }
    let record = CallRecord::find_or_insert(facts);
    (request, record, deadline)
}

pub(crate) fn uri(id: usize) -> String {
    format!("https://api.example/v1/{id}?page=2")
}

pub(crate) fn headers(plan: &Plan, id: usize) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(REQUEST_ID, id.into());
    headers.append("accept", "text/plain".parse().unwrap());
    headers.append("accept", "text/html".parse().unwrap());
    if plan.keyed {
        headers.insert("idempotency-key", format!("key-{id}").parse().unwrap());
    }
    headers
}

async fn how_it_ends<F>(future: F, plan: &Plan, model: &Model, id: usize) -> (How, Duration)
where
    F: Future<Output = Result<Response<PeekedBody<ReplyBody>>, RetryError>>,
{
    let patience = match plan.leaves {
        Some(Leaves::AtOnce) => {
            drop(future);
            return (How::Left, model.now());
        }
        Some(Leaves::After(time)) => time,
        None => HOUR,
    };
    let mut future = Box::pin(future);
    let done = timeout(patience, &mut future).await;
    model.change(id, |log| log.in_flight_at_end = log.in_flight);
    drop(future);
    let at = model.now();
    let how = match done {
        Err(_) => How::Left,
        Ok(Ok(response)) => {
            let (head, body) = response.into_parts();
            let _read_or_not = timeout(MOMENT, body.collect()).await;
            How::Answer {
                status: head.status,
                stop: head.extensions.get().copied(),
            }
        }
        Ok(Err(error)) => How::Error {
            stop: error.stop(),
            attempts: error.attempts(),
            delivery: Delivery::of(&error),
        },
    };
    (how, at)
}
