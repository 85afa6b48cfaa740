//! Where numbers go.

use std::sync::Arc;

use crate::Metric;

/// Where numbers go: a factory of instruments, one for each metric and set of labels.
///
/// [`Registry`](crate::Registry) keeps them in the process;
/// [`Facade`](crate::Facade) (feature `metrics`) and [`OpenTelemetry`](crate::OpenTelemetry)
/// (feature `opentelemetry`) hand them on. Implement it for a system of your own, and everything
/// that this crate measures goes there.
///
/// An instrument is made for a set of labels and kept: making it may cost, using it must not. It can
/// be asked for twice with the same labels, and must be the same number then. Sets of labels are
/// bounded by whoever asks.
pub trait Instruments: Send + Sync + 'static {
    /// A number that grows.
    type Counter: Send + Sync + 'static;
    /// A number that goes up and down (OpenTelemetry's `UpDownCounter`).
    type Gauge: Send + Sync + 'static;
    /// A distribution of values.
    type Histogram: Send + Sync + 'static;

    /// Returns the counter with these labels.
    fn counter(&self, metric: &Metric, labels: &[Label<'_>]) -> Self::Counter;

    /// Returns the gauge with these labels.
    fn gauge(&self, metric: &Metric, labels: &[Label<'_>]) -> Self::Gauge;

    /// Returns the histogram with these labels.
    fn histogram(&self, metric: &Metric, labels: &[Label<'_>]) -> Self::Histogram;

    /// Adds to a counter.
    fn count(&self, counter: &Self::Counter, more: u64);

    /// Moves a gauge up or down.
    fn adjust(&self, gauge: &Self::Gauge, by: i32);

    /// Records a value.
    fn record(&self, histogram: &Self::Histogram, value: f64);
}

/// Shared, so that layers and others write to the same.
impl<I: Instruments> Instruments for Arc<I> {
    type Counter = I::Counter;
    type Gauge = I::Gauge;
    type Histogram = I::Histogram;

    fn counter(&self, metric: &Metric, labels: &[Label<'_>]) -> I::Counter {
        I::counter(self, metric, labels)
    }

    fn gauge(&self, metric: &Metric, labels: &[Label<'_>]) -> I::Gauge {
        I::gauge(self, metric, labels)
    }

    fn histogram(&self, metric: &Metric, labels: &[Label<'_>]) -> I::Histogram {
        I::histogram(self, metric, labels)
    }

    fn count(&self, counter: &I::Counter, more: u64) {
        I::count(self, counter, more);
    }

    fn adjust(&self, gauge: &I::Gauge, by: i32) {
        I::adjust(self, gauge, by);
    }

    fn record(&self, histogram: &I::Histogram, value: f64) {
        I::record(self, histogram, value);
    }
}

/// A label (OpenTelemetry: attribute): one property of what is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Label<'a> {
    /// Its name, such as `http.request.method`.
    pub name: &'a str,
    /// Its value.
    pub value: Value<'a>,
}

/// The value of a [`Label`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// A word.
    Text(&'a str),
    /// A whole number. Where labels are texts only, its decimal digits.
    Number(u16),
}

impl<'a> Label<'a> {
    /// Creates a label.
    pub fn new(name: &'a str, value: impl Into<Value<'a>>) -> Self {
        let value = value.into();
        Self { name, value }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl From<u16> for Value<'_> {
    fn from(number: u16) -> Self {
        Self::Number(number)
    }
}
