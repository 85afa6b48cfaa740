//! What the calls of a case share: the cool-down of their origin, and their budget.

use std::iter::zip;
use std::time::Duration;

use tower_client_call::StopReason;
use tower_client_retry::RetryKind;

use super::{Check, Rule, TICK};
use crate::caller::{End, Story};
use crate::ledger::Entry;
use crate::oracle;

impl Check<'_> {
    pub(super) fn held(&mut self, called: Duration) {
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
}

/// Compares what the bucket paid with what was sent, and its tokens with what it paid.
pub(super) fn unbalanced(story: &Story) -> Option<String> {
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
