//! An origin that answers as a test says, as a service.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body::{Body, Frame, SizeHint};
use http_body_util::Full;
use tokio::sync::watch;
use tower::{BoxError, Service};

use crate::case::{Ending, Ground, Reply};

/// A request as callers send it and the origin gets it.
pub(crate) type Ask = Request<Full<Bytes>>;

/// The service below the cache: answers as scripted, in order, and keeps what it was asked.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    script: Arc<Mutex<Script>>,
    ground: Arc<Ground>,
    /// Whether answers come, or have to wait.
    open: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct Script {
    replies: VecDeque<Reply>,
    asked: Vec<Ask>,
}

impl Origin {
    pub(crate) fn new(ground: Ground) -> Self {
        Self {
            script: Arc::default(),
            ground: Arc::new(ground),
            open: watch::Sender::new(true),
        }
    }

    /// Lets all answers wait.
    pub(crate) fn hold(&self) {
        self.open.send_replace(false);
    }

    /// Lets all answers come.
    pub(crate) fn release(&self) {
        self.open.send_replace(true);
    }

    /// Forgets what it was to answer and what it was asked, and answers these from now on.
    pub(crate) fn answers(&self, replies: impl IntoIterator<Item = Reply>) {
        *self.script.lock().unwrap() = Script {
            replies: replies.into_iter().collect(),
            asked: Vec::new(),
        };
    }

    /// Returns what it was asked since it was told what to answer.
    pub(crate) fn asked(&self) -> Vec<Ask> {
        self.script.lock().unwrap().asked.clone()
    }
}

impl Service<Ask> for Origin {
    type Response = Response<Content>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Ask) -> Self::Future {
        let mut script = self.script.lock().unwrap();
        let reply = script.replies.pop_front();
        let method = request.method().clone();
        script.asked.push(request);
        let answer = reply.and_then(|reply| respond(reply, &method, &self.ground));
        drop(script);
        let mut open = self.open.subscribe();
        Box::pin(async move {
            open.wait_for(|open| *open).await?;
            answer.ok_or_else(|| "no answer".into())
        })
    }
}

/// Makes an answer of what a test says.
pub(crate) fn respond(reply: Reply, method: &Method, ground: &Ground) -> Option<Response<Content>> {
    let (status, fields) = reply.head(method, ground)?;
    let has_body = *method != Method::HEAD;
    let mut response = Response::new(Content::of(has_body.then_some(reply)));
    *response.status_mut() = status;
    *response.headers_mut() = fields;
    Some(response)
}

/// The body of an origin's answer: it comes in two pieces, and not at once.
#[derive(Debug)]
pub(crate) struct Content {
    data: Bytes,
    /// How long the next piece is.
    piece: usize,
    is_ready: bool,
    fails: bool,
    length: Option<u64>,
}

impl Content {
    fn of(reply: Option<Reply>) -> Self {
        let (text, ending) = reply.map_or((String::new(), Ending::Length), |reply| {
            (reply.body, reply.ending)
        });
        let length = u64::try_from(text.len()).unwrap();
        Self {
            piece: text.len().div_ceil(2),
            data: Bytes::from(text),
            is_ready: true,
            fails: matches!(ending, Ending::ShortOfLength | Ending::ShortOfChunks),
            length: match ending {
                Ending::Length => Some(length),
                Ending::ShortOfLength => Some(length + 10),
                Ending::Chunked | Ending::ShortOfChunks => None,
            },
        }
    }
}

impl Body for Content {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let content = self.get_mut();
        if !std::mem::replace(&mut content.is_ready, false) {
            content.is_ready = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        if !content.data.is_empty() {
            let data = content.data.split_to(content.piece);
            content.piece = content.data.len();
            let sent = u64::try_from(data.len()).unwrap();
            content.length = content.length.map(|length| length - sent);
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        let fails = std::mem::replace(&mut content.fails, false);
        Poll::Ready(fails.then(|| Err("the connection broke".into())))
    }

    fn is_end_stream(&self) -> bool {
        self.length == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.length
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
