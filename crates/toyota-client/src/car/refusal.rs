//! How long a data set that was refused is not asked for again: a pure function.

use jiff::SignedDuration;

use crate::refusals::{BELIEVED, REPROBE};
use crate::{Error, Kind};

/// What the service answers, with a 500, where a car does not have something, and where it is at fault
/// itself.
const NOT_OF_THIS_CAR: &str = "ONE-GLOBAL-RS-40000";

/// How long what was never answered is left alone before that is believed.
const DOUBTED: SignedDuration = SignedDuration::from_hours(1);

/// What a failure says of whether the car has a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It may be a fault of the service as well.
    Perhaps,
    /// There is no such route for this car, now.
    Route,
    /// It is known that the car does not have it.
    Known,
}

impl Refusal {
    /// Returns what a failure says of that, if anything.
    pub(super) fn of(error: &Error) -> Option<Self> {
        if error.kind() == Kind::ActionNotSupported {
            Some(Self::Known)
        } else if error.is_moved() {
            Some(Self::Route)
        } else {
            (error.response_code() == Some(NOT_OF_THIS_CAR)).then_some(Self::Perhaps)
        }
    }

    /// Returns how long the data set is taken for one that the car does not have, after so many refusals
    /// in a row; `None` if this is a failure like any other.
    pub(super) fn holds(self, in_a_row: u32, was_answered: bool) -> Option<SignedDuration> {
        match self {
            Self::Known => Some(REPROBE),
            _ if in_a_row >= BELIEVED => Some(REPROBE),
            Self::Route if !was_answered => Some(DOUBTED),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_refused_once_is_doubted_and_three_times_in_a_row_believed() {
        const NO: Option<SignedDuration> = None;
        const HOUR: Option<SignedDuration> = Some(DOUBTED);
        const DAY: Option<SignedDuration> = Some(REPROBE);
        for (refusal, was_answered, held) in [
            (Refusal::Perhaps, false, [NO, NO, DAY, DAY]),
            (Refusal::Perhaps, true, [NO, NO, DAY, DAY]),
            (Refusal::Route, false, [HOUR, HOUR, DAY, DAY]),
            (Refusal::Route, true, [NO, NO, DAY, DAY]),
            (Refusal::Known, false, [DAY, DAY, DAY, DAY]),
            (Refusal::Known, true, [DAY, DAY, DAY, DAY]),
        ] {
            let holds = [1, 2, 3, 4].map(|in_a_row| refusal.holds(in_a_row, was_answered));

            assert_eq!(holds, held, "{refusal:?}, answered before: {was_answered}");
        }
    }
}
