//! Runs a case: its callers, and what they saw.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use http_body_util::BodyExt;
use tokio::time::{sleep, timeout};
use tower::util::BoxCloneService;
use tower::{BoxError, Service, ServiceExt};
use tower_client_auth::{AuthError, Principal, Provider};
use tower_client_call::{Deadline, Delivery, DeliveryError, PeekedBody, ReplayBody};

use crate::api::{CALL_ID, ELSEWHERE, HERE, NEVER, RequestBody, call_id};
use crate::body::Reply;
use crate::case::{Asked, CallPlan, Case, Epoch, Event, Leaves, OpPlan};
use crate::chance::PEOPLE;
use crate::log::{AuthEnd, End, Model, OpEnd, OpKind, Place, What, token_of};
use crate::store::{BY_CALLER, Shelves};
use crate::story::Story;

/// Nobody waits longer: each question has a limit of 30 s, and there are a few of them.
const FOR_EVER: Duration = Duration::from_secs(600);

pub(crate) type Client =
    BoxCloneService<Request<RequestBody>, Response<PeekedBody<Reply>>, BoxError>;

/// What is under test, as one process has it.
#[derive(Clone)]
pub(crate) struct Process {
    pub(crate) client: Client,
    pub(crate) provider: Option<Provider>,
}

/// Makes processes of this model.
pub(crate) type Build = dyn Fn(&Case, &Arc<Model>, &Arc<Shelves>) -> Vec<Process>;

pub(crate) fn run(case: Case, build: &Build) -> Story {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let model = Model::new(case.seed, case.layers, PEOPLE.len(), case.steps.len());
        let shelves = Shelves::new(PEOPLE.len());
        let processes = build(&case, &model, &shelves);
        let mut tasks = Vec::new();
        for (id, (gap, event)) in case.steps.iter().enumerate() {
            if !gap.is_zero() {
                sleep(*gap).await;
            }
            match event.clone() {
                Event::Call(plan) => {
                    let process = processes[plan.place.layer].clone();
                    let model = Arc::clone(&model);
                    tasks.push(tokio::spawn(call(process.client, model, id, plan)));
                }
                Event::Op(plan) => {
                    let process = processes[plan.place.layer].clone();
                    let (model, shelves) = (Arc::clone(&model), Arc::clone(&shelves));
                    let provider = process.provider.unwrap();
                    let lifetime = case.lifetimes[0];
                    let op = op(provider, model, shelves, id, plan, lifetime);
                    tasks.push(tokio::spawn(BY_CALLER.scope((), op)));
                }
                Event::Revoke(who) => {
                    let state = &mut *model.lock();
                    for (issued, revoked) in state.issued.iter().zip(&mut state.revoked) {
                        *revoked |= issued.who == who;
                    }
                }
                Event::RefuseNext(who) => model.lock().refuse_next[who] = true,
            }
        }
        for task in tasks {
            task.await.unwrap();
        }
        // What goes on in the background ends too.
        sleep(FOR_EVER).await;
        Story::new(case, &model)
    })
}

async fn call(mut client: Client, model: Arc<Model>, id: usize, plan: CallPlan) {
    let epoch = epoch(&model, plan.place, plan.epoch);
    let request = request(&model, id, &plan, epoch);
    if client.ready().await.is_err() {
        return model.note(What::Ended(id, End::NotReady));
    }
    if plan.named && !plan.elsewhere {
        model.enter(plan.place, epoch, true);
    }
    model.note(What::Called(id, plan.named.then_some(epoch)));
    let future = client.call(request);
    model.note(What::Returned(id));
    let first = || {
        if plan.named && !plan.elsewhere {
            model.enter(plan.place, epoch, false);
        }
        model.note(What::Polled(id));
    };
    let Some(ended) = watch(future, plan.leaves, first).await else {
        return model.note(What::Left(id));
    };
    let end = match ended {
        None => End::Stuck,
        Some(Ok(response)) => {
            let at = model.len();
            let status = response.status().as_u16();
            model.note(What::Ended(id, End::Answer { status, nth: None }));
            let which = read(id, response).await;
            if let What::Ended(_, End::Answer { nth, .. }) = &mut model.lock().log[at].what {
                *nth = which;
            }
            return;
        }
        Some(Err(error)) => match AuthError::find(&*error) {
            None => End::Api,
            Some(auth) => End::Auth(AuthEnd {
                kind: auth.kind(),
                delivery: Delivery::of(&*error),
                permanent: DeliveryError::is_permanent(&*error),
                wait: DeliveryError::wait_of(&*error),
            }),
        },
    };
    model.note(What::Ended(id, end));
}

fn request(model: &Model, id: usize, plan: &CallPlan, epoch: u64) -> Request<RequestBody> {
    let host = if plan.elsewhere { ELSEWHERE } else { HERE };
    let path = if plan.never { NEVER } else { "/v1" };
    let mut request = Request::post(format!("https://{host}{path}"))
        .header(CALL_ID, call_id(id, plan.place.who, plan.payload))
        .extension(model.lock().records[id].clone());
    if plan.named {
        let principal = Principal::new(PEOPLE[plan.place.who]).at_epoch(epoch);
        request = request.extension(principal);
    }
    if let Some(deadline) = plan.deadline {
        request = request.extension(Deadline::within(deadline));
    }
    let body = ReplayBody::new(plan.payload.body(), plan.payload.limit());
    request.body(body).unwrap()
}

/// Reads an answer, or the beginning of one that never ends; tells which of the call's it is.
async fn read(id: usize, response: Response<PeekedBody<Reply>>) -> Option<usize> {
    let mut text = Vec::new();
    let mut body = response.into_body();
    let read = async {
        while let Some(frame) = body.frame().await {
            text.extend_from_slice(&frame.unwrap().into_data().unwrap_or_default());
        }
    };
    drop(timeout(Duration::from_secs(10), read).await);
    let text = String::from_utf8(text).unwrap();
    let mut words = text.rsplit(' ');
    let nth = words.next()?.parse().ok()?;
    (words.next()? == id.to_string()).then_some(nth)
}

async fn op(
    provider: Provider,
    model: Arc<Model>,
    shelves: Arc<Shelves>,
    id: usize,
    plan: OpPlan,
    lifetime: Option<Duration>,
) {
    let OpPlan { place, kind, .. } = plan;
    let epoch = epoch(&model, place, plan.epoch);
    let principal = Principal::new(PEOPLE[place.who]).at_epoch(epoch);
    let brought = (kind == Asked::Set).then(|| model.issue(place.who, lifetime, None));
    let began = match (kind, &brought) {
        (Asked::Authenticate, _) => OpKind::Authenticate,
        (Asked::Refresh, _) => OpKind::Refresh,
        (Asked::Set, Some((token, _))) => OpKind::Set(*token),
        (Asked::Logout, _) => OpKind::Logout,
        (Asked::Settle, _) => OpKind::Settle,
        (Asked::Set | Asked::IsAuthenticated, _) => OpKind::IsAuthenticated,
    };
    let first = || {
        let looks = matches!(kind, Asked::IsAuthenticated | Asked::Settle);
        model.enter(place, epoch, looks);
        model.note(What::Op {
            op: id,
            place,
            epoch,
            kind: began,
        });
        // One that has ended already is not ended again.
        if kind == Asked::Logout && model.epoch(place) == Some(epoch) {
            model.enter(place, epoch + 1, false);
        }
    };
    let asked = async {
        let asked = match kind {
            Asked::Authenticate => provider
                .authenticate(&principal)
                .await
                .map(|it| OpEnd::Token(Some(token_of(&it)))),
            Asked::Refresh => {
                let refreshed = provider.refresh(&principal).await;
                refreshed.map(|it| OpEnd::Token(Some(token_of(&it))))
            }
            Asked::Set => {
                let credential = brought.unwrap().1;
                provider
                    .set(&principal, credential)
                    .await
                    .map(|()| OpEnd::Set)
            }
            Asked::Logout => {
                let next = provider.logout(&principal).await;
                next.map(|next| OpEnd::Epoch(next.epoch()))
            }
            Asked::IsAuthenticated => provider.is_authenticated(&principal).await.map(OpEnd::Is),
            Asked::Settle => {
                provider.settle(&principal).await;
                Ok(OpEnd::Settled)
            }
        };
        asked.unwrap_or_else(|error| OpEnd::Failed(error.kind()))
    };
    match watch(asked, plan.leaves, first).await {
        None => model.note(What::OpLeft),
        Some(how) => {
            let how = how.unwrap_or(OpEnd::Stuck);
            let kept = shelves.kept(place.who);
            model.note(What::OpEnded { op: id, how, kept });
        }
    }
}

fn epoch(model: &Model, place: Place, epoch: Epoch) -> u64 {
    let current = model.epoch(place).unwrap_or(0);
    match epoch {
        Epoch::Current => current,
        Epoch::Older => current.saturating_sub(1),
        Epoch::Newer => current + 1,
    }
}

/// Polls a future to its end, or as often and as long as the caller wants it: then `None`. One that
/// is stuck ends with `None` inside.
async fn watch<T>(
    future: impl Future<Output = T>,
    leaves: Option<Leaves>,
    first: impl FnOnce(),
) -> Option<Option<T>> {
    let mut polls = match leaves {
        Some(Leaves::AfterPolls(0)) => return None,
        Some(Leaves::AfterPolls(polls)) => polls,
        Some(Leaves::After(_)) | None => u32::MAX,
    };
    first();
    let mut future = pin!(future);
    let polled = std::future::poll_fn(|cx| {
        polls -= 1;
        match future.as_mut().poll(cx) {
            std::task::Poll::Pending if polls == 0 => std::task::Poll::Ready(None),
            poll => poll.map(Some),
        }
    });
    match leaves {
        Some(Leaves::After(time)) => timeout(time, polled).await.ok().flatten().map(Some),
        Some(Leaves::AfterPolls(_)) | None => match timeout(FOR_EVER, polled).await {
            Ok(ended) => ended.map(Some),
            Err(_) => Some(None),
        },
    }
}
