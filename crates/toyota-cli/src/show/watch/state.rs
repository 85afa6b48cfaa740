//! How a data set, and the waking of a car, stand: in words.

use std::time::Duration;

use jiff::Timestamp;
use toyota_client::car::{DataSet, DataState};
use toyota_client::wake::{Action, Attended, How, Standing, Trigger, WakeRefusal};
use toyota_client::{Error, Kind};

use super::line::Tone;
use crate::show::{span, when};
use crate::watch::{View, Watched};

/// How a data set of a car stands: in a word, and if it failed why.
pub(super) fn state(watched: &Watched, set: DataSet, now: Timestamp, view: &View) -> (Tone, String) {
    let state = watched.car.state(set, now, view.max_age(set));
    if let Some(failure) = watched.car.history(set).failure() {
        let why = why(&failure.error);
        let told = match failure.in_a_row {
            0 | 1 => format!("failed: {why}"),
            times => format!("failed {times} times: {why}"),
        };
        return (Tone::Bad, told);
    }
    let (tone, word) = match state {
        DataState::NotFetched => (Tone::Quiet, "not asked yet"),
        DataState::NotSupported => (Tone::Quiet, "not supported"),
        DataState::Empty => (Tone::Quiet, "empty"),
        DataState::Fresh { .. } => (Tone::Good, "fresh"),
        DataState::Stale { .. } => (Tone::Warn, "stale"),
        DataState::Failed { .. } => (Tone::Bad, "failed"),
        _ => (Tone::Plain, "-"),
    };
    (tone, word.to_owned())
}

/// The same, for programs.
pub(super) fn state_name(state: DataState) -> &'static str {
    match state {
        DataState::NotFetched => "notFetched",
        DataState::NotSupported => "notSupported",
        DataState::Empty => "empty",
        DataState::Fresh { .. } => "fresh",
        DataState::Stale { .. } => "stale",
        DataState::Failed { .. } => "failed",
        _ => "other",
    }
}

/// How long ago something was.
pub(super) fn ago(age: Duration) -> String {
    match age.as_secs() {
        0 => "now".to_owned(),
        _ => format!("{} ago", span(age)),
    }
}

/// Why a call failed, in a few words.
pub(super) fn why(error: &Error) -> String {
    let why = match error.kind() {
        Kind::Timeout => "no answer in time",
        Kind::Network => "not reached",
        Kind::RateLimit => "too many requests",
        Kind::Server => "fault of the service",
        Kind::Vehicle => "refused for this car",
        Kind::ActionNotSupported => "not supported",
        Kind::Validation => "a wrong setting",
        Kind::Authentication | Kind::Login | Kind::Token => "not signed in",
        _ => "refused",
    };
    match error.status() {
        Some(status) => format!("{why} ({})", status.as_u16()),
        None => why.to_owned(),
    }
}

/// Whether a car is woken without being asked for.
pub(super) fn standing(standing: Standing) -> (Tone, String) {
    match standing {
        Standing::Active => (Tone::Plain, "allowed".to_owned()),
        Standing::Silent => (Tone::Warn, "paused: the car does not answer".to_owned()),
        Standing::Rejected { until } => (Tone::Warn, format!("refused, until {}", when(until))),
        Standing::Off => (Tone::Quiet, "off".to_owned()),
        _ => (Tone::Plain, "-".to_owned()),
    }
}

/// What was decided and done in a cycle.
pub(super) fn decision(attended: &Attended) -> (Tone, String) {
    let why = attended.decision.why;
    let Some(reading) = &attended.reading else {
        let (tone, told) = match attended.decision.action {
            Action::Disabled => (Tone::Quiet, "never woken".to_owned()),
            _ => (Tone::Plain, format!("not needed: {}", trigger(why))),
        };
        return (tone, told);
    };
    match &reading.how {
        How::Cached => (Tone::Plain, format!("read only: {}", trigger(why))),
        how => {
            let (tone, told) = woken(how);
            (tone, format!("{told} ({})", trigger(why)))
        }
    }
}

/// What came of a wake.
pub(super) fn woken(how: &How) -> (Tone, String) {
    let told = match how {
        How::Cached => return (Tone::Plain, "not woken".to_owned()),
        How::Cold => "nothing to read".to_owned(),
        How::Woken { after } => {
            let told = format!("woken, answered after {}", span(*after));
            return (Tone::Good, told);
        }
        How::NotYet => "woken, no answer yet".to_owned(),
        How::QuotaSpent { until: Some(until) } => {
            format!("woken often enough until {}", when(*until))
        }
        How::QuotaSpent { until: None } => "never woken".to_owned(),
        How::WakeRefused(refusal) => format!("not woken: {}", refused(refusal)),
        How::WakeFailed(error) => format!("not woken: {}", why(error)),
        _ => "not woken".to_owned(),
    };
    (Tone::Warn, told)
}

fn refused(refusal: &WakeRefusal) -> &'static str {
    match refusal {
        WakeRefusal::Rejected { .. } => "the service does not do that",
        WakeRefusal::RejectedBefore { .. } => "refused before",
        WakeRefusal::Silent => "it does not answer",
        WakeRefusal::NotCounted => "it cannot be counted",
        _ => "refused",
    }
}

/// What gave rise to a decision.
fn trigger(why: Trigger) -> &'static str {
    match why {
        Trigger::Asked => "asked",
        Trigger::FollowUp | Trigger::Stopped => "it has stopped",
        Trigger::Moving => "it moves",
        Trigger::Idle => "long silent",
        Trigger::Routine => "it stands",
        _ => "-",
    }
}

/// The same, for programs.
pub(super) fn names(attended: &Attended) -> (&'static str, &'static str) {
    let action = match attended.decision.action {
        Action::WakeThenRead => "wakeThenRead",
        Action::ReadOnly => "readOnly",
        Action::ServeCache => "serveCache",
        Action::Disabled => "disabled",
        _ => "other",
    };
    let why = match attended.decision.why {
        Trigger::Asked => "asked",
        Trigger::FollowUp => "followUp",
        Trigger::Stopped => "stopped",
        Trigger::Moving => "moving",
        Trigger::Idle => "idle",
        Trigger::Routine => "routine",
        _ => "other",
    };
    (action, why)
}

/// The same, for programs.
pub(super) fn standing_name(standing: Standing) -> &'static str {
    match standing {
        Standing::Active => "active",
        Standing::Silent => "silent",
        Standing::Rejected { .. } => "rejected",
        Standing::Off => "off",
        _ => "other",
    }
}
