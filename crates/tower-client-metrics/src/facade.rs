//! The `metrics` crate as the place where numbers go.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use ::metrics::{Counter, Gauge, Histogram, Key, Level, Metadata, Recorder, Unit, with_recorder};

use crate::{Instruments, Label, Metric, Value};

/// Hands numbers on to the recorder of the [`metrics`](::metrics) crate, and so to any exporter of
/// its ecosystem.
///
/// Labels are texts there: numbers become their decimal digits. A [unit](Metric::unit) of `s` or
/// `By` is passed on as seconds or bytes, a count of something (`{request}`) as a count; others
/// are not known there. A metric is described with the first instrument of its name.
///
/// Buckets are the exporter's business: the facade cannot pass a metric's
/// [boundaries](Metric::bucket_boundaries) on, and what an exporter is not told it chooses itself
/// (Prometheus': quantiles, which cannot be added up over instances). So tell it:
///
/// ```
/// use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
/// use tower_client_metrics::{Facade, Instruments, Label, Metric, SECONDS};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let seconds = Matcher::Suffix("duration".to_owned());
/// let recorder = PrometheusBuilder::new()
///     .with_recommended_naming(true)
///     .set_buckets_for_metric(seconds, SECONDS)?
///     .build_recorder();
/// let exporter = recorder.handle();
/// let facade = Facade::over(recorder);
///
/// let duration = Metric::new("http.client.request.duration", "How long requests take.").unit("s");
/// let labels = [Label::new("http.request.method", "GET")];
/// let histogram = facade.histogram(&duration, &labels);
/// facade.record(&histogram, 0.3);
///
/// let rendered = exporter.render();
/// let bucket = r#"duration_seconds_bucket{http_request_method="GET",le="0.5"} 1"#;
/// assert!(rendered.contains(bucket), "{rendered}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Facade {
    /// None: the one that is installed.
    recorder: Option<Arc<dyn Recorder + Send + Sync>>,
    /// The names of metrics that were described.
    described: Arc<Mutex<HashSet<Box<str>>>>,
}

/// How many names are remembered. Metrics are few; a name that is made up for each call must not
/// fill the memory.
const NAMES: usize = 1000;

const METADATA: Metadata<'static> =
    Metadata::new("tower_client_metrics", Level::INFO, Some(module_path!()));

impl Facade {
    /// Creates instruments of the recorder that is installed when they are made: the thread's
    /// [local](::metrics::set_default_local_recorder) one if it has one, else the global one.
    ///
    /// Install the exporter before the first call: instruments are kept, and those that were made
    /// without a recorder stay silent.
    #[must_use]
    pub fn global() -> Self {
        Self::new(None)
    }

    /// Creates instruments of this recorder, whichever is installed.
    #[must_use]
    pub fn over(recorder: impl Recorder + Send + Sync + 'static) -> Self {
        Self::new(Some(Arc::new(recorder)))
    }

    fn new(recorder: Option<Arc<dyn Recorder + Send + Sync>>) -> Self {
        let described = Arc::default();
        Self {
            recorder,
            described,
        }
    }

    fn with_recorder<T>(&self, make: impl FnOnce(&dyn Recorder) -> T) -> T {
        match &self.recorder {
            Some(recorder) => make(&**recorder),
            None => with_recorder(make),
        }
    }

    /// Whether a metric has yet to be described, which it is from now on.
    fn introduces(&self, metric: &Metric) -> bool {
        let described = self.described.lock();
        let mut described = described.unwrap_or_else(PoisonError::into_inner);
        if described.contains(metric.name()) {
            return false;
        }
        // What is not remembered is described again, which exporters put up with.
        if described.len() < NAMES {
            described.insert(metric.name().into());
        }
        true
    }
}

impl Instruments for Facade {
    type Counter = Counter;
    type Gauge = Gauge;
    type Histogram = Histogram;

    fn counter(&self, metric: &Metric, labels: &[Label<'_>]) -> Counter {
        let key = key(metric, labels);
        self.with_recorder(|recorder| {
            if self.introduces(metric) {
                let description = metric.description().into();
                recorder.describe_counter(key.name_shared(), unit(metric), description);
            }
            recorder.register_counter(&key, &METADATA)
        })
    }

    fn gauge(&self, metric: &Metric, labels: &[Label<'_>]) -> Gauge {
        let key = key(metric, labels);
        self.with_recorder(|recorder| {
            if self.introduces(metric) {
                let description = metric.description().into();
                recorder.describe_gauge(key.name_shared(), unit(metric), description);
            }
            recorder.register_gauge(&key, &METADATA)
        })
    }

    fn histogram(&self, metric: &Metric, labels: &[Label<'_>]) -> Histogram {
        let key = key(metric, labels);
        self.with_recorder(|recorder| {
            if self.introduces(metric) {
                let description = metric.description().into();
                recorder.describe_histogram(key.name_shared(), unit(metric), description);
            }
            recorder.register_histogram(&key, &METADATA)
        })
    }

    fn count(&self, counter: &Counter, more: u64) {
        counter.increment(more);
    }

    fn adjust(&self, gauge: &Gauge, by: i32) {
        let magnitude = by.unsigned_abs();
        if by < 0 {
            gauge.decrement(magnitude);
        } else {
            gauge.increment(magnitude);
        }
    }

    fn record(&self, histogram: &Histogram, value: f64) {
        histogram.record(value);
    }
}

impl fmt::Debug for Facade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let global = self.recorder.is_none();
        f.debug_struct("Facade")
            .field("global", &global)
            .finish_non_exhaustive()
    }
}

fn key(metric: &Metric, labels: &[Label<'_>]) -> Key {
    let labels: Vec<_> = labels.iter().map(text_label).collect();
    Key::from_parts(metric.name().to_owned(), labels)
}

fn text_label(label: &Label<'_>) -> ::metrics::Label {
    let value = match label.value {
        Value::Text(text) => text.to_owned(),
        Value::Number(number) => number.to_string(),
    };
    ::metrics::Label::new(label.name.to_owned(), value)
}

fn unit(metric: &Metric) -> Option<Unit> {
    match metric.unit_name() {
        "s" => Some(Unit::Seconds),
        "By" => Some(Unit::Bytes),
        counted if counted.starts_with('{') => Some(Unit::Count),
        _ => None,
    }
}
