//! What follows from what an attempt brought.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use http_body::Body;
use tokio::time::Instant;
use tower::BoxError;
use tower_client_call::{
    Attempt, Captured, Delivery, Ending, NotRepeatable, PeekedBody, RepeatBody, StopReason, capture,
};

use super::{Call, FOREVER, Step};
use crate::attempted::is_failure;
use crate::budget::Permit;
use crate::error::Failed;
use crate::pause::{InHand, Pause, Read, Reading, ToRead};
use crate::plan::Prospect;
use crate::{Attempted, Decision, Outcome, Policy, RetryKind};

/// What is read of a body for the policy arrives in this time, or is decided without.
const PEEK_TIME: Duration = Duration::from_secs(1);

/// What a response's head tells, if it is not simply the answer.
pub(crate) enum Glance {
    /// This is decided.
    Act(Decision),
    /// The body has to be read.
    Read(ToRead),
}

impl<S, P, B> Call<S, P, B>
where
    P: Policy,
    B: RepeatBody,
{
    /// Looks at a response's head. What is usual, an answer to the first attempt that succeeded,
    /// ends the call here and now: there is nothing more to tell.
    #[inline]
    pub(crate) fn glance(&mut self, status: StatusCode, headers: &HeaderMap) -> Option<Glance> {
        let collect = self.shared.limits.collect_body;
        let peek = self.shared.policy.peek(self.head.get().copied(), status);
        if let Some(limit) = peek.filter(|limit| *limit > 0) {
            // What fails by its status is not waited for as an answer is.
            let collect = collect.filter(|_| !is_failure(status));
            return Some(Glance::Read(ToRead {
                limit: limit.max(collect.unwrap_or(0)),
                is_attempt: collect.is_some(),
                decision: None,
            }));
        }
        let decision = self.decide(status, headers, None);
        match (decision, collect) {
            (Decision::Done, Some(limit)) => Some(Glance::Read(ToRead {
                limit,
                is_attempt: true,
                decision: Some(decision),
            })),
            (Decision::Done, None) if self.attempt == Attempt::FIRST => {
                self.deposit();
                self.ledger.close(StopReason::Succeeded);
                None
            }
            (decision, _) => Some(Glance::Act(decision)),
        }
    }

    /// Goes on after a glance at a response.
    #[cold]
    pub(crate) fn look_at<R>(&mut self, response: Response<R>, glance: Glance) -> Step<B, R>
    where
        R: Body<Data = Bytes, Error: Into<BoxError>>,
    {
        let (head, body) = response.into_parts();
        match glance {
            Glance::Act(decision) => self.act(decision, InHand::untouched(head, body)),
            Glance::Read(to_read) => {
                let time = self.reading_time(to_read.is_attempt);
                let body = capture(body, to_read.limit, time);
                Step::Read(Box::new(Reading::new(head, body, to_read)))
            }
        }
    }

    /// A response's body was read as far as it was asked for.
    pub(crate) fn has_read<R>(&mut self, read: Read<R>) -> Step<B, R>
    where
        R: Body<Data = Bytes, Error: Into<BoxError>>,
    {
        let Read { head, body, asked } = read;
        let by_body = || self.decide(head.status, &head.headers, Some(body.captured()));
        let decision = asked.decision.unwrap_or_else(by_body);
        let is_attempt = asked.is_attempt && decision == Decision::Done;
        match body.ending() {
            Ending::TimedOut if is_attempt => self.timed_out(Delivery::Answered),
            Ending::Failed if is_attempt => {
                let error = body.into_error().map(Into::into);
                let error = error.unwrap_or_else(|| "the response's body failed".into());
                self.failed(Failed::with(Delivery::Answered.because(error).into()))
            }
            _ => self.act(decision, InHand::Answer(head, PeekedBody::from(body))),
        }
    }

    /// An attempt failed.
    pub(crate) fn failed<R>(&mut self, failed: Failed) -> Step<B, R>
    where
        R: Body<Data = Bytes>,
    {
        let outcome = Outcome::Error(&*failed.error);
        let decision = match self.shared.policy.decide(&self.attempted(outcome)) {
            // An error is no success, whatever a policy says.
            Decision::Done => Decision::Forbid,
            decision => decision,
        };
        self.act(decision, InHand::Failure(failed))
    }

    /// An attempt took too long, and can have done so much.
    pub(crate) fn timed_out<R>(&mut self, delivery: Delivery) -> Step<B, R>
    where
        R: Body<Data = Bytes>,
    {
        let failed = Failed::too_late(delivery);
        if self.is_late() {
            let failed = InHand::Failure(failed);
            return Step::Return(self.end(failed, StopReason::Deadline));
        }
        self.failed(failed)
    }

    /// Returns how long reading a body may take: if it is a part of the attempt, as long as that.
    fn reading_time(&self, is_attempt: bool) -> Duration {
        let time = if is_attempt { FOREVER } else { PEEK_TIME };
        let end = self.attempt_end;
        end.map_or(time, |end| {
            time.min(end.saturating_duration_since(Instant::now()))
        })
    }

    #[inline]
    fn decide(&self, status: StatusCode, headers: &HeaderMap, peek: Option<&Captured>) -> Decision {
        let outcome = Outcome::Response {
            status,
            headers,
            peek,
        };
        self.shared.policy.decide(&self.attempted(outcome))
    }

    #[inline]
    fn attempted<'a>(&'a self, outcome: Outcome<'a>) -> Attempted<'a> {
        let (started, deadline) = (self.started, self.deadline);
        Attempted::since(&self.head, outcome, self.attempt, started, deadline)
    }

    fn deposit(&self) {
        if let Some(budget) = &self.shared.budget {
            budget.deposit();
        }
    }

    /// Does what was decided, as far as there are attempts, time and budget for it.
    fn act<R: Body<Data = Bytes>>(&mut self, decision: Decision, in_hand: InHand<R>) -> Step<B, R> {
        let (kind, after) = match decision {
            Decision::Done => {
                self.deposit();
                return Step::Return(self.end(in_hand, StopReason::Succeeded));
            }
            Decision::Forbid => {
                self.heed(&in_hand);
                return Step::Return(self.end(in_hand, StopReason::NotRetryable));
            }
            Decision::Retry { kind, after } => (kind, after),
        };
        self.heed(&in_hand);
        match self.plan(kind, after) {
            Ok((until, permit)) => {
                self.delivery = self.delivery.max(in_hand.delivery());
                let time = self.remaining(Instant::now()).unwrap_or(FOREVER);
                Step::Pause(Pause::after(in_hand, until, permit, time))
            }
            Err(stop) => Step::Return(self.end(in_hand, stop)),
        }
    }

    /// Lets everyone who calls the same origin know that it asked for fewer calls.
    fn heed<R: Body>(&self, in_hand: &InHand<R>) {
        let Some(cool_downs) = &self.shared.cool_downs else {
            return;
        };
        let attempted = self.attempted(in_hand.outcome());
        if attempted.delivery() == Delivery::NotSent {
            // Somebody else was asked, such as a login host.
            return;
        }
        if let (Some(status), Some(wait)) = (attempted.status(), attempted.throttle()) {
            cool_downs.begin(&self.head, status, wait, Instant::now());
        }
    }

    /// Returns when the next attempt is made and the permit for it, or why there is none.
    fn plan(
        &mut self,
        kind: RetryKind,
        after: Option<Duration>,
    ) -> Result<(Instant, Permit), StopReason> {
        let attempts = self.attempt.number();
        if attempts >= self.shared.limits.max_attempts {
            return Err(StopReason::Attempts);
        }
        // A body that is still being sent may be there by then.
        match B::again(&self.body) {
            Ok(_) | Err(NotRepeatable::InUse) => {}
            Err(_) => return Err(StopReason::BodyNotRepeatable),
        }
        let shared = &*self.shared;
        let now = Instant::now();
        let backoff = shared
            .backoff
            .delay(attempts - 1, self.backoff, shared.random());
        let cool_down = shared.cool_down(&self.head);
        let wait = Prospect {
            backoff,
            asked: after
                .max(cool_down.map(|cool_down| cool_down.until.saturating_duration_since(now))),
            longest: shared.limits.longest_retry_after,
            remaining: self.remaining(now),
            random: shared.random(),
        }
        .wait()?;
        let permit = Permit::pay(shared.budget.as_ref(), kind).ok_or(StopReason::Budget)?;
        tracing::debug!(
            attempt = attempts,
            delay = ?wait,
            reason = kind.as_str(),
            operation = self.operation(),
            "repeating a call"
        );
        self.backoff = backoff;
        self.ledger.begin_wait(now);
        Ok((now + wait, permit))
    }
}
