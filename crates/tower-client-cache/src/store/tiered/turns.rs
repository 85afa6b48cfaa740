//! Who changes a key in the lower tier, one after the other.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hashbrown::HashMap;
use tokio::sync::{Mutex as Lock, OwnedMutexGuard};

use crate::Key;

/// Lets those who change a key do it in turn, in the order in which they ask for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Turns(Arc<Mutex<Keys>>);

type Keys = HashMap<Key, Arc<Lock<()>>>;

/// Somebody is about to change a key, until this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    turns: Turns,
    key: Key,
    lock: Arc<Lock<()>>,
}

/// Nobody else changes the key until this is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    // Before the place, which is the last to have the lock then.
    _guard: OwnedMutexGuard<()>,
    _place: Place,
}

impl Turns {
    /// Says that somebody is about to change a key.
    pub(super) fn join(&self, key: &Key) -> Place {
        let mut keys = self.keys();
        let lock = keys.entry_ref(key).or_default();
        Place {
            turns: self.clone(),
            key: key.clone(),
            lock: Arc::clone(lock),
        }
    }

    /// Tells whether somebody is about to change a key.
    pub(super) fn is_taken(&self, key: &Key) -> bool {
        self.keys().contains_key(key)
    }

    /// Waits for all who ask for their turn before this does.
    pub(super) async fn finish(&self) {
        let keys: Vec<_> = self.keys().keys().cloned().collect();
        for key in keys {
            drop(self.join(&key).turn().await);
        }
    }

    fn keys(&self) -> MutexGuard<'_, Keys> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Waits for the turn, behind those who were polled for theirs before.
    pub(super) async fn turn(self) -> Turn {
        let lock = Arc::clone(&self.lock);
        Turn {
            _guard: lock.lock_owned().await,
            _place: self,
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut keys = self.turns.keys();
        // The table's and this one's.
        if Arc::strong_count(&self.lock) <= 2 {
            keys.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use tokio::task::{consume_budget, yield_now};

    use super::*;
    use crate::Owner;

    #[tokio::test]
    async fn turns_come_in_the_order_of_asking() {
        let (turns, cars) = (Turns::default(), key("cars"));
        let mut now = Context::from_waker(Waker::noop());
        let first = turns.join(&cars).turn().await;
        let [mut second, mut third] = [(); 2].map(|()| Box::pin(turns.join(&cars).turn()));
        assert!(third.as_mut().poll(&mut now).is_pending());
        assert!(second.as_mut().poll(&mut now).is_pending());

        drop(first);

        assert!(second.as_mut().poll(&mut now).is_pending());
        let Poll::Ready(turn) = third.as_mut().poll(&mut now) else {
            panic!("it asked before");
        };
        drop(turn);
        assert!(second.as_mut().poll(&mut now).is_ready());
    }

    #[tokio::test]
    async fn a_task_without_budget_keeps_its_place() {
        let (turns, cars) = (Turns::default(), key("cars"));
        let mut now = Context::from_waker(Waker::noop());
        let first = turns.join(&cars).turn().await;
        let [mut tired, mut late] = [(); 2].map(|()| Box::pin(turns.join(&cars).turn()));

        let asked = poll_fn(|cx| {
            while pin!(consume_budget()).poll(cx).is_ready() {}
            Poll::Ready(tired.as_mut().poll(cx).is_pending())
        });
        assert!(asked.await);
        yield_now().await;
        drop(first);

        assert!(late.as_mut().poll(&mut now).is_pending());
        assert!(tired.as_mut().poll(&mut now).is_ready());
    }

    #[tokio::test]
    async fn keys_do_not_wait_for_each_other() {
        let turns = Turns::default();

        let turn = turns.join(&key("cars")).turn().await;

        assert!(turns.is_taken(&key("cars")));
        assert!(!turns.is_taken(&key("trips")));
        drop(turns.join(&key("trips")).turn().await);
        drop(turn);
    }

    #[tokio::test]
    async fn finishing_waits_for_those_who_asked_before() {
        let turns = Turns::default();
        let mut now = Context::from_waker(Waker::noop());
        let [cars, trips] = ["cars", "trips"].map(|name| turns.join(&key(name)));
        let [cars, trips] = [cars.turn().await, trips.turn().await];
        let mut finished = pin!(turns.finish());

        assert!(finished.as_mut().poll(&mut now).is_pending());
        drop(cars);
        assert!(finished.as_mut().poll(&mut now).is_pending());
        drop(trips);
        assert!(finished.as_mut().poll(&mut now).is_ready());
    }

    #[tokio::test]
    async fn nothing_is_left_of_who_is_done_or_gave_up() {
        let (turns, cars) = (Turns::default(), key("cars"));
        let mut now = Context::from_waker(Waker::noop());
        drop(turns.join(&cars));
        assert!(!turns.is_taken(&cars), "without asking");

        let turn = turns.join(&cars).turn().await;
        let mut waiting = Box::pin(turns.join(&cars).turn());
        assert!(waiting.as_mut().poll(&mut now).is_pending());
        drop(turn);
        assert!(turns.is_taken(&cars));
        drop(waiting);

        assert!(!turns.is_taken(&cars), "while waiting");
    }

    fn key(name: &str) -> Key {
        Key::value(Owner::Everyone, name).unwrap()
    }
}
