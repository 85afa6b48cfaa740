//! A caller may leave at any time: what it held is given back.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use http::StatusCode;
use tests::soon;
use tokio::sync::Semaphore;
use tower::ServiceExt;
use tower::limit::ConcurrencyLimit;

use crate::layers::{LAYERS, Layered, Stack, boxed, request};
use crate::probe::{FRAMES, Probe};

const PAUSES: usize = 3;
const MOMENT: Duration = Duration::from_millis(20);

#[tokio::test(start_paused = true)]
async fn a_call_left_at_any_point_gives_its_permit_back() {
    for layer in LAYERS {
        for status in [StatusCode::OK, StatusCode::SERVICE_UNAVAILABLE] {
            let name = format!("{} {status}", layer.name);
            let mut point = 0;
            loop {
                let place = Place::of(layer, status);

                let left = leave_at(point, place.stack.clone().oneshot(request())).await;

                assert_eq!(place.permits.available_permits(), 1, "{name} at {point}");
                assert_eq!(place.probe.bodies(), 0, "{name} at {point}");
                let called = place.probe.called();
                let next = soon(place.stack.oneshot(request())).await;
                assert!(next.is_ok() || !status.is_success(), "{name} at {point}");
                // One that failed may be repeated.
                let calls = place.probe.called() - called;
                let right = if status.is_success() {
                    calls == 1
                } else {
                    calls >= 1
                };
                assert!(right, "{name} at {point}: {calls} calls");
                if !left {
                    break;
                }
                point += 1;
            }
            // Getting ready and answering: there was something to leave.
            assert!(point > 2 * PAUSES, "{name} ended at {point}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_body_left_half_read_is_dropped() {
    let layer = LAYERS.iter().find(|layer| layer.name == "error").unwrap();
    let mut half_read = 0;
    for point in 0.. {
        let place = Place::of(layer, StatusCode::SERVICE_UNAVAILABLE);

        let left = leave_at(point, place.stack.clone().oneshot(request())).await;

        half_read += usize::from(left && (1..FRAMES.len()).contains(&place.probe.frames()));
        assert_eq!(place.probe.bodies(), 0, "at {point}");
        assert_eq!(place.permits.available_permits(), 1, "at {point}");
        let next = soon(place.stack.oneshot(request())).await;
        assert!(next.is_err(), "at {point}");
        if !left {
            break;
        }
    }

    assert_eq!(half_read, PAUSES);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_never_polled_gives_its_permit_back() {
    for layer in LAYERS {
        let place = Place::of(layer, StatusCode::OK);
        let mut stack = place.stack.clone();
        soon(stack.ready()).await.expect(layer.name);

        drop(tower::Service::call(&mut stack, request()));

        assert_eq!(place.permits.available_permits(), 1, "{}", layer.name);
        soon(stack.oneshot(request())).await.expect(layer.name);
    }
}

#[tokio::test(start_paused = true)]
async fn a_readied_service_that_is_dropped_gives_its_permit_back() {
    for layer in LAYERS {
        let place = Place::of(layer, StatusCode::OK);
        let mut stack = place.stack.clone();
        soon(stack.ready()).await.expect(layer.name);

        drop(stack);

        assert_eq!(place.permits.available_permits(), 1, "{}", layer.name);
        soon(place.stack.oneshot(request()))
            .await
            .expect(layer.name);
    }
}

/// A layer over a slow service with one permit, all of it in sight.
struct Place {
    probe: Probe,
    permits: Arc<Semaphore>,
    stack: Stack,
}

impl Place {
    fn of(layer: &Layered, status: StatusCode) -> Self {
        let probe = Probe::answering(status).pausing(PAUSES);
        let permits = Arc::new(Semaphore::new(1));
        let limited = ConcurrencyLimit::with_semaphore(probe.stack(), Arc::clone(&permits));
        let stack = (layer.over)(boxed(limited));
        Self {
            probe,
            permits,
            stack,
        }
    }
}

/// Polls a future this many times, a moment apart, and drops it; tells whether it was not done by
/// then.
async fn leave_at(point: usize, future: impl Future) -> bool {
    let mut future = pin!(future);
    for _ in 0..point {
        if poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx).is_ready())).await {
            return false;
        }
        tokio::time::advance(MOMENT).await;
    }
    true
}
