//! Numbers that are kept in the process.

mod counter;
mod drops;
mod exposition;
mod family;
mod gauge;
mod histogram;
mod instruments;
mod labels;
mod limits;
mod reading;
mod snapshot;
mod store;
mod table;
mod timer;

use std::fmt;
use std::sync::Arc;

pub use self::counter::Counter;
use self::counter::CounterCell;
pub use self::exposition::Format;
pub use self::gauge::Gauge;
use self::gauge::GaugeCell;
pub use self::histogram::Histogram;
use self::histogram::HistogramCell;
use self::labels::Labels;
use self::limits::Limits;
pub use self::limits::RegistryBuilder;
pub use self::snapshot::{Bucket, Distribution, Sample, Snapshot};
use self::store::Store;
use self::timer::OUTCOME;
pub use self::timer::{Timed, Timer};
use crate::Metric;
use crate::bounded::OTHER;

/// Keeps numbers in the process, and shows them: as data ([`snapshot`](Self::snapshot)) or in the
/// formats that Prometheus scrapes ([`render`](Self::render)).
///
/// It is one of this crate's [`Instruments`](crate::Instruments), and takes an application's own
/// metrics by name. All clones are the same registry. Nothing that it is told makes it fail or
/// grow without end: see [Limits](#limits).
///
/// Not for a process that sends its numbers elsewhere anyway (by the `metrics` facade or
/// OpenTelemetry's SDK): there they belong to that system, and keeping them here too is double the
/// work.
///
/// ```
/// use tower_client_metrics::{Format, Registry};
///
/// let registry = Registry::default();
///
/// registry.increment("cache.lookups", 1, &[("result", "hit")]);
/// registry.set_gauge("cache.entries", 12.0, &[]);
/// let timer = registry.time_operation("cache.refresh", &[]);
/// timer.success(); // or dropped on the way: an error
///
/// let snapshot = registry.snapshot();
/// assert_eq!(snapshot.counter("cache.lookups", &[("result", "hit")]), Some(1));
/// let text = registry.render(Format::Prometheus);
/// assert!(text.contains("cache_lookups_total{result=\"hit\"} 1\n"));
/// ```
///
/// # Metrics
///
/// A metric is known by its name. Its first use makes it a counter, gauge, histogram or timer; a
/// use as anything else is dropped, counted ([`Snapshot::dropped`]) and warned about once. The
/// order of labels does not matter; of two with the same name the last wins. A series that was not
/// used is not shown.
///
/// Numbers are atomics that do not wait for each other: what is recorded while they are read may
/// be in one and not yet in another.
///
/// # Limits
///
/// Of a label's values, 200 are told apart; further ones are counted as `_OTHER`. A metric has
/// 2000 series, and one in which all label values are `_OTHER` for the rest. Metrics beyond 1000
/// are dropped. [`builder`](Self::builder) sets other limits. Labels of one series beyond 16 are
/// left out, and names and values beyond 256 bytes are cut.
#[derive(Clone, Default)]
pub struct Registry(Arc<Store>);

impl Registry {
    /// Creates an empty registry with the usual limits.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts to set limits.
    pub fn builder() -> RegistryBuilder {
        RegistryBuilder::default()
    }

    fn with_limits(limits: Limits) -> Self {
        Self(Arc::new(Store::new(limits)))
    }

    /// Adds to a counter. Beyond [`u64::MAX`] it starts again from 0.
    pub fn increment(&self, name: &str, by: u64, labels: &[(&str, &str)]) {
        self.0
            .record(name, labels, |cell: &CounterCell| cell.increment(by));
    }

    /// Gives a gauge a value. What is infinite or no number is dropped.
    pub fn set_gauge(&self, name: &str, value: f64, labels: &[(&str, &str)]) {
        self.0
            .record(name, labels, |cell: &GaugeCell| cell.set(value));
    }

    /// Records a value in a histogram. What is infinite or no number is dropped.
    pub fn record_histogram(&self, name: &str, value: f64, labels: &[(&str, &str)]) {
        self.0
            .record(name, labels, |cell: &HistogramCell| cell.record(value));
    }

    /// Starts to measure an operation. The seconds until [`Timer::success`] are recorded with the
    /// label `outcome` = `success`, those until it is dropped otherwise with `error`.
    pub fn time_operation(&self, name: &str, labels: &[(&str, &str)]) -> Timer {
        let labels = Labels::new(labels.iter().copied()).without(OUTCOME);
        Timer::start(self.0.slot(name, &labels))
    }

    /// Measures a future as [`time_operation`](Self::time_operation) does: `Ok` is a success,
    /// `Err` and being dropped before the end are errors. The clock starts now, not with the first
    /// poll.
    pub fn timed<F>(&self, name: &str, future: F) -> Timed<F> {
        self.timed_with(name, &[], future)
    }

    /// Measures a future as [`timed`](Self::timed) does, with labels.
    pub fn timed_with<F>(&self, name: &str, labels: &[(&str, &str)], future: F) -> Timed<F> {
        Timed::new(future, self.time_operation(name, labels))
    }

    /// Tells the unit, the meaning and the buckets of a metric that is used by name.
    ///
    /// Without it a metric has no unit (a timer: seconds), no description and the boundaries
    /// [`SECONDS`](crate::SECONDS). Buckets cannot change once there are any: others are ignored,
    /// with a warning.
    pub fn describe(&self, metric: Metric) {
        self.0.describe(&metric);
    }

    /// Returns all numbers as they are now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let mut snapshot = Snapshot {
            dropped: self.0.dropped(),
            ..Snapshot::default()
        };
        for reading in self.0.read() {
            reading.add_to(&mut snapshot);
        }
        snapshot
    }

    /// Returns all numbers as they are now, as text.
    ///
    /// Names become what the format wants, as OpenTelemetry maps them: `http.client.duration` in
    /// seconds is `http_client_duration_seconds`, counters end with `_total`. Should two metrics
    /// become the same name, the later one (by its own name) gets a number: `_2`. A label without
    /// a value is left out, which is the same to Prometheus.
    #[must_use]
    pub fn render(&self, format: Format) -> String {
        exposition::render(&self.0.read(), format)
    }

    /// Forgets what was counted: counters, histograms, timers and [`Snapshot::dropped`] are as
    /// never used, and so are gauges that were set.
    ///
    /// Gauges that were adjusted keep their value unless it is 0: whoever moved one up, for
    /// something that has begun, moves it down when that ends, and it would end below 0. Handles
    /// go on working; kinds, descriptions and limits stay as they are. What is recorded while this
    /// runs may be forgotten in part, such as a value in a bucket but not in the sum.
    pub fn reset(&self) {
        self.0.reset();
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let metrics = self.0.len();
        f.debug_struct("Registry")
            .field("metrics", &metrics)
            .finish_non_exhaustive()
    }
}
