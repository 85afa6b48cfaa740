//! How long operations take, and how they end.

use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use tokio::time::{advance, sleep, timeout};
use tower_client_metrics::Registry;

const SUCCESS: &[(&str, &str)] = &[("outcome", "success")];
const ERROR: &[(&str, &str)] = &[("outcome", "error")];

#[tokio::test(start_paused = true)]
async fn a_timer_that_is_told_of_success_records_it() {
    let registry = Registry::default();
    let timer = registry.time_operation("load", &[("path", "/")]);
    advance(Duration::from_millis(300)).await;

    timer.success();

    let snapshot = registry.snapshot();
    let labels = [("path", "/"), ("outcome", "success")];
    let load = snapshot.timer("load", &labels).unwrap();
    assert_eq!((load.count, load.sum), (1, 0.3));
    assert_eq!(snapshot.timers.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_timer_that_is_dropped_records_an_error() {
    let registry = Registry::default();
    let timer = registry.time_operation("load", &[]);
    advance(Duration::from_secs(2)).await;

    drop(timer);

    assert_eq!(recorded(&registry), (None, Some((1, 2.0))));
}

#[test]
fn a_panic_is_an_error() {
    let registry = Registry::default();

    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _timer = registry.time_operation("load", &[]);
        panic!("on purpose");
    }));

    assert!(panicked.is_err());
    let (success, error) = recorded(&registry);
    assert_eq!((success, error.unwrap().0), (None, 1));
}

#[tokio::test(start_paused = true)]
async fn a_future_that_is_ok_is_a_success() {
    let registry = Registry::default();

    let load = async {
        sleep(Duration::from_secs(1)).await;
        Ok::<_, ()>(7)
    };
    let loaded = registry.timed("load", load).await;

    assert_eq!(loaded, Ok(7));
    assert_eq!(recorded(&registry), (Some((1, 1.0)), None));
}

#[tokio::test(start_paused = true)]
async fn a_future_that_fails_is_an_error() {
    let registry = Registry::default();

    let loaded = registry.timed("load", async { Err::<(), _>("no") }).await;

    assert_eq!(loaded, Err("no"));
    assert_eq!(recorded(&registry), (None, Some((1, 0.0))));
}

#[tokio::test(start_paused = true)]
async fn a_future_that_is_dropped_before_its_end_is_an_error() {
    let registry = Registry::default();

    let never = registry.timed("load", pending::<Result<(), ()>>());
    let elapsed = timeout(Duration::from_secs(3), never).await;

    assert!(elapsed.is_err());
    assert_eq!(recorded(&registry), (None, Some((1, 3.0))));
}

#[tokio::test(start_paused = true)]
async fn a_future_is_recorded_once_and_when_it_ends() {
    let registry = Registry::default();
    let mut load = Box::pin(registry.timed("load", async { Ok::<(), ()>(()) }));

    let loaded = load.as_mut().await;
    advance(Duration::from_secs(9)).await;
    drop(load);

    assert_eq!(loaded, Ok(()));
    assert_eq!(recorded(&registry), (Some((1, 0.0)), None));
}

#[tokio::test(start_paused = true)]
async fn the_clock_of_a_future_starts_before_its_first_poll() {
    let registry = Registry::default();
    let labels = [("path", "/")];
    let load = registry.timed_with("load", &labels, async { Ok::<(), ()>(()) });
    advance(Duration::from_secs(5)).await;

    load.await.unwrap();

    let snapshot = registry.snapshot();
    let labels = [("path", "/"), ("outcome", "success")];
    assert_eq!(snapshot.timer("load", &labels).unwrap().sum, 5.0);
}

#[tokio::test(start_paused = true)]
async fn the_outcome_is_what_happened_and_no_label_of_the_caller() {
    let registry = Registry::default();

    registry
        .time_operation("load", &[("outcome", "mine")])
        .success();
    registry.time_operation("load", &[]).success();

    assert_eq!(recorded(&registry), (Some((2, 0.0)), None));
    assert_eq!(registry.snapshot().timers.len(), 1);
}

/// Count and sum.
type Recorded = Option<(u64, f64)>;

/// What was recorded of successes and of errors.
fn recorded(registry: &Registry) -> (Recorded, Recorded) {
    let snapshot = registry.snapshot();
    let timer = |labels| {
        let timer = snapshot.timer("load", labels);
        timer.map(|timer| (timer.count, timer.sum))
    };
    (timer(SUCCESS), timer(ERROR))
}
