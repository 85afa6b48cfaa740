//! The future: wait, call, report.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::{Request, Response};
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep_until};
use tower::{BoxError, Service};
use tower_client::call::Delivery;

use super::{Facts, Seen, Shared};

pin_project! {
    /// Response future of [`Pace`](super::Pace).
    ///
    /// It has a name, so that who uses the layer can write its type down, and takes no box. Dropped
    /// before its end, it has taken its turn in vain, and reports nothing.
    pub(crate) struct ResponseFuture<S: Service<Request<B>>, B> {
        shared: Arc<Shared>,
        facts: Facts,
        waited: Duration,
        #[pin]
        state: State<S, S::Future, B>,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<S, F, B> {
        Waiting {
            #[pin]
            turn: Sleep,
            since: Instant,
            // The service that was polled ready. Taken when it is called.
            call: Option<(S, Request<B>)>,
        },
        Calling { #[pin] future: F },
        Refused { error: Option<BoxError> },
    }
}

impl<S: Service<Request<B>>, B> ResponseFuture<S, B> {
    /// A request that has been sent.
    pub(super) fn sent(shared: Arc<Shared>, facts: Facts, future: S::Future) -> Self {
        Self::new(shared, facts, State::Calling { future })
    }

    /// A request that is sent at this instant.
    pub(super) fn waiting(
        shared: Arc<Shared>,
        facts: Facts,
        turn: Instant,
        ready: S,
        request: Request<B>,
    ) -> Self {
        let state = State::Waiting {
            turn: sleep_until(turn),
            since: Instant::now(),
            call: Some((ready, request)),
        };
        Self::new(shared, facts, state)
    }

    /// A request that is not sent.
    pub(super) fn refused(shared: Arc<Shared>, facts: Facts, error: BoxError) -> Self {
        Self::new(shared, facts, State::Refused { error: Some(error) })
    }

    fn new(shared: Arc<Shared>, facts: Facts, state: State<S, S::Future, B>) -> Self {
        Self {
            shared,
            facts,
            waited: Duration::ZERO,
            state,
        }
    }
}

impl<S, B, R> Future for ResponseFuture<S, B>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>>,
{
    type Output = Result<Response<R>, BoxError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let result = loop {
            let future = match this.state.as_mut().project() {
                StateProj::Waiting { turn, since, call } => {
                    ready!(turn.poll(cx));
                    // It is always there: this state ends with it.
                    let Some((mut service, request)) = call.take() else {
                        return Poll::Pending;
                    };
                    *this.waited = since.elapsed();
                    service.call(request)
                }
                StateProj::Calling { future } => {
                    break ready!(future.poll(cx)).map_err(Into::into);
                }
                StateProj::Refused { error } => match error.take() {
                    Some(error) => break Err(error),
                    None => return Poll::Pending,
                },
            };
            this.state.set(State::Calling { future });
        };
        let outcome = match &result {
            Ok(response) => Ok(response.status()),
            Err(error) => Err(Delivery::of(&**error)),
        };
        this.shared.report(&Seen {
            facts: this.facts,
            waited: *this.waited,
            outcome,
        });
        Poll::Ready(result)
    }
}

impl<S: Service<Request<B>>, B> fmt::Debug for ResponseFuture<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture")
            .field("facts", &self.facts)
            .finish_non_exhaustive()
    }
}
