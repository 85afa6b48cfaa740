//! Whether a car moves.

use jiff::{SignedDuration, Timestamp};

use super::{Seen, WakeState};
use crate::wake::quota::later;

/// Less is what units are rounded by: no drive.
const LEAST_KILOMETRES: f64 = 0.1;
/// How long after a wake a report is taken for its answer.
const ANSWERED_WITHIN: SignedDuration = SignedDuration::from_mins(5);

/// Whether a car has moved since the last cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Movement {
    Moving,
    Still,
    Unknown,
}

/// Tells whether a car has moved: by its odometer, else by the dates of its reports.
pub(super) fn of(seen: &Seen, before: &WakeState) -> Movement {
    let kilometres = kilometres(seen);
    if let (Some(now), Some(before)) = (kilometres, before.kilometres) {
        return moving_if((now - before).abs() >= LEAST_KILOMETRES);
    }
    let hints = [
        hint(seen.telemetry, before.telemetry, before.woken),
        hint(seen.contact, before.contact, before.woken),
    ];
    match hints {
        [Movement::Moving, _] | [_, Movement::Moving] => Movement::Moving,
        [Movement::Still, _] | [_, Movement::Still] => Movement::Still,
        [Movement::Unknown, Movement::Unknown] => Movement::Unknown,
    }
}

/// Returns the distance driven, if it is one.
pub(super) fn kilometres(seen: &Seen) -> Option<f64> {
    let kilometres = seen.odometer?.kilometres();
    kilometres.is_finite().then_some(kilometres)
}

/// A car that reports without being asked is taken for one that moves.
fn hint(now: Option<Timestamp>, before: Option<Timestamp>, woken: Option<Timestamp>) -> Movement {
    let (Some(now), Some(before)) = (now, before) else {
        return Movement::Unknown;
    };
    // Or each wake would be taken for a drive, with an end that needs a wake.
    let is_answer = woken.is_some_and(|woken| woken <= now && now <= later(woken, ANSWERED_WITHIN));
    moving_if(now > before && !is_answer)
}

fn moving_if(is_moving: bool) -> Movement {
    if is_moving {
        Movement::Moving
    } else {
        Movement::Still
    }
}
