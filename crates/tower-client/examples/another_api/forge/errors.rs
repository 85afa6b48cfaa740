//! What goes wrong, as a type: the API's own explanations, by a strategy for the error layer.

use std::error;
use std::fmt;

use http::StatusCode;
use http::response::Parts;
use serde::Deserialize;
use tower::BoxError;
use tower_client::call::{Captured, Delivery};
use tower_client::error::{ApiError, Call, Kind, MapError};

/// Why there is no value.
#[derive(Debug)]
#[non_exhaustive]
pub(crate) enum Error {
    /// The call was refused, or failed: kind, status, explanation, when to try again.
    Call(ApiError<Complaint>),
    /// The answer broke off, or is longer than any that is meant.
    Broken(BoxError),
    /// The answer is not what was asked for.
    Unreadable(serde_json::Error),
    /// Nothing can have this name.
    Name,
    /// The next page is said to be on another server.
    Elsewhere,
    /// There are more pages than anybody reads.
    Endless,
}

impl From<ApiError<Complaint>> for Error {
    fn from(error: ApiError<Complaint>) -> Self {
        Self::Call(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Call(error) => return fmt::Display::fmt(error, f),
            Self::Broken(_) => "the answer broke off",
            Self::Unreadable(_) => "the answer is not what was asked for",
            Self::Name => "nothing can have this name",
            Self::Elsewhere => "the next page is on another server",
            Self::Endless => "there are too many pages",
        })
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            // It is shown as what it is.
            Self::Call(error) => error.source(),
            Self::Broken(error) => Some(&**error),
            Self::Unreadable(error) => Some(error),
            Self::Name | Self::Elsewhere | Self::Endless => None,
        }
    }
}

/// The API's explanation of an error.
///
/// Its texts are the server's: fit for a developer's eyes, not for deciding; `Debug` leaves them
/// out.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Complaint {
    pub(crate) message: String,
    pub(crate) documentation_url: Option<String>,
    pub(crate) errors: Vec<Fault>,
}

/// What is wrong with one field of a request.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Fault {
    pub(crate) field: String,
    pub(crate) code: String,
}

impl Complaint {
    fn read(body: &Captured) -> Option<Self> {
        // Half of an explanation is none.
        if body.truncated {
            return None;
        }
        serde_json::from_slice(&body.bytes).ok()
    }

    /// Tells what kind of error it is: the status says it, but for a name that is taken.
    fn kind(&self, status: StatusCode) -> Kind {
        let is_taken = self
            .errors
            .iter()
            .any(|fault| fault.code == "already_exists");
        if status == StatusCode::UNPROCESSABLE_ENTITY && is_taken {
            Kind::Conflict
        } else {
            Kind::of_status(status)
        }
    }
}

impl fmt::Debug for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Complaint")
            .field("errors", &self.errors.len())
            .finish_non_exhaustive()
    }
}

/// The strategy: 4xx and 5xx are errors, and their bodies explain them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ForgeErrors;

impl<E: Into<BoxError>> MapError<E> for ForgeErrors {
    type Error = ApiError<Complaint>;

    fn response(&self, call: &Call, head: &Parts, body: &Captured) -> Result<(), Self::Error> {
        let complaint = Complaint::read(body).unwrap_or_default();
        let kind = complaint.kind(head.status);
        Err(ApiError::answered(call, kind, head, body.clone()).with_detail(complaint))
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

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{Request, Response};

    use super::*;

    const TAKEN: &str = r#"{
        "message": "Repository creation failed.",
        "errors": [{"resource": "Repository", "field": "name", "code": "already_exists"}],
        "documentation_url": "https://docs.example/repos"
    }"#;
    const MISSING: &str = r#"{"message": "Not Found", "status": "404"}"#;

    #[test]
    fn the_status_and_the_explanation_say_what_kind_of_error_it_is() {
        for (status, body, kind, message) in [
            (404, MISSING, Kind::NotFound, "Not Found"),
            (422, TAKEN, Kind::Conflict, "Repository creation failed."),
            (422, MISSING, Kind::InvalidRequest, "Not Found"),
            (
                403,
                TAKEN,
                Kind::AccessDenied,
                "Repository creation failed.",
            ),
            (429, "", Kind::RateLimit, ""),
            (502, "<html>", Kind::Server, ""),
            (404, r#"{"message": 7}"#, Kind::NotFound, ""),
        ] {
            let error = refused(status, body, false);

            assert_eq!(error.kind(), kind, "{status} {body}");
            assert_eq!(error.detail().unwrap().message, message, "{status} {body}");
        }
    }

    #[test]
    fn half_an_explanation_is_none() {
        let error = refused(422, TAKEN, true);

        assert_eq!(error.kind(), Kind::InvalidRequest);
        assert_eq!(error.detail(), Some(&Complaint::default()));
    }

    #[test]
    fn the_server_s_texts_are_not_in_logs() {
        let error = refused(422, TAKEN, false);
        let shown = format!("{error} {error:?} {:?}", error.detail());

        assert!(!shown.contains("failed."), "{shown}");
    }

    fn refused(status: u16, body: &'static str, truncated: bool) -> ApiError<Complaint> {
        let response = Response::builder().status(status).body(()).unwrap();
        let (head, ()) = response.into_parts();
        let body = Captured {
            bytes: Bytes::from_static(body.as_bytes()),
            truncated,
        };
        let call = Call::of(&Request::new(()));
        let refused = MapError::<BoxError>::response(&ForgeErrors, &call, &head, &body);
        refused.unwrap_err()
    }
}
