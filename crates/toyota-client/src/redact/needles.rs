//! Texts that are hidden wherever they stand.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use super::key::Mark;

/// Anything shorter is in too many words to be hidden.
const SHORTEST: usize = 4;
/// A document has few identifiers that matter; an enemy's may have many.
const MOST: usize = 256;
const LONGEST: usize = 8 * 1024;

/// What is looked for. `Debug` shows how many they are.
#[derive(Clone)]
pub(super) struct Needles {
    needles: Vec<(SecretString, Mark)>,
    /// The bytes that one begins with.
    starts: [bool; 256],
}

impl Default for Needles {
    fn default() -> Self {
        Self {
            needles: Vec::new(),
            starts: [false; 256],
        }
    }
}

impl Needles {
    /// Adds one, unless it is too short or there are too many.
    pub(super) fn add(&mut self, text: &str, mark: Mark) {
        let fits = (SHORTEST..=LONGEST).contains(&text.len()) && self.needles.len() < MOST;
        let known = self
            .needles
            .iter()
            .any(|(it, _)| it.expose_secret() == text);
        let Some(first) = text.bytes().next().filter(|_| fits && !known) else {
            return;
        };
        self.starts[usize::from(first)] = true;
        // Long ones first: one may begin with another.
        let before = |(it, _): &(SecretString, Mark)| it.expose_secret().len() > text.len();
        let at = self.needles.partition_point(before);
        self.needles.insert(at, (text.into(), mark));
    }

    /// Returns the length of the longest one that a text begins with.
    pub(super) fn find(&self, text: &str) -> Option<(usize, Mark)> {
        if !self.starts[usize::from(text.bytes().next()?)] {
            return None;
        }
        let mut needles = self.needles.iter();
        let (found, mark) = needles.find(|(it, _)| text.starts_with(it.expose_secret()))?;
        Some((found.expose_secret().len(), *mark))
    }
}

impl fmt::Debug for Needles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Needles({})", self.needles.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_one_is_found() {
        let mut needles = Needles::default();
        for text in ["abcd", "abcdef", "abcd", "xyz"] {
            needles.add(text, Mark::Token);
        }

        assert_eq!(needles.find("abcdefgh"), Some((6, Mark::Token)));
        assert_eq!(needles.find("abcde"), Some((4, Mark::Token)));
        assert_eq!(needles.find("xyz"), None);
        assert_eq!(format!("{needles:?}"), "Needles(2)");
    }

    #[test]
    fn they_are_bounded() {
        let mut needles = Needles::default();
        for number in 1000..2000 {
            needles.add(&number.to_string(), Mark::Id);
        }
        needles.add(&"x".repeat(LONGEST + 1), Mark::Id);

        assert_eq!(format!("{needles:?}"), "Needles(256)");
    }
}
