//! The drives of a car that the service still keeps.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use super::Drive;

/// How long the service keeps a drive, about a year.
const RETENTION: Duration = Duration::from_secs(366 * 24 * 60 * 60);
/// The most drives that are kept, whatever their age.
const CAPACITY: usize = 10_000;

/// The drives of the last twelve months, newest last; clones share them until one is changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Drives(Arc<VecDeque<Drive>>);

impl Drives {
    /// Adds a drive, which is newer than all others, and forgets those that are a year older.
    pub(crate) fn push(&mut self, drive: Drive) {
        let drives = Arc::make_mut(&mut self.0);
        let newest = drive.end;
        drives.push_back(drive);
        while drives.len() > CAPACITY {
            drives.pop_front();
        }
        while drives.front().is_some_and(|oldest| {
            newest
                .duration_since(oldest.end)
                .is_ok_and(|age| age > RETENTION)
        }) {
            drives.pop_front();
        }
    }

    /// Returns the drives, oldest first.
    pub(crate) fn iter(
        &self,
    ) -> impl DoubleEndedIterator<Item = &Drive> + ExactSizeIterator + Clone {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use uuid::Uuid;

    use super::*;
    use crate::garage::Position;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    #[test]
    fn a_drive_is_kept_for_a_year() {
        let mut drives = Drives::default();

        for day in [0, 100, 366, 367] {
            drives.push(drive(day));
        }

        let kept: Vec<u64> = drives.iter().map(|drive| drive.seed).collect();
        assert_eq!(kept, [100, 366, 367]);
    }

    #[test]
    fn the_oldest_makes_room() {
        let mut drives = Drives::default();

        for _ in 0..=CAPACITY {
            drives.push(drive(1));
        }

        assert_eq!(drives.iter().len(), CAPACITY);
    }

    fn drive(day: u32) -> Drive {
        let start = UNIX_EPOCH + DAY * day;
        Drive {
            id: Uuid::nil(),
            start,
            end: start + Duration::from_secs(600),
            metres: 5000,
            fuel_ml: None,
            ev_seconds: 0,
            ev_metres: 0,
            from: Position::new(1.0, 2.0),
            to: Position::new(1.0, 2.1),
            seed: u64::from(day),
        }
    }
}
