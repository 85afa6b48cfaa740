//! The words for failures: `error.type`.

use std::error::Error;

use http::StatusCode;
use tower_client_call::Failure;

use crate::bounded::OTHER;

/// The word for a request whose caller left.
pub(crate) const CANCELLED: &str = "cancelled";

/// Returns the word for an error that is no answer: `timeout`, `connect`, `transport`, `_OTHER`.
pub(crate) fn word_for(error: &(dyn Error + 'static)) -> &'static str {
    match Failure::of(error) {
        Failure::Timeout => "timeout",
        Failure::Connect => "connect",
        Failure::Transport => "transport",
        _ => OTHER,
    }
}

/// Tells whether a status is an error to a client: 4xx and 5xx, as OpenTelemetry's conventions say.
pub(crate) fn is_error(status: StatusCode) -> bool {
    status.as_u16() >= 400
}
