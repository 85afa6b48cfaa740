//! A set of labels: sorted, without duplicates, bounded in number and length.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use hashbrown::Equivalent;

/// Labels beyond are left out.
const MOST_LABELS: usize = 16;

/// Names and values are cut beyond.
const MOST_BYTES: usize = 256;

/// A borrowed set of labels. It lives on the stack: looking a series up allocates nothing.
#[derive(Clone, Copy)]
pub(super) struct Labels<'a> {
    pairs: [(&'a str, &'a str); MOST_LABELS],
    len: usize,
    too_many: bool,
}

/// A set of labels that is kept.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LabelSet(Box<[(Arc<str>, Arc<str>)]>);

impl<'a> Labels<'a> {
    /// Brings labels into their one order. Of two with the same name the last wins.
    pub(super) fn new(labels: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut set = Self {
            pairs: [("", ""); MOST_LABELS],
            len: 0,
            too_many: false,
        };
        for (name, value) in labels {
            set.insert(cut(name), cut(value));
        }
        set
    }

    fn insert(&mut self, name: &'a str, value: &'a str) {
        match self.pairs().binary_search_by_key(&name, |(name, _)| name) {
            Ok(at) => {
                if let Some(pair) = self.pairs.get_mut(at) {
                    pair.1 = value;
                }
            }
            Err(at) => {
                // The new one comes in behind the others and is turned to its place.
                let Some(free) = self.pairs.get_mut(self.len) else {
                    self.too_many = true;
                    return;
                };
                *free = (name, value);
                self.len += 1;
                if let Some(tail) = self.pairs.get_mut(at..self.len) {
                    tail.rotate_right(1);
                }
            }
        }
    }

    /// Returns the same set without the labels of this name.
    pub(super) fn without(self, name: &str) -> Self {
        let others = self.pairs().iter().copied();
        Self {
            too_many: self.too_many,
            ..Labels::new(others.filter(|(other, _)| *other != name))
        }
    }

    /// Returns the same names with other values.
    pub(super) fn map(mut self, value: impl Fn(&'a str, &'a str) -> &'a str) -> Self {
        for pair in self.pairs.iter_mut().take(self.len) {
            pair.1 = value(pair.0, pair.1);
        }
        self
    }

    /// Returns name and value of each, by name.
    pub(super) fn pairs(&self) -> &[(&'a str, &'a str)] {
        self.pairs.get(..self.len).unwrap_or_default()
    }

    /// Returns whether some were left out.
    pub(super) fn too_many(&self) -> bool {
        self.too_many
    }
}

impl LabelSet {
    pub(super) fn new(pairs: impl IntoIterator<Item = (Arc<str>, Arc<str>)>) -> Self {
        Self(pairs.into_iter().collect())
    }

    /// Returns name and value of each, by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }
}

// Both hash what they are made of in the same order: one is found by the other.

impl Hash for Labels<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.pairs().iter().for_each(|pair| pair.hash(state));
    }
}

impl Hash for LabelSet {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.iter().for_each(|pair| pair.hash(state));
    }
}

impl Equivalent<LabelSet> for Labels<'_> {
    fn equivalent(&self, key: &LabelSet) -> bool {
        self.pairs().iter().copied().eq(key.iter())
    }
}

/// Returns the text, or as many of its first characters as may be kept.
pub(super) fn cut(text: &str) -> &str {
    if text.len() <= MOST_BYTES {
        return text;
    }
    let mut ends = (0..=MOST_BYTES).rev();
    ends.find_map(|end| text.get(..end)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use hashbrown::HashMap;

    use super::*;

    fn keep(labels: &Labels<'_>) -> LabelSet {
        let pairs = labels.pairs().iter();
        LabelSet::new(pairs.map(|(name, value)| (Arc::from(*name), Arc::from(*value))))
    }

    #[test]
    fn the_order_of_labels_does_not_matter() {
        let one = Labels::new([("a", "1"), ("b", "2"), ("c", "3")]);
        let other = Labels::new([("c", "3"), ("a", "1"), ("b", "2")]);
        let series: HashMap<LabelSet, u8> = [(keep(&one), 7)].into_iter().collect();

        assert_eq!(series.get(&other), Some(&7));
        assert_eq!(one.pairs(), other.pairs());
    }

    #[test]
    fn names_and_values_do_not_run_into_each_other() {
        let series: HashMap<LabelSet, u8> = [(keep(&Labels::new([("ab", "c")])), 7)]
            .into_iter()
            .collect();

        assert_eq!(series.get(&Labels::new([("a", "bc")])), None);
        assert_eq!(series.get(&Labels::new([("ab", "c")])), Some(&7));
    }

    #[test]
    fn the_last_of_two_labels_with_one_name_wins() {
        let labels = Labels::new([("a", "1"), ("b", "2"), ("a", "3")]);

        assert_eq!(labels.pairs(), [("a", "3"), ("b", "2")]);
        assert!(!labels.too_many());
    }

    #[test]
    fn the_seventeenth_label_is_left_out() {
        let names: Vec<_> = (0..17).map(|n| format!("n{n:02}")).collect();

        let labels = Labels::new(names.iter().map(|name| (name.as_str(), "")));

        assert_eq!(labels.pairs().len(), 16);
        assert_eq!(labels.pairs().last(), Some(&("n15", "")));
        assert!(labels.too_many());
    }

    #[test]
    fn a_duplicate_beyond_the_sixteenth_still_wins() {
        let names: Vec<_> = (0..16).map(|n| format!("n{n:02}")).collect();
        let labels = names.iter().map(|name| (name.as_str(), "first"));

        let labels = Labels::new(labels.chain([("n00", "last")]));

        assert_eq!(labels.pairs().first(), Some(&("n00", "last")));
        assert!(!labels.too_many());
    }

    #[test]
    fn a_label_can_be_taken_out() {
        let labels = Labels::new([("a", "1"), ("b", "2"), ("c", "3")]).without("b");

        assert_eq!(labels.pairs(), [("a", "1"), ("c", "3")]);
    }

    #[test]
    fn long_texts_are_cut_where_a_character_ends() {
        let long = format!("{}éé", "x".repeat(MOST_BYTES - 1));

        assert_eq!(cut(&long), "x".repeat(MOST_BYTES - 1));
        assert_eq!(cut(&"x".repeat(MOST_BYTES + 1)).len(), MOST_BYTES);
        assert_eq!(cut("é"), "é");
    }
}
