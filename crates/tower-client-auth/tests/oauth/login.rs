//! A token endpoint that answers as a test tells it to, and remembers what it was asked.

use std::collections::VecDeque;
use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use http_body::{Body, Frame};
use http_body_util::{BodyExt, Full};
use tokio::time::{Sleep, sleep};
use tower::{BoxError, Service};
use tower_client_auth::oauth::{OAuthClient, OAuthError, RefreshTokenGrant};
use tower_client_auth::{Credential, ExposeSecret, Principal, RefreshToken};
use tower_client_auth::{TokenError, TokenSource};

pub(crate) const ENDPOINT: &str = "https://server.example.com/token";

/// The service.
#[derive(Clone)]
pub(crate) struct Login(Arc<Mutex<State>>);

struct State {
    answers: VecDeque<Result<Response<Answer>, BoxError>>,
    seen: Vec<Request<Full<Bytes>>>,
}

/// The body of an answer.
pub(crate) struct Answer {
    frames: VecDeque<Bytes>,
    pause: Option<Pin<Box<Sleep>>>,
    end: End,
}

#[derive(Clone, Copy)]
enum End {
    Ends,
    Breaks,
    Stalls,
}

impl Login {
    pub(crate) fn of(
        answers: impl IntoIterator<Item = Result<Response<Answer>, BoxError>>,
    ) -> Self {
        Self(Arc::new(Mutex::new(State {
            answers: answers.into_iter().collect(),
            seen: Vec::new(),
        })))
    }

    pub(crate) fn asked(&self) -> usize {
        self.0.lock().unwrap().seen.len()
    }

    pub(crate) fn headers(&self, number: usize) -> HeaderMap {
        self.0.lock().unwrap().seen[number].headers().clone()
    }

    pub(crate) fn seen(&self) -> Vec<Request<Full<Bytes>>> {
        self.0.lock().unwrap().seen.clone()
    }

    /// The form that came with a request.
    pub(crate) async fn form(&self, number: usize) -> String {
        let body = self.seen()[number].body().clone();
        let bytes = body.collect().await.unwrap().to_bytes();
        String::from_utf8(bytes.to_vec()).unwrap()
    }
}

impl Service<Request<Full<Bytes>>> for Login {
    type Response = Response<Answer>;
    type Error = BoxError;
    type Future = Ready<Result<Response<Answer>, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Full<Bytes>>) -> Self::Future {
        let mut state = self.0.lock().unwrap();
        state.seen.push(request);
        ready(state.answers.pop_front().expect("a request too many"))
    }
}

pub(crate) fn answer(status: u16, body: impl Into<Bytes>) -> Response<Answer> {
    let answer = Answer {
        frames: [body.into()].into(),
        pause: None,
        end: End::Ends,
    };
    Response::builder().status(status).body(answer).unwrap()
}

pub(crate) fn with_header(
    mut response: Response<Answer>,
    name: &'static str,
    value: &str,
) -> Response<Answer> {
    let name = HeaderName::from_static(name);
    let value = HeaderValue::from_str(value).unwrap();
    response.headers_mut().insert(name, value);
    response
}

impl Answer {
    /// Arrives only after this time.
    pub(crate) fn after(mut self, time: Duration) -> Self {
        self.pause = Some(Box::pin(sleep(time)));
        self
    }

    pub(crate) fn breaking_off(mut self) -> Self {
        self.end = End::Breaks;
        self
    }

    pub(crate) fn stalling(mut self) -> Self {
        self.end = End::Stalls;
        self
    }

    /// Arrives in pieces of so many bytes.
    pub(crate) fn in_pieces(mut self, size: usize) -> Self {
        let whole = self.frames.pop_front().unwrap();
        let pieces = whole.chunks(size).map(Bytes::copy_from_slice);
        self.frames = pieces.collect();
        self
    }
}

impl Body for Answer {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Some(pause) = &mut self.pause {
            std::task::ready!(pause.as_mut().poll(cx));
            self.pause = None;
        }
        if let Some(data) = self.frames.pop_front() {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        match self.end {
            End::Ends => Poll::Ready(None),
            End::Breaks => Poll::Ready(Some(Err(reset().into()))),
            End::Stalls => Poll::Pending,
        }
    }
}

pub(crate) fn reset() -> io::Error {
    io::ErrorKind::ConnectionReset.into()
}

pub(crate) fn owner() -> Principal {
    Principal::new("owner")
}

pub(crate) fn public_client() -> OAuthClient {
    OAuthClient::builder(ENDPOINT, "app").build().unwrap()
}

/// Refreshes with the token `r3fresh` and this answer.
pub(crate) async fn refresh(answer: Response<Answer>) -> Result<Credential, TokenError> {
    refresh_at(Login::of([Ok(answer)])).await
}

pub(crate) async fn refresh_at(login: Login) -> Result<Credential, TokenError> {
    let source = RefreshTokenGrant::new(login, public_client());
    let source = source.initial_token(&owner(), "r3fresh");
    source.fetch(&owner(), None).await
}

pub(crate) fn secret_of(credential: &Credential) -> &str {
    credential.secret().expose_secret()
}

pub(crate) fn refresh_token_of(credential: &Credential) -> Option<String> {
    let token = credential.get::<RefreshToken>()?;
    Some(token.secret().expose_secret().to_owned())
}

pub(crate) fn oauth(error: &TokenError) -> &OAuthError {
    OAuthError::find(error).expect("not an error of OAuth")
}
