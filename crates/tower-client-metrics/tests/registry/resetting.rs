//! What a reset forgets, and what it must not.

use tower_client_metrics::{Instruments, Metric, Registry};

#[test]
fn what_was_counted_is_as_never_used() {
    let registry = Registry::default();
    registry.increment("calls", 1, &[]);
    registry.record_histogram("size", 1.0, &[]);
    registry.time_operation("load", &[]).success();
    drop(registry.time_operation("load", &[]));
    registry.set_gauge("temperature", 21.0, &[]);
    registry.set_gauge("calls", 1.0, &[]);

    registry.reset();

    assert_eq!(registry.snapshot(), Registry::default().snapshot());
    assert_eq!(registry.render(Default::default()), "");
}

#[test]
fn counting_goes_on_from_0() {
    let registry = Registry::default();
    registry.increment("calls", 5, &[]);
    registry.record_histogram("size", 7.0, &[]);

    registry.reset();
    registry.increment("calls", 1, &[]);
    registry.record_histogram("size", 2.0, &[]);

    let snapshot = registry.snapshot();
    let size = snapshot.histogram("size", &[]).unwrap();
    assert_eq!(snapshot.counter("calls", &[]), Some(1));
    assert_eq!((size.count, size.sum), (1, 2.0));
}

#[test]
fn handles_go_on_working() {
    let registry = Registry::default();
    let counter = registry.counter(&Metric::new("calls", ""), &[]);
    let histogram = registry.histogram(&Metric::new("size", ""), &[]);
    let gauge = registry.gauge(&Metric::new("temperature", ""), &[]);
    let timer = registry.time_operation("load", &[]);
    counter.increment(5);
    histogram.record(5.0);
    gauge.set(5.0);

    registry.reset();
    counter.increment(1);
    histogram.record(1.0);
    gauge.set(1.0);
    timer.success();

    let snapshot = registry.snapshot();
    assert_eq!(snapshot.counter("calls", &[]), Some(1));
    assert_eq!(snapshot.histogram("size", &[]).unwrap().count, 1);
    assert_eq!(snapshot.gauge("temperature", &[]), Some(1.0));
    assert_eq!(snapshot.timers[0].value.count, 1);
}

#[test]
fn what_is_in_flight_is_still_there_and_ends_at_0() {
    let registry = Registry::default();
    let active = registry.gauge(&Metric::new("active", ""), &[]);
    active.adjust(2.0);

    registry.reset();
    let between = registry.snapshot().gauge("active", &[]);
    active.adjust(-2.0);

    assert_eq!(between, Some(2.0));
    assert_eq!(registry.snapshot().gauge("active", &[]), Some(0.0));
}

#[test]
fn a_gauge_that_is_back_at_0_is_as_never_used() {
    let registry = Registry::default();
    let active = registry.gauge(&Metric::new("active", ""), &[]);
    active.adjust(2.0);
    active.adjust(-2.0);

    registry.reset();

    assert_eq!(registry.snapshot().gauge("active", &[]), None);
}

#[test]
fn a_gauge_that_was_set_and_adjusted_keeps_its_value() {
    let registry = Registry::default();
    let active = registry.gauge(&Metric::new("active", ""), &[]);
    active.adjust(1.0);
    active.set(4.0);

    registry.reset();

    assert_eq!(active.value(), 4.0);
}

#[test]
fn an_adjusted_gauge_can_be_set_again_after_a_reset_at_0() {
    let registry = Registry::default();
    let gauge = registry.gauge(&Metric::new("gauge", ""), &[]);
    gauge.adjust(1.0);
    gauge.adjust(-1.0);
    registry.reset();

    gauge.set(4.0);
    registry.reset();

    assert_eq!(registry.snapshot().gauge("gauge", &[]), None);
}

#[test]
fn descriptions_and_limits_stay() {
    let registry = Registry::builder()
        .most_values(1.try_into().unwrap())
        .build();
    registry.describe(Metric::new("calls", "Calls."));
    registry.increment("calls", 1, &[("user", "a")]);

    registry.reset();
    registry.increment("calls", 1, &[("user", "b")]);

    let snapshot = registry.snapshot();
    assert_eq!(snapshot.counter("calls", &[("user", "_OTHER")]), Some(1));
    assert_eq!(snapshot.counters[0].description, "Calls.");
}
