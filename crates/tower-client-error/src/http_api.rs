//! The mapping for any HTTP API.

use http::response::Parts;
use tower::BoxError;
use tower_client_call::{Captured, Delivery};

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
