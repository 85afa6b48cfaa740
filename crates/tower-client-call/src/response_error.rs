//! An answer that became an error.

use std::error::Error;
use std::fmt;

use http::{HeaderMap, StatusCode};

use crate::causes;

/// An answer that a layer turned into an error: its status and headers.
///
/// Put it on the source chain of such an error, so that a layer further out decides as it would
/// have for the answer itself. `Display` and `Debug` show no header.
#[derive(Clone)]
pub struct ResponseError {
    status: StatusCode,
    headers: HeaderMap,
}

impl ResponseError {
    /// Creates it from what an answer said.
    #[must_use]
    pub fn new(status: StatusCode, headers: HeaderMap) -> Self {
        Self { status, headers }
    }

    /// Finds it on an error's source chain.
    #[must_use]
    pub fn find<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a Self> {
        causes(error).find_map(|error| error.downcast_ref())
    }

    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }
}

impl fmt::Debug for ResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseError")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the answer has the status {}", self.status.as_u16())
    }
}

impl Error for ResponseError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_found_inside_an_io_error_too() {
        let error = ResponseError::new(StatusCode::BAD_GATEWAY, HeaderMap::new());
        let wrapped = std::io::Error::other(error);

        let found = ResponseError::find(&wrapped).map(ResponseError::status);

        assert_eq!(found, Some(StatusCode::BAD_GATEWAY));
    }
}
