//! A metric is of one kind.

use tower_client_metrics::{Instruments, Metric, Registry};

use crate::listening::warnings;

#[test]
fn a_use_as_another_kind_is_dropped_and_counted() {
    let registry = Registry::default();
    registry.increment("calls", 1, &[]);

    registry.set_gauge("calls", 7.0, &[]);
    registry.record_histogram("calls", 7.0, &[]);
    registry.time_operation("calls", &[]).success();

    let snapshot = registry.snapshot();
    assert_eq!(snapshot.counter("calls", &[]), Some(1));
    assert_eq!(snapshot.dropped, 3);
    assert!(snapshot.gauges.is_empty());
    assert!(snapshot.histograms.is_empty());
    assert!(snapshot.timers.is_empty());
}

#[test]
fn a_histogram_is_no_timer() {
    let registry = Registry::default();
    registry.time_operation("load", &[]).success();

    registry.record_histogram("load", 1.0, &[]);

    let snapshot = registry.snapshot();
    assert_eq!((snapshot.timers.len(), snapshot.histograms.len()), (1, 0));
    assert_eq!(snapshot.dropped, 1);
}

#[test]
fn handles_of_another_kind_count_each_use_as_dropped() {
    let registry = Registry::default();
    let metric = Metric::new("calls", "Calls.");
    let counter = registry.counter(&metric, &[]);

    let gauge = registry.gauge(&metric, &[]);
    let histogram = registry.histogram(&metric, &[]);
    gauge.set(1.0);
    gauge.adjust(1.0);
    histogram.record(1.0);
    counter.increment(1);

    let snapshot = registry.snapshot();
    assert_eq!(snapshot.counter("calls", &[]), Some(1));
    assert_eq!(snapshot.dropped, 3);
    assert_eq!(
        (gauge.value(), histogram.count(), histogram.sum()),
        (0.0, 0, 0.0)
    );
}

#[test]
fn the_kind_is_kept_by_a_reset() {
    let registry = Registry::default();
    registry.increment("calls", 1, &[]);

    registry.reset();
    registry.set_gauge("calls", 7.0, &[]);

    assert!(registry.snapshot().gauges.is_empty());
}

#[test]
fn a_description_makes_no_kind() {
    let registry = Registry::default();

    registry.describe(Metric::new("calls", "Calls."));
    registry.set_gauge("calls", 7.0, &[]);

    assert_eq!(registry.snapshot().gauge("calls", &[]), Some(7.0));
}

#[test]
fn each_metric_that_is_used_as_two_kinds_is_warned_about_once() {
    let registry = Registry::default();

    let warnings = warnings(|| {
        for name in ["one", "two"] {
            registry.increment(name, 1, &[]);
            registry.set_gauge(name, 7.0, &[]);
            registry.set_gauge(name, 7.0, &[("a", "1")]);
            drop(registry.gauge(&Metric::new(name, ""), &[]));
        }
    });

    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings.iter().any(|warning| warning.contains("one")));
    assert!(warnings.iter().any(|warning| warning.contains("two")));
}
