//! What a request wants of caches.

use http::HeaderMap;
use http::header::{CACHE_CONTROL, PRAGMA};

use super::at_most;
use super::list::{Directive, NameBuffer, directives};
use crate::policy::FOREVER;

/// What a request wants of caches (RFC 9111 section 5.2.1, RFC 5861 section 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RequestDirectives {
    /// Neither the request nor its response may be stored.
    pub no_store: bool,
    /// Nothing stored may be used without asking the origin.
    pub no_cache: bool,
    /// The origin must not be asked.
    pub only_if_cached: bool,
    /// The greatest age that is accepted.
    pub max_age: Option<u32>,
    /// How long the response has to stay fresh at least.
    pub min_fresh: Option<u32>,
    /// How stale it may be; [`FOREVER`] if any staleness will do.
    pub max_stale: Option<u32>,
    /// How stale it may be when the origin fails.
    pub stale_if_error: Option<u32>,
}

impl RequestDirectives {
    /// Reads `Cache-Control`, or `Pragma` if there is none.
    ///
    /// Of several values the strictest counts. One that is no number of seconds is as strict as one
    /// can be: 0, and for `min-fresh` [`FOREVER`]; a `max-stale` is ignored. A quoted string without
    /// an end, or with commas and junk after its end, may have swallowed anything: such a request is
    /// `no-store` and `no-cache`, and with such a `Pragma` it is `no-cache`.
    ///
    /// ```
    /// use http::{HeaderMap, HeaderValue};
    /// use tower_client_cache::policy::RequestDirectives;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.insert("cache-control", HeaderValue::from_static("max-age=60, no-store"));
    ///
    /// let directives = RequestDirectives::of(&headers);
    /// assert!(directives.no_store);
    /// assert_eq!(directives.max_age, Some(60));
    /// ```
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let mut found = Self::default();
        if !headers.contains_key(CACHE_CONTROL) {
            found.no_cache = directives(headers, PRAGMA).any(|directive| {
                directive.is_unterminated()
                    || directive.name(&mut NameBuffer::default()) == b"no-cache"
            });
            return found;
        }
        for directive in directives(headers, CACHE_CONTROL) {
            found.add(&directive);
        }
        found
    }

    fn add(&mut self, directive: &Directive<'_>) {
        match directive.name(&mut NameBuffer::default()) {
            b"no-store" => self.no_store = true,
            b"no-cache" => self.no_cache = true,
            b"only-if-cached" => self.only_if_cached = true,
            b"max-age" => at_most(&mut self.max_age, directive.seconds().unwrap_or(0)),
            b"min-fresh" => {
                let seconds = directive.seconds().unwrap_or(FOREVER);
                self.min_fresh = self.min_fresh.max(Some(seconds));
            }
            b"max-stale" => {
                let any = (!directive.has_argument()).then_some(FOREVER);
                if let Some(seconds) = any.or_else(|| directive.seconds()) {
                    at_most(&mut self.max_stale, seconds);
                }
            }
            b"stale-if-error" => {
                at_most(&mut self.stale_if_error, directive.seconds().unwrap_or(0));
            }
            _ => {}
        }
        if directive.is_unterminated() {
            self.no_store = true;
            self.no_cache = true;
        }
    }
}

#[cfg(test)]
mod tests;
