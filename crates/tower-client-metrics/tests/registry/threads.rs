//! Many threads at once.

use std::sync::Barrier;
use std::thread;

use tower_client_metrics::{Instruments, Label, Metric, Registry};

const THREADS: u32 = 8;
const ROUNDS: u32 = 10_000;

#[test]
fn nothing_is_lost_or_counted_twice() {
    let registry = Registry::default();

    at_once(|_| {
        for round in 0..ROUNDS {
            let label = (round % 50).to_string();
            registry.increment("counter", 1, &[("label", &label)]);
            registry.record_histogram("histogram", 1.0, &[("label", &label)]);
        }
    });

    let snapshot = registry.snapshot();
    let each = u64::from(THREADS * ROUNDS / 50);
    assert_eq!(snapshot.counters.len(), 50);
    assert_eq!(snapshot.histograms.len(), 50);
    assert!(snapshot.counters.iter().all(|sample| sample.value == each));
    for sample in &snapshot.histograms {
        let ones = u32::try_from(each).map(f64::from).unwrap();
        assert_eq!((sample.value.count, sample.value.sum), (each, ones));
    }
}

#[test]
fn gauges_of_things_that_come_and_go_end_where_they_began() {
    let registry = Registry::default();
    let metric = Metric::new("active", "Active calls.");

    at_once(|_| {
        for _ in 0..ROUNDS {
            let gauge = registry.gauge(&metric, &[Label::new("method", "GET")]);
            registry.adjust(&gauge, 1);
            registry.adjust(&gauge, -1);
        }
    });

    let snapshot = registry.snapshot();
    assert_eq!(snapshot.gauge("active", &[("method", "GET")]), Some(0.0));
}

#[test]
fn limits_hold_when_all_come_at_once() {
    let registry = Registry::builder()
        .most_series(10.try_into().unwrap())
        .most_metrics(2.try_into().unwrap())
        .build();

    at_once(|thread| {
        for round in 0..1_000 {
            let value = format!("{thread} {round}");
            registry.increment("calls", 1, &[("value", &value)]);
            registry.increment(&value, 1, &[]);
        }
    });

    let snapshot = registry.snapshot();
    let counted: u64 = snapshot.counters.iter().map(|sample| sample.value).sum();
    assert_eq!(counted + snapshot.dropped, 2 * 1_000 * u64::from(THREADS));
    let calls = snapshot
        .counters
        .iter()
        .filter(|sample| sample.name == "calls");
    assert!(calls.count() <= 11);
    assert!(snapshot.counters.len() <= 12);
}

#[test]
fn a_count_fits_its_buckets_while_others_record() {
    let registry = Registry::default();

    at_once(|thread| {
        for round in 0..1_000 {
            registry.record_histogram("size", f64::from(round % 12), &[]);
            if thread == 0 {
                let snapshot = registry.snapshot();
                let size = snapshot.histogram("size", &[]).unwrap();
                assert_eq!(size.buckets.last().unwrap().count, size.count);
                assert!(size.buckets.is_sorted_by_key(|bucket| bucket.count));
            }
        }
    });

    let snapshot = registry.snapshot();
    let size = snapshot.histogram("size", &[]).unwrap();
    assert_eq!(size.count, u64::from(THREADS) * 1_000);
}

#[test]
fn what_is_in_flight_survives_resets_by_others() {
    let registry = Registry::default();
    let gauge = registry.gauge(&Metric::new("active", ""), &[]);

    at_once(|thread| {
        for _ in 0..ROUNDS {
            if thread == 0 {
                registry.reset();
            } else {
                gauge.adjust(1.0);
                gauge.adjust(-1.0);
            }
        }
    });

    assert_eq!(gauge.value(), 0.0);
}

fn at_once(act: impl Fn(u32) + Sync) {
    let start = Barrier::new(THREADS.try_into().unwrap());
    thread::scope(|scope| {
        for number in 0..THREADS {
            let (start, act) = (&start, &act);
            scope.spawn(move || {
                start.wait();
                act(number);
            });
        }
    });
}
