//! What was dropped lately.

/// Remembers keys that were dropped, by a part of their hashes: 4 bytes each.
///
/// Rows of a fixed length, each a queue of its own: about the order in which they were dropped,
/// and nothing to move or to link. That two keys look the same is no harm but that one is kept
/// longer than it deserves.
#[derive(Default)]
pub(super) struct Ghost {
    /// A power of two of them, or none. The latest comes last; 0 is none.
    rows: Box<[Row]>,
}

type Row = [u32; 8];

impl Ghost {
    /// Makes room for so many, and forgets all if there was less.
    pub(super) fn make_room(&mut self, keys: usize) {
        let rows = keys.div_ceil(size_of::<Row>() / size_of::<u32>());
        if rows > self.rows.len() {
            self.rows = vec![Row::default(); rows.next_power_of_two()].into();
        }
    }

    /// Remembers a key, in place of the one that its row has known longest.
    pub(super) fn add(&mut self, hash: u64) {
        if let Some(row) = self.row(hash) {
            row.rotate_left(1);
            if let Some(last) = row.last_mut() {
                *last = mark(hash);
            }
        }
    }

    /// Forgets a key, and tells whether it was known.
    pub(super) fn take(&mut self, hash: u64) -> bool {
        let known = self
            .row(hash)
            .and_then(|row| row.iter_mut().find(|known| **known == mark(hash)));
        known.is_some_and(|known| std::mem::take(known) != 0)
    }

    fn row(&mut self, hash: u64) -> Option<&mut Row> {
        // Neither the bits that choose a shard nor those that make a mark.
        let bits = usize::try_from((hash >> 32) & 0xffff).ok()?;
        let rows = self.rows.len();
        self.rows.get_mut(bits & rows.wrapping_sub(1))
    }
}

fn mark(hash: u64) -> u32 {
    u32::try_from(hash & u64::from(u32::MAX))
        .unwrap_or(1)
        .max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_was_added_once() {
        let mut ghost = Ghost::default();
        ghost.make_room(100);

        ghost.add(7);

        assert!(!ghost.take(8));
        assert!(ghost.take(7));
        assert!(!ghost.take(7));
    }

    #[test]
    fn forgets_the_oldest_first() {
        let mut random = fastrand::Rng::with_seed(1);
        let hashes: Vec<_> = (0..10_000).map(|_| random.u64(..)).collect();
        let mut ghost = Ghost::default();
        ghost.make_room(1024);

        hashes.iter().for_each(|hash| ghost.add(*hash));

        let known: Vec<_> = hashes.iter().map(|hash| ghost.take(*hash)).collect();
        let count = |part: &[bool]| part.iter().filter(|known| **known).count();
        assert_eq!(count(&known), 1024);
        assert_eq!(count(&known[9_800..]), 200);
        assert_eq!(count(&known[..7_000]), 0);
    }

    #[test]
    fn without_room_it_knows_nothing() {
        let mut ghost = Ghost::default();

        ghost.add(7);

        assert!(!ghost.take(7));
        ghost.make_room(1);
        assert!(!ghost.take(0), "an empty place is no key");
    }
}
