//! All numbers at one moment.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

/// All numbers of a [`Registry`](crate::Registry) at one moment, as plain data.
///
/// Sorted by name, then by labels. The numbers are independent of each other: what is recorded
/// meanwhile may be in one and not in the other. Only the parts of one [`Distribution`]'s buckets
/// fit its count at any moment.
///
/// Serialized, it is a map of lists; an infinite bound is the text `"+Inf"`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Snapshot {
    /// Numbers that grow.
    pub counters: Vec<Sample<u64>>,
    /// Numbers that go up and down.
    pub gauges: Vec<Sample<f64>>,
    /// Distributions of values.
    pub histograms: Vec<Sample<Distribution>>,
    /// Durations in seconds, with the label `outcome`: `success` or `error`.
    pub timers: Vec<Sample<Distribution>>,
    /// How often something could not be recorded: its metric is of another kind or one too many,
    /// or it was no finite number.
    pub dropped: u64,
}

/// One series of a metric: its labels and its value.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Sample<T> {
    /// The metric's name, as it was given.
    pub name: String,
    /// The metric's unit in [UCUM](https://ucum.org)'s letters, or nothing.
    pub unit: &'static str,
    /// What the metric means.
    pub description: &'static str,
    /// Names and values as they were given.
    pub labels: BTreeMap<String, String>,
    /// What was recorded.
    pub value: T,
}

/// A distribution of recorded values.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Distribution {
    /// How many values there are.
    pub count: u64,
    /// Their sum.
    pub sum: f64,
    /// How many of them are small, by ascending bounds. The last bucket has them all.
    pub buckets: Vec<Bucket>,
}

/// The values up to a bound.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Bucket {
    /// The bound; [`f64::INFINITY`] for the last. Serialized, that is the text `"+Inf"`: JSON
    /// knows no such number.
    #[serde(serialize_with = "bound")]
    pub upper_bound: f64,
    /// How many values are not greater.
    pub count: u64,
}

impl Snapshot {
    /// Returns the value of a counter. The order of labels does not matter, here and below; all of
    /// them are needed.
    #[must_use]
    pub fn counter(&self, name: &str, labels: &[(&str, &str)]) -> Option<u64> {
        find(&self.counters, name, labels).copied()
    }

    /// Returns the value of a gauge.
    #[must_use]
    pub fn gauge(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        find(&self.gauges, name, labels).copied()
    }

    /// Returns what a histogram recorded.
    #[must_use]
    pub fn histogram(&self, name: &str, labels: &[(&str, &str)]) -> Option<&Distribution> {
        find(&self.histograms, name, labels)
    }

    /// Returns what a timer recorded. One of the labels is `outcome`.
    #[must_use]
    pub fn timer(&self, name: &str, labels: &[(&str, &str)]) -> Option<&Distribution> {
        find(&self.timers, name, labels)
    }
}

fn find<'a, T>(samples: &'a [Sample<T>], name: &str, labels: &[(&str, &str)]) -> Option<&'a T> {
    let labels: BTreeMap<_, _> = labels.iter().copied().collect();
    let found = samples.iter().find(|sample| {
        let its = sample.labels.iter();
        sample.name == name
            && its
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .eq(labels.iter().map(|(name, value)| (*name, *value)))
    });
    found.map(|sample| &sample.value)
}

fn bound<S: Serializer>(bound: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if bound.is_finite() {
        serializer.serialize_f64(*bound)
    } else {
        serializer.serialize_str("+Inf")
    }
}
