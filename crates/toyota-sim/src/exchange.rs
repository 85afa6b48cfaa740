//! One request as the handlers see it: read, timed, and easy to ask.

use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderMap, header::CONTENT_TYPE, header::COOKIE, request::Parts};
use url::form_urlencoded;

/// A request whose body has been read.
pub(crate) struct Exchange<'a> {
    head: &'a Parts,
    body: &'a Bytes,
    now: SystemTime,
}

impl<'a> Exchange<'a> {
    pub(crate) fn new(head: &'a Parts, body: &'a Bytes, now: SystemTime) -> Self {
        Self { head, body, now }
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.now
    }

    pub(crate) fn body(&self) -> &'a Bytes {
        self.body
    }

    pub(crate) fn headers(&self) -> &'a HeaderMap {
        &self.head.headers
    }

    /// Returns the media type, without its parameters and in lower case.
    pub(crate) fn media_type(&self) -> String {
        header(self.headers(), CONTENT_TYPE.as_str())
            .and_then(|value| value.split(';').next())
            .map(|kind| kind.trim().to_ascii_lowercase())
            .unwrap_or_default()
    }

    /// Returns the value of the cookie called `name`; HTTP/2 may spread cookies over header lines
    /// (RFC 9113, section 8.2.3).
    pub(crate) fn cookie(&self, name: &str) -> Option<&'a str> {
        self.headers()
            .get_all(COOKIE)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(found, value)| (found == name).then_some(value))
    }

    pub(crate) fn path(&self) -> &'a str {
        self.head.uri.path()
    }

    pub(crate) fn query(&self) -> Fields {
        Fields::parse(self.head.uri.query().unwrap_or_default().as_bytes())
    }

    pub(crate) fn form(&self) -> Fields {
        Fields::parse(self.body)
    }
}

/// Returns the header called `name`; one that is empty or no text counts as missing.
pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .map(str::trim)
        .filter(|value| !value.is_empty())
}

/// The fields of a query or a form.
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(crate) fn parse(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).into_owned().collect())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find_map(|(found, value)| (found == name).then_some(value.as_str()))
    }

    /// Returns whether the field called `name` is there and is `value`.
    pub(crate) fn is(&self, name: &str, value: &str) -> bool {
        self.get(name) == Some(value)
    }
}
