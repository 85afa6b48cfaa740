//! Words of an open vocabulary: known ones are recognised, new ones are kept.

use std::fmt;
use std::marker::PhantomData;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::decode::Leaf;

/// The words of a vocabulary that have a meaning here.
pub trait Vocabulary: Copy + 'static {
    /// Returns the meaning of a word, which is given in lower case.
    fn recognise(word: &str) -> Option<Self>;
}

/// A word as the service wrote it, and its meaning if it is known.
///
/// The service adds words without notice. A new one is no error: it has no
/// [`meaning`](Self::meaning), and [`as_str`](Self::as_str) tells what it is.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Word<V> {
    text: Box<str>,
    vocabulary: PhantomData<V>,
}

impl<V: Vocabulary> Word<V> {
    pub(crate) fn new(text: &str) -> Self {
        Self {
            text: text.into(),
            vocabulary: PhantomData,
        }
    }

    /// Returns the meaning, whatever the word's case; `None` for a word that is new.
    #[must_use]
    pub fn meaning(&self) -> Option<V> {
        V::recognise(&self.text.to_ascii_lowercase())
    }
}

impl<V> Word<V> {
    /// Returns the word as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl<V: Vocabulary> Leaf for Word<V> {
    const EXPECTED: &'static str = "a word";

    fn read(value: &Value) -> Option<Self> {
        Some(Self::new(&String::read(value)?))
    }
}

impl<V> fmt::Debug for Word<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

impl<V> fmt::Display for Word<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Writes back what was received.
impl<V> Serialize for Word<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Charging, Fuel};
    use super::*;

    #[test]
    fn known_words_are_recognised_in_any_case_and_new_ones_kept() {
        let charging = Word::<Charging>::new("ChargeComplete");
        assert_eq!(charging.meaning(), Some(Charging::Complete));
        assert_eq!(charging.as_str(), "ChargeComplete");

        let new = Word::<Fuel>::new("H2");
        assert_eq!(new.meaning(), None);
        assert_eq!(serde_json::to_string(&new).unwrap(), r#""H2""#);
    }
}
