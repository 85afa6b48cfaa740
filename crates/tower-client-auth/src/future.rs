//! The future: a credential, a request, and after a refusal both once more.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::response::Parts;
use http::{Request, Response};
use http_body::Body;
use pin_project_lite::pin_project;
use tower::{BoxError, Service};
use tower_client_call::{Capture, Partial, PeekedBody, RepeatBody, capture};

use crate::AuthError;
use crate::call::{Acquiring, Call};
use crate::challenge::Verdict;
use crate::held::Held;

/// A refusal is a few hundred bytes.
const MOST_PEEKED: usize = 64 * 1024;
/// To know whether it is one.
const PEEK_TIME: Duration = Duration::from_secs(5);
/// To have its connection free for the next request, where it is one for sure.
const DRAIN_TIME: Duration = Duration::from_secs(1);

pin_project! {
    /// Response future of [`Auth`](crate::Auth).
    ///
    /// # Cancellation
    ///
    /// Dropped at any time, it takes nothing along: a credential that is being fetched is fetched
    /// and kept for the next caller.
    pub struct ResponseFuture<S, B, R>
    where
        S: Service<Request<B>>,
        B: RepeatBody,
        R: Body,
    {
        #[pin]
        state: State<S::Future, B, R>,
        // `None` where the request goes without a credential.
        call: Option<Call<S, B>>,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<F, B, R: Body> {
        // The service answers.
        Calling { #[pin] future: F },
        // The answer may be a refusal, or is one.
        Peeking { peeking: Box<Peeking<R>> },
        // A credential is waited for.
        Acquiring { acquiring: Acquiring, then: Option<Box<Then<B, R>>> },
        // There is one, and the service gets ready.
        Readying { held: Arc<Held>, request: Option<Box<Request<B>>> },
        // There is none, and nothing was sent.
        Refused { error: Option<AuthError> },
    }
}

/// An answer whose body is read.
struct Peeking<R: Body> {
    head: Option<Parts>,
    body: Capture<R>,
    /// The head has told.
    refused: bool,
}

/// What a credential is waited for with.
enum Then<B, R: Body> {
    /// A request that was not sent yet.
    Send(Request<B>),
    /// The answer to one that is sent again.
    Replay(Parts, PeekedBody<R>),
}

impl<S, B, R> ResponseFuture<S, B, R>
where
    S: Service<Request<B>>,
    B: RepeatBody,
    R: Body,
{
    /// Creates the future of a request that was sent with a credential, or without where that is
    /// meant so.
    #[inline(always)] // built where it stays: moving it costs more than making it
    pub(crate) fn sent(call: Option<Call<S, B>>, future: S::Future) -> Self {
        let state = State::Calling { future };
        Self { state, call }
    }

    /// Creates the future of a request for which there is no credential yet.
    #[cold]
    pub(crate) fn waiting(call: Call<S, B>, request: Request<B>) -> Self {
        let acquiring = call.acquire();
        let then = Some(Box::new(Then::Send(request)));
        Self {
            state: State::Acquiring { acquiring, then },
            call: Some(call),
        }
    }

    /// Creates the future of a request that is not sent at all.
    #[cold]
    pub(crate) fn refused(error: AuthError) -> Self {
        let error = Some(error);
        Self {
            state: State::Refused { error },
            call: None,
        }
    }
}

impl<S, B, R> Future for ResponseFuture<S, B, R>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>>,
    B: RepeatBody,
    R: Body<Data = Bytes>,
{
    type Output = Result<Response<PeekedBody<R>>, BoxError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            let next = match this.state.as_mut().project() {
                StateProj::Calling { future } => {
                    let response = ready!(future.poll(cx)).map_err(Into::into)?;
                    match this.call {
                        None => return pass(response),
                        Some(call) => {
                            let verdict = call.inspect(response.status(), response.headers());
                            if verdict == Verdict::Accepted {
                                call.accepted();
                                return pass(response);
                            }
                            if verdict == Verdict::Refused && call.is_replay() {
                                // There is no third time.
                                call.replace();
                                return pass(response);
                            }
                            peek(response, verdict)
                        }
                    }
                }
                StateProj::Peeking { peeking } => {
                    let partial: Partial<R> = ready!(Pin::new(&mut peeking.body).poll(cx));
                    let (Some(head), Some(call)) = (peeking.head.take(), this.call.as_ref()) else {
                        return Poll::Pending;
                    };
                    let refused = peeking.refused || call.refuses(head.status, partial.captured());
                    let body = PeekedBody::from(partial);
                    let acquiring = if refused {
                        call.replace()
                    } else {
                        call.accepted();
                        None
                    };
                    let Some(acquiring) = acquiring else {
                        return Poll::Ready(Ok(Response::from_parts(head, body)));
                    };
                    let then = Some(Box::new(Then::Replay(head, body)));
                    State::Acquiring { acquiring, then }
                }
                StateProj::Acquiring { acquiring, then } => {
                    let held = ready!(acquiring.as_mut().poll(cx));
                    let held = held.map_err(AuthError::into_delivery)?;
                    let (Some(then), Some(call)) = (then.take(), this.call.as_mut()) else {
                        return Poll::Pending;
                    };
                    let request = match *then {
                        Then::Send(request) => request,
                        Then::Replay(head, body) => match call.again(&held) {
                            Some(request) => request,
                            None => return Poll::Ready(Ok(Response::from_parts(head, body))),
                        },
                    };
                    let request = Some(Box::new(request));
                    State::Readying { held, request }
                }
                StateProj::Readying { held, request } => {
                    let Some(call) = this.call.as_mut() else {
                        return Poll::Pending;
                    };
                    ready!(call.poll_service(cx)).map_err(Into::into)?;
                    let Some(request) = request.take() else {
                        return Poll::Pending;
                    };
                    let future = call.send(*request, held);
                    State::Calling { future }
                }
                StateProj::Refused { error } => match error.take() {
                    Some(error) => return Poll::Ready(Err(error.into_delivery().into())),
                    None => return Poll::Pending,
                },
            };
            this.state.set(next);
        }
    }
}

fn pass<R: Body>(response: Response<R>) -> Poll<Result<Response<PeekedBody<R>>, BoxError>> {
    Poll::Ready(Ok(response.map(PeekedBody::untouched)))
}

#[cold]
fn peek<F, B, R: Body<Data = Bytes>>(response: Response<R>, verdict: Verdict) -> State<F, B, R> {
    let refused = verdict == Verdict::Refused;
    let time = if refused { DRAIN_TIME } else { PEEK_TIME };
    let (head, body) = response.into_parts();
    let peeking = Box::new(Peeking {
        head: Some(head),
        body: capture(body, MOST_PEEKED, time),
        refused,
    });
    State::Peeking { peeking }
}

impl<S, B, R> fmt::Debug for ResponseFuture<S, B, R>
where
    S: Service<Request<B>>,
    B: RepeatBody,
    R: Body,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
