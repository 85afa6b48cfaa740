//! How far each reader of a recording is, and who waits.

use std::collections::BTreeMap;
use std::mem;
use std::task::Waker;
use std::time::Duration;

use tokio::time::Instant;

/// Who reads a recording, by numbers that are used again.
#[derive(Default)]
pub(super) struct Places {
    slots: Vec<Slot>,
    /// The first of the vacant slots.
    vacant: Option<usize>,
    /// How many read; those that were cut off do not.
    reading: usize,
    /// How many read from a position, once it matters who is the slowest.
    counts: Option<BTreeMap<u64, usize>>,
}

enum Slot {
    Vacant { next: Option<usize> },
    Taken(Place),
}

/// How far a reader is.
#[derive(Default)]
pub(super) struct Place {
    pub(super) position: u64,
    pub(super) had_trailers: bool,
    /// It was too slow: its next poll says so.
    pub(super) cut_off: bool,
    /// How long others have waited for it before they last could go on.
    pub(super) held_up: Duration,
    /// Whether the waker is to be woken; else it is kept for the next time.
    pub(super) waiting: bool,
    waker: Option<Waker>,
}

impl Places {
    /// Returns the number of a new reader.
    pub(super) fn join(&mut self) -> usize {
        self.reading += 1;
        count(&mut self.counts, 0);
        let taken = Slot::Taken(Place::default());
        let id = self.vacant.unwrap_or(self.slots.len());
        match self.slots.get_mut(id) {
            Some(slot) => {
                if let Slot::Vacant { next } = mem::replace(slot, taken) {
                    self.vacant = next;
                }
            }
            None => self.slots.push(taken),
        }
        id
    }

    /// Takes a reader out; returns its waker.
    pub(super) fn leave(&mut self, id: usize) -> Option<Waker> {
        let slot = self.slots.get_mut(id)?;
        let next = self.vacant;
        let Slot::Taken(place) = mem::replace(slot, Slot::Vacant { next }) else {
            *slot = Slot::Vacant { next };
            return None;
        };
        self.vacant = Some(id);
        if !place.cut_off {
            self.reading -= 1;
            uncount(&mut self.counts, place.position);
        }
        place.waker
    }

    pub(super) fn get_mut(&mut self, id: usize) -> Option<&mut Place> {
        match self.slots.get_mut(id)? {
            Slot::Taken(place) => Some(place),
            Slot::Vacant { .. } => None,
        }
    }

    pub(super) fn get(&self, id: usize) -> Option<&Place> {
        match self.slots.get(id)? {
            Slot::Taken(place) => Some(place),
            Slot::Vacant { .. } => None,
        }
    }

    /// Returns how many read.
    pub(super) fn reading(&self) -> usize {
        self.reading
    }

    /// Moves a reader on.
    pub(super) fn advance(&mut self, id: usize, to: u64) {
        if let Some(place) = self.get_mut(id) {
            let from = mem::replace(&mut place.position, to);
            uncount(&mut self.counts, from);
            count(&mut self.counts, to);
        }
    }

    /// Makes it known from now on who is the slowest.
    pub(super) fn track(&mut self) {
        let mut counts = BTreeMap::new();
        for place in self.taken() {
            *counts.entry(place.position).or_default() += 1;
        }
        self.counts = Some(counts);
    }

    /// Returns where the slowest reader is, if that is tracked.
    pub(super) fn slowest(&self) -> Option<u64> {
        let (position, _) = self.counts.as_ref()?.first_key_value()?;
        Some(*position)
    }

    /// Cuts off those who have not read up to a position, if it is time to; returns when it is
    /// for the first of the others.
    pub(super) fn cut_off(
        &mut self,
        up_to: u64,
        mut is_due: impl FnMut(&Place) -> Result<(), Instant>,
    ) -> Option<Instant> {
        let mut first = None;
        for slot in &mut self.slots {
            if let Slot::Taken(place) = slot
                && !place.cut_off
                && place.position <= up_to
            {
                match is_due(place) {
                    Ok(()) => {
                        place.cut_off = true;
                        self.reading -= 1;
                        uncount(&mut self.counts, place.position);
                    }
                    Err(later) => first = Some(first.map_or(later, |first| later.min(first))),
                }
            }
        }
        first
    }

    /// Returns the longest that others have waited for one who has not read up to a position.
    pub(super) fn longest_held_up(&self, up_to: u64) -> Duration {
        let slow = self
            .taken()
            .filter(|place| place.position <= up_to && !place.cut_off);
        slow.map(|place| place.held_up).max().unwrap_or_default()
    }

    /// Notes for how long those who have not read up to a position kept others waiting.
    pub(super) fn charge(&mut self, up_to: u64, waited: Duration) {
        for slot in &mut self.slots {
            if let Slot::Taken(place) = slot
                && place.position <= up_to
            {
                place.held_up += waited;
            }
        }
    }

    /// Tells whether anybody waits.
    pub(super) fn any_waiting(&self) -> bool {
        self.taken().any(|place| place.waiting)
    }

    /// Returns the wakers of all who wait.
    pub(super) fn take_waiting(&mut self) -> impl Iterator<Item = Waker> {
        self.slots.iter_mut().filter_map(|slot| match slot {
            Slot::Taken(place) => place.waker.take_if(|_| mem::take(&mut place.waiting)),
            Slot::Vacant { .. } => None,
        })
    }

    fn taken(&self) -> impl Iterator<Item = &Place> {
        self.slots.iter().filter_map(|slot| match slot {
            Slot::Taken(place) => Some(place),
            Slot::Vacant { .. } => None,
        })
    }
}

impl Place {
    /// Notes whom to wake; returns what was noted before.
    pub(super) fn wait(&mut self, waker: &Waker) -> Option<Waker> {
        self.waiting = true;
        match &self.waker {
            Some(known) if known.will_wake(waker) => None,
            Some(_) | None => self.waker.replace(waker.clone()),
        }
    }
}

fn count(counts: &mut Option<BTreeMap<u64, usize>>, position: u64) {
    if let Some(counts) = counts {
        *counts.entry(position).or_default() += 1;
    }
}

fn uncount(counts: &mut Option<BTreeMap<u64, usize>>, position: u64) {
    if let Some(counts) = counts
        && let Some(count) = counts.get_mut(&position)
    {
        *count -= 1;
        if *count == 0 {
            counts.remove(&position);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_used_again() {
        let mut places = Places::default();
        let [first, second] = [places.join(), places.join()];
        for _ in 0..1_000 {
            drop(places.leave(first));
            drop(places.leave(second));
            assert_eq!(places.reading(), 0);

            assert_ne!(places.join(), places.join());
        }

        assert_eq!(places.slots.len(), 2);
    }
}
