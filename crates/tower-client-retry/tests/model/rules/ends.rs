//! How calls go on and end: for what reasons, what caller and record are told, and that they do.

use tower_client_call::{Delivery, StopReason};

use super::{Check, Rule};
use crate::act::Act;
use crate::body::Reply;
use crate::caller::How;
use crate::oracle::{self, Next};

impl Check<'_> {
    pub(super) fn record(&mut self) {
        let (log, end) = (self.log, self.end);
        let sends = u32::try_from(log.sends.len()).unwrap();
        let attempts = end.record.attempts;
        self.that(attempts == sends.max(1), Rule::Record, || {
            format!("{attempts} attempts and {sends} sends")
        });
        let stop = end.record.stop;
        // What was refused when it was called was over before its caller left.
        let refused = sends == 0 && stop == Some(StopReason::Deadline);
        let good = match end.how {
            How::Left => stop == Some(StopReason::Cancelled) || refused,
            How::Answer { .. } | How::Error { .. } => {
                stop.is_some_and(|stop| stop != StopReason::Cancelled)
            }
            How::NotReady => false,
        };
        self.that(good, Rule::Record, || format!("{stop:?} of {:?}", end.how));
        let pauses = end.record.backoff;
        let lasted = end.at - end.called.unwrap_or_default();
        self.that(pauses <= lasted, Rule::Record, || {
            format!("{pauses:?} of pauses in {lasted:?}")
        });
    }

    /// Every attempt but the last had to be followed by another, and the last was the last for the
    /// reason that was given.
    pub(super) fn reasons(&mut self) {
        let (case, plan) = (self.case, self.plan);
        let Some((last, before)) = self.log.sends.split_last() else {
            let stop = self.end.record.stop;
            let good = matches!(
                stop,
                Some(StopReason::Deadline | StopReason::NotReady | StopReason::Cancelled)
            );
            self.that(good, Rule::Reason, || format!("nothing sent: {stop:?}"));
            return;
        };
        for (retry, sent) in before.iter().enumerate() {
            let next = oracle::next(case, plan, sent);
            self.that(matches!(next, Next::Retry(..)), Rule::Reason, || {
                format!("retry {retry} after {sent:?}")
            });
        }
        let Some(stop) = self.end.record.stop else {
            return;
        };
        let next = oracle::next(case, plan, last);
        let retryable = matches!(next, Next::Retry(..));
        let attempts = u32::try_from(self.log.sends.len()).unwrap();
        let all_used = attempts == case.max_attempts;
        let good = match stop {
            StopReason::Succeeded => next == Next::Done,
            StopReason::NotRetryable => next == Next::Forbidden,
            StopReason::Attempts => retryable && all_used,
            StopReason::Budget => retryable && !all_used && case.budget.is_some(),
            StopReason::Deadline => self.end.deadline.is_some() || case.call_timeout.is_some(),
            StopReason::RetryAfterTooLong => {
                let own = matches!(next, Next::Retry(_, Some(it)) if it > case.longest_retry_after);
                retryable && (own || case.cool_down.is_some())
            }
            StopReason::BodyNotRepeatable => retryable && case.streamed,
            StopReason::NotReady => retryable && !all_used,
            StopReason::Cancelled => true,
            _ => false,
        };
        self.that(good, Rule::Reason, || format!("{stop:?} after {last:?}"));
    }

    pub(super) fn told(&mut self) {
        let (plan, log, end) = (self.plan, self.log, self.end);
        match end.how {
            How::Answer { status, stop } => {
                let received = log.sends.last().and_then(|sent| sent.received.as_ref());
                let sent = match received.map(|it| it.act) {
                    Some(Act::Answer { status, .. }) => Some(status),
                    _ => None,
                };
                self.that(sent == Some(status.as_u16()), Rule::Told, || {
                    format!("{status} instead of {sent:?}")
                });
                let first = log.sends.len() == 1 && end.record.stop == Some(StopReason::Succeeded);
                let good = stop == end.record.stop || (first && stop.is_none());
                self.that(good, Rule::Told, || {
                    format!("{stop:?}, and the record has {:?}", end.record.stop)
                });
            }
            How::Error {
                stop,
                attempts,
                delivery,
            } => {
                let sends = log.sends.len();
                self.that(
                    usize::try_from(attempts).unwrap() == sends,
                    Rule::Told,
                    || format!("{attempts} attempts and {sends} sends"),
                );
                self.that(Some(stop) == end.record.stop, Rule::Told, || {
                    format!("{stop}, and the record has {:?}", end.record.stop)
                });
                // The promise of an operation that opted in is known to the policy alone.
                let received = |sent| oracle::may_be_received(plan, sent);
                let any = log.sends.iter().any(received);
                let good = delivery != Delivery::NotSent || !any;
                self.that(good, Rule::Told, || {
                    "not sent, although it may have been".to_owned()
                });
            }
            How::Left | How::NotReady => {}
        }
    }

    pub(super) fn ends(&mut self) {
        let left = self.plan.leaves.is_none() && matches!(self.end.how, How::Left);
        if !left {
            return;
        }
        let last = self.log.sends.last();
        let good = match last.and_then(|sent| sent.received.as_ref()) {
            Some(received) => match received.act {
                Act::Hang { .. } => true,
                Act::Answer { status, reply, .. } => {
                    let collected = self.case.collect_body.is_some();
                    status == 200 && reply == Reply::Stuck && collected
                }
                Act::Refuse(_) | Act::Break { .. } => false,
            },
            // The first attempt waits for readiness as long as it takes.
            None => last.is_none(),
        };
        self.that(good, Rule::Endless, || format!("the last was {last:?}"));
    }
}
