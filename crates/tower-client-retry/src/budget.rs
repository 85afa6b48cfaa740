//! How many retries all calls together may cause.

mod any_tower;
mod bucket;
mod permit;

use std::fmt;
use std::sync::Arc;

pub use self::any_tower::TowerBudget;
pub use self::bucket::{Costs, TokenBucket};
pub(crate) use self::permit::Permit;
use crate::RetryKind;

/// How many retries all calls together may cause.
///
/// When an origin is down every call fails, and repeating each of them three times is three times
/// the load on what is overloaded already. A budget ends that: it pays for a few retries at once,
/// and for more only as calls succeed.
pub trait Budget: fmt::Debug + Send + Sync {
    /// Takes what a retry of this kind costs; `false` if there is not enough.
    fn withdraw(&self, kind: RetryKind) -> bool;

    /// Gives back what a retry took that was not sent after all.
    fn refund(&self, kind: RetryKind);

    /// Hears of a call that succeeded.
    fn deposit(&self);
}

impl<B: Budget + ?Sized> Budget for Arc<B> {
    fn withdraw(&self, kind: RetryKind) -> bool {
        (**self).withdraw(kind)
    }

    fn refund(&self, kind: RetryKind) {
        (**self).refund(kind);
    }

    fn deposit(&self) {
        (**self).deposit();
    }
}
