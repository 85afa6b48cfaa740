//! One call: what is sent again, and what has happened so far.

mod judge;

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response};
use http_body::Body;
use tokio::time::Instant;
use tower::{BoxError, Service};
use tower_client_call::{
    Attempt, Deadline, Delivery, NotRepeatable, Operation, PeekedBody, RepeatBody, RequestHead,
    ResponseError, RetryReason, StopReason,
};

use crate::RetryError;
use crate::cool_down::CoolDown;
use crate::error::Failed;
use crate::ledger::Ledger;
use crate::pause::{Before, InHand, Pause, Reading};
use crate::plan::{in_time, spread};
use crate::shared::{Obstacle, Shared};

/// As good as no limit, and no overflow.
const FOREVER: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);

/// A call that may be attempted again.
pub(crate) struct Call<S, P, B: RepeatBody> {
    shared: Arc<Shared<P>>,
    /// The service for the next attempt; not ready.
    service: S,
    head: RequestHead,
    body: B::Kept,
    attempt: Attempt,
    /// When the call began, as soon as that matters: one that is answered at once asks no clock.
    started: Option<Instant>,
    deadline: Option<Instant>,
    /// When the attempt that runs is given up.
    attempt_end: Option<Instant>,
    /// The last delay, which decorrelated jitter goes by.
    backoff: Duration,
    /// The most that the attempts before this one can have done.
    delivery: Delivery,
    ledger: Ledger,
}

/// What is next.
pub(crate) enum Step<B, R: Body> {
    Read(Box<Reading<R>>),
    Pause(Box<Pause<B, R>>),
    Return(Result<Response<PeekedBody<R>>, RetryError>),
}

impl<S, P, B> Call<S, P, B>
where
    S: Service<Request<B>>,
    B: RepeatBody,
{
    /// Sends the attempt that was waited for, if the service became ready for it; otherwise ends
    /// the call with what the last attempt brought.
    pub(crate) fn send<R>(
        &mut self,
        before: Before<B, R>,
        ready: Result<(), BoxError>,
    ) -> Result<S::Future, Result<Response<PeekedBody<R>>, RetryError>>
    where
        R: Body,
    {
        let ready = match (ready, self.is_late()) {
            (Ok(()), true) => {
                let error = Failed::too_late(Delivery::NotSent).error;
                Err((StopReason::Deadline, error))
            }
            (Err(error), true) => Err((StopReason::Deadline, error)),
            (Err(error), false) => Err((StopReason::NotReady, error)),
            (Ok(()), false) => Ok(()),
        };
        match (before, ready) {
            (Before::First(request), Ok(())) => {
                self.attempt_end = self.end_of_attempt(Instant::now());
                Ok(self.service.call(request))
            }
            (Before::First(_), Err((stop, error))) => {
                self.note_end(stop);
                Err(Err(RetryError::not_ready(stop, error)))
            }
            (Before::Attempt(in_hand, permit), Ok(())) => match self.send_again(in_hand.reason()) {
                Ok(future) => {
                    permit.spend();
                    Ok(future)
                }
                Err(_) => Err(self.end(in_hand, StopReason::BodyNotRepeatable)),
            },
            (Before::Attempt(in_hand, _), Err((stop, _))) => Err(self.end(in_hand, stop)),
        }
    }

    fn send_again(&mut self, reason: RetryReason) -> Result<S::Future, NotRepeatable> {
        let mut request = self.head.with(B::again(&self.body)?);
        self.attempt = self.attempt.next();
        request.extensions_mut().insert(self.attempt);
        self.ledger.count_retry(reason);
        self.attempt_end = self.end_of_attempt(Instant::now());
        Ok(self.service.call(request))
    }

    pub(crate) fn poll_service(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(cx)
    }
}

impl<S, P, B: RepeatBody> Call<S, P, B> {
    #[inline(always)] // built where it stays: moving it costs 60 instructions a time
    pub(crate) fn new(
        shared: Arc<Shared<P>>,
        service: S,
        head: RequestHead,
        body: B::Kept,
    ) -> Self {
        let own = head.get().copied().map(Deadline::instant);
        let from_now = |time| Instant::now() + time;
        let deadline = sooner(own, shared.limits.call_timeout.map(from_now));
        let attempt_end = shared.limits.attempt_timeout.map(from_now);
        Self {
            attempt: Attempt::FIRST,
            started: None,
            deadline,
            attempt_end: sooner(attempt_end, deadline),
            backoff: Duration::ZERO,
            delivery: Delivery::NotSent,
            ledger: Ledger::to(head.get().cloned()),
            shared,
            service,
            head,
            body,
        }
    }

    /// Notes when the call began, if nobody has yet, and returns it.
    pub(crate) fn begin(&mut self) -> Instant {
        *self.started.get_or_insert_with(Instant::now)
    }

    /// Returns until when the first attempt has to wait, or that it cannot.
    pub(crate) fn hold(&mut self, obstacle: Obstacle) -> Result<Instant, RetryError> {
        let Obstacle::CoolDown(cool_down) = obstacle else {
            self.note_end(StopReason::Deadline);
            return Err(RetryError::over());
        };
        let now = self.begin();
        let Some(until) = self.jittered(cool_down, now) else {
            self.note_end(StopReason::Deadline);
            let wait = cool_down.until.saturating_duration_since(now);
            return Err(RetryError::cooling_down(cool_down.status, wait));
        };
        tracing::debug!(
            delay = ?(until - now),
            status = cool_down.status.as_u16(),
            operation = self.operation(),
            "holding back a call: the origin asked for fewer"
        );
        self.ledger.begin_wait(now);
        Ok(until)
    }

    /// Returns until when an attempt that has waited waits on because its origin has asked for
    /// fewer calls meanwhile, `None` when it is sent, or why it is not. Nobody is held longer than
    /// one cool-down may last: then the origin says again what it wants.
    pub(crate) fn hold_on<R: Body>(
        &self,
        pause: &Pause<B, R>,
    ) -> Result<Option<Instant>, (StopReason, CoolDown)> {
        let (Some(cool_downs), Some(cool_down)) =
            (&self.shared.cool_downs, self.shared.cool_down(&self.head))
        else {
            return Ok(None);
        };
        let now = Instant::now();
        let wait = cool_down.until.saturating_duration_since(now);
        if !pause.is_before_first() && wait > self.shared.limits.longest_retry_after {
            return Err((StopReason::RetryAfterTooLong, cool_down));
        }
        let Some(until) = self.jittered(cool_down, now) else {
            return Err((StopReason::Deadline, cool_down));
        };
        let held = until - pause.began();
        Ok((held <= cool_downs.max()).then_some(until))
    }

    /// The end of a cool-down, and up to a tenth of it later; `None` if the deadline comes first.
    fn jittered(&self, cool_down: CoolDown, now: Instant) -> Option<Instant> {
        let wait = cool_down.until.saturating_duration_since(now);
        let longer = spread(wait, FOREVER, self.shared.random());
        Some(now + in_time(wait, longer, self.remaining(now))?)
    }

    /// Ends a call that has waited in vain, with what the last attempt brought.
    pub(crate) fn stop_waiting<R: Body>(
        &mut self,
        before: Before<B, R>,
        stop: StopReason,
        cool_down: CoolDown,
    ) -> Result<Response<PeekedBody<R>>, RetryError> {
        match before {
            Before::Attempt(in_hand, _) => self.end(in_hand, stop),
            Before::First(_) => {
                self.note_end(stop);
                let wait = cool_down.until.saturating_duration_since(Instant::now());
                Err(RetryError::cooling_down(cool_down.status, wait))
            }
        }
    }

    /// Returns when the attempt that runs is given up, if ever.
    pub(crate) fn attempt_end(&self) -> Option<Instant> {
        self.attempt_end
    }

    /// Returns until when the service below may take to become ready; without an end for a first
    /// attempt that has no deadline, as for any other caller.
    pub(crate) fn readiness_end(&self, first: bool) -> Option<Instant> {
        let patience = Instant::now() + self.shared.limits.readiness_timeout;
        sooner((!first).then_some(patience), self.deadline)
    }

    /// The waiting is over.
    pub(crate) fn end_wait(&mut self) {
        self.ledger.end_wait();
    }

    fn end_of_attempt(&self, now: Instant) -> Option<Instant> {
        let own = self
            .shared
            .limits
            .attempt_timeout
            .map(|timeout| now + timeout);
        sooner(own, self.deadline)
    }

    fn is_late(&self) -> bool {
        self.remaining(Instant::now()) == Some(Duration::ZERO)
    }

    fn remaining(&self, now: Instant) -> Option<Duration> {
        let deadline = self.deadline?;
        Some(deadline.saturating_duration_since(now))
    }

    fn operation(&self) -> Option<&'static str> {
        self.head.get().copied().map(Operation::name)
    }

    fn note_end(&mut self, stop: StopReason) {
        self.ledger.close(stop);
        if stop != StopReason::Succeeded {
            tracing::debug!(
                attempt = self.attempt.number(),
                reason = %stop,
                operation = self.operation(),
                "giving up on a call"
            );
        }
    }

    /// Ends the call with what there is.
    pub(crate) fn end<R: Body>(
        &mut self,
        in_hand: InHand<R>,
        stop: StopReason,
    ) -> Result<Response<PeekedBody<R>>, RetryError> {
        self.note_end(stop);
        let attempt = self.attempt;
        let failed = match in_hand {
            InHand::Answer(mut head, body) => {
                if stop != StopReason::Succeeded || attempt != Attempt::FIRST {
                    head.extensions.insert(stop);
                    head.extensions.insert(attempt);
                }
                return Ok(Response::from_parts(head, body));
            }
            InHand::Head(head) | InHand::Draining(head, _) => {
                let answer = ResponseError::new(head.status, head.headers);
                Failed::with(answer.into())
            }
            InHand::Failure(failed) => failed,
        };
        let number = attempt.number();
        Err(RetryError::failed(stop, number, failed, self.delivery))
    }
}

#[inline]
fn sooner(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
