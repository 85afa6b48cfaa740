//! The series of one metric, bounded in number.

use std::sync::Arc;

use hashbrown::{HashMap, HashSet};

use super::OTHER;
use super::labels::{LabelSet, Labels};
use super::limits::Limits;

/// The series of one metric.
///
/// A label's value beyond the limit becomes [`OTHER`]; so do all values of a set of labels beyond
/// the limit. A lookup needs no more than to read, also of what is beyond.
#[derive(Debug)]
pub(super) struct Table<C> {
    limits: Limits,
    series: HashMap<LabelSet, Arc<C>>,
    /// The values that are told apart, by the label's name.
    values: HashMap<Arc<str>, HashSet<Arc<str>>>,
    /// The series of all that is beyond the limit, as soon as anything is.
    overflow: Option<Arc<C>>,
}

impl<C> Table<C> {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            series: HashMap::new(),
            values: HashMap::new(),
            overflow: None,
        }
    }

    /// Returns the series where these labels are counted, if there is one already.
    pub(super) fn find(&self, labels: &Labels<'_>) -> Option<&Arc<C>> {
        let exact = self.series.get(labels);
        let found = exact.or_else(|| self.series.get(&self.bounded(labels)));
        if found.is_some() || !self.is_full() || labels.pairs().is_empty() {
            return found;
        }
        let others = self.series.get(&labels.map(|_, _| OTHER));
        // Names that nobody expected must not make series without end either.
        others.or(self.overflow.as_ref())
    }

    /// Returns the series where these labels are counted.
    pub(super) fn find_or_insert(
        &mut self,
        labels: &Labels<'_>,
        new: impl FnOnce() -> C,
    ) -> Arc<C> {
        if let Some(found) = self.find(labels) {
            return Arc::clone(found);
        }
        let cell = Arc::new(new());
        // The series without labels is none of the others, and there is only one.
        let labels = if self.is_full() && !labels.pairs().is_empty() {
            self.overflow = Some(Arc::clone(&cell));
            labels.map(|_, _| OTHER)
        } else {
            self.bounded(labels)
        };
        let kept = self.keep(&labels);
        self.series.insert(kept, Arc::clone(&cell));
        cell
    }

    /// Returns all series with their labels, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&LabelSet, &C)> {
        self.series.iter().map(|(labels, cell)| (labels, &**cell))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.series.is_empty()
    }

    fn is_full(&self) -> bool {
        self.series.len() >= self.limits.series
    }

    fn bounded<'a>(&self, labels: &Labels<'a>) -> Labels<'a> {
        labels.map(|name, value| match self.values.get(name) {
            Some(known) if known.len() >= self.limits.values && !known.contains(value) => OTHER,
            _ => value,
        })
    }

    /// Notes the values as ones that are told apart. Equal texts are kept once.
    fn keep(&mut self, labels: &Labels<'_>) -> LabelSet {
        let pairs = labels.pairs().iter().map(|(name, value)| {
            let name = match self.values.get_key_value(*name) {
                Some((known, _)) => Arc::clone(known),
                None => Arc::from(*name),
            };
            let values = self.values.entry(Arc::clone(&name)).or_default();
            let value = match values.get(*value) {
                Some(known) => Arc::clone(known),
                None => Arc::from(*value),
            };
            if &*value != OTHER {
                values.insert(Arc::clone(&value));
            }
            (name, value)
        });
        LabelSet::new(pairs)
    }
}
