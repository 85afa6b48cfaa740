//! An origin in memory: answers as it was told to, and keeps what it was asked.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body::Frame;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use tower::{BoxError, service_fn};
use toyota_client::Body;

use crate::stack::{Stack, boxed};

/// An origin in memory. Its clones are the same one.
#[derive(Clone, Default)]
pub(crate) struct Origin(Arc<State>);

#[derive(Default)]
struct State {
    script: Mutex<VecDeque<Answer>>,
    /// What comes after it; `200` if nothing is said.
    otherwise: Mutex<Option<Answer>>,
    received: Mutex<Vec<Parts>>,
    /// The only token that is good, if tokens matter.
    token: Mutex<Option<&'static str>>,
}

/// What the origin does about a request.
#[derive(Clone)]
pub(crate) struct Answer {
    status: Result<StatusCode, io::ErrorKind>,
    headers: HeaderMap,
    content: Content,
    after: Duration,
}

#[derive(Clone)]
enum Content {
    Whole(Bytes),
    Endless,
}

impl Origin {
    /// Creates an origin that answers so, one request each, and then `200` to everything.
    pub(crate) fn answering(script: impl IntoIterator<Item = Answer>) -> Self {
        let origin = Self::default();
        origin.0.script.lock().unwrap().extend(script);
        origin
    }

    /// Answers so whatever is not scripted.
    pub(crate) fn always(answer: Answer) -> Self {
        let origin = Self::default();
        *origin.0.otherwise.lock().unwrap() = Some(answer);
        origin
    }

    /// Refuses all tokens but this one from now on, after the script.
    pub(crate) fn accept_only(&self, token: &'static str) {
        *self.0.token.lock().unwrap() = Some(token);
    }

    /// Returns how many requests came.
    pub(crate) fn requests(&self) -> usize {
        self.0.received.lock().unwrap().len()
    }

    /// Returns the tokens of all requests; `-` for none.
    pub(crate) fn tokens(&self) -> Vec<String> {
        let received = self.0.received.lock().unwrap();
        received.iter().map(|head| token(&head.headers)).collect()
    }

    pub(crate) fn service(&self) -> Stack {
        let origin = self.clone();
        boxed(service_fn(move |request: Request<Body>| {
            let answer = origin.receive(request.into_parts().0);
            async move {
                tokio::time::sleep(answer.after).await;
                answer.into_response()
            }
        }))
    }

    fn receive(&self, head: Parts) -> Answer {
        let refused = match *self.0.token.lock().unwrap() {
            Some(good) => token(&head.headers) != good,
            None => false,
        };
        self.0.received.lock().unwrap().push(head);
        let scripted = self.0.script.lock().unwrap().pop_front();
        match scripted {
            Some(scripted) => scripted,
            None if refused => answer(401),
            None => {
                let otherwise = self.0.otherwise.lock().unwrap().clone();
                otherwise.unwrap_or_else(|| answer(200))
            }
        }
    }
}

fn token(headers: &HeaderMap) -> String {
    let value = headers.get("authorization").map(HeaderValue::to_str);
    value.map_or("-", Result::unwrap).replace("Bearer ", "")
}

/// Creates an answer of this status.
pub(crate) fn answer(status: u16) -> Answer {
    Answer {
        status: Ok(StatusCode::from_u16(status).unwrap()),
        headers: HeaderMap::new(),
        content: Content::Whole(Bytes::from_static(b"an answer")),
        after: Duration::ZERO,
    }
}

/// Creates a failure without an answer.
pub(crate) fn failure(kind: io::ErrorKind) -> Answer {
    Answer {
        status: Err(kind),
        ..answer(200)
    }
}

impl Answer {
    pub(crate) fn header(mut self, name: &'static str, value: &'static str) -> Self {
        let name = HeaderName::from_static(name);
        self.headers.append(name, HeaderValue::from_static(value));
        self
    }

    /// Comes so much later.
    pub(crate) fn after(self, after: Duration) -> Self {
        Self { after, ..self }
    }

    /// Has this content.
    pub(crate) fn content(self, content: impl Into<Bytes>) -> Self {
        let content = Content::Whole(content.into());
        Self { content, ..self }
    }

    /// Begins and never ends.
    pub(crate) fn endless(self) -> Self {
        let content = Content::Endless;
        Self { content, ..self }
    }

    fn into_response(self) -> Result<Response<UnsyncBoxBody<Bytes, Infallible>>, BoxError> {
        let body = match self.content {
            Content::Whole(bytes) => Full::new(bytes).boxed_unsync(),
            Content::Endless => Endless.boxed_unsync(),
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status.map_err(io::Error::from)?;
        *response.headers_mut() = self.headers;
        Ok(response)
    }
}

/// A body of which nothing comes.
struct Endless;

impl http_body::Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}
