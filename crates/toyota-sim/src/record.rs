//! The requests that the simulator has seen.

use std::{collections::VecDeque, fmt, time::SystemTime};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method, Uri, header::AUTHORIZATION, header::COOKIE};

use crate::route::Route;

const LOG_LENGTH: usize = 10_000;
const BODY_CAP: usize = 64 * 1024;
const SENSITIVE: [HeaderName; 8] = [
    AUTHORIZATION,
    COOKIE,
    HeaderName::from_static("api_key"),
    HeaderName::from_static("guid"),
    HeaderName::from_static("vin"),
    HeaderName::from_static("x-api-key"),
    HeaderName::from_static("x-client-ref"),
    HeaderName::from_static("x-guid"),
];

/// One request as it arrived, whatever came of it.
#[derive(Clone)]
pub struct RecordedRequest {
    route: Route,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
    received_at: SystemTime,
    account: Option<usize>,
}

impl RecordedRequest {
    pub(crate) fn new(
        route: Route,
        head: &http::request::Parts,
        body: &Bytes,
        received_at: SystemTime,
    ) -> Self {
        let mut headers = head.headers.clone();
        for name in &SENSITIVE {
            if let http::header::Entry::Occupied(mut entry) = headers.entry(name) {
                entry.iter_mut().for_each(|value| value.set_sensitive(true));
            }
        }
        Self {
            route,
            method: head.method.clone(),
            uri: head.uri.clone(),
            headers,
            body: capped(body),
            received_at,
            account: None,
        }
    }

    /// Says who sent it.
    pub(crate) fn by(mut self, account: Option<usize>) -> Self {
        self.account = account;
        self
    }

    /// Returns the route that the request matched.
    #[must_use]
    pub fn route(&self) -> Route {
        self.route
    }

    /// Returns the method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the path.
    #[must_use]
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// Returns the query as it was sent, without its question mark.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.uri.query()
    }

    /// Returns the headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the first 64 KiB of the body; empty if it was not read.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the place among [`Simulator::accounts`](crate::Simulator::accounts) of the account
    /// that the request's access token spoke for; none if it had no token that was alive, as on the
    /// login host.
    #[must_use]
    pub fn account(&self) -> Option<usize> {
        self.account
    }

    /// Returns the simulator's time when the request's head had arrived.
    #[must_use]
    pub fn received_at(&self) -> SystemTime {
        self.received_at
    }
}

/// Returns the beginning of a body, copied so as not to keep the rest in memory.
fn capped(body: &Bytes) -> Bytes {
    if body.len() <= BODY_CAP {
        body.clone()
    } else {
        Bytes::copy_from_slice(&body[..BODY_CAP])
    }
}

/// Shows neither the query nor the body, and no header that names a user, a car or a secret.
impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedRequest")
            .field("route", &self.route)
            .field("method", &self.method)
            .field("path", &self.path())
            .field("headers", &self.headers)
            .field("body_length", &self.body.len())
            .field("received_at", &self.received_at)
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}

/// The newest requests, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct RequestLog {
    requests: VecDeque<RecordedRequest>,
}

impl RequestLog {
    /// Adds a request and returns whether an older one was dropped for it.
    pub(crate) fn push(&mut self, request: RecordedRequest) -> bool {
        self.requests.push_back(request);
        let full = self.requests.len() > LOG_LENGTH;
        if full {
            self.requests.pop_front();
        }
        full
    }

    pub(crate) fn take(&mut self) -> Vec<RecordedRequest> {
        std::mem::take(&mut self.requests).into()
    }

    pub(crate) fn to_vec(&self) -> Vec<RecordedRequest> {
        self.requests.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn debug_hides_what_is_private() {
        let head = http::Request::get("/v1/location?code=hush")
            .header("authorization", "Bearer hush")
            .header("cookie", "iPlanetDirectoryPro=hush")
            .header("vin", "hush")
            .header("x-api-key", "hush")
            .header("x-brand", "T")
            .body(())
            .unwrap()
            .into_parts()
            .0;

        let request =
            RecordedRequest::new(Route::Location, &head, &Bytes::from("hush"), UNIX_EPOCH);

        let shown = format!("{request:?}");
        assert!(!shown.contains("hush"), "{shown}");
        assert!(shown.contains("\"x-brand\": \"T\""), "{shown}");
        assert_eq!(request.headers()["vin"], "hush");
    }

    #[test]
    fn keeps_no_more_of_a_body_than_its_cap() {
        let head = http::Request::new(()).into_parts().0;
        let body = Bytes::from(vec![b'x'; BODY_CAP + 1]);

        let request = RecordedRequest::new(Route::Unknown, &head, &body, UNIX_EPOCH);

        assert_eq!(request.body().len(), BODY_CAP);
    }

    #[test]
    fn the_oldest_request_makes_room() {
        let head = http::Request::new(()).into_parts().0;
        let request = |route| RecordedRequest::new(route, &head, &Bytes::new(), UNIX_EPOCH);
        let mut log = RequestLog::default();
        assert!(!log.push(request(Route::Token)));

        let dropped = (0..LOG_LENGTH)
            .filter(|_| log.push(request(Route::Unknown)))
            .count();

        assert_eq!(dropped, 1);
        let kept = log.to_vec();
        assert_eq!(kept.len(), LOG_LENGTH);
        assert!(kept.iter().all(|request| request.route() == Route::Unknown));
    }
}
