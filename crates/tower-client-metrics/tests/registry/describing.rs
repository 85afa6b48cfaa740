//! What is known of a metric that is used by name.

use tower_client_metrics::{BYTES, Instruments, Metric, Registry, SECONDS};

use crate::listening::warnings;

#[test]
fn a_metric_is_shown_as_it_was_described() {
    let registry = Registry::default();
    let metric = Metric::new("size", "How much.").unit("By");

    registry.describe(metric.boundaries(&[100.0, 10.0, f64::NAN, 10.0]));
    registry.record_histogram("size", 50.0, &[]);

    let snapshot = registry.snapshot();
    let size = &snapshot.histograms[0];
    assert_eq!((size.unit, size.description), ("By", "How much."));
    assert_eq!(bounds(&registry), [10.0, 100.0, f64::INFINITY]);
}

#[test]
fn a_metric_that_was_not_described_has_no_unit_and_the_buckets_for_seconds() {
    let registry = Registry::default();

    registry.record_histogram("size", 50.0, &[]);
    registry.time_operation("load", &[]).success();

    let snapshot = registry.snapshot();
    let size = &snapshot.histograms[0];
    assert_eq!((size.unit, size.description), ("", "No description."));
    assert_eq!(bounds(&registry)[..SECONDS.len()], *SECONDS);
    assert_eq!(snapshot.timers[0].unit, "s");
}

#[test]
fn a_timer_counts_seconds_whatever_is_said_of_it() {
    let registry = Registry::default();

    registry.describe(Metric::new("load", "Loading.").unit("By"));
    registry.time_operation("load", &[]).success();

    let snapshot = registry.snapshot();
    let load = &snapshot.timers[0];
    assert_eq!((load.unit, load.description), ("s", "Loading."));
}

#[test]
fn a_description_may_come_after_the_first_use() {
    let registry = Registry::default();
    registry.increment("calls", 1, &[]);

    registry.describe(Metric::new("calls", "Calls.").unit("{call}"));

    let snapshot = registry.snapshot();
    let calls = &snapshot.counters[0];
    assert_eq!((calls.unit, calls.description), ("{call}", "Calls."));
}

#[test]
fn other_buckets_than_there_are_are_ignored_with_a_warning() {
    let registry = Registry::default();
    registry.record_histogram("size", 50.0, &[]);

    let warnings = warnings(|| {
        registry.describe(Metric::new("size", "How much.").boundaries(BYTES));
        registry.describe(Metric::new("size", "How much.").boundaries(SECONDS));
    });
    registry.record_histogram("size", 50.0, &[("a", "1")]);

    let snapshot = registry.snapshot();
    assert_eq!(snapshot.histograms[0].description, "How much.");
    for size in &snapshot.histograms {
        assert_eq!(size.value.buckets.len(), SECONDS.len() + 1);
    }
    assert_eq!(warnings.len(), 1, "{warnings:?}");
}

#[test]
fn instruments_describe_what_nobody_did() {
    let registry = Registry::default();
    registry.record_histogram("size", 50.0, &[]);

    let metric = Metric::new("size", "How much.")
        .unit("By")
        .boundaries(BYTES);
    registry.histogram(&metric, &[]).record(50.0);
    registry.record_histogram("size", 50.0, &[("a", "1")]);

    let snapshot = registry.snapshot();
    let size = &snapshot.histograms[0];
    assert_eq!((size.unit, size.description), ("By", "How much."));
    assert_eq!(size.value.count, 2);
    for size in &snapshot.histograms {
        assert_eq!(size.value.buckets.len(), SECONDS.len() + 1);
    }
}

fn bounds(registry: &Registry) -> Vec<f64> {
    let snapshot = registry.snapshot();
    let buckets = snapshot.histograms[0].value.buckets.iter();
    buckets.map(|bucket| bucket.upper_bound).collect()
}
