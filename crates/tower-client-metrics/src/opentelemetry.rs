//! OpenTelemetry's API as the place where numbers go.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use ::opentelemetry::KeyValue;
use ::opentelemetry::metrics::{Counter, Histogram, Meter, UpDownCounter};

use crate::{Instruments, Label, Metric, Value};

/// Hands numbers on to a meter of OpenTelemetry, and so to any exporter of its SDK.
///
/// Names, units and descriptions are the metric's own; its
/// [boundaries](Metric::bucket_boundaries) are advice, which a view of the SDK overrules. Numbers
/// in labels stay numbers.
///
/// There is one instrument for each metric, and the attributes go with every value: the SDK looks
/// them up each time that something is recorded. That cost is its own, and not small.
///
/// ```
/// use opentelemetry_sdk::metrics::SdkMeterProvider;
/// use opentelemetry::metrics::MeterProvider;
/// use tower_client_metrics::{Instruments, Label, Metric, OpenTelemetry};
///
/// let provider = SdkMeterProvider::builder().build(); // with a reader and its exporter
/// let instruments = OpenTelemetry::new(provider.meter("my-client"));
///
/// let duration = Metric::new("http.client.request.duration", "How long requests take.").unit("s");
/// let labels = [Label::new("http.response.status_code", 200)];
/// let histogram = instruments.histogram(&duration, &labels);
/// instruments.record(&histogram, 0.3);
/// ```
#[derive(Clone)]
pub struct OpenTelemetry {
    meter: Meter,
    made: Arc<Made>,
}

/// The instruments that there are.
#[derive(Default)]
struct Made {
    counters: ByName<Counter<u64>>,
    gauges: ByName<UpDownCounter<i64>>,
    histograms: ByName<Histogram<f64>>,
}

struct ByName<T>(Mutex<HashMap<Box<str>, T>>);

/// An instrument, and the attributes that go with every value.
#[derive(Clone, Debug)]
pub struct Attributed<T> {
    instrument: T,
    attributes: Arc<[KeyValue]>,
}

/// How many instruments of a kind are kept. Metrics are few; a name that is made up for each call
/// must not fill the memory.
const NAMES: usize = 1000;

impl OpenTelemetry {
    /// Creates instruments of this meter.
    #[must_use]
    pub fn new(meter: Meter) -> Self {
        let made = Arc::default();
        Self { meter, made }
    }
}

impl Instruments for OpenTelemetry {
    type Counter = Attributed<Counter<u64>>;
    type Gauge = Attributed<UpDownCounter<i64>>;
    type Histogram = Attributed<Histogram<f64>>;

    fn counter(&self, metric: &Metric, labels: &[Label<'_>]) -> Self::Counter {
        let instrument = self.made.counters.get_or_make(metric, |name| {
            let builder = self.meter.u64_counter(name);
            builder
                .with_unit(metric.unit_name())
                .with_description(metric.description())
                .build()
        });
        Attributed::new(instrument, labels)
    }

    fn gauge(&self, metric: &Metric, labels: &[Label<'_>]) -> Self::Gauge {
        let instrument = self.made.gauges.get_or_make(metric, |name| {
            let builder = self.meter.i64_up_down_counter(name);
            builder
                .with_unit(metric.unit_name())
                .with_description(metric.description())
                .build()
        });
        Attributed::new(instrument, labels)
    }

    fn histogram(&self, metric: &Metric, labels: &[Label<'_>]) -> Self::Histogram {
        let instrument = self.made.histograms.get_or_make(metric, |name| {
            let builder = self.meter.f64_histogram(name);
            builder
                .with_unit(metric.unit_name())
                .with_description(metric.description())
                .with_boundaries(metric.bucket_boundaries().to_vec())
                .build()
        });
        Attributed::new(instrument, labels)
    }

    fn count(&self, counter: &Self::Counter, more: u64) {
        counter.instrument.add(more, &counter.attributes);
    }

    fn adjust(&self, gauge: &Self::Gauge, by: i32) {
        gauge.instrument.add(by.into(), &gauge.attributes);
    }

    fn record(&self, histogram: &Self::Histogram, value: f64) {
        histogram.instrument.record(value, &histogram.attributes);
    }
}

impl fmt::Debug for OpenTelemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenTelemetry").finish_non_exhaustive()
    }
}

impl<T> Default for ByName<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> ByName<T> {
    fn get_or_make(&self, metric: &Metric, make: impl FnOnce(String) -> T) -> T {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(instrument) = made.get(metric.name()) {
            return instrument.clone();
        }
        let instrument = make(metric.name().to_owned());
        // What is not kept is made again: the SDK knows it by its name, too.
        if made.len() < NAMES {
            made.insert(metric.name().into(), instrument.clone());
        }
        instrument
    }
}

impl<T> Attributed<T> {
    fn new(instrument: T, labels: &[Label<'_>]) -> Self {
        let attributes = labels.iter().map(attribute).collect();
        Self {
            instrument,
            attributes,
        }
    }
}

fn attribute(label: &Label<'_>) -> KeyValue {
    let name = label.name.to_owned();
    match label.value {
        Value::Text(text) => KeyValue::new(name, text.to_owned()),
        Value::Number(number) => KeyValue::new(name, i64::from(number)),
    }
}
