//! Why a request has no credential.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::InvalidHeaderValue;
use tower_client_call::{Delivery, DeliveryError, causes};

use crate::{PersistError, TokenError};

/// Why a request has no credential, or a principal none.
///
/// On the source chain of the layer's errors, which say [`Delivery::NotSent`]: whatever the request
/// does, sending it again is safe. Cheap to clone, so that everybody who waited gets it.
#[derive(Clone, Debug)]
pub struct AuthError(Arc<Failure>);

/// What kind of failure left a request without a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthErrorKind {
    /// The source was refused for good. A repeat is safe, and fails at once until the credentials
    /// change: [`Provider::authenticate`](crate::Provider::authenticate),
    /// [`set`](crate::Provider::set) or [`logout`](crate::Provider::logout) say that they did.
    Refused,
    /// The source failed for now. A repeat is safe, later: see
    /// [`retry_after`](AuthError::retry_after).
    Unavailable,
    /// The source or the store took too long. A repeat is safe, later.
    Timeout,
    /// The store has something that cannot be used, or cannot be used itself. A repeat is safe,
    /// and of use when somebody has seen to it.
    Store,
    /// No header can carry the credential. A repeat is safe and of no use.
    Unusable,
    /// The request is of an epoch that a logout has ended. A repeat is safe and of no use.
    SignedOut,
    /// The request goes where credentials may not, and that is set to be an error. A repeat is
    /// safe and of no use.
    Elsewhere,
    /// The request's deadline came before a credential did. A repeat is safe.
    Deadline,
    /// Not called within a tokio runtime, without which nothing can be fetched.
    Runtime,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("no credential could be obtained")]
    Source(#[source] TokenError),
    #[error("no credential was obtained within {} s", .0.as_secs_f64())]
    Timeout(Duration),
    #[error("the store of credentials did not answer within {} s", .0.as_secs_f64())]
    StoreTimeout(Duration),
    #[error("no credential could be obtained: its source panicked")]
    Panicked,
    #[error("the credential that was obtained had expired, or was about to")]
    ShortLived,
    #[error("no header can carry the credential that was obtained")]
    Unusable(#[source] InvalidHeaderValue),
    #[error("the stored credential could not be read or kept")]
    Store(#[source] PersistError),
    #[error("the principal has signed out")]
    SignedOut,
    #[error("the request goes where credentials may not")]
    Elsewhere,
    #[error("no credential was obtained before the call's deadline")]
    Deadline,
    #[error("credentials are obtained within a tokio runtime only")]
    Runtime,
    /// What failed before, and is not tried again yet.
    #[error("no credential could be obtained a moment ago")]
    NotYet {
        #[source]
        error: AuthError,
        wait: Duration,
    },
}

impl AuthError {
    /// Returns the error on another's source chain.
    #[must_use]
    pub fn find<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a Self> {
        causes(error).find_map(|error| error.downcast_ref())
    }

    /// Returns the kind of failure.
    #[must_use]
    pub fn kind(&self) -> AuthErrorKind {
        match &*self.0 {
            Failure::Source(error) if error.is_permanent() => AuthErrorKind::Refused,
            Failure::Source(_) | Failure::Panicked | Failure::ShortLived => {
                AuthErrorKind::Unavailable
            }
            Failure::Timeout(_) | Failure::StoreTimeout(_) => AuthErrorKind::Timeout,
            Failure::Unusable(_) => AuthErrorKind::Unusable,
            Failure::Store(_) => AuthErrorKind::Store,
            Failure::SignedOut => AuthErrorKind::SignedOut,
            Failure::Elsewhere => AuthErrorKind::Elsewhere,
            Failure::Deadline => AuthErrorKind::Deadline,
            Failure::Runtime => AuthErrorKind::Runtime,
            Failure::NotYet { error, .. } => error.kind(),
        }
    }

    /// Tells whether the same call fails again until somebody does something about it.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self.kind() {
            AuthErrorKind::Unavailable | AuthErrorKind::Timeout | AuthErrorKind::Deadline => false,
            AuthErrorKind::Refused
            | AuthErrorKind::Store
            | AuthErrorKind::Unusable
            | AuthErrorKind::SignedOut
            | AuthErrorKind::Elsewhere
            | AuthErrorKind::Runtime => true,
        }
    }

    /// Returns after what time another attempt is of use.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match &*self.0 {
            Failure::NotYet { wait, .. } => Some(*wait),
            Failure::Source(error) => error.retry_after(),
            _ => None,
        }
    }

    /// The same failure, told to a caller who has to wait so long for another attempt.
    pub(crate) fn not_yet(&self, wait: Duration) -> Self {
        let error = self.clone();
        Failure::NotYet { error, wait }.into()
    }

    /// What the layer fails a call with.
    pub(crate) fn into_delivery(self) -> DeliveryError {
        let (permanent, wait) = (self.is_permanent(), self.retry_after());
        let error = Delivery::NotSent.because(self);
        match wait {
            _ if permanent => error.permanent(),
            Some(wait) => error.after(wait),
            None => error,
        }
    }
}

impl From<Failure> for AuthError {
    fn from(failure: Failure) -> Self {
        Self(Arc::new(failure))
    }
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Error for AuthError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_retries_is_told_whether_and_when() {
        let busy = TokenError::transient("busy").after(Duration::from_secs(3));
        let busy = AuthError::from(Failure::Source(busy));
        let delivery = busy.clone().into_delivery();
        assert_eq!(Delivery::of(&delivery), Delivery::NotSent);
        assert!(!DeliveryError::is_permanent(&delivery));
        assert_eq!(
            DeliveryError::wait_of(&delivery),
            Some(Duration::from_secs(3))
        );

        let later = busy.not_yet(Duration::from_secs(2));
        assert_eq!(later.kind(), AuthErrorKind::Unavailable);
        assert_eq!(later.retry_after(), Some(Duration::from_secs(2)));

        let refused = AuthError::from(Failure::Source(TokenError::permanent("wrong")));
        assert_eq!(refused.kind(), AuthErrorKind::Refused);
        assert!(DeliveryError::is_permanent(&refused.into_delivery()));
    }

    #[test]
    fn it_is_found_below_what_wraps_it() {
        let error = AuthError::from(Failure::SignedOut).into_delivery();

        let found = AuthError::find(&error).unwrap();

        assert_eq!(found.kind(), AuthErrorKind::SignedOut);
        assert_eq!(found.to_string(), "the principal has signed out");
    }
}
