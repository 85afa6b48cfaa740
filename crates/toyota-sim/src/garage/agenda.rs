//! What is going to happen to a car, in the order of time.

use std::{collections::BTreeMap, time::SystemTime};

/// The most that can be planned; what comes after is lost, as in a network that is full.
const CAPACITY: usize = 4096;

/// What is planned, by its time and then in the order of its coming.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Agenda<E> {
    planned: BTreeMap<(SystemTime, u64), E>,
    planned_ever: u64,
}

impl<E> Agenda<E> {
    pub(crate) fn plan(&mut self, at: SystemTime, event: E) {
        if self.planned.len() < CAPACITY {
            self.planned.insert((at, self.planned_ever), event);
            self.planned_ever += 1;
        }
    }

    /// Returns when the next thing happens.
    pub(crate) fn next(&self) -> Option<SystemTime> {
        self.planned.keys().next().map(|(at, _)| *at)
    }

    /// Takes the next thing.
    pub(crate) fn pop(&mut self) -> Option<E> {
        self.planned.pop_first().map(|(_, event)| event)
    }
}

impl<E> Default for Agenda<E> {
    fn default() -> Self {
        Self {
            planned: BTreeMap::new(),
            planned_ever: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn things_happen_in_the_order_of_time_and_then_of_planning() {
        let mut agenda = Agenda::default();
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        for (seconds, event) in [(2, 'c'), (1, 'a'), (2, 'd'), (1, 'b')] {
            agenda.plan(at(seconds), event);
        }

        let next = agenda.next();
        let events: String = std::iter::from_fn(|| agenda.pop()).collect();

        assert_eq!(next, Some(at(1)));
        assert_eq!(events, "abcd");
        assert_eq!(agenda.next(), None);
    }

    #[test]
    fn what_is_too_much_is_lost() {
        let mut agenda = Agenda::default();

        for event in 0..=CAPACITY {
            agenda.plan(UNIX_EPOCH, event);
        }

        let kept: Vec<usize> = std::iter::from_fn(|| agenda.pop()).collect();
        assert_eq!(kept.len(), CAPACITY);
        assert_eq!(kept.last(), Some(&(CAPACITY - 1)));
    }
}
