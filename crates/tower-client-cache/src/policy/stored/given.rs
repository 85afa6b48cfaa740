//! Exchanges for tests, written as text.

use std::time::{Duration, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use super::{Exchange, NotStored, Stored};
use crate::policy::{Rules, Timestamp};

/// When every response here was received: 2027-01-15T08:00:00Z.
const RECEIVED: i64 = 1_800_000_000;

/// So many seconds after the receipt.
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp(RECEIVED.saturating_add(seconds))
}

/// `name: value | name: value`, where `@60` is the date one minute after the receipt.
pub(super) fn fields(text: &str) -> HeaderMap {
    let lines = text.split(" | ").filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (name, value) = line.split_once(':').unwrap();
            let value = match value.trim().strip_prefix('@') {
                Some(seconds) => date(seconds.parse().unwrap()),
                None => value.trim().to_owned(),
            };
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            (name, HeaderValue::from_str(&value).unwrap())
        })
        .fold(HeaderMap::new(), |mut fields, (name, value)| {
            fields.append(name, value);
            fields
        })
}

/// A request and its response, and who stores it.
#[derive(Clone, Debug)]
pub(super) struct Given {
    method: Method,
    request: HeaderMap,
    status: StatusCode,
    response: HeaderMap,
    requested: Timestamp,
    received: Timestamp,
    authenticated: bool,
    rules: Rules,
}

impl Given {
    pub(super) fn response(text: &str) -> Self {
        Self {
            method: Method::GET,
            request: HeaderMap::new(),
            status: StatusCode::OK,
            response: fields(text),
            requested: at(0),
            received: at(0),
            authenticated: false,
            rules: Rules::new(),
        }
    }

    pub(super) fn method(mut self, method: &str) -> Self {
        self.method = method.parse().unwrap();
        self
    }

    pub(super) fn request(mut self, text: &str) -> Self {
        self.request = fields(text);
        self
    }

    pub(super) fn status(mut self, code: u16) -> Self {
        self.status = StatusCode::from_u16(code).unwrap();
        self
    }

    pub(super) fn took(mut self, seconds: i64) -> Self {
        self.requested = Timestamp(self.received.0 - seconds);
        self
    }

    pub(super) fn received(mut self, seconds: i64) -> Self {
        self.received = at(seconds);
        self.requested = at(seconds);
        self
    }

    pub(super) fn authenticated(mut self) -> Self {
        self.authenticated = true;
        self
    }

    pub(super) fn rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    pub(super) fn exchange(&self) -> Exchange<'_> {
        Exchange {
            method: &self.method,
            request_headers: &self.request,
            status: self.status,
            headers: &self.response,
            requested: self.requested,
            received: self.received,
            authenticated: self.authenticated,
        }
    }

    pub(super) fn stored(&self) -> Result<Stored, NotStored> {
        Stored::of(&self.exchange(), &self.rules)
    }

    pub(super) fn get(&self) -> Stored {
        self.stored().unwrap()
    }
}

fn date(seconds: i64) -> String {
    let seconds = u64::try_from(at(seconds).0).unwrap();
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds))
}
