//! Numbers as they should be, and how others differ from them.

use std::collections::{BTreeMap, BTreeSet};

use tower_client_metrics::{Distribution, Sample, Snapshot};

/// Numbers as they should be, by series: a name and its labels as one text.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counters: BTreeMap<String, u64>,
    /// All of them are 0 in the end.
    gauges: BTreeSet<String>,
    histograms: BTreeMap<String, Values>,
}

#[derive(Debug)]
enum Values {
    /// So many, whatever they are: durations.
    Some(u64),
    /// These, each an exact number with exact sums.
    These(Vec<f64>),
}

pub(crate) type Labels<'a> = &'a [(&'a str, &'a str)];

impl Tally {
    pub(crate) fn count(&mut self, name: &str, labels: Labels<'_>, more: u64) {
        if more > 0 {
            *self.counters.entry(series(name, labels)).or_default() += more;
        }
    }

    pub(crate) fn gauge(&mut self, name: &str, labels: Labels<'_>) {
        self.gauges.insert(series(name, labels));
    }

    pub(crate) fn duration(&mut self, name: &str, labels: Labels<'_>) {
        let of = self.histograms.entry(series(name, labels));
        if let Values::Some(count) = of.or_insert(Values::Some(0)) {
            *count += 1;
        }
    }

    pub(crate) fn value(&mut self, name: &str, labels: Labels<'_>, value: f64) {
        let of = self.histograms.entry(series(name, labels));
        if let Values::These(values) = of.or_insert_with(|| Values::These(Vec::new())) {
            values.push(value);
        }
    }

    pub(crate) fn add(&mut self, other: Self) {
        for (series, more) in other.counters {
            *self.counters.entry(series).or_default() += more;
        }
        self.gauges.extend(other.gauges);
        for (series, more) in other.histograms {
            match (self.histograms.get_mut(&series), more) {
                (Some(Values::Some(count)), Values::Some(more)) => *count += more,
                (Some(Values::These(values)), Values::These(more)) => values.extend(more),
                (_, more) => {
                    self.histograms.insert(series, more);
                }
            }
        }
    }

    /// Returns how much all series with this text in them have counted.
    pub(crate) fn seen(&self, text: &str) -> u64 {
        let counters = self.counters.iter().map(|(series, count)| (series, *count));
        let histograms = self.histograms.iter();
        let histograms = histograms.map(|(series, values)| (series, values.count()));
        let found = counters.chain(histograms);
        let found = found.filter(|(series, _)| series.contains(text));
        found.map(|(_, count)| count).sum()
    }

    /// Returns how the whole of a snapshot differs, one line for each series.
    pub(crate) fn differences(&self, snapshot: &Snapshot) -> Vec<String> {
        let mut differences = compare(&self.counters, &snapshot.counters, |expected, counted| {
            expected == counted
        });
        let zeros: BTreeMap<_, _> = self.gauges.iter().map(|it| (it.clone(), 0.0)).collect();
        let is_zero = |zero: &f64, value: &f64| zero == value;
        differences.extend(compare(&zeros, &snapshot.gauges, is_zero));
        let histograms = compare(&self.histograms, &snapshot.histograms, Values::fit);
        differences.extend(histograms);
        differences.extend(
            snapshot
                .timers
                .iter()
                .map(|it| format!("timer {}", it.name)),
        );
        if snapshot.dropped > 0 {
            differences.push(format!("{} dropped", snapshot.dropped));
        }
        differences
    }
}

impl Values {
    fn count(&self) -> u64 {
        match self {
            Self::Some(count) => *count,
            Self::These(values) => values.len().try_into().unwrap(),
        }
    }

    fn fit(&self, found: &Distribution) -> bool {
        let fits = match self {
            Self::Some(_) => found.sum >= 0.0 && found.sum.is_finite(),
            Self::These(values) => {
                let up_to = |bound| values.iter().filter(|value| **value <= bound).count();
                let mut buckets = found.buckets.iter();
                found.sum == values.iter().sum::<f64>()
                    && buckets.all(|it| usize::try_from(it.count) == Ok(up_to(it.upper_bound)))
            }
        };
        fits && found.count == self.count() && is_sound(found)
    }
}

/// Tells whether a distribution's parts fit each other.
pub(crate) fn is_sound(found: &Distribution) -> bool {
    let counts: Vec<_> = found.buckets.iter().map(|bucket| bucket.count).collect();
    let last = found.buckets.last();
    counts.is_sorted()
        && last.is_some_and(|last| last.upper_bound.is_infinite() && last.count == found.count)
}

fn compare<E: std::fmt::Debug, T: std::fmt::Debug>(
    expected: &BTreeMap<String, E>,
    found: &[Sample<T>],
    fits: impl Fn(&E, &T) -> bool,
) -> Vec<String> {
    let mut missing: BTreeSet<&str> = expected.keys().map(String::as_str).collect();
    let mut differences = Vec::new();
    for sample in found {
        let labels: Vec<_> = sample.labels.iter().map(|(k, v)| (&**k, &**v)).collect();
        let series = series(&sample.name, &labels);
        let value = &sample.value;
        match expected.get(&series) {
            None => differences.push(format!("{series}: {value:?}, but none expected")),
            Some(expected) if !missing.remove(&*series) => {
                differences.push(format!("{series}: twice, {expected:?} expected"));
            }
            Some(expected) if !fits(expected, value) => {
                differences.push(format!("{series}: {value:?}, but {expected:?} expected"));
            }
            Some(_) => {}
        }
    }
    differences.extend(missing.iter().map(|series| format!("{series}: missing")));
    differences
}

/// Writes a series as one text, whatever the order of its labels.
fn series(name: &str, labels: Labels<'_>) -> String {
    let mut labels = labels.to_vec();
    labels.sort_unstable();
    let mut text = name.to_owned();
    for (label, value) in labels {
        for part in [" ", label, "=", value] {
            text.push_str(part);
        }
    }
    text
}
