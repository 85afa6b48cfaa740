//! Policies made of policies.

use std::any::type_name;
use std::fmt;

use http::StatusCode;
use tower_client_call::Operation;

use crate::{Attempted, Decision, Policy, RetryKind};

/// Policy of [`Policy::or_retry`].
#[derive(Clone, Copy)]
pub struct OrRetry<P, F> {
    inner: P,
    widen: F,
}

/// Policy of [`Policy::unless`].
#[derive(Clone, Copy)]
pub struct Unless<P, F> {
    inner: P,
    narrow: F,
}

/// Policy of [`Policy::for_operation`].
#[derive(Clone, Copy, Debug)]
pub struct ForOperation<P, Q> {
    inner: P,
    name: &'static str,
    policy: Q,
}

/// Policy of [`Policy::peeking`].
#[derive(Clone, Copy)]
pub struct Peeking<P, F> {
    inner: P,
    limit: usize,
    which: F,
}

impl<P, F> OrRetry<P, F> {
    pub(super) const fn new(inner: P, widen: F) -> Self {
        Self { inner, widen }
    }
}

impl<P, F> Unless<P, F> {
    pub(super) const fn new(inner: P, narrow: F) -> Self {
        Self { inner, narrow }
    }
}

impl<P, Q> ForOperation<P, Q> {
    pub(super) const fn new(inner: P, name: &'static str, policy: Q) -> Self {
        Self {
            inner,
            name,
            policy,
        }
    }
}

impl<P, F> Peeking<P, F> {
    pub(super) const fn new(inner: P, limit: usize, which: F) -> Self {
        Self {
            inner,
            limit,
            which,
        }
    }
}

impl<P, F> Policy for OrRetry<P, F>
where
    P: Policy,
    F: Fn(&Attempted<'_>) -> Option<RetryKind>,
{
    fn decide(&self, attempted: &Attempted<'_>) -> Decision {
        let decision = self.inner.decide(attempted);
        if matches!(decision, Decision::Retry { .. }) {
            return decision;
        }
        let after = attempted.retry_after();
        match (self.widen)(attempted) {
            Some(kind) => Decision::Retry { kind, after },
            None => decision,
        }
    }

    fn peek(&self, operation: Option<Operation>, status: StatusCode) -> Option<usize> {
        self.inner.peek(operation, status)
    }
}

impl<P, F> Policy for Unless<P, F>
where
    P: Policy,
    F: Fn(&Attempted<'_>) -> bool,
{
    fn decide(&self, attempted: &Attempted<'_>) -> Decision {
        match self.inner.decide(attempted) {
            Decision::Retry { .. } if (self.narrow)(attempted) => Decision::Forbid,
            decision => decision,
        }
    }

    fn peek(&self, operation: Option<Operation>, status: StatusCode) -> Option<usize> {
        self.inner.peek(operation, status)
    }
}

impl<P: Policy, Q: Policy> Policy for ForOperation<P, Q> {
    fn decide(&self, attempted: &Attempted<'_>) -> Decision {
        if self.is_meant(attempted.operation()) {
            self.policy.decide(attempted)
        } else {
            self.inner.decide(attempted)
        }
    }

    fn peek(&self, operation: Option<Operation>, status: StatusCode) -> Option<usize> {
        if self.is_meant(operation) {
            self.policy.peek(operation, status)
        } else {
            self.inner.peek(operation, status)
        }
    }
}

impl<P, Q> ForOperation<P, Q> {
    fn is_meant(&self, operation: Option<Operation>) -> bool {
        operation.is_some_and(|operation| operation.name() == self.name)
    }
}

impl<P, F> Policy for Peeking<P, F>
where
    P: Policy,
    F: Fn(StatusCode) -> bool,
{
    fn decide(&self, attempted: &Attempted<'_>) -> Decision {
        self.inner.decide(attempted)
    }

    fn peek(&self, operation: Option<Operation>, status: StatusCode) -> Option<usize> {
        let mine = (self.which)(status).then_some(self.limit);
        mine.max(self.inner.peek(operation, status))
    }
}

impl<P: fmt::Debug, F> fmt::Debug for OrRetry<P, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrRetry")
            .field("inner", &self.inner)
            .field("widen", &type_name::<F>())
            .finish()
    }
}

impl<P: fmt::Debug, F> fmt::Debug for Unless<P, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unless")
            .field("inner", &self.inner)
            .field("narrow", &type_name::<F>())
            .finish()
    }
}

impl<P: fmt::Debug, F> fmt::Debug for Peeking<P, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Peeking")
            .field("inner", &self.inner)
            .field("limit", &self.limit)
            .field("which", &type_name::<F>())
            .finish()
    }
}
