//! What may be repeated of any HTTP API.

use std::error::Error;
use std::time::Duration;

use http::StatusCode;
use tower_client_call::{Delivery, DeliveryError, Failure};

use crate::attempted::{is_failure, is_throttle};
use crate::{Attempted, Decision, Outcome, Policy, RetryKind};

/// What may be repeated of any HTTP API: decided from delivery, idempotency and status together.
///
/// | what happened | repeated |
/// | --- | --- |
/// | not sent, for a reason that may pass | any request |
/// | maybe sent; 408, 500, 502, 504; the response's body failed | requests that may be received twice |
/// | 429, 503 | the same, and with `Retry-After` also the operations of [`throttled_operations`](Self::throttled_operations) |
/// | anything else | no request |
///
/// May be received twice: idempotent methods (RFC 9110 section 9.2.2), requests with an
/// `Idempotency-Key` header, and what [`Idempotency`](tower_client_call::Idempotency) says of a
/// request before both. An error of a layer below that holds an answer
/// ([`ResponseError`](tower_client_call::ResponseError)) is decided as the answer would be.
#[derive(Clone, Debug)]
#[must_use]
pub struct StandardPolicy {
    kinds: Vec<RetryKind>,
    throttled_operations: Vec<&'static str>,
    retry_after_on: Vec<StatusCode>,
}

impl Default for StandardPolicy {
    fn default() -> Self {
        Self::new()
    }
}

impl StandardPolicy {
    /// Creates the policy as documented above.
    pub fn new() -> Self {
        Self {
            kinds: RetryKind::ALL.to_vec(),
            throttled_operations: Vec::new(),
            retry_after_on: Vec::new(),
        }
    }

    /// Repeats only for these reasons.
    pub fn kinds(self, kinds: impl IntoIterator<Item = RetryKind>) -> Self {
        let kinds = kinds.into_iter().collect();
        Self { kinds, ..self }
    }

    /// Repeats the operations of these names after a 429 or 503 with `Retry-After`, also if they
    /// may not be received twice: for services that reject before they act.
    pub fn throttled_operations(mut self, names: impl IntoIterator<Item = &'static str>) -> Self {
        self.throttled_operations.extend(names);
        self
    }

    /// Heeds `Retry-After` on these statuses too, where they are repeated; 429 and 503 need not be
    /// named.
    pub fn retry_after_on(mut self, statuses: impl IntoIterator<Item = StatusCode>) -> Self {
        self.retry_after_on.extend(statuses);
        self
    }

    fn of_error(&self, attempted: &Attempted<'_>, error: &(dyn Error + 'static)) -> Decision {
        if DeliveryError::is_permanent(error) {
            return Decision::Forbid;
        }
        match (Delivery::of(error), attempted.answer()) {
            (Delivery::NotSent, _) => Decision::Retry {
                kind: kind_of(error, RetryKind::NotSent),
                after: attempted.retry_after(),
            },
            (Delivery::MaybeSent | Delivery::Answered, Some((status, _))) => {
                // What cannot be told from a success by its status is an error all the same.
                match self.of_status(attempted, status) {
                    Decision::Done => Decision::Forbid,
                    decision => decision,
                }
            }
            (Delivery::MaybeSent | Delivery::Answered, None) => {
                let kind = kind_of(error, RetryKind::Interrupted);
                if_idempotent(attempted, kind, None)
            }
        }
    }

    fn of_status(&self, attempted: &Attempted<'_>, status: StatusCode) -> Decision {
        let after = || {
            let heeded = is_throttle(status) || self.retry_after_on.contains(&status);
            heeded.then(|| attempted.retry_after()).flatten()
        };
        match status {
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                self.of_throttle(attempted, status, after())
            }
            StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => {
                if_idempotent(attempted, RetryKind::Timeout, after())
            }
            StatusCode::INTERNAL_SERVER_ERROR | StatusCode::BAD_GATEWAY => {
                if_idempotent(attempted, RetryKind::ServerError, after())
            }
            status if is_failure(status) => Decision::Forbid,
            _ => Decision::Done,
        }
    }

    fn of_throttle(
        &self,
        attempted: &Attempted<'_>,
        status: StatusCode,
        after: Option<Duration>,
    ) -> Decision {
        let throttled = status == StatusCode::TOO_MANY_REQUESTS || after.is_some();
        let kind = if throttled {
            RetryKind::Throttled
        } else {
            RetryKind::ServerError
        };
        let opted_in = attempted
            .operation()
            .is_some_and(|operation| self.throttled_operations.contains(&operation.name()));
        if opted_in && after.is_some() {
            Decision::Retry { kind, after }
        } else {
            if_idempotent(attempted, kind, after)
        }
    }
}

impl Policy for StandardPolicy {
    #[inline] // what succeeds is decided at once
    fn decide(&self, attempted: &Attempted<'_>) -> Decision {
        let decision = match attempted.outcome() {
            Outcome::Response { status, .. } if !is_failure(status) => return Decision::Done,
            Outcome::Response { status, .. } => self.of_status(attempted, status),
            Outcome::Error(error) => self.of_error(attempted, error),
        };
        match decision {
            Decision::Retry { kind, .. } if !self.kinds.contains(&kind) => Decision::Forbid,
            decision => decision,
        }
    }
}

/// A timeout is one, wherever it happened.
fn kind_of(error: &(dyn Error + 'static), otherwise: RetryKind) -> RetryKind {
    match Failure::of(error) {
        Failure::Timeout => RetryKind::Timeout,
        _ => otherwise,
    }
}

fn if_idempotent(attempted: &Attempted<'_>, kind: RetryKind, after: Option<Duration>) -> Decision {
    if attempted.idempotency().allows_repeat() {
        Decision::Retry { kind, after }
    } else {
        Decision::Forbid
    }
}
