//! When a car is driven, and where to.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Position;
use crate::{clock::epoch_seconds, random::Random};

const DAY: u64 = 24 * 60 * 60;
const MINUTE: f64 = 60.0;
/// The days that are looked at for the next drive.
const AHEAD: u64 = 8;

/// Who drives a car without being told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Routine {
    /// Nobody: it stands where it is.
    #[default]
    Parked,
    /// Somebody who works on weekdays, shops on Saturdays, and goes out on some Sundays.
    Commuter,
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
    /// Returns the next drive after `now` of a car that lives at `home`; the same one for the same
    /// seed.
    pub(crate) fn next(self, seed: u64, home: Position, now: SystemTime) -> Option<PlannedDrive> {
        if self == Self::Parked {
            return None;
        }
        let today = epoch_seconds(now) / DAY;
        (today..today + AHEAD)
            .flat_map(|day| drives_of(seed, home, day))
            .find(|drive| drive.start > now)
    }
}

/// Returns the drives of one day, there and back, in order.
fn drives_of(seed: u64, home: Position, day: u64) -> Vec<PlannedDrive> {
    let mut dice = Random::new(seed ^ day.wrapping_mul(0x9e37_79b9));
    let mut draw = |from: f64, to: f64| from + (to - from) * dice.unit();
    // The first of January 1970 was a Thursday.
    let (leave, stay, there, kilometres) = match (day + 3) % 7 {
        0..=4 => (
            draw(410.0, 460.0),
            draw(500.0, 620.0),
            away(home, 0.11, 0.07),
            draw(14.0, 16.0),
        ),
        5 => (
            draw(570.0, 690.0),
            draw(50.0, 120.0),
            away(home, -0.03, 0.02),
            draw(4.0, 6.0),
        ),
        _ if draw(0.0, 1.0) < 0.4 => (
            draw(600.0, 840.0),
            draw(120.0, 240.0),
            away(home, 0.2, -0.4),
            draw(45.0, 60.0),
        ),
        _ => return Vec::new(),
    };
    let midnight = UNIX_EPOCH + Duration::from_secs(day * DAY);
    let at = |minutes: f64| midnight + Duration::from_secs_f64(minutes * MINUTE);
    let lasts = Duration::from_secs_f64(kilometres * draw(1.2, 1.8) * MINUTE);
    vec![
        PlannedDrive::new(at(leave), lasts, kilometres, there),
        PlannedDrive::new(at(leave + stay), lasts.mul_f64(1.1), kilometres, home),
    ]
}

fn away(from: Position, north: f64, east: f64) -> Position {
    Position::new(from.latitude + north, from.longitude + east)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: Position = Position {
        latitude: 50.0,
        longitude: 4.0,
    };

    #[test]
    fn a_week_has_its_drives_in_order() {
        let monday = UNIX_EPOCH + Duration::from_secs(4 * DAY);

        let drives: Vec<PlannedDrive> = (4..11).flat_map(|day| drives_of(7, HOME, day)).collect();

        assert!((12..=14).contains(&drives.len()));
        assert!(drives[0].start > monday);
        for pair in drives.windows(2) {
            assert!(pair[0].start + pair[0].lasts < pair[1].start);
        }
        assert!(drives.iter().skip(1).step_by(2).all(|it| it.to == HOME));
    }

    #[test]
    fn a_seed_has_one_routine() {
        let next = |seed| Routine::Commuter.next(seed, HOME, UNIX_EPOCH);

        assert_eq!(next(1), next(1));
        assert_ne!(next(1), next(2));
    }

    #[test]
    fn each_drive_leads_to_the_next() {
        let mut now = UNIX_EPOCH;

        for _ in 0..100 {
            let next = Routine::Commuter.next(3, HOME, now).unwrap();
            assert!(next.start > now);
            now = next.start;
        }

        assert!(now > UNIX_EPOCH + Duration::from_secs(40 * DAY));
        assert_eq!(Routine::Parked.next(3, HOME, now), None);
    }
}
