//! What all clones of a layer, its services and their calls share.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::Request;
use tokio::time::Instant;
use tower_client_call::Deadline;

use crate::cool_down::{CoolDown, CoolDowns, Target};
use crate::{Backoff, Budget};

/// What all clones of a layer and its services share.
#[derive(Debug)]
pub(crate) struct Shared<P> {
    pub(crate) policy: P,
    pub(crate) limits: Limits,
    pub(crate) backoff: Backoff,
    pub(crate) budget: Option<Arc<dyn Budget>>,
    pub(crate) cool_downs: Option<CoolDowns>,
    pub(crate) random: Mutex<fastrand::Rng>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) max_attempts: u32,
    pub(crate) longest_retry_after: Duration,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) call_timeout: Option<Duration>,
    pub(crate) readiness_timeout: Duration,
    pub(crate) collect_body: Option<usize>,
}

/// What keeps a first attempt from being sent at once.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Obstacle {
    /// The deadline has passed already.
    Over,
    /// The origin wants fewer calls.
    CoolDown(CoolDown),
}

impl<P> Shared<P> {
    /// Returns what keeps this request from being sent at once.
    #[inline]
    pub(crate) fn obstacle<B>(&self, request: &Request<B>) -> Option<Obstacle> {
        let over = Deadline::of(request).is_some_and(|deadline| deadline.remaining().is_zero());
        if over {
            return Some(Obstacle::Over);
        }
        self.cool_down(request).map(Obstacle::CoolDown)
    }

    /// Returns the cool-down that this request would come into.
    #[inline]
    pub(crate) fn cool_down(&self, target: &impl Target) -> Option<CoolDown> {
        let cool_downs = self.cool_downs.as_ref()?;
        if cool_downs.is_empty() {
            return None;
        }
        cool_downs.of(target, Instant::now())
    }

    /// A random number from 0 to 1.
    pub(crate) fn random(&self) -> f64 {
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        random.f64()
    }
}
