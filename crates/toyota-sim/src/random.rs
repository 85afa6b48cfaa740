//! A small reproducible source of bits (SplitMix64): for identifiers and dice, never for secrecy.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Random {
    state: u64,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Creates a source that depends on both numbers and on nothing else.
    pub(crate) fn derived(seed: u64, salt: u64) -> Self {
        Self::new(Self::new(seed ^ salt.rotate_left(32)).word())
    }

    fn next(&mut self) -> [u8; 8] {
        self.word().to_be_bytes()
    }

    pub(crate) fn word(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `bound`; 0 if that is 0.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        let wide = (self.word() >> 32) * u64::from(bound);
        u32::try_from(wide >> 32).unwrap_or_default()
    }

    /// Returns a number that is at least `least` and below `bound`.
    pub(crate) fn between(&mut self, least: u32, bound: u32) -> u32 {
        least.saturating_add(self.below(bound.saturating_sub(least)))
    }

    /// Returns true once in `times` on average.
    pub(crate) fn once_in(&mut self, times: u32) -> bool {
        self.below(times) == 0
    }

    /// Returns a number that is at least 0 and less than 1.
    pub(crate) fn unit(&mut self) -> f64 {
        let [a, b, c, d, ..] = self.next();
        f64::from(u32::from_be_bytes([a, b, c, d])) / (f64::from(u32::MAX) + 1.0)
    }

    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next()[..chunk.len()]);
        }
        bytes
    }

    /// Returns 32 random bytes as base64url text.
    pub(crate) fn token(&mut self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<32>())
    }

    /// Returns 16 random bytes as lower-case hexadecimal text.
    pub(crate) fn hex(&mut self) -> String {
        self.uuid().simple().to_string()
    }

    pub(crate) fn uuid(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_one_sequence() {
        let mut first = Random::new(7);
        let mut second = Random::new(7);

        assert_eq!(first.token(), second.token());
        assert_ne!(first.token(), Random::new(8).token());
    }

    #[test]
    fn the_unit_interval_excludes_one() {
        let mut random = Random::new(1);

        let drawn: Vec<f64> = (0..10_000).map(|_| random.unit()).collect();

        assert!(drawn.iter().all(|unit| (0.0..1.0).contains(unit)));
        assert!(drawn.iter().any(|unit| *unit < 0.01));
        assert!(drawn.iter().any(|unit| *unit > 0.99));
    }

    #[test]
    fn numbers_keep_to_their_bounds_and_reach_them() {
        let mut random = Random::new(1);

        let drawn: Vec<u32> = (0..1000).map(|_| random.between(3, 7)).collect();

        assert_eq!(drawn.iter().min(), Some(&3));
        assert_eq!(drawn.iter().max(), Some(&6));
        assert_eq!(random.between(5, 5), 5);
        assert_eq!(random.below(0), 0);
        assert_eq!((0..4000).filter(|_| random.once_in(4)).count() / 100, 10);
    }

    #[test]
    fn a_derived_source_shares_nothing_with_its_neighbours() {
        let words = |seed, salt| {
            let mut random = Random::derived(seed, salt);
            [random.word(), random.word()]
        };

        assert_eq!(words(1, 2), words(1, 2));
        let [first, second] = words(1, 2);
        for neighbour in [words(1, 3), words(2, 2), words(2, 1)] {
            assert!(!neighbour.contains(&first) && !neighbour.contains(&second));
        }
    }

    #[test]
    fn fills_lengths_that_are_no_multiple_of_a_word() {
        let bytes: [u8; 11] = Random::new(1).bytes();

        assert_ne!(&bytes[8..], [0, 0, 0]);
    }
}
