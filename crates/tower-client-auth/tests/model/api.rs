//! The model API, and the way to it: knows which secrets it has revoked.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::header::AUTHORIZATION;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::BodyExt;
use tokio::time::{Sleep, sleep};
use tower::{BoxError, Service};
use tower_client_auth::{Captured, Challenge, Verdict};
use tower_client_call::ReplayBody;

use crate::body::{Chunks, Payload, Reply};
use crate::chance;
use crate::log::{Model, Sent, Token, What};

pub(crate) const CALL_ID: &str = "x-call";
pub(crate) const HERE: &str = "api.example";
pub(crate) const ELSEWHERE: &str = "elsewhere.example";
/// Refuses whatever comes.
pub(crate) const NEVER: &str = "/never";

pub(crate) type RequestBody = ReplayBody<Chunks>;
pub(crate) type Answer = Pin<Box<dyn Future<Output = Result<Response<Reply>, BoxError>> + Send>>;

/// The API.
pub(crate) struct Api {
    model: Arc<Model>,
    /// Tells in bodies that it refuses.
    tells_in_bodies: bool,
    asked: Option<(usize, Duration)>,
    readiness: Option<Pin<Box<Sleep>>>,
}

impl Api {
    pub(crate) fn new(model: &Arc<Model>, tells_in_bodies: bool) -> Self {
        Self {
            model: Arc::clone(model),
            tells_in_bodies,
            asked: None,
            readiness: None,
        }
    }

    fn refuses(&self, path: &str, who: usize, token: Option<Token>) -> bool {
        let mut state = self.model.lock();
        let next = std::mem::take(&mut state.refuse_next[who]);
        next || path == NEVER || token.is_none_or(|token| state.revoked[token])
    }

    fn plan(&self, call: usize, nth: usize, refuses: bool) -> Plan {
        let told = self.tells_in_bodies;
        self.model.random(|random| {
            let (status, text) = match (refuses, random.u32(..10)) {
                (true, 0..5) if told => (403, "token expired"),
                (true, _) => (401, "who are you"),
                (false, 0) => (403, "you may not"),
                (false, 1) => (500, "oh"),
                _ => (200, "fine"),
            };
            Plan {
                fails: !refuses && random.u32(..30) == 0,
                status,
                text: format!("{text} {call} {nth}"),
                stuck: random.u32(..12) == 0,
                delay: chance::delay(random, true),
            }
        })
    }
}

struct Plan {
    fails: bool,
    status: u16,
    text: String,
    stuck: bool,
    delay: Duration,
}

impl Clone for Api {
    fn clone(&self) -> Self {
        Self::new(&self.model, self.tells_in_bodies)
    }
}

impl Service<Request<RequestBody>> for Api {
    type Response = Response<Reply>;
    type Error = BoxError;
    type Future = Answer;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        if self.asked.is_none() {
            self.asked = Some((self.model.len(), self.model.now()));
            let wait = self.model.random(|random| match random.u32(..8) {
                0 => chance::delay(random, false),
                _ => Duration::ZERO,
            });
            self.readiness = (!wait.is_zero()).then(|| Box::pin(sleep(wait)));
        }
        if let Some(sleep) = &mut self.readiness {
            ready!(sleep.as_mut().poll(cx));
            self.readiness = None;
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<RequestBody>) -> Answer {
        let model = Arc::clone(&self.model);
        let asked = self.asked.take().unwrap();
        let (head, mut body) = request.into_parts();
        let id = head.headers[CALL_ID].to_str().unwrap();
        let numbers: Vec<usize> = id.split('-').map(|it| it.parse().unwrap()).collect();
        let [call, who, lent] = numbers[..] else {
            panic!("a call's id: {id}")
        };
        let lent = lent == 1;
        let token = secret(&head.headers);
        let nth = {
            let state = model.lock();
            let sends = state.log.iter();
            let same = sends.filter(|it| matches!(&it.what, What::Sent(sent) if sent.call == call));
            same.count()
        };
        let refuses = self.refuses(head.uri.path(), who, token);
        let plan = self.plan(call, nth, refuses);
        let at = model.len();
        model.note(What::Sent(Sent {
            call,
            token,
            asked,
            body: Vec::new(),
        }));
        Box::pin(async move {
            while let Some(frame) = body.frame().await {
                let data = frame?.into_data().unwrap_or_default();
                if let What::Sent(sent) = &mut model.lock().log[at].what {
                    sent.body.extend_from_slice(&data);
                }
                if lent {
                    break;
                }
            }
            if lent {
                tokio::spawn(async move {
                    sleep(Duration::from_secs(60)).await;
                    drop(body);
                });
            }
            if !plan.delay.is_zero() {
                sleep(plan.delay).await;
            }
            if plan.fails {
                return Err("reset".into());
            }
            model.note(What::Answered {
                call,
                status: plan.status,
                refuses,
            });
            let reply = Reply::new(plan.text, plan.stuck, (model, call, nth));
            let mut response = Response::new(reply);
            *response.status_mut() = StatusCode::from_u16(plan.status).unwrap();
            Ok(response)
        })
    }
}

pub(crate) fn call_id(call: usize, who: usize, payload: Payload) -> String {
    format!("{call}-{who}-{}", u8::from(payload == Payload::Lent))
}

fn secret(headers: &HeaderMap) -> Option<Token> {
    let value = headers.get(AUTHORIZATION)?.to_str().unwrap();
    Some(value.strip_prefix("Bearer t").unwrap().parse().unwrap())
}

/// Looks into a 403.
pub(crate) struct ToldInBody;

impl Challenge for ToldInBody {
    fn inspect(&self, status: StatusCode, _: &HeaderMap) -> Verdict {
        match status {
            StatusCode::UNAUTHORIZED => Verdict::Refused,
            StatusCode::FORBIDDEN => Verdict::Peek,
            _ => Verdict::Accepted,
        }
    }

    fn refuses(&self, _: StatusCode, body: &Captured) -> bool {
        body.bytes.starts_with(b"token expired")
    }
}
