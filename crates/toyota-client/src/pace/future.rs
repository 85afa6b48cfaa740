//! The future: waits for the request's turn, then for the head of the answer.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::{Request, Response};
use http_body::Body;
use pin_project_lite::pin_project;
use tower::{BoxError, Service};
use tower_client::call::Delivery;

use super::PacedBody;
use super::lane::{Turn, WaitForTurn};

pin_project! {
    /// Response future of [`Paced`](super::Paced).
    pub struct ResponseFuture<S, B>
    where
        S: Service<Request<B>>,
    {
        #[pin]
        state: State<S, S::Future, B>,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<S, F, B> {
        Waiting { wait: WaitForTurn, request: Option<(S, Request<B>)> },
        Calling { #[pin] future: F, turn: Option<Turn> },
    }
}

impl<S: Service<Request<B>>, B> ResponseFuture<S, B> {
    pub(super) fn new(wait: WaitForTurn, service: S, request: Request<B>) -> Self {
        let request = Some((service, request));
        let state = State::Waiting { wait, request };
        Self { state }
    }
}

impl<S, B, R> Future for ResponseFuture<S, B>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>>,
    R: Body,
{
    type Output = Result<Response<PacedBody<R>>, BoxError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.project().state;
        loop {
            match state.as_mut().project() {
                StateProj::Waiting { wait, request } => {
                    let turn = ready!(wait.as_mut().poll(cx));
                    let turn = turn.map_err(|error| Delivery::NotSent.because(error))?;
                    let Some((mut service, request)) = request.take() else {
                        return Poll::Pending; // polled after it was done
                    };
                    let future = service.call(request);
                    let turn = Some(turn);
                    state.set(State::Calling { future, turn });
                }
                StateProj::Calling { future, turn } => {
                    let answer = ready!(future.poll(cx)).map_err(Into::into);
                    let Some(turn) = turn.take() else {
                        return Poll::Pending; // polled after it was done
                    };
                    return Poll::Ready(
                        answer.map(|answer| answer.map(|body| PacedBody::new(body, turn))),
                    );
                }
            }
        }
    }
}

impl<S: Service<Request<B>>, B> fmt::Debug for ResponseFuture<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
