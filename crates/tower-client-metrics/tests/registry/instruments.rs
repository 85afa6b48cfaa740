//! A registry as the instruments of this crate's layer.

use tower_client_metrics::{BYTES, Instruments, Label, Metric, Registry};

#[test]
fn handles_and_names_lead_to_the_same_series() {
    let registry = Registry::default();
    let metric = Metric::new("calls", "Calls.");
    let labels = [Label::new("method", "GET"), Label::new("port", 443)];
    let counter = registry.counter(&metric, &labels);
    let clone = counter.clone();

    registry.count(&counter, 2);
    clone.increment(3);
    registry.increment("calls", 4, &[("port", "443"), ("method", "GET")]);

    assert_eq!(counter.value(), 9);
    assert_eq!(registry.snapshot().counters.len(), 1);
}

#[test]
fn numbers_are_kept_as_their_digits() {
    let registry = Registry::default();
    let metric = Metric::new("calls", "Calls.");

    for status in [0, 404, u16::MAX] {
        let labels = [Label::new("status", status)];
        registry.counter(&metric, &labels).increment(1);
    }

    let snapshot = registry.snapshot();
    for status in ["0", "404", "65535"] {
        assert_eq!(snapshot.counter("calls", &[("status", status)]), Some(1));
    }
}

#[test]
fn a_handle_that_was_never_used_is_not_shown() {
    let registry = Registry::default();
    let metric = |name| Metric::new(name, "");

    let counter = registry.counter(&metric("a"), &[]);
    let gauge = registry.gauge(&metric("b"), &[]);
    let histogram = registry.histogram(&metric("c"), &[]);

    assert_eq!(registry.snapshot(), Registry::default().snapshot());
    assert_eq!(registry.render(Default::default()), "");
    assert_eq!(
        (counter.value(), gauge.value(), histogram.count()),
        (0, 0.0, 0)
    );
}

#[test]
fn a_gauge_that_came_back_to_0_is_shown() {
    let registry = Registry::default();
    let gauge = registry.gauge(&Metric::new("active", ""), &[]);

    registry.adjust(&gauge, 3);
    registry.adjust(&gauge, -3);

    assert_eq!(registry.snapshot().gauge("active", &[]), Some(0.0));
}

#[test]
fn a_gauge_does_not_become_infinite() {
    let registry = Registry::default();
    let gauge = registry.gauge(&Metric::new("active", ""), &[]);

    gauge.set(f64::MAX);
    gauge.adjust(f64::MAX);
    gauge.adjust(f64::NAN);

    assert_eq!(gauge.value(), f64::MAX);
    assert_eq!(registry.snapshot().dropped, 2);
}

#[test]
fn a_gauge_that_was_only_told_what_is_no_number_is_not_shown() {
    let registry = Registry::default();
    let gauge = registry.gauge(&Metric::new("active", ""), &[]);

    gauge.adjust(f64::NAN);
    gauge.set(f64::INFINITY);

    assert_eq!(registry.snapshot().gauge("active", &[]), None);
    assert_eq!(registry.snapshot().dropped, 2);
}

#[test]
fn the_metric_tells_unit_meaning_and_buckets() {
    let registry = Registry::default();
    let metric = Metric::new("size", "How much.")
        .unit("By")
        .boundaries(BYTES);

    let histogram = registry.histogram(&metric, &[]);
    registry.record(&histogram, 65.0);

    let snapshot = registry.snapshot();
    let [size] = snapshot.histograms.as_slice() else {
        panic!("not one: {snapshot:?}");
    };
    assert_eq!((size.unit, size.description), ("By", "How much."));
    assert_eq!(size.value.buckets.len(), BYTES.len() + 1);
    assert_eq!((histogram.count(), histogram.sum()), (1, 65.0));
}

#[test]
fn what_was_described_by_name_stays_as_it_was() {
    let registry = Registry::default();
    registry.describe(Metric::new("size", "Mine.").unit("By"));

    let metric = Metric::new("size", "Theirs.").unit("s");
    registry.counter(&metric, &[]).increment(1);

    let snapshot = registry.snapshot();
    let facts = (snapshot.counters[0].unit, snapshot.counters[0].description);
    assert_eq!(facts, ("By", "Mine."));
}
