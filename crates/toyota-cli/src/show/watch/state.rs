//! How a data set, and the waking of a car, stand: in words.

use std::time::Duration;

use jiff::Timestamp;
use toyota_client::car::{DataSet, DataState};
use toyota_client::wake::{Action, Attended, How, Standing, Trigger, WakeRefusal};
use toyota_client::{Error, Kind};

use super::line::Tone;
use crate::show::{span, when};
use crate::watch::{View, Watched};

/// What is older than it should be.
pub(super) const STALE: &str = "stale";

/// How a data set of a car stands: in a word, and if it failed why.
pub(super) fn state(
    watched: &Watched,
    set: DataSet,
    now: Timestamp,
    view: &View,
) -> (Tone, String) {
    let state = watched.car.state(set, now, view.max_age(set));
    if let Some(failure) = watched.car.history(set).failure() {
        let why = short(&failure.error);
        let told = match failure.in_a_row {
            0 | 1 => format!("failed: {why}"),
            times => format!("failed: {why}, {times}x"),
        };
        return (Tone::Bad, told);
    }
    let (tone, word) = match state {
        DataState::NotFetched => (Tone::Quiet, "not asked yet"),
        DataState::NotSupported => (Tone::Quiet, "not supported"),
        DataState::Empty => (Tone::Quiet, "empty"),
        DataState::Fresh { .. } => (Tone::Good, "fresh"),
        DataState::Stale { .. } => (Tone::Warn, STALE),
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

/// How long ago something was, in its largest unit: what is that old is no more exact.
pub(super) fn ago(age: Duration) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    let seconds = age.as_secs();
    let (count, unit) = match seconds {
        0 => return "now".to_owned(),
        1..MINUTE => (seconds, "s"),
        MINUTE..HOUR => (seconds / MINUTE, "min"),
        HOUR..DAY => (seconds / HOUR, "h"),
        DAY.. if seconds < 2 * DAY => (1, "day"),
        _ => (seconds / DAY, "days"),
    };
    format!("{count} {unit} ago")
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

/// Why a call failed, in a word.
fn short(error: &Error) -> String {
    let why = match error.kind() {
        Kind::Timeout => "timeout",
        Kind::Network => "network",
        Kind::RateLimit => "too often",
        Kind::Server => "fault",
        Kind::Validation => "setting",
        Kind::Authentication | Kind::Login | Kind::Token => "sign-in",
        _ => "refused",
    };
    match error.status() {
        Some(status) => format!("{} {why}", status.as_u16()),
        None => why.to_owned(),
    }
}

/// Whether a car is woken without being asked for, and how often it still can be.
pub(super) fn standing(attended: &Attended, left: usize) -> String {
    let why = match attended.standing {
        Standing::Active => trigger(attended.decision.why).to_owned(),
        Standing::Silent => "it does not answer".to_owned(),
        Standing::Rejected { until } => format!("refused until {}", when(until)),
        Standing::Off => return "off".to_owned(),
        _ => return format!("{left} left"),
    };
    format!("{left} left, {why}")
}

/// What was decided and done in a cycle.
pub(super) fn decision(attended: &Attended) -> (Tone, String) {
    let idle = match attended.decision.action {
        Action::Disabled => "-",
        _ => "not needed",
    };
    match &attended.reading {
        Some(reading) => woken(&reading.how),
        None => (Tone::Plain, idle.to_owned()),
    }
}

/// What came of a wake, or of doing without.
pub(super) fn woken(how: &How) -> (Tone, String) {
    let told = match how {
        How::Cached => return (Tone::Plain, "read".to_owned()),
        How::Woken { after } => return (Tone::Good, format!("answered in {}", span(*after))),
        How::Cold => "nothing to read",
        How::NotYet => "no answer yet",
        How::Undated { .. } => "answered or not",
        How::QuotaSpent { .. } => "often enough",
        How::WakeRefused(WakeRefusal::Rejected { .. }) => "refused",
        How::WakeRefused(WakeRefusal::RejectedBefore { .. }) => "refused before",
        How::WakeRefused(WakeRefusal::Silent) => "silent before",
        How::WakeRefused(WakeRefusal::NotCounted) => "not counted",
        How::WakeFailed(error) => return (Tone::Warn, format!("failed: {}", short(error))),
        _ => "not woken",
    };
    (Tone::Warn, told.to_owned())
}

/// What gave rise to a decision.
fn trigger(why: Trigger) -> &'static str {
    match why {
        Trigger::Asked => "asked for",
        Trigger::FollowUp | Trigger::Stopped => "it has stopped",
        Trigger::Moving => "it moves",
        Trigger::Idle => "long silent",
        Trigger::Routine => "nothing new",
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
