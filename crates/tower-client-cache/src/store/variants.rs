//! The entries of one key.

use std::sync::Arc;

use crate::{Entry, VariantId};

/// The entries of one key, the latest first. A clone costs nothing.
#[derive(Clone, Debug, Default)]
pub struct Variants(List);

#[derive(Clone, Debug, Default)]
enum List {
    #[default]
    None,
    /// Nearly always: most resources have one representation.
    One(Arc<Entry>),
    Many(Arc<[Arc<Entry>]>),
}

impl Variants {
    /// How many entries one key has at most: a server that varies by everything must not fill the
    /// store with one resource, nor make each call compare them all.
    pub const MOST: usize = 32;

    /// Returns them, the latest first.
    #[must_use]
    pub fn as_slice(&self) -> &[Arc<Entry>] {
        match &self.0 {
            List::None => &[],
            List::One(entry) => std::slice::from_ref(entry),
            List::Many(entries) => entries,
        }
    }

    /// Tells whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    /// Tells whether these are the same entries, as they were when they were read.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let (own, other) = (self.as_slice(), other.as_slice());
        own.len() == other.len()
            && own
                .iter()
                .zip(other)
                .all(|(own, other)| is_same(own, other))
    }

    /// Tells whether these are among others, as they were when they were read.
    pub(crate) fn is_part_of(&self, others: &Self) -> bool {
        let (own, others) = (self.as_slice(), others.as_slice());
        own.iter()
            .all(|own| others.iter().any(|other| is_same(own, other)))
    }

    /// Returns the one with this id.
    #[must_use]
    pub fn find(&self, variant: VariantId) -> Option<&Arc<Entry>> {
        self.as_slice()
            .iter()
            .find(|entry| entry.variant() == variant)
    }

    /// Returns these with one more, in place of the one of the same id; of more than
    /// [`MOST`](Self::MOST) the oldest is left out.
    #[must_use]
    pub fn with(&self, entry: Arc<Entry>) -> Self {
        if self.is_empty() {
            return Self(List::One(entry));
        }
        let variant = entry.variant();
        let others = self.as_slice().iter().cloned();
        let others = others.filter(|other| other.variant() != variant);
        std::iter::once(entry).chain(others).collect()
    }

    /// Returns these without the one of this id.
    #[must_use]
    pub fn without(&self, variant: VariantId) -> Self {
        let entries = self.as_slice().iter().cloned();
        entries.filter(|entry| entry.variant() != variant).collect()
    }
}

fn is_same(own: &Entry, other: &Entry) -> bool {
    own.content_id() == other.content_id() && own.stored().received() == other.stored().received()
}

/// Puts the latest first, by when their origin made them, then by when they came (RFC 9111
/// section 4); leaves the oldest out if there are too many.
impl FromIterator<Arc<Entry>> for Variants {
    fn from_iter<I: IntoIterator<Item = Arc<Entry>>>(entries: I) -> Self {
        let mut entries: Vec<_> = entries.into_iter().collect();
        entries.sort_by_key(|entry| {
            let stored = entry.stored();
            std::cmp::Reverse((stored.date(), stored.received()))
        });
        entries.truncate(Self::MOST);
        match entries.len() {
            0 => Self::default(),
            1 => Self(entries.pop().map_or(List::None, List::One)),
            _ => Self(List::Many(entries.into())),
        }
    }
}
