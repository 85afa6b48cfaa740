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

    fn next(&mut self) -> [u8; 8] {
        self.word().to_be_bytes()
    }

    pub(crate) fn word(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
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
    fn fills_lengths_that_are_no_multiple_of_a_word() {
        let bytes: [u8; 11] = Random::new(1).bytes();

        assert_ne!(&bytes[8..], [0, 0, 0]);
    }
}
