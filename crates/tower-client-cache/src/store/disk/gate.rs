//! Where threads of one process wait for each other.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// How long a thread waits for those of its own process: longer than it takes all of them.
const PATIENCE: Duration = Duration::from_secs(1);

/// Lets one thread in at a time.
#[derive(Debug, Default)]
pub(super) struct Gate {
    taken: Mutex<bool>,
    freed: Condvar,
}

/// The one that is in; dropped, it lets the next one in.
#[derive(Debug)]
pub(super) struct Entered<'a>(&'a Gate);

impl Gate {
    /// Waits until nobody is in; `None` if that takes too long.
    pub(super) fn enter(&self) -> Option<Entered<'_>> {
        self.enter_within(PATIENCE)
    }

    /// Waits so long at most.
    pub(super) fn enter_within(&self, patience: Duration) -> Option<Entered<'_>> {
        // A flag is never half set.
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .freed
            .wait_timeout_while(taken, patience, |taken| *taken);
        let (mut taken, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if *taken {
            return None;
        }
        *taken = true;
        Some(Entered(self))
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        *self.0.taken.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn one_is_in_at_a_time() {
        let gate = Gate::default();

        let entered = gate.enter_within(Duration::ZERO);
        assert!(entered.is_some());
        assert!(gate.enter_within(Duration::ZERO).is_none());
        drop(entered);
        assert!(gate.enter_within(Duration::ZERO).is_some());
    }

    #[test]
    fn who_waits_is_let_in_when_another_leaves() {
        let gate = Gate::default();
        let entered = gate.enter_within(Duration::ZERO);

        let all_came_in = thread::scope(|scope| {
            let waiting =
                [(); 8].map(|()| scope.spawn(|| gate.enter_within(PATIENCE * 30).is_some()));
            drop(entered);
            waiting.into_iter().all(|thread| thread.join().unwrap())
        });

        assert!(all_came_in);
    }
}
