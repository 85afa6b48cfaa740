//! A distribution of values.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::drops::{Drops, Slot};
use super::snapshot::{Bucket, Distribution};

/// A histogram of a [`Registry`](crate::Registry).
///
/// Cheap to clone and to use; all clones record together.
#[derive(Clone, Debug)]
pub struct Histogram(pub(super) Slot<HistogramCell>);

impl Histogram {
    /// Records a value. What is infinite or no number is dropped.
    pub fn record(&self, value: f64) {
        if let Some(cell) = self.0.get() {
            cell.record(value);
        }
    }

    /// Returns how many values were recorded.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.peek().map(HistogramCell::count).unwrap_or_default()
    }

    /// Returns the sum of the values.
    #[must_use]
    pub fn sum(&self) -> f64 {
        self.0.peek().map(HistogramCell::sum).unwrap_or_default()
    }
}

/// The numbers of one histogram.
///
/// How many values there are is the sum of the buckets and no number of its own: it fits the
/// buckets at any moment.
#[derive(Debug)]
pub(super) struct HistogramCell {
    boundaries: Arc<[f64]>,
    /// One more than boundaries: the last is without end.
    buckets: Box<[AtomicU64]>,
    sum: AtomicU64,
    drops: Drops,
}

impl HistogramCell {
    /// Creates an empty one. The boundaries are sorted: see [`bounds`].
    pub(super) fn new(boundaries: Arc<[f64]>, drops: Drops) -> Self {
        Self {
            buckets: (0..=boundaries.len()).map(|_| AtomicU64::new(0)).collect(),
            boundaries,
            sum: AtomicU64::default(),
            drops,
        }
    }

    pub(super) fn record(&self, value: f64) {
        if !value.is_finite() {
            return self.drops.count();
        }
        // From the front: bounds are few, and most values are low.
        let at = self.boundaries.iter().take_while(|bound| **bound < value);
        if let Some(bucket) = self.buckets.get(at.count()) {
            bucket.fetch_add(1, Relaxed);
        }
        // The closure always has a value: the update cannot fail.
        let _: Result<u64, u64> = self.sum.fetch_update(Relaxed, Relaxed, |bits| {
            let sum = f64::from_bits(bits) + value;
            Some(sum.clamp(f64::MIN, f64::MAX).to_bits())
        });
    }

    fn count(&self) -> u64 {
        let counts = self.buckets.iter().map(|bucket| bucket.load(Relaxed));
        counts.fold(0, u64::wrapping_add)
    }

    fn sum(&self) -> f64 {
        f64::from_bits(self.sum.load(Relaxed))
    }

    /// Returns its values, if there are any.
    pub(super) fn read(&self) -> Option<Distribution> {
        let mut count = 0_u64;
        let bounds = self.boundaries.iter().copied().chain([f64::INFINITY]);
        let buckets: Vec<_> = bounds
            .zip(&self.buckets)
            .map(|(upper_bound, bucket)| {
                count = count.wrapping_add(bucket.load(Relaxed));
                Bucket { upper_bound, count }
            })
            .collect();
        let sum = self.sum();
        (count > 0).then_some(Distribution {
            count,
            sum,
            buckets,
        })
    }

    pub(super) fn reset(&self) {
        for bucket in &self.buckets {
            bucket.store(0, Relaxed);
        }
        self.sum.store(0, Relaxed);
    }
}

/// Returns upper bounds in order and without what is none. The bucket without end needs no bound.
pub(super) fn bounds(boundaries: &[f64]) -> Arc<[f64]> {
    let finite = boundaries.iter().copied().filter(|bound| bound.is_finite());
    // Adding 0 makes -0 a 0.
    let mut bounds: Vec<_> = finite.map(|bound| bound + 0.0).collect();
    bounds.sort_unstable_by(f64::total_cmp);
    bounds.dedup();
    bounds.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_sorted_and_each_is_there_once() {
        let given = [2.0, f64::NAN, 0.5, 2.0, f64::INFINITY, -0.0, 0.0, -1.0];

        assert_eq!(*bounds(&given), [-1.0, 0.0, 0.5, 2.0]);
        assert!(bounds(&[]).is_empty());
    }

    #[test]
    fn a_bound_belongs_to_its_bucket() {
        let cell = HistogramCell::new(bounds(&[1.0, 2.0]), Drops::default());
        for value in [-5.0, 1.0, 1.000_1, 2.0, 2.1] {
            cell.record(value);
        }

        let read = cell.read().unwrap();

        let counts: Vec<_> = read.buckets.iter().map(|bucket| bucket.count).collect();
        assert_eq!(counts, [2, 4, 5]);
        assert_eq!(read.count, 5);
    }

    #[test]
    fn a_sum_stays_a_number() {
        let cell = HistogramCell::new(bounds(&[]), Drops::default());
        cell.record(f64::MAX);
        cell.record(f64::MAX);

        assert_eq!(cell.read().unwrap().sum, f64::MAX);
    }
}
