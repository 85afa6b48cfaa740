//! Whose turn it is when: no clock, no waiting.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;
use tower_client::call::{Operation, Principal};

use super::Facts;

/// Beyond this many there is one pace for all others.
const MOST_KEYS: usize = 10_000;

/// Which requests keep one pace.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    operation: Option<&'static str>,
    principal: Option<Principal>,
}

/// When a request may begin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Turn {
    /// At once.
    Now,
    /// Then.
    At(Instant),
    /// After its deadline, so that it does not: it would have to wait so long.
    TooLate(Duration),
}

/// The turns that are taken.
#[derive(Debug)]
pub(super) struct Turns {
    interval: Duration,
    next: HashMap<Key, Instant>,
    next_of_others: Option<Instant>,
}

impl Key {
    pub(super) fn of(facts: &Facts) -> Self {
        Self {
            operation: facts.operation.map(Operation::name),
            principal: facts.principal.clone(),
        }
    }
}

impl Turns {
    pub(super) fn new(interval: Duration) -> Self {
        Self {
            interval,
            next: HashMap::new(),
            next_of_others: None,
        }
    }

    /// Takes the next turn, unless it is too late.
    pub(super) fn take(&mut self, key: Key, now: Instant, deadline: Option<Instant>) -> Turn {
        let interval = self.interval;
        let next = self.next_of(key, now);
        let turn = (*next).max(now);
        if deadline.is_some_and(|deadline| turn >= deadline) {
            return Turn::TooLate(turn - now);
        }
        *next = turn + interval;
        if turn == now {
            Turn::Now
        } else {
            Turn::At(turn)
        }
    }

    fn next_of(&mut self, key: Key, now: Instant) -> &mut Instant {
        if self.next.len() >= MOST_KEYS && !self.next.contains_key(&key) {
            self.next.retain(|_, next| *next > now);
            if self.next.len() >= MOST_KEYS {
                return self.next_of_others.get_or_insert(now);
            }
        }
        self.next.entry(key).or_insert(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: Duration = Duration::from_millis(100);

    #[test]
    fn turns_are_an_interval_apart_and_do_not_add_up_while_nobody_asks() {
        let start = Instant::now();
        let mut turns = Turns::new(INTERVAL);
        for (at, expected) in [
            (0, Turn::Now),
            (0, Turn::At(start + INTERVAL)),
            (50, Turn::At(start + 2 * INTERVAL)),
            (300, Turn::Now),
            (1000, Turn::Now),
            (1000, Turn::At(start + 11 * INTERVAL)),
        ] {
            let now = start + Duration::from_millis(at);

            assert_eq!(turns.take(key(1), now, None), expected, "{at}");
        }
    }

    #[test]
    fn others_do_not_wait() {
        let now = Instant::now();
        let mut turns = Turns::new(INTERVAL);

        let taken = [key(1), key(2)].map(|key| turns.take(key, now, None));

        assert_eq!(taken, [Turn::Now, Turn::Now]);
    }

    #[test]
    fn who_cannot_wait_takes_no_turn() {
        let now = Instant::now();
        let mut turns = Turns::new(INTERVAL);
        assert_eq!(turns.take(key(1), now, None), Turn::Now);

        let hasty = turns.take(key(1), now, Some(now + INTERVAL));
        let next = turns.take(key(1), now, Some(now + 2 * INTERVAL));

        assert_eq!(hasty, Turn::TooLate(INTERVAL));
        assert_eq!(next, Turn::At(now + INTERVAL));
    }

    #[test]
    fn there_is_an_end_to_what_is_remembered() {
        let now = Instant::now();
        let mut turns = Turns::new(INTERVAL);
        for number in 0..MOST_KEYS {
            assert_eq!(turns.take(key(number), now, None), Turn::Now);
        }

        let others = [1, 2].map(|more| turns.take(key(MOST_KEYS + more), now, None));
        let later = turns.take(key(MOST_KEYS), now + INTERVAL, None);

        assert_eq!(others, [Turn::Now, Turn::At(now + INTERVAL)]);
        assert_eq!(later, Turn::Now);
        assert_eq!(turns.next.len(), 1);
    }

    fn key(number: usize) -> Key {
        Key {
            operation: None,
            principal: Some(Principal::new(number.to_string())),
        }
    }
}
