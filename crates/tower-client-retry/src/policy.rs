//! Who decides: the strategy trait and what policies are made of.

mod combine;
mod standard;

use std::any::type_name;
use std::fmt;
use std::sync::Arc;

use http::StatusCode;
use tower_client_call::Operation;

pub use self::combine::{ForOperation, OrRetry, Peeking, Unless};
pub use self::standard::StandardPolicy;
use crate::{Attempted, Decision, RetryKind};

/// Decides whether an attempt is repeated. Plain functions: no clock, no randomness, no I/O.
///
/// A policy says what may be repeated. How often, how soon and how many at once is the layer's
/// matter: attempts, backoff, deadline, budget.
///
/// ```
/// use tower_client_retry::{Policy, RetryKind, StandardPolicy};
///
/// let policy = StandardPolicy::new()
///     // A search may conflict with a running index; asking again is harmless.
///     .or_retry(|attempted| {
///         let search = attempted.operation().is_some_and(|it| it.name() == "search");
///         let conflict = attempted.status().is_some_and(|status| status == 409);
///         (search && conflict).then_some(RetryKind::ServerError)
///     })
///     // Nobody waits for these.
///     .unless(|attempted| attempted.request().headers.contains_key("x-prefetch"));
/// # let _ = policy;
/// ```
pub trait Policy {
    /// Decides.
    fn decide(&self, attempted: &Attempted<'_>) -> Decision;

    /// Returns how many bytes of a response's body are to be read before deciding. `None`, which
    /// costs nothing, if status and headers are enough. What is read is not lost to the caller, and
    /// is waited for one second at most.
    fn peek(&self, operation: Option<Operation>, status: StatusCode) -> Option<usize> {
        let _ = (operation, status);
        None
    }

    /// Repeats also what `widen` returns a kind for.
    ///
    /// The wait is at least the answer's `Retry-After`, if it has one.
    ///
    /// `widen` is asked where this policy would not repeat, and its word is taken: it can repeat a
    /// request that is not idempotent and may have been received. To say that one operation may be
    /// received twice, rather put [`Idempotency`](tower_client_call::Idempotency) on its requests.
    fn or_retry<F>(self, widen: F) -> OrRetry<Self, F>
    where
        Self: Sized,
        F: Fn(&Attempted<'_>) -> Option<RetryKind>,
    {
        OrRetry::new(self, widen)
    }

    /// Repeats nothing that `narrow` is true for.
    fn unless<F>(self, narrow: F) -> Unless<Self, F>
    where
        Self: Sized,
        F: Fn(&Attempted<'_>) -> bool,
    {
        Unless::new(self, narrow)
    }

    /// Leaves the calls of one operation, by its name, to another policy.
    fn for_operation<Q>(self, name: &'static str, policy: Q) -> ForOperation<Self, Q>
    where
        Self: Sized,
        Q: Policy,
    {
        ForOperation::new(self, name, policy)
    }

    /// Reads `limit` bytes of the bodies of responses that `which` is true for, so that
    /// [`Attempted::peek`] has them: some services tell only there that it was too much.
    fn peeking<F>(self, limit: usize, which: F) -> Peeking<Self, F>
    where
        Self: Sized,
        F: Fn(StatusCode) -> bool,
    {
        Peeking::new(self, limit, which)
    }
}

impl<P: Policy + ?Sized> Policy for Arc<P> {
    fn decide(&self, attempted: &Attempted<'_>) -> Decision {
        (**self).decide(attempted)
    }

    fn peek(&self, operation: Option<Operation>, status: StatusCode) -> Option<usize> {
        (**self).peek(operation, status)
    }
}

impl<P: Policy + ?Sized> Policy for Box<P> {
    fn decide(&self, attempted: &Attempted<'_>) -> Decision {
        (**self).decide(attempted)
    }

    fn peek(&self, operation: Option<Operation>, status: StatusCode) -> Option<usize> {
        (**self).peek(operation, status)
    }
}

/// Makes a policy of a function.
///
/// ```
/// use http::StatusCode;
/// use tower_client_retry::{Decision, RetryKind, from_fn};
///
/// let until_created = from_fn(|attempted| match attempted.status() {
///     Some(StatusCode::ACCEPTED) => Decision::Retry {
///         kind: RetryKind::ServerError,
///         after: attempted.retry_after(),
///     },
///     Some(status) if status.is_success() => Decision::Done,
///     _ => Decision::Forbid,
/// });
/// # let _ = until_created;
/// ```
pub fn from_fn<F>(decide: F) -> PolicyFn<F>
where
    F: Fn(&Attempted<'_>) -> Decision,
{
    PolicyFn(decide)
}

/// Policy of [`from_fn`].
#[derive(Clone, Copy)]
pub struct PolicyFn<F>(F);

impl<F: Fn(&Attempted<'_>) -> Decision> Policy for PolicyFn<F> {
    fn decide(&self, attempted: &Attempted<'_>) -> Decision {
        (self.0)(attempted)
    }
}

impl<F> fmt::Debug for PolicyFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PolicyFn").field(&type_name::<F>()).finish()
    }
}
