//! Instruments that write everything into a book, for tests to read.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tower_client_metrics::{Instruments, Label, Metric, Value};

/// The gauge of requests.
pub(crate) const ACTIVE: &str = "http.client.active_requests";
/// The duration of requests.
pub(crate) const DURATION: &str = "http.client.request.duration";
/// The gauge of calls.
pub(crate) const CALLS_ACTIVE: &str = "http_call_active";
/// Calls by how they ended.
pub(crate) const CALLS: &str = "http_call_total";
/// Bodies by how they ended.
pub(crate) const BODIES: &str = "http_call_bodies_total";

/// Shared: clones write into the same book.
#[derive(Clone, Debug, Default)]
pub(crate) struct Book(Arc<Mutex<BTreeMap<Key, Page>>>);

/// The name of a metric, and its labels as `name=value,name=value`.
pub(crate) type Key = (String, String);

#[derive(Clone, Debug)]
struct Page {
    kind: Kind,
    metric: Metric,
    /// The labels that came as numbers.
    numbers: Vec<String>,
    made: usize,
    values: Vec<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

impl Book {
    /// Returns all that was recorded with exactly these labels.
    pub(crate) fn values(&self, metric: &str, labels: &str) -> Vec<f64> {
        let pages = self.pages();
        let page = pages.get(&(metric.to_owned(), labels.to_owned()));
        page.map_or_else(Vec::new, |page| page.values.clone())
    }

    /// Returns the labels of all series of a metric.
    pub(crate) fn series(&self, metric: &str) -> Vec<String> {
        let pages = self.pages();
        let keys = pages.keys().filter(|(name, _)| name == metric);
        keys.map(|(_, labels)| labels.clone()).collect()
    }

    /// Returns the value of one label in the only series of a metric, if it has that label.
    pub(crate) fn label(&self, metric: &str, label: &str) -> Option<String> {
        let series = self.series(metric);
        assert_eq!(series.len(), 1, "{series:?}");
        let mut pairs = series[0].split(',').filter_map(|pair| pair.split_once('='));
        let value = pairs.find_map(|(name, value)| (name == label).then_some(value));
        value.map(str::to_owned)
    }

    /// Returns the sum over all series of a metric.
    pub(crate) fn sum(&self, metric: &str) -> f64 {
        self.all_of(metric).iter().sum()
    }

    /// Returns how often anything was recorded, over all series of a metric.
    pub(crate) fn times(&self, metric: &str) -> usize {
        self.all_of(metric).len()
    }

    /// Returns the gauges of calls and requests.
    pub(crate) fn under_way(&self) -> [f64; 2] {
        [self.sum(CALLS_ACTIVE), self.sum(ACTIVE)]
    }

    /// Returns how often each instrument was made.
    pub(crate) fn makings(&self) -> BTreeMap<Key, usize> {
        let pages = self.pages();
        let makings = pages.iter().map(|(key, page)| (key.clone(), page.made));
        makings.collect()
    }

    /// Returns all metrics, each with its kind.
    pub(crate) fn metrics(&self) -> BTreeMap<String, (Kind, Metric)> {
        let pages = self.pages();
        let metrics = pages
            .iter()
            .map(|((name, _), page)| (name.clone(), (page.kind, page.metric.clone())));
        metrics.collect()
    }

    /// Returns the names of all labels whose values came as numbers.
    pub(crate) fn number_labels(&self) -> Vec<String> {
        let pages = self.pages();
        let mut names: Vec<_> = pages
            .values()
            .flat_map(|page| page.numbers.clone())
            .collect();
        names.sort();
        names.dedup();
        names
    }

    fn all_of(&self, metric: &str) -> Vec<f64> {
        let pages = self.pages();
        let of_metric = pages.iter().filter(|((name, _), _)| name == metric);
        of_metric
            .flat_map(|(_, page)| page.values.clone())
            .collect()
    }

    fn make(&self, kind: Kind, metric: &Metric, labels: &[Label<'_>]) -> Key {
        let texts: Vec<_> = labels.iter().map(text).collect();
        let key = (metric.name().to_owned(), texts.join(","));
        let numbers = labels
            .iter()
            .filter(|label| matches!(label.value, Value::Number(_)));
        let mut pages = self.pages();
        let page = pages.entry(key.clone()).or_insert_with(|| Page {
            kind,
            metric: metric.clone(),
            numbers: numbers.map(|label| label.name.to_owned()).collect(),
            made: 0,
            values: Vec::new(),
        });
        page.made += 1;
        key
    }

    fn write(&self, kind: Kind, key: &Key, value: f64) {
        let mut pages = self.pages();
        let page = pages.get_mut(key).expect("it was made");
        assert_eq!(page.kind, kind, "{key:?}");
        page.values.push(value);
    }

    fn pages(&self) -> MutexGuard<'_, BTreeMap<Key, Page>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn text(label: &Label<'_>) -> String {
    match label.value {
        Value::Text(text) => format!("{}={text}", label.name),
        Value::Number(number) => format!("{}={number}", label.name),
        _ => panic!("an unknown kind of value: {label:?}"),
    }
}

impl Instruments for Book {
    type Counter = Key;
    type Gauge = Key;
    type Histogram = Key;

    fn counter(&self, metric: &Metric, labels: &[Label<'_>]) -> Key {
        self.make(Kind::Counter, metric, labels)
    }

    fn gauge(&self, metric: &Metric, labels: &[Label<'_>]) -> Key {
        self.make(Kind::Gauge, metric, labels)
    }

    fn histogram(&self, metric: &Metric, labels: &[Label<'_>]) -> Key {
        self.make(Kind::Histogram, metric, labels)
    }

    fn count(&self, counter: &Key, more: u64) {
        let more = u32::try_from(more).expect("a small number");
        self.write(Kind::Counter, counter, more.into());
    }

    fn adjust(&self, gauge: &Key, by: i32) {
        self.write(Kind::Gauge, gauge, by.into());
    }

    fn record(&self, histogram: &Key, value: f64) {
        self.write(Kind::Histogram, histogram, value);
    }
}
