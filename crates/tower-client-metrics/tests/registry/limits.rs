//! A registry does not grow without end.

use std::num::NonZeroUsize;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tower_client_metrics::{Instruments, Label, Metric, Registry};

use crate::listening::{listen, warnings};

#[test]
fn values_beyond_the_limit_become_one() {
    let registry = Registry::builder().most_values(most(2)).build();

    for user in ["a", "b", "c", "d", "a", "c"] {
        registry.increment("calls", 1, &[("user", user), ("method", "GET")]);
    }

    let calls = |user| {
        let labels = [("user", user), ("method", "GET")];
        registry.snapshot().counter("calls", &labels)
    };
    assert_eq!(calls("a"), Some(2));
    assert_eq!(calls("b"), Some(1));
    assert_eq!(calls("c"), None);
    assert_eq!(calls("_OTHER"), Some(3));
    assert_eq!(registry.snapshot().dropped, 0);
}

#[test]
fn the_value_of_others_is_none_of_those_that_are_told_apart() {
    let registry = Registry::builder().most_values(most(2)).build();

    for user in ["_OTHER", "a", "b", "c"] {
        registry.increment("calls", 1, &[("user", user)]);
    }

    let snapshot = registry.snapshot();
    assert_eq!(snapshot.counter("calls", &[("user", "b")]), Some(1));
    assert_eq!(snapshot.counter("calls", &[("user", "_OTHER")]), Some(2));
}

#[test]
fn each_label_of_each_metric_has_values_of_its_own() {
    let registry = Registry::builder().most_values(most(1)).build();

    registry.increment("calls", 1, &[("a", "1"), ("b", "2")]);
    registry.increment("sends", 1, &[("a", "3")]);
    registry.increment("calls", 1, &[("a", "4"), ("b", "2")]);

    let snapshot = registry.snapshot();
    assert_eq!(
        snapshot.counter("calls", &[("a", "1"), ("b", "2")]),
        Some(1)
    );
    assert_eq!(snapshot.counter("sends", &[("a", "3")]), Some(1));
    let others = [("a", "_OTHER"), ("b", "2")];
    assert_eq!(snapshot.counter("calls", &others), Some(1));
}

#[test]
fn series_beyond_the_limit_become_one() {
    let registry = Registry::builder().most_series(most(2)).build();

    for path in ["/a", "/b", "/c", "/d", "/a", "/d"] {
        registry.increment("calls", 1, &[("path", path), ("method", "GET")]);
    }

    let calls = |path, method| {
        let labels = [("path", path), ("method", method)];
        registry.snapshot().counter("calls", &labels)
    };
    assert_eq!(calls("/a", "GET"), Some(2));
    assert_eq!(calls("/b", "GET"), Some(1));
    assert_eq!(calls("_OTHER", "_OTHER"), Some(3));
    assert_eq!(registry.snapshot().counters.len(), 3);
}

#[test]
fn label_names_without_end_make_no_series_without_end() {
    let registry = Registry::builder().most_series(most(2)).build();

    for number in 0..100 {
        registry.increment("calls", 1, &[(&format!("label{number}"), "")]);
    }
    registry.increment("calls", 1, &[]);

    let snapshot = registry.snapshot();
    let counts: Vec<_> = snapshot
        .counters
        .iter()
        .map(|sample| sample.value)
        .collect();
    assert_eq!(counts.iter().sum::<u64>(), 101);
    assert_eq!(snapshot.counter("calls", &[("label2", "_OTHER")]), Some(98));
    assert_eq!(snapshot.counter("calls", &[]), Some(1));
    assert_eq!(counts.len(), 4);
}

#[test]
fn the_series_without_labels_is_none_of_the_others() {
    let registry = Registry::builder().most_series(most(1)).build();

    registry.increment("calls", 1, &[("path", "/a")]);
    registry.increment("calls", 1, &[]);
    registry.increment("calls", 1, &[("path", "/b")]);

    let snapshot = registry.snapshot();
    assert_eq!(snapshot.counter("calls", &[]), Some(1));
    assert_eq!(snapshot.counter("calls", &[("path", "_OTHER")]), Some(1));
}

#[test]
fn a_timer_beyond_the_limit_still_tells_its_outcome() {
    let registry = Registry::builder()
        .most_series(most(1))
        .most_values(most(1))
        .build();

    for path in ["/a", "/b", "/c"] {
        registry.time_operation("load", &[("path", path)]).success();
        drop(registry.time_operation("load", &[("path", path)]));
    }

    let snapshot = registry.snapshot();
    let count = |path, outcome| {
        let labels = [("path", path), ("outcome", outcome)];
        snapshot.timer("load", &labels).unwrap().count
    };
    assert_eq!((count("/a", "success"), count("/a", "error")), (1, 1));
    assert_eq!(
        (count("_OTHER", "success"), count("_OTHER", "error")),
        (2, 2)
    );
}

#[test]
fn handles_are_bounded_as_names_are() {
    let registry = Registry::builder().most_values(most(1)).build();
    let metric = Metric::new("calls", "Calls.");

    for port in [80, 443, 8080] {
        let counter = registry.counter(&metric, &[Label::new("port", port)]);
        counter.increment(1);
    }

    let snapshot = registry.snapshot();
    assert_eq!(snapshot.counter("calls", &[("port", "80")]), Some(1));
    assert_eq!(snapshot.counter("calls", &[("port", "_OTHER")]), Some(2));
}

#[test]
fn the_usual_limits_are_those_that_are_promised() {
    let registry = Registry::default();

    for number in 0..2_500 {
        let (thousands, rest) = ((number / 100).to_string(), (number % 100).to_string());
        registry.increment("series", 1, &[("a", &thousands), ("b", &rest)]);
    }
    for number in 0..201 {
        registry.increment("values", 1, &[("a", &number.to_string())]);
    }
    for number in 0..1_000 {
        registry.set_gauge(&format!("gauge{number}"), 1.0, &[]);
    }

    let snapshot = registry.snapshot();
    let others = |name, labels: &[_]| snapshot.counter(name, labels);
    assert_eq!(
        others("series", &[("a", "_OTHER"), ("b", "_OTHER")]),
        Some(500)
    );
    assert_eq!(others("values", &[("a", "_OTHER")]), Some(1));
    assert_eq!((snapshot.gauges.len(), snapshot.dropped), (998, 2));
}

#[test]
fn metrics_beyond_the_limit_are_dropped_and_warned_about_once() {
    let registry = Registry::builder().most_metrics(most(1)).build();
    registry.increment("one", 1, &[]);

    let warnings = warnings(|| {
        registry.increment("two", 1, &[]);
        registry.set_gauge("three", 1.0, &[]);
        registry.counter(&Metric::new("four", ""), &[]).increment(1);
        registry.time_operation("five", &[]).success();
        registry.describe(Metric::new("six", ""));
        registry.increment("one", 1, &[]);
    });

    let snapshot = registry.snapshot();
    assert_eq!(snapshot.counters.len(), 1);
    assert_eq!(snapshot.counter("one", &[]), Some(2));
    assert_eq!(snapshot.dropped, 4);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
}

#[test]
fn labels_beyond_the_sixteenth_are_left_out_and_warned_about_once() {
    let registry = Registry::default();
    let names: Vec<_> = (0..20).map(|number| format!("n{number:02}")).collect();
    let labels: Vec<_> = names.iter().map(|name| (name.as_str(), "x")).collect();

    let warnings = warnings(|| {
        registry.increment("calls", 1, &labels);
        registry.increment("calls", 1, &labels);
    });

    let snapshot = registry.snapshot();
    assert_eq!(snapshot.counter("calls", &labels[..16]), Some(2));
    assert_eq!(warnings.len(), 1, "{warnings:?}");
}

#[test]
fn a_timer_tells_its_outcome_beside_sixteen_labels() {
    let registry = Registry::default();
    let names: Vec<_> = (0..16).map(|number| format!("n{number:02}")).collect();
    let mut labels: Vec<_> = names.iter().map(|name| (name.as_str(), "x")).collect();

    registry.time_operation("load", &labels).success();

    labels.push(("outcome", "success"));
    assert!(registry.snapshot().timer("load", &labels).is_some());
}

#[test]
fn long_names_and_values_are_cut_where_a_character_ends() {
    let registry = Registry::default();
    let long = format!("{}é", "x".repeat(255));
    let cut = "x".repeat(255);

    registry.increment(&long, 1, &[(&long, &long)]);
    registry.increment(&long, 1, &[(&long, &long)]);

    let snapshot = registry.snapshot();
    assert_eq!(snapshot.counter(&cut, &[(&cut, &cut)]), Some(2));
}

#[test]
fn a_subscriber_may_count_warnings_in_the_registry_that_warns() {
    let (done, is_done) = mpsc::channel();
    thread::spawn(move || {
        let registry = Registry::builder().most_metrics(most(2)).build();
        let counting = registry.clone();
        let hear = move |_| counting.increment("warnings", 1, &[]);
        let names: Vec<_> = (0..20).map(|number| number.to_string()).collect();
        let labels: Vec<_> = names.iter().map(|name| (name.as_str(), "x")).collect();
        let act = || {
            registry.increment("calls", 1, &labels);
            registry.set_gauge("calls", 1.0, &[]);
            registry.increment("sends", 1, &[]);
            registry.describe(Metric::new("sends", ""));
        };
        listen(act, hear);
        let _ = done.send(registry.snapshot().counter("warnings", &[]));
    });

    let warnings = is_done.recv_timeout(Duration::from_secs(10));

    assert_eq!(warnings, Ok(Some(3)));
}

fn most(number: usize) -> NonZeroUsize {
    NonZeroUsize::new(number).unwrap()
}
