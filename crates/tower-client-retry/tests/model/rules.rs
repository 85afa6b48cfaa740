//! What holds in every case, and who broke it.

use std::iter::zip;
use std::time::Duration;

use tower_client_call::{Delivery, StopReason};
use tower_client_retry::RetryKind;

use crate::body::Reply;
use crate::caller::{End, How, Story, headers, uri};
use crate::case::{Case, Plan};
use crate::ledger::Entry;
use crate::oracle::{self, Next};
use crate::server::{Act, Log};

/// The clock's own resolution.
const TICK: Duration = Duration::from_millis(1);
/// How long the rest of a failed answer is waited for.
const DRAIN: Duration = Duration::from_millis(50);

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Rule {
    /// What may have been received and may not be received twice is not sent again.
    SentAgain,
    /// And is not done twice.
    DoneTwice,
    Attempts,
    Deadline,
    Delay,
    /// Nothing is left behind.
    LeftBehind,
    Budget,
    Record,
    /// Every attempt sends the same.
    Changed,
    /// A call ends and goes on for the reason that is documented.
    Reason,
    /// What the caller is told is true.
    Told,
    /// Only a service that is ready is called.
    NotReady,
    /// New calls stay away from an origin that asked for fewer.
    CoolDown,
    /// A call takes for ever only if the server does.
    Endless,
}

#[derive(Debug)]
pub(crate) struct Broken {
    pub(crate) rule: Rule,
    #[expect(dead_code, reason = "read by people")]
    call: usize,
    #[expect(dead_code, reason = "read by people")]
    what: String,
}

pub(crate) fn broken(story: &Story) -> Vec<Broken> {
    let mut all = Vec::new();
    for (id, (plan, log, end)) in story.calls().enumerate() {
        let mut check = Check {
            story,
            case: &story.case,
            id,
            plan,
            log,
            end,
            broken: &mut all,
        };
        check.all();
    }
    let mut break_rule = |rule, what| {
        let call = usize::MAX;
        all.push(Broken { rule, call, what });
    };
    if story.permits_out > 0 {
        let what = format!("{} permits are out", story.permits_out);
        break_rule(Rule::LeftBehind, what);
    }
    if story.misused > 0 {
        break_rule(Rule::NotReady, format!("{} times", story.misused));
    }
    if let Some(what) = unbalanced(story) {
        break_rule(Rule::Budget, what);
    }
    all
}

/// One call under examination.
struct Check<'a> {
    story: &'a Story,
    case: &'a Case,
    id: usize,
    plan: &'a Plan,
    log: &'a Log,
    end: &'a End,
    broken: &'a mut Vec<Broken>,
}

impl Check<'_> {
    fn that(&mut self, holds: bool, rule: Rule, what: impl FnOnce() -> String) {
        if !holds {
            let (call, what) = (self.id, what());
            self.broken.push(Broken { rule, call, what });
        }
    }

    fn all(&mut self) {
        let sends = self.log.sends.len();
        let Some(called) = self.end.called else {
            self.that(sends == 0, Rule::NotReady, || format!("{sends} sends"));
            return;
        };
        self.once();
        let most = usize::try_from(self.case.max_attempts).unwrap();
        self.that(sends <= most, Rule::Attempts, || format!("{sends} sends"));
        self.in_time(called);
        self.delays();
        let in_flight = self.end.in_flight;
        self.that(in_flight == 0, Rule::LeftBehind, || {
            format!("{in_flight} in flight")
        });
        let readied = self.end.readied;
        self.that(readied == 0, Rule::LeftBehind, || {
            format!("{readied} ready and unused")
        });
        self.record();
        self.same();
        self.reasons();
        self.told();
        self.held(called);
        self.ends();
    }

    fn once(&mut self) {
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

    fn in_time(&mut self, called: Duration) {
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

    fn delays(&mut self) {
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

    fn record(&mut self) {
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

    fn same(&mut self) {
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

    /// Every attempt but the last had to be followed by another, and the last was the last for the
    /// reason that was given.
    fn reasons(&mut self) {
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

    fn told(&mut self) {
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

    fn held(&mut self, called: Duration) {
        let (Some(first), story) = (self.log.sends.first(), self.story) else {
            return;
        };
        let mut until = Duration::ZERO;
        for (_, log, _) in story.calls() {
            let next = log.sends.iter().skip(1).map(|sent| sent.decided);
            for (sent, decided) in zip(&log.sends, next.chain([log.decided])) {
                if decided < sent.told || decided >= Some(called) {
                    continue;
                }
                let end = decided.and_then(|at| oracle::cool_down(self.case, sent, at));
                until = until.max(end.unwrap_or_default());
            }
        }
        let at = first.at;
        self.that(at >= until, Rule::CoolDown, || {
            format!("sent at {at:?} and not after {until:?}")
        });
        let held = first.asked.unwrap_or_default().saturating_sub(called);
        let longest = self.case.cool_down.unwrap_or_default();
        let most = longest + longest / 10 + TICK;
        self.that(held <= most, Rule::CoolDown, || {
            format!("held back for {held:?}")
        });
    }

    fn ends(&mut self) {
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

/// Compares what the bucket paid with what was sent, and its tokens with what it paid.
fn unbalanced(story: &Story) -> Option<String> {
    let (entries, tokens) = story.ledger.as_ref()?;
    let mut paid = [0_i64; RetryKind::ALL.len()];
    let place = |kind| RetryKind::ALL.iter().position(|it| *it == kind).unwrap();
    for (plan, log, _) in story.calls() {
        for kind in oracle::retries(&story.case, plan, log) {
            paid[place(kind)] += 1;
        }
    }
    let (capacity, costs) = story.case.budget?;
    let cost = |kind| match kind {
        RetryKind::Throttled => costs.throttled,
        RetryKind::Timeout => costs.timeout,
        _ => costs.retry,
    };
    let mut left = capacity;
    let mut deposits = 0;
    for entry in entries {
        match *entry {
            Entry::Taken(kind) => {
                paid[place(kind)] -= 1;
                left = match left.checked_sub(cost(kind)) {
                    Some(left) => left,
                    None => return Some(format!("{kind} paid with {left} tokens")),
                };
            }
            Entry::Refunded(kind) => {
                paid[place(kind)] += 1;
                left = capacity.min(left + cost(kind));
            }
            Entry::Refused(kind) if left >= cost(kind) => {
                return Some(format!("{kind} refused with {left} tokens"));
            }
            Entry::Refused(_) => {}
            Entry::Deposited => {
                deposits += 1;
                left = capacity.min(left + costs.refill);
            }
        }
    }
    if paid.iter().any(|unpaid| *unpaid != 0) {
        return Some(format!("sent and not paid, by kind: {paid:?}"));
    }
    if left != *tokens {
        return Some(format!("{tokens} tokens instead of {left}"));
    }
    let succeeded = |end: &End| end.record.stop == Some(StopReason::Succeeded);
    let successes = story.calls().filter(|(_, _, end)| succeeded(end)).count();
    (deposits != successes).then(|| format!("{deposits} deposits of {successes} successes"))
}
