//! The model server, and the way to it: lets chance decide what becomes of a delivery, and does it.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::header::RETRY_AFTER;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body::Body;
use http_body_util::BodyExt;
use tokio::time::{Sleep, sleep};
use tower::{BoxError, Service};
use tower_client_call::{Attempt, Operation, ResponseError};

use crate::act::{Act, Breakage, millis, pause};
use crate::body::{ReplyBody, linger};
use crate::log::{InFlight, Model, Place, Received, id_of};

/// The operation that may be repeated after a 429 or a 503 whatever it does: the server promises
/// to reject it before it acts.
pub(crate) const OPTED_IN: &str = "reserve";

pub(crate) type Answer =
    Pin<Box<dyn Future<Output = Result<Response<ReplyBody>, BoxError>> + Send>>;

/// The server, and the way to it.
pub(crate) struct Server {
    model: Arc<Model>,
    /// Gets ready in the end: a buffer has only one handle for all.
    gentle: bool,
    readiness: Readiness,
}

enum Readiness {
    NotAsked,
    Later(Pin<Box<Sleep>>),
    Never,
    Ready,
}

impl Server {
    pub(crate) fn new(model: &Arc<Model>, gentle: bool) -> Self {
        let model = Arc::clone(model);
        Self {
            model,
            gentle,
            readiness: Readiness::NotAsked,
        }
    }
}

impl Clone for Server {
    fn clone(&self) -> Self {
        Self::new(&self.model, self.gentle)
    }
}

impl<B> Service<Request<B>> for Server
where
    B: Body<Data = Bytes, Error: Into<BoxError>> + Send + Unpin + 'static,
{
    type Response = Response<ReplyBody>;
    type Error = BoxError;
    type Future = Answer;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        if let Readiness::NotAsked = self.readiness {
            let random = &mut self.model.lock().random;
            self.readiness = match random.u32(..100) {
                0..3 if !self.gentle => Readiness::Never,
                3..7 if !self.gentle => {
                    self.readiness = Readiness::Never;
                    return Poll::Ready(Err("no connection to be had".into()));
                }
                7..25 => Readiness::Later(Box::pin(sleep(millis(random, 3000)))),
                _ => Readiness::Ready,
            };
        }
        match &mut self.readiness {
            Readiness::Later(timer) => {
                ready!(timer.as_mut().poll(cx));
                self.readiness = Readiness::Ready;
                Poll::Ready(Ok(()))
            }
            Readiness::Ready => Poll::Ready(Ok(())),
            Readiness::Never | Readiness::NotAsked => Poll::Pending,
        }
    }

    fn call(&mut self, request: Request<B>) -> Answer {
        let ready = matches!(self.readiness, Readiness::Ready);
        self.readiness = Readiness::NotAsked;
        let id = id_of(request.headers());
        let operation = Operation::find(request.extensions()).map(Operation::name);
        let (act, times, frames) = {
            let mut state = self.model.lock();
            state.misused += u32::from(!ready);
            let random = &mut state.random;
            let act = Act::choose(random, operation == Some(OPTED_IN));
            let times = [400, 2500, 300].map(|most| pause(random, most));
            (act, times, random.usize(..40))
        };
        let attempt = usize::try_from(Attempt::of(&request).number()).unwrap();
        let place = Place {
            model: Arc::clone(&self.model),
            id,
            attempt: self
                .model
                .change(id, |log| attempt.min(log.sends.len()) - 1),
        };
        place.change(|sent| sent.received = Some(Received::of(&request, act)));
        let key = request.headers().get("idempotency-key");
        let key = key.map(|key| Bytes::copy_from_slice(key.as_bytes()));
        let in_flight = InFlight::new(&self.model, id);
        let body = request.into_body();
        Box::pin(serve(place, in_flight, body, act, times, frames, key))
    }
}

async fn serve<B>(
    place: Place,
    in_flight: InFlight,
    mut body: B,
    act: Act,
    [before, after, lingering]: [Duration; 3],
    frames: usize,
    key: Option<Bytes>,
) -> Result<Response<ReplyBody>, BoxError>
where
    B: Body<Data = Bytes, Error: Into<BoxError>> + Send + Unpin + 'static,
{
    sleep_for(before).await;
    if let Act::Refuse(refusal) = act {
        linger(body, lingering);
        place.tell();
        return Err(refusal.error());
    }
    // Some servers answer before they have read everything.
    for _ in 0..frames {
        match body.frame().await {
            Some(Ok(frame)) => {
                let data = frame.into_data().unwrap_or_default();
                place.received(|it| it.body.extend_from_slice(&data));
            }
            Some(Err(error)) => {
                place.tell();
                place.received(|it| {
                    it.act = Act::Break {
                        effect: false,
                        how: Breakage::Silent,
                    };
                });
                return Err(error.into());
            }
            None => {
                place.received(|it| it.whole = true);
                break;
            }
        }
    }
    if act.effect() {
        place.model.act(place.id, key.as_ref());
    }
    sleep_for(after).await;
    if let Act::Hang { .. } = act {
        std::future::pending::<()>().await;
    }
    linger(body, lingering);
    place.tell();
    match act {
        Act::Answer {
            status,
            retry_after,
            reply,
            as_error,
            ..
        } => {
            let status = StatusCode::from_u16(status).unwrap();
            let mut headers = HeaderMap::new();
            if let Some(seconds) = retry_after {
                headers.insert(RETRY_AFTER, seconds.into());
            }
            if as_error {
                return Err(io::Error::other(ResponseError::new(status, headers)).into());
            }
            let mut response = Response::new(ReplyBody::new(reply, place, in_flight));
            *response.status_mut() = status;
            *response.headers_mut() = headers;
            Ok(response)
        }
        Act::Break { how, .. } => Err(how.error()),
        Act::Refuse(_) | Act::Hang { .. } => unreachable!("served above"),
    }
}

async fn sleep_for(time: Duration) {
    if !time.is_zero() {
        sleep(time).await;
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Server")
    }
}
