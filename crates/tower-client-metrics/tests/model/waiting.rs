//! Waiting that is counted: nothing depends on who is faster.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use crate::plan::Patience;

/// Is polled in vain so many times.
pub(crate) async fn pause(mut times: u32) {
    poll_fn(|_| match times.checked_sub(1) {
        None => Poll::Ready(()),
        Some(left) => {
            times = left;
            Poll::Pending
        }
    })
    .await;
}

impl Patience {
    /// Waits for something, and returns nothing once there is no patience left.
    ///
    /// It is always polled again soon: whatever is waited for need not wake anybody.
    pub(crate) async fn endure<F: Future + ?Sized>(
        &mut self,
        mut future: Pin<&mut F>,
    ) -> Option<F::Output> {
        poll_fn(|cx| {
            let Self::Pauses(left) = self else {
                return Poll::Ready(None);
            };
            match future.as_mut().poll(cx) {
                Poll::Ready(output) => Poll::Ready(Some(output)),
                Poll::Pending if *left == 0 => Poll::Ready(None),
                Poll::Pending => {
                    *left -= 1;
                    cx.waker().wake_by_ref();
                    Poll::Pending
                }
            }
        })
        .await
    }
}
