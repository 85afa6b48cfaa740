//! What every access to a guarded store passes.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, timeout};

use super::breaker::{Breaker, Change, Limits, Pass};
use crate::store::StoreError;

/// Limits the time of accesses of one kind, and lets none through where too many failed.
pub(super) struct Gate {
    access: &'static str,
    limits: Limits,
    breaker: Mutex<Breaker>,
    told: Mutex<Told>,
}

/// What the log was told of the accesses.
#[derive(Default)]
struct Told {
    warned: Option<Instant>,
    /// Whether it was told that they are let through again.
    is_good: bool,
}

impl Told {
    /// What goes wrong again so soon is the same still: a store of which a part fails would fill the
    /// log.
    const AGAIN: Duration = Duration::from_secs(60);

    /// Tells whether to warn that accesses are not let through.
    fn warns(&mut self, now: Instant) -> bool {
        let is_same = self
            .warned
            .is_some_and(|warned| now.saturating_duration_since(warned) < Self::AGAIN);
        if !is_same {
            self.warned = Some(now);
            self.is_good = false;
        }
        !is_same
    }

    /// Tells whether to say that they are let through again: once after each warning.
    fn reassures(&mut self) -> bool {
        !std::mem::replace(&mut self.is_good, true)
    }
}

/// An access that was let through.
struct Admitted<'a> {
    gate: &'a Gate,
    /// None when it is known what came of it.
    pass: Option<Pass>,
}

#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("no answer for {0:?}")]
struct TimedOut(Duration);

#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("left alone for a while, as it failed too often")]
struct LeftAlone;

impl Gate {
    pub(super) fn new(access: &'static str, limits: Limits) -> Self {
        Self {
            access,
            limits,
            breaker: Mutex::new(Breaker::new()),
            told: Mutex::default(),
        }
    }

    /// Does it, if accesses are let through, for no longer than this.
    pub(super) async fn pass<T>(
        &self,
        longest: Duration,
        work: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let pass = self.breaker().admit(Instant::now());
        let Some(pass) = pass else {
            return Err(StoreError::new(LeftAlone));
        };
        let admitted = Admitted {
            gate: self,
            pass: Some(pass),
        };
        let done = within(longest, work).await;
        match &done {
            Some(Ok(_)) => admitted.succeeded(),
            Some(Err(_)) => admitted.failed("failed"),
            None => admitted.failed("timed out"),
        }
        done.unwrap_or_else(|| Err(StoreError::new(TimedOut(longest))))
    }

    /// Does it for no longer than this, whatever came of other accesses. What comes of it says nothing
    /// about them.
    pub(super) async fn aside<T>(
        longest: Duration,
        work: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let done = within(longest, work).await;
        done.unwrap_or_else(|| Err(StoreError::new(TimedOut(longest))))
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for it no longer than this; outside a runtime there is no clock to wait by.
async fn within<T>(longest: Duration, work: impl Future<Output = T>) -> Option<T> {
    if Handle::try_current().is_err() {
        return Some(work.await);
    }
    timeout(longest, work).await.ok()
}

impl Admitted<'_> {
    fn succeeded(mut self) {
        let Some(pass) = self.pass.take() else { return };
        let change = self.gate.breaker().succeeded(pass);
        if change == Some(Change::Closed) && self.gate.told().reassures() {
            tracing::info!(access = self.gate.access, "a store is asked again");
        }
    }

    /// Its causes are not told: they may name what was asked for.
    fn failed(mut self, failure: &'static str) {
        let Some(pass) = self.pass.take() else { return };
        let gate = self.gate;
        let now = Instant::now();
        let change = gate.breaker().failed(pass, now, &gate.limits);
        let access = gate.access;
        if change == Some(Change::Opened) && gate.told().warns(now) {
            tracing::warn!(access, failure, "a store is left alone until it answers");
        } else {
            tracing::debug!(access, failure, "a store did not do what it was asked to");
        }
    }
}

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        if let Some(pass) = self.pass.take() {
            self.gate.breaker().left(pass, Instant::now());
        }
    }
}

/// Shows how the breaker is.
impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.breaker().as_str())
    }
}
