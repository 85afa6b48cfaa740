//! Whether anything was forgotten since an answer was asked for.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::Key;

/// Counts what was forgotten, so that an answer that was asked for before is not stored after.
///
/// Keys share counters: now and then an answer is not stored without need.
#[derive(Debug)]
pub(crate) struct Epochs {
    all: AtomicU32,
    of_keys: Box<[AtomicU32]>,
}

/// A moment as [`Epochs`] count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Epoch {
    all: u32,
    of_key: u32,
}

impl Epochs {
    const KEYS: usize = 256;

    pub(crate) fn new() -> Self {
        let zero = || AtomicU32::new(0);
        Self {
            all: zero(),
            of_keys: std::iter::repeat_with(zero).take(Self::KEYS).collect(),
        }
    }

    /// Returns the moment for a key.
    pub(crate) fn of(&self, key: &Key) -> Epoch {
        Epoch {
            all: self.all.load(Ordering::SeqCst),
            of_key: self
                .counter(key)
                .map_or(0, |counter| counter.load(Ordering::SeqCst)),
        }
    }

    /// Notes that a key is forgotten. To be called before it is.
    pub(crate) fn forget(&self, key: &Key) {
        if let Some(counter) = self.counter(key) {
            counter.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Notes that several keys are forgotten, of which nobody knows which.
    pub(crate) fn forget_some(&self) {
        self.all.fetch_add(1, Ordering::SeqCst);
    }

    fn counter(&self, key: &Key) -> Option<&AtomicU32> {
        let count = u64::try_from(self.of_keys.len()).ok()?;
        let index = usize::try_from(key.hash_value() % count).ok()?;
        self.of_keys.get(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Owner;

    #[test]
    fn what_was_asked_for_before_is_of_another_epoch() {
        let epochs = Epochs::new();
        let [one, other] = ["/a", "/b"].map(|uri| Key::new(Owner::Everyone, &uri.parse().unwrap()));
        let (one, other) = (one.unwrap(), other.unwrap());
        let before = [epochs.of(&one), epochs.of(&other)];

        epochs.forget(&one);
        assert_ne!(epochs.of(&one), before[0]);

        let between = [epochs.of(&one), epochs.of(&other)];
        epochs.forget_some();
        assert_ne!(epochs.of(&one), between[0]);
        assert_ne!(epochs.of(&other), between[1]);
    }
}
