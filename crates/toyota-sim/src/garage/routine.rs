//! When a car is driven, and where to.

use std::time::{Duration, SystemTime};

use super::{Drive, Habits, Position};
use crate::clock::epoch_seconds;

const DAY: u64 = 24 * 60 * 60;
/// The days that are looked at for the next drive.
const AHEAD: u64 = 30;

/// Who drives a car without being told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Routine {
    /// Nobody: it stands where it is.
    #[default]
    Parked,
    /// Somebody who has the habits by which the car was driven before the simulator started: the
    /// same drives, for as long as it runs.
    Habitual,
}

/// A drive that is yet to come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlannedDrive {
    pub(crate) start: SystemTime,
    pub(crate) lasts: Duration,
    pub(crate) kilometres: f64,
    pub(crate) to: Position,
}

impl PlannedDrive {
    /// Plans a drive: when it begins, how long it takes, how far it is, and where it ends.
    #[must_use]
    pub fn new(start: SystemTime, lasts: Duration, kilometres: f64, to: Position) -> Self {
        Self {
            start,
            lasts,
            kilometres: kilometres.max(0.0),
            to,
        }
    }
}

impl Routine {
    /// Returns the next drive after `now` of somebody who has these habits.
    pub(crate) fn next(self, habits: Option<&Habits>, now: SystemTime) -> Option<PlannedDrive> {
        match self {
            Self::Parked => None,
            Self::Habitual => {
                let habits = habits?;
                let today = epoch_seconds(now) / DAY;
                (today..today + AHEAD)
                    .flat_map(|day| habits.drives_of(day))
                    .find(|drive| drive.start > now)
                    .map(|drive| PlannedDrive::from(&drive))
            }
        }
    }
}

impl From<&Drive> for PlannedDrive {
    fn from(drive: &Drive) -> Self {
        let lasts = drive.end.duration_since(drive.start).unwrap_or_default();
        let kilometres = f64::from(drive.metres) / 1000.0;
        Self::new(drive.start, lasts, kilometres, drive.to)
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;
    use crate::garage::Powertrain;

    #[test]
    fn each_drive_leads_to_the_next() {
        let habits = Habits {
            seed: 3,
            home: Position::new(50.0, 4.0),
            powertrain: Powertrain::Electric,
            commute_metres: Some(12_000),
        };
        let mut now = UNIX_EPOCH;

        for _ in 0..100 {
            let next = Routine::Habitual.next(Some(&habits), now).unwrap();
            assert!(next.start > now);
            now = next.start;
        }

        assert!(now > UNIX_EPOCH + Duration::from_secs(20 * DAY));
        assert_eq!(Routine::Parked.next(Some(&habits), now), None);
        assert_eq!(Routine::Habitual.next(None, now), None);
    }
}
