//! What a request's fault asks of the connection beneath it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::Notify;

/// How a connection goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Plan {
    #[default]
    Talk,
    /// Close once what has been written is flushed.
    HangUp,
    /// Write these bytes in place of everything else, then close.
    Babble(Bytes),
    /// Close with a TCP reset, at once.
    Reset,
}

/// The switch between the requests of a connection and its socket.
#[derive(Debug, Default)]
pub(super) struct Line {
    plan: Mutex<Plan>,
    reset: Notify,
}

impl Line {
    pub(super) fn hang_up(&self) {
        *self.plan() = Plan::HangUp;
    }

    pub(super) fn babble(&self, noise: Bytes) {
        *self.plan() = Plan::Babble(noise);
    }

    pub(super) fn reset(&self) {
        *self.plan() = Plan::Reset;
        self.reset.notify_one();
    }

    pub(super) async fn until_reset(&self) {
        self.reset.notified().await;
    }

    pub(super) fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
