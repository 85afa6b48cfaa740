//! What is sent and done: once where it has to be, in time, after its pause, the same each time.

use std::iter::zip;
use std::time::Duration;

use super::{Check, Rule, TICK};
use crate::caller::{headers, uri};
use crate::oracle::{self, Next};

/// How long the rest of a failed answer is waited for.
const DRAIN: Duration = Duration::from_millis(50);

impl Check<'_> {
    pub(super) fn once(&mut self) {
        let (plan, log) = (self.plan, self.log);
        if !plan.may_be_received_twice() {
            let before_last = log.sends.iter().rev().skip(1);
            let again = before_last
                .filter(|sent| oracle::may_be_received(plan, sent))
                .count();
            self.that(again == 0, Rule::SentAgain, || {
                format!("{again} maybe received")
            });
        }
        if !plan.may_be_received_twice() || plan.keyed {
            let effects = log.effects;
            self.that(effects <= 1, Rule::DoneTwice, || {
                format!("{effects} effects")
            });
        }
    }

    pub(super) fn in_time(&mut self, called: Duration) {
        let call = self.case.call_timeout.map(|timeout| called + timeout);
        // Who comes too late cannot end in time.
        let own = self.end.deadline.map(|deadline| deadline.max(called));
        let Some(deadline) = own.into_iter().chain(call).min() else {
            return;
        };
        let (at, sends) = (self.end.at, &self.log.sends);
        self.that(at <= deadline, Rule::Deadline, || {
            format!("ended at {at:?} and not by {deadline:?}")
        });
        let late = sends.iter().skip(1).any(|sent| sent.at >= deadline);
        self.that(!late, Rule::Deadline, || "sent too late".to_owned());
    }

    pub(super) fn delays(&mut self) {
        let (case, sends) = (self.case, &self.log.sends);
        for (retry, (before, sent)) in zip(sends, &sends[1.min(sends.len())..]).enumerate() {
            let (Some(decided), Some(asked)) = (sent.decided, sent.asked) else {
                let what = || "sent without a decision or without asking".to_owned();
                self.that(false, Rule::NotReady, what);
                continue;
            };
            let waited = asked - decided;
            let (mut least, mut most) = oracle::bounds(&case.backoff, retry);
            if let Next::Retry(_, Some(after)) = oracle::next(case, self.plan, before) {
                let longest = case.longest_retry_after;
                self.that(after <= longest, Rule::Delay, || {
                    format!("{after:?} were asked for")
                });
                least = least.max(after);
                most = most.max(after);
                most = (most + most / 10).min(most.max(longest));
            }
            if let Some(cool_down) = case.cool_down {
                // Another call may have been asked to wait, and this one with it.
                most = most.max(case.longest_retry_after).max(cool_down);
            }
            most = most.max(DRAIN) + TICK;
            let tolerance = Duration::from_micros(1);
            let good = waited + tolerance >= least && waited <= most;
            self.that(good, Rule::Delay, || {
                format!("waited {waited:?} before retry {retry}, not {least:?} to {most:?}")
            });
            let readying = sent.at - asked;
            self.that(readying <= case.readiness_timeout, Rule::Delay, || {
                format!("waited {readying:?} for readiness")
            });
            if let (Some(timeout), Some(at)) = (case.attempt_timeout, sent.decided) {
                let took = at - before.at;
                self.that(took <= timeout, Rule::Delay, || {
                    format!("attempt {retry} took {took:?}")
                });
            }
        }
    }

    pub(super) fn same(&mut self) {
        let plan = self.plan;
        let (bytes, uri, headers) = (&plan.payload.bytes, uri(self.id), headers(plan, self.id));
        let length = u64::try_from(bytes.len()).unwrap();
        for (number, sent) in (1..).zip(&self.log.sends) {
            let Some(got) = &sent.received else { continue };
            let head = got.method == plan.method && got.uri == uri.as_str();
            self.that(head && got.headers == headers, Rule::Changed, || {
                format!("head of attempt {number}")
            });
            self.that(got.attempt == number, Rule::Changed, || {
                format!("{} instead of attempt {number}", got.attempt)
            });
            let prefix = bytes.starts_with(&got.body);
            let whole = !got.whole || got.body.len() == bytes.len();
            let announced = got.announced == Some(length);
            let broken = plan.payload.streamed.is_some_and(|it| it.fails);
            let empty = !got.seemed_empty || (bytes.is_empty() && !broken);
            let good = prefix && whole && announced && empty;
            self.that(good, Rule::Changed, || {
                format!("body of attempt {number}: {got:?}")
            });
        }
    }
}
