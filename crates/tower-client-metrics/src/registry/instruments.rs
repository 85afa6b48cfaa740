//! A registry as instruments of this crate's layer.

use std::borrow::Cow;

use super::labels::Labels;
use super::{Counter, Gauge, Histogram, Registry};
use crate::{Instruments, Label, Metric, Value};

impl Instruments for Registry {
    type Counter = Counter;
    type Gauge = Gauge;
    type Histogram = Histogram;

    fn counter(&self, metric: &Metric, labels: &[Label<'_>]) -> Counter {
        Counter(with_texts(labels, |labels| self.0.slot_of(metric, labels)))
    }

    fn gauge(&self, metric: &Metric, labels: &[Label<'_>]) -> Gauge {
        Gauge(with_texts(labels, |labels| self.0.slot_of(metric, labels)))
    }

    fn histogram(&self, metric: &Metric, labels: &[Label<'_>]) -> Histogram {
        Histogram(with_texts(labels, |labels| self.0.slot_of(metric, labels)))
    }

    fn count(&self, counter: &Counter, more: u64) {
        counter.increment(more);
    }

    fn adjust(&self, gauge: &Gauge, by: i32) {
        gauge.adjust(f64::from(by));
    }

    fn record(&self, histogram: &Histogram, value: f64) {
        histogram.record(value);
    }
}

/// Hands over the labels with numbers as their decimal digits.
fn with_texts<T>(labels: &[Label<'_>], act: impl FnOnce(&Labels<'_>) -> T) -> T {
    let texts = labels.iter().map(|label| match label.value {
        Value::Text(text) => Cow::Borrowed(text),
        Value::Number(number) => Cow::Owned(number.to_string()),
    });
    let texts: Vec<_> = texts.collect();
    let names = labels.iter().map(|label| label.name);
    act(&Labels::new(names.zip(texts.iter().map(AsRef::as_ref))))
}
