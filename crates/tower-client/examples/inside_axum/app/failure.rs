//! What our user is told when the service behind us fails.

use axum::response::{IntoResponse, Response};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use tower_client::error::{ApiError, Kind};

/// A call that failed, as an answer: a status that says whose fault it is and whether to come
/// again, and nothing of what the service told us.
#[derive(Debug)]
pub(super) struct Failure(ApiError);

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = status(self.0.kind());
        let mut response = (status, format!("{}\n", self.0.kind())).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE
            && let Some(wait) = self.0.retry_after()
        {
            let seconds = HeaderValue::from(wait.as_secs());
            response.headers_mut().insert(RETRY_AFTER, seconds);
        }
        response
    }
}

fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::AccessDenied => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::RateLimit => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Timeout => StatusCode::GATEWAY_TIMEOUT,
        // Refused credentials and requests are ours, and not the user's.
        _ => StatusCode::BAD_GATEWAY,
    }
}

#[cfg(test)]
mod tests {
    use http::Request;
    use http::response::Builder;
    use tower_client::call::Captured;
    use tower_client::error::Call;

    use super::*;

    #[test]
    fn the_answer_says_whose_fault_it_is() {
        for (theirs, ours) in [
            (400, 502),
            (401, 502),
            (403, 403),
            (404, 404),
            (408, 504),
            (429, 503),
            (500, 502),
        ] {
            let response = failed(Response::builder().status(theirs));

            assert_eq!(response.status(), ours, "{theirs}");
        }
    }

    #[test]
    fn who_is_to_come_later_is_told_when() {
        let response = failed(Response::builder().status(429).header(RETRY_AFTER, "7"));

        assert_eq!(response.headers()[RETRY_AFTER], "7");
    }

    fn failed(answer: Builder) -> Response {
        let (head, ()) = answer.body(()).unwrap().into_parts();
        let call = Call::of(&Request::new(()));
        let kind = Kind::of_status(head.status);
        let captured = Captured {
            bytes: "a secret".into(),
            truncated: false,
        };
        Failure(ApiError::answered(&call, kind, &head, captured)).into_response()
    }
}
