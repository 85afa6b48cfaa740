//! The future: waits for the request's turn, then for the service, then for the head of the answer.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime};

use http::{Request, Response, StatusCode};
use http_body::Body;
use pin_project_lite::pin_project;
use tokio::time::Instant;
use tower::{BoxError, Service};
use tower_client::call::{CallEvent, CallRecord, Delivery, retry_after};

use super::PacedBody;
use super::lane::{PaceError, Turn, WaitForTurn};

/// Less is not waiting.
const WORTH_TELLING: Duration = Duration::from_millis(5);

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
    #[project_replace = StateOwned]
    enum State<S, F, B> {
        Waiting { wait: WaitForTurn, since: Instant, service: S, request: Request<B> },
        Readying { turn: Turn, service: S, request: Request<B> },
        Calling { #[pin] future: F, turn: Turn },
        Done,
    }
}

impl<S: Service<Request<B>>, B> ResponseFuture<S, B> {
    pub(super) fn new(wait: WaitForTurn, service: S, request: Request<B>) -> Self {
        let state = State::Waiting {
            wait,
            since: Instant::now(),
            service,
            request,
        };
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
                StateProj::Waiting { wait, .. } => {
                    let turn = ready!(wait.as_mut().poll(cx));
                    let owned = state.as_mut().project_replace(State::Done);
                    let turn = turn.map_err(refused)?;
                    if let StateOwned::Waiting {
                        since,
                        service,
                        request,
                        ..
                    } = owned
                    {
                        tell_of_wait(&request, since);
                        state.set(State::Readying {
                            turn,
                            service,
                            request,
                        });
                    }
                }
                StateProj::Readying { service, .. } => {
                    let ready = ready!(service.poll_ready(cx));
                    let owned = state.as_mut().project_replace(State::Done);
                    ready.map_err(|error| Delivery::NotSent.because(error))?;
                    if let StateOwned::Readying {
                        turn,
                        mut service,
                        request,
                    } = owned
                    {
                        let future = service.call(request);
                        state.set(State::Calling { future, turn });
                    }
                }
                StateProj::Calling { future, .. } => {
                    let answer = ready!(future.poll(cx)).map_err(Into::into);
                    let owned = state.as_mut().project_replace(State::Done);
                    if let StateOwned::Calling { turn, .. } = owned {
                        return Poll::Ready(answer.map(|answer| under_way(answer, turn)));
                    }
                }
                // A future that has ended is not polled again.
                StateProj::Done => return Poll::Pending,
            }
        }
    }
}

/// A line that is too long is no shorter at the next attempt.
fn refused(error: PaceError) -> BoxError {
    let is_crowded = matches!(error, PaceError::Crowded);
    let error = Delivery::NotSent.because(error);
    if is_crowded {
        error.permanent().into()
    } else {
        error.into()
    }
}

fn tell_of_wait<B>(request: &Request<B>, since: Instant) {
    if let Some(record) = CallRecord::find(request.extensions())
        && record.is_telling()
        && since.elapsed() >= WORTH_TELLING
    {
        record.tell(CallEvent::Noted("waited for its turn"));
    }
}

/// The request is under way as long as its answer's body; who waits does so as long as the service
/// asks for it.
fn under_way<R: Body>(answer: Response<R>, turn: Turn) -> Response<PacedBody<R>> {
    let is_asking = [
        StatusCode::TOO_MANY_REQUESTS,
        StatusCode::SERVICE_UNAVAILABLE,
    ]
    .contains(&answer.status());
    if is_asking && let Some(time) = retry_after(answer.headers(), SystemTime::now()) {
        turn.rest(time);
    }
    answer.map(|body| PacedBody::new(body, turn))
}

impl<S: Service<Request<B>>, B> fmt::Debug for ResponseFuture<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
