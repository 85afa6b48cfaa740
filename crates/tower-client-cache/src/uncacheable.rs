//! Which resources are known not to be storable.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::Key;
use crate::policy::Timestamp;

/// Remembers for a while whose answers could not be shared: calls for them do not wait for each
/// other.
///
/// A table of fixed size: what is remembered may be overwritten by another key, and its calls wait
/// for each other once more.
#[derive(Debug)]
pub(crate) struct Uncacheable {
    /// The upper half is of the key's hash, the lower is the second until which it counts.
    slots: Box<[AtomicU64]>,
    seconds: u32,
}

impl Uncacheable {
    const SLOTS: usize = 1024;

    pub(crate) fn new(seconds: u32) -> Self {
        let empty = || AtomicU64::new(0);
        Self {
            slots: std::iter::repeat_with(empty).take(Self::SLOTS).collect(),
            seconds,
        }
    }

    pub(crate) fn note(&self, key: &Key, now: Timestamp) {
        if let Some((slot, tag)) = self.slot(key) {
            slot.store(tag | u64::from(lower(now.plus(self.seconds))), Relaxed);
        }
    }

    pub(crate) fn forget(&self, key: &Key) {
        if let Some((slot, tag)) = self.slot(key)
            && slot.load(Relaxed) & UPPER == tag
        {
            slot.store(0, Relaxed);
        }
    }

    pub(crate) fn has(&self, key: &Key, now: Timestamp) -> bool {
        self.slot(key).is_some_and(|(slot, tag)| {
            let found = slot.load(Relaxed);
            let until = u32::try_from(found & !UPPER).unwrap_or_default();
            found & UPPER == tag && lower(now) < until
        })
    }

    fn slot(&self, key: &Key) -> Option<(&AtomicU64, u64)> {
        let hash = key.hash_value();
        let index = usize::try_from(hash % u64::try_from(self.slots.len()).ok()?).ok()?;
        Some((self.slots.get(index)?, hash & UPPER))
    }
}

const UPPER: u64 = 0xffff_ffff_0000_0000;

/// Seconds since 1970, as far as 32 bits go: until 2106.
fn lower(time: Timestamp) -> u32 {
    u32::try_from(time.0.max(0)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Owner;

    #[test]
    fn is_remembered_for_a_while() {
        let uncacheable = Uncacheable::new(60);
        let [one, other] = ["/a", "/b"].map(|uri| Key::new(Owner::Everyone, &uri.parse().unwrap()));
        let (one, other) = (one.unwrap(), other.unwrap());
        let now = Timestamp(1_700_000_000);

        uncacheable.note(&one, now);

        assert!(uncacheable.has(&one, now.plus(59)));
        assert!(!uncacheable.has(&one, now.plus(60)));
        assert!(!uncacheable.has(&other, now));

        uncacheable.forget(&other);
        assert!(uncacheable.has(&one, now));
        uncacheable.forget(&one);
        assert!(!uncacheable.has(&one, now));
    }
}
