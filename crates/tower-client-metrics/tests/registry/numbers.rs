//! Counters, gauges and histograms by name.

use tower_client_metrics::Registry;

#[test]
fn a_counter_adds_up() {
    let registry = Registry::default();

    registry.increment("calls", 2, &[("method", "GET")]);
    registry.increment("calls", 3, &[("method", "GET")]);
    registry.increment("calls", 1, &[("method", "POST")]);

    let snapshot = registry.snapshot();
    assert_eq!(snapshot.counter("calls", &[("method", "GET")]), Some(5));
    assert_eq!(snapshot.counter("calls", &[("method", "POST")]), Some(1));
    assert_eq!(snapshot.counter("calls", &[]), None);
}

#[test]
fn a_counter_begins_again_after_the_greatest_number() {
    let registry = Registry::default();

    registry.increment("calls", u64::MAX, &[]);
    registry.increment("calls", 1, &[]);

    assert_eq!(registry.snapshot().counter("calls", &[]), Some(0));
}

#[test]
fn adding_nothing_to_a_counter_is_a_use_of_it() {
    let registry = Registry::default();

    registry.increment("calls", 0, &[]);

    assert_eq!(registry.snapshot().counter("calls", &[]), Some(0));
}

#[test]
fn a_gauge_is_what_it_was_set_to_last() {
    let registry = Registry::default();

    registry.set_gauge("temperature", 21.5, &[]);
    registry.set_gauge("temperature", -3.0, &[]);

    assert_eq!(registry.snapshot().gauge("temperature", &[]), Some(-3.0));
}

#[test]
fn a_gauge_set_to_0_is_shown() {
    let registry = Registry::default();

    registry.set_gauge("temperature", 0.0, &[]);

    assert_eq!(registry.snapshot().gauge("temperature", &[]), Some(0.0));
}

#[test]
fn a_histogram_counts_values_up_to_each_bound() {
    let registry = Registry::default();

    for value in [0.005, 0.006, 10.0, 11.0] {
        registry.record_histogram("seconds", value, &[]);
    }

    let snapshot = registry.snapshot();
    let seconds = snapshot.histogram("seconds", &[]).unwrap();
    let counts: Vec<_> = seconds.buckets.iter().map(|bucket| bucket.count).collect();
    assert_eq!(counts, [1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 4]);
    assert_eq!(seconds.buckets.last().unwrap().upper_bound, f64::INFINITY);
    assert_eq!(seconds.count, 4);
    assert_eq!(seconds.sum, 0.005 + 0.006 + 10.0 + 11.0);
}

#[test]
fn what_is_no_finite_number_is_dropped() {
    let registry = Registry::default();
    registry.set_gauge("gauge", 1.0, &[]);

    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        registry.record_histogram("histogram", value, &[]);
        registry.set_gauge("gauge", value, &[]);
    }

    let snapshot = registry.snapshot();
    assert_eq!(snapshot.histogram("histogram", &[]), None);
    assert_eq!(snapshot.gauge("gauge", &[]), Some(1.0));
    assert_eq!(snapshot.dropped, 6);
}

#[test]
fn clones_are_the_same_registry() {
    let registry = Registry::default();

    let clone = registry.clone();
    clone.increment("calls", 1, &[]);

    assert_eq!(registry.snapshot().counter("calls", &[]), Some(1));
    assert_eq!(registry.snapshot(), clone.snapshot());
}

#[test]
fn the_order_of_labels_does_not_matter() {
    let registry = Registry::default();

    registry.increment("calls", 1, &[("a", "1"), ("b", "2")]);
    registry.increment("calls", 1, &[("b", "2"), ("a", "1")]);

    let snapshot = registry.snapshot();
    assert_eq!(snapshot.counters.len(), 1);
    assert_eq!(
        snapshot.counter("calls", &[("b", "2"), ("a", "1")]),
        Some(2)
    );
}

#[test]
fn the_last_of_two_labels_with_one_name_wins() {
    let registry = Registry::default();

    registry.increment("calls", 1, &[("a", "first"), ("a", "last")]);

    assert_eq!(
        registry.snapshot().counter("calls", &[("a", "last")]),
        Some(1)
    );
}
