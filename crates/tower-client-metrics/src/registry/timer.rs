//! How long something took, and whether it succeeded.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;
use tokio::time::Instant;

use super::drops::{Drops, Slot};
use super::histogram::HistogramCell;

/// Measures one operation, from its creation on.
///
/// It is a guard: told of [`success`](Self::success) it records that; dropped in any other way
/// (an early return, `?`, a panic, a cancelled future) it records an error.
#[derive(Debug)]
#[must_use = "dropped at once, it records an error"]
pub struct Timer {
    outcomes: Slot<TimerCell>,
    started: Instant,
    succeeded: bool,
}

impl Timer {
    pub(super) fn start(outcomes: Slot<TimerCell>) -> Self {
        Self {
            outcomes,
            started: Instant::now(),
            succeeded: false,
        }
    }

    /// Records a success.
    pub fn success(mut self) {
        self.succeeded = true;
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(outcomes) = self.outcomes.get() {
            let outcome = match self.succeeded {
                true => &outcomes.success,
                false => &outcomes.error,
            };
            outcome.record(self.started.elapsed().as_secs_f64());
        }
    }
}

pin_project! {
    /// Future of [`Registry::timed`](crate::Registry::timed).
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct Timed<F> {
        #[pin]
        future: F,
        timer: Option<Timer>,
    }
}

impl<F> Timed<F> {
    pub(super) fn new(future: F, timer: Timer) -> Self {
        let timer = Some(timer);
        Self { future, timer }
    }
}

impl<F, T, E> Future for Timed<F>
where
    F: Future<Output = Result<T, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let result = ready!(this.future.poll(cx));
        if let Some(timer) = this.timer.take()
            && result.is_ok()
        {
            timer.success();
        }
        Poll::Ready(result)
    }
}

/// The label that tells a timer's series apart.
pub(super) const OUTCOME: &str = "outcome";

/// The numbers of one timer: a histogram of seconds for each outcome.
#[derive(Debug)]
pub(super) struct TimerCell {
    pub(super) success: HistogramCell,
    pub(super) error: HistogramCell,
}

impl TimerCell {
    pub(super) fn new(boundaries: Arc<[f64]>, drops: Drops) -> Self {
        Self {
            success: HistogramCell::new(Arc::clone(&boundaries), drops.clone()),
            error: HistogramCell::new(boundaries, drops),
        }
    }

    pub(super) fn reset(&self) {
        self.success.reset();
        self.error.reset();
    }
}
