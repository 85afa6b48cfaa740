//! How long a request may take: as long as its sender waits, and not longer than we allow.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::request::Parts;
use tower_client::call::Deadline;

/// In which our own clients and proxies say how many milliseconds they wait.
const HEADER: &str = "x-request-timeout-ms";
const LONGEST: Duration = Duration::from_secs(5);

/// Until when an answer is of use. It counts from the request's arrival: what the handler does
/// before its calls takes from it, and all calls for one request share it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience(pub(super) Deadline);

impl<S: Sync> FromRequestParts<S> for Patience {
    type Rejection = Infallible;

    async fn from_request_parts(head: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(Deadline::within(patience(&head.headers))))
    }
}

fn patience(headers: &HeaderMap) -> Duration {
    let said = headers.get(HEADER).and_then(|said| said.to_str().ok());
    let said = said.and_then(|said| said.trim().parse().ok());
    said.map_or(LONGEST, Duration::from_millis).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_waits_longer_than_is_allowed() {
        for (said, millis) in [
            (None, 5000),
            (Some("250"), 250),
            (Some(" 0 "), 0),
            (Some("5001"), 5000),
            (Some("18446744073709551615"), 5000),
            (Some("18446744073709551616"), 5000),
            (Some("-1"), 5000),
            (Some("soon"), 5000),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(said) = said {
                headers.insert(HEADER, said.parse().unwrap());
            }

            let expected = Duration::from_millis(millis);
            assert_eq!(patience(&headers), expected, "{said:?}");
        }
    }
}
