mod cycles;
mod standing;

use jiff::{Timestamp, ToSpan};

use super::*;
use crate::model::LengthUnit;

/// The options, an hour of silence allowed.
pub(super) fn with_idle() -> WakeOptions {
    WakeOptions {
        idle: Some(HOUR),
        ..WakeOptions::default()
    }
}

pub(super) fn at(minute: i64) -> Timestamp {
    let start: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    start + minute.minutes()
}

pub(super) fn kilometres(value: f64) -> Option<Distance> {
    let unit = LengthUnit::Kilometre;
    Some(Distance { value, unit })
}

/// What is done in cycles of six minutes, of which each sees what is given, and why.
pub(super) fn run(
    state: &mut WakeState,
    options: &WakeOptions,
    cycles: impl IntoIterator<Item = Seen>,
) -> Vec<(Trigger, Action)> {
    let mut minute = 0;
    let mut done = Vec::new();
    for seen in cycles {
        let now = at(minute);
        let inputs = Inputs {
            now,
            asked: false,
            seen,
        };
        let (decision, next) = decide(&inputs, state, options);
        *state = next;
        if decision.action == Action::WakeThenRead {
            state.accepted(now);
        }
        done.push((decision.why, decision.action));
        minute += 6;
    }
    done
}
