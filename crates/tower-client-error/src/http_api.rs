//! The mapping for any HTTP API.

use http::response::Parts;
use tower::BoxError;
use tower_client_call::{Captured, Delivery, Failure};

use crate::{ApiError, Call, Kind, MapError, Problem};

/// The mapping for any HTTP API: kinds by status (RFC 9110), details from problem documents
/// (RFC 9457).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HttpApi;

impl<E: Into<BoxError>> MapError<E> for HttpApi {
    type Error = ApiError<Problem>;

    fn response(&self, call: &Call, head: &Parts, body: &Captured) -> Result<(), Self::Error> {
        let kind = Kind::of_status(head.status);
        let error = ApiError::answered(call, kind, head, body.clone());
        Err(match Problem::read(&head.headers, body) {
            Some(problem) => error.with_detail(problem),
            None => error,
        })
    }

    fn failure(&self, call: &Call, error: E) -> Self::Error {
        let error = error.into();
        ApiError::failed(call, Kind::of_failure(&*error), error)
    }

    fn not_ready(&self, call: &Call, error: E) -> Self::Error {
        let error = error.into();
        let kind = Kind::of_failure(&*error);
        ApiError::failed(call, kind, Delivery::NotSent.because(error))
    }
}

impl Kind {
    /// Returns the kind of a failure that brought no answer, and logs one that nobody expects.
    #[must_use]
    pub fn of_failure(error: &(dyn std::error::Error + 'static)) -> Self {
        match Failure::of(error) {
            Failure::Timeout => Self::Timeout,
            Failure::Connect => Self::Connection,
            Failure::Transport => Self::Network,
            _ => {
                tracing::error!(error, "a call failed in an unexpected way");
                Self::Internal
            }
        }
    }
}
