//! What has to follow an attempt, by the documentation and not by the code.

use std::time::Duration;

use tower_client_retry::{Backoff, Jitter, RetryKind};

use crate::act::{Act, Breakage, Refusal};
use crate::body::Reply;
use crate::case::{Case, Plan};
use crate::log::{Log, Sent};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Next {
    Done,
    Forbidden,
    Retry(RetryKind, Option<Duration>),
}

/// Says what may follow an attempt whose outcome the layer was told, or that took too long.
pub(crate) fn next(case: &Case, plan: &Plan, sent: &Sent) -> Next {
    let twice = plan.may_be_received_twice();
    let if_twice = |kind, after| {
        if twice {
            Next::Retry(kind, after)
        } else {
            Next::Forbidden
        }
    };
    let Some(act) = told(sent) else {
        return if_twice(RetryKind::Timeout, None);
    };
    match act {
        Act::Hang { .. } => if_twice(RetryKind::Timeout, None),
        Act::Refuse(Refusal::Said | Refusal::Connection) => Next::Retry(RetryKind::NotSent, None),
        Act::Refuse(Refusal::Late) => Next::Retry(RetryKind::Timeout, None),
        Act::Refuse(Refusal::Lasting) => Next::Forbidden,
        Act::Break { how, .. } => match how {
            Breakage::Late => if_twice(RetryKind::Timeout, None),
            Breakage::Silent | Breakage::Said | Breakage::Reset | Breakage::Overruled => {
                if_twice(RetryKind::Interrupted, None)
            }
        },
        Act::Answer {
            status: 200, reply, ..
        } => match cut_off(case, sent, reply) {
            Some(kind) => if_twice(kind, None),
            None => Next::Done,
        },
        Act::Answer {
            status,
            retry_after,
            ..
        } => {
            let after = retry_after.map(Duration::from_secs);
            match status {
                429 | 503 => {
                    let throttled = status == 429 || after.is_some();
                    let kind = if throttled {
                        RetryKind::Throttled
                    } else {
                        RetryKind::ServerError
                    };
                    if plan.is_opted_in() && after.is_some() {
                        return Next::Retry(kind, after);
                    }
                    if_twice(kind, after)
                }
                408 | 504 => if_twice(RetryKind::Timeout, None),
                500 | 502 => if_twice(RetryKind::ServerError, None),
                _ => Next::Forbidden,
            }
        }
    }
}

fn told(sent: &Sent) -> Option<Act> {
    let received = sent.received.as_ref()?;
    sent.told.map(|_| received.act)
}

/// Returns until when the origin asked everybody to stay away by an answer that the layer had dealt
/// with at this time.
pub(crate) fn cool_down(case: &Case, sent: &Sent, dealt_with: Duration) -> Option<Duration> {
    let longest = case.cool_down?;
    match told(sent)? {
        Act::Answer {
            status: 429 | 503,
            retry_after: Some(seconds),
            ..
        } => Some(dealt_with + longest.min(Duration::from_secs(seconds))),
        _ => None,
    }
}

/// What a success is repeated for whose body is collected and does not come whole.
fn cut_off(case: &Case, sent: &Sent, reply: Reply) -> Option<RetryKind> {
    let limit = case.collect_body?;
    if sent.reply_read >= limit {
        return None;
    }
    match reply {
        Reply::Broken => Some(RetryKind::Interrupted),
        Reply::Stuck => Some(RetryKind::Timeout),
        Reply::Whole | Reply::Slow | Reply::Long if sent.reply_ended => None,
        Reply::Whole | Reply::Slow | Reply::Long => Some(RetryKind::Timeout),
    }
}

/// Tells whether the server may have received it: always, but where it is known that it has not,
/// and where it promises that it rejected it.
pub(crate) fn may_be_received(plan: &Plan, sent: &Sent) -> bool {
    match told(sent) {
        Some(Act::Refuse(_)) => false,
        Some(Act::Answer {
            status: 429 | 503,
            retry_after: Some(_),
            ..
        }) => !plan.is_opted_in(),
        Some(Act::Answer { .. } | Act::Break { .. } | Act::Hang { .. }) | None => true,
    }
}

/// Returns what each retry of a call was made for.
pub(crate) fn retries(case: &Case, plan: &Plan, log: &Log) -> Vec<RetryKind> {
    let before = log.sends.iter().take(log.sends.len().saturating_sub(1));
    let kinds = before.map(|sent| match next(case, plan, sent) {
        Next::Retry(kind, _) => Some(kind),
        Next::Done | Next::Forbidden => None,
    });
    kinds.flatten().collect()
}

/// The shortest and the longest backoff before a retry, from 0.
pub(crate) fn bounds(backoff: &Backoff, retry: usize) -> (Duration, Duration) {
    let power = backoff.factor.powi(retry.try_into().unwrap());
    let delay = backoff.base.mul_f64(power).min(backoff.max);
    match backoff.jitter {
        Jitter::None => (delay, delay),
        Jitter::Equal => (delay / 2, delay),
        Jitter::Full => (Duration::ZERO, delay),
        Jitter::Proportional(part) => {
            let most = delay.mul_f64(1.0 + part).min(backoff.max);
            (delay.mul_f64(1.0 - part), most)
        }
        Jitter::Decorrelated if retry == 0 => (backoff.base, backoff.base),
        _ => {
            let most = backoff.base * 3_u32.pow(retry.try_into().unwrap());
            (backoff.base, most.min(backoff.max))
        }
    }
}
