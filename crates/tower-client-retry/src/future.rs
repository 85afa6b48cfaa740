//! The future: an attempt, a pause, the next attempt.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep_until};
use tower::{BoxError, Service};
use tower_client_call::{Delivery, PeekedBody, RepeatBody};

use crate::call::{Call, Step};
use crate::error::Failed;
use crate::pause::{Pause, Reading};
use crate::shared::Obstacle;
use crate::{Policy, RetryError};

pin_project! {
    /// Response future of [`Retry`](crate::Retry).
    ///
    /// # Cancellation
    ///
    /// Dropped at any time, it takes back what it can: a retry that is paid for and not sent is
    /// refunded, and the call's record says `Cancelled`.
    pub struct ResponseFuture<S, P, B, R>
    where
        S: Service<Request<B>>,
        B: RepeatBody,
        R: Body,
    {
        #[pin]
        state: State<S::Future, B, R>,
        // The one timer of whatever state there is; it is not made before something has to wait.
        #[pin]
        timer: Option<Sleep>,
        call: Call<S, P, B>,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<F, B, R: Body> {
        // An attempt runs.
        Calling { #[pin] future: F },
        // Its response is read.
        Reading { reading: Box<Reading<R>> },
        // The next attempt, or the first, has to wait.
        Pausing { pause: Option<Box<Pause<B, R>>> },
        // The service gets ready for it.
        Readying { pause: Option<Box<Pause<B, R>>> },
        // It was not sent, and will not be.
        Refused { error: Option<RetryError> },
    }
}

impl<S, P, B, R> ResponseFuture<S, P, B, R>
where
    S: Service<Request<B>>,
    B: RepeatBody,
    R: Body,
{
    /// Creates the future of a call whose first attempt is sent.
    #[inline(always)] // built where it stays: moving it costs 60 instructions a time
    pub(crate) fn sent(call: Call<S, P, B>, future: S::Future) -> Self {
        Self {
            state: State::Calling { future },
            timer: None,
            call,
        }
    }

    /// Creates the future of a call that is not sent at once, or not at all.
    #[cold]
    pub(crate) fn held(mut call: Call<S, P, B>, request: Request<B>, obstacle: Obstacle) -> Self {
        let state = match call.hold(obstacle) {
            Ok(until) => State::Pausing {
                pause: Some(Pause::held(request, until)),
            },
            Err(error) => State::Refused { error: Some(error) },
        };
        Self {
            state,
            timer: None,
            call,
        }
    }
}

impl<S, P, B, R> Future for ResponseFuture<S, P, B, R>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>> + Clone,
    P: Policy,
    B: RepeatBody,
    R: Body<Data = Bytes, Error: Into<BoxError>>,
{
    type Output = Result<Response<PeekedBody<R>>, RetryError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let call = this.call;
        loop {
            let step = match this.state.as_mut().project() {
                StateProj::Calling { future } => match future.poll(cx) {
                    Poll::Ready(Ok(response)) => {
                        match call.glance(response.status(), response.headers()) {
                            None => {
                                return Poll::Ready(Ok(response.map(PeekedBody::untouched)));
                            }
                            Some(glance) => call.look_at(response, glance),
                        }
                    }
                    Poll::Ready(Err(error)) => call.failed(Failed::with(error.into())),
                    Poll::Pending => {
                        call.begin();
                        ready!(poll_until(this.timer.as_mut(), call.attempt_end(), cx));
                        // Dropped first: what it notes of its end is not the last word.
                        this.state.set(State::Refused { error: None });
                        call.timed_out(Delivery::MaybeSent)
                    }
                },
                StateProj::Reading { reading } => {
                    let read = ready!(reading.poll(cx));
                    call.has_read(read)
                }
                StateProj::Pausing { pause } => {
                    let Some(waiting) = pause else {
                        return Poll::Pending;
                    };
                    let until = ready!(waiting.poll_drained(cx));
                    ready!(poll_until(this.timer.as_mut(), Some(until), cx));
                    let held = call.hold_on(waiting);
                    let Some(mut waited) = pause.take() else {
                        return Poll::Pending;
                    };
                    let next = match held {
                        Ok(Some(until)) => {
                            waited.extend(until);
                            let pause = Some(waited);
                            State::Pausing { pause }
                        }
                        Ok(None) => {
                            call.end_wait();
                            let pause = Some(waited);
                            State::Readying { pause }
                        }
                        Err((stop, cool_down)) => {
                            let before = waited.into_before();
                            return Poll::Ready(call.stop_waiting(before, stop, cool_down));
                        }
                    };
                    this.timer.set(None);
                    this.state.set(next);
                    continue;
                }
                StateProj::Readying { pause } => {
                    let Some(waiting) = pause else {
                        return Poll::Pending;
                    };
                    let ready = match call.poll_service(cx) {
                        Poll::Ready(ready) => ready.map_err(Into::into),
                        Poll::Pending => {
                            let end = call.readiness_end(waiting.is_before_first());
                            ready!(poll_until(this.timer.as_mut(), end, cx));
                            Err(Failed::too_late(Delivery::NotSent).error)
                        }
                    };
                    let Some(pause) = pause.take() else {
                        return Poll::Pending;
                    };
                    match call.send(pause.into_before(), ready) {
                        Ok(future) => {
                            this.timer.set(None);
                            this.state.set(State::Calling { future });
                            continue;
                        }
                        Err(result) => Step::Return(result),
                    }
                }
                StateProj::Refused { error } => match error.take() {
                    Some(error) => Step::Return(Err(error)),
                    None => return Poll::Pending,
                },
            };
            this.timer.set(None);
            this.state.set(match step {
                Step::Read(reading) => State::Reading { reading },
                Step::Pause(pause) => State::Pausing { pause: Some(pause) },
                Step::Return(result) => return Poll::Ready(result),
            });
        }
    }
}

/// Waits until an instant by this timer, which is made when it is first asked; `None` never comes.
fn poll_until(
    mut timer: Pin<&mut Option<Sleep>>,
    end: Option<Instant>,
    cx: &mut Context<'_>,
) -> Poll<()> {
    if timer.is_none() {
        match end {
            Some(end) => timer.set(Some(sleep_until(end))),
            None => return Poll::Pending,
        }
    }
    match timer.as_pin_mut() {
        Some(timer) => timer.poll(cx),
        None => Poll::Pending,
    }
}

impl<S, P, B, R> fmt::Debug for ResponseFuture<S, P, B, R>
where
    S: Service<Request<B>>,
    B: RepeatBody,
    R: Body,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
