//! What a response allows caches.

use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderName};

use super::at_most;
use super::list::{Directive, NameBuffer, directives};

/// What a response allows caches (RFC 9111 section 5.2.2, RFC 5861, RFC 8246).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResponseDirectives {
    /// It may not be stored.
    pub no_store: bool,
    /// It may not be used without asking the origin.
    pub no_cache: bool,
    /// Fields that may not be used without asking the origin (`no-cache="…"`): in order, each once,
    /// and none if that holds for the whole response.
    pub no_cache_fields: Vec<HeaderName>,
    /// A shared cache may not store it.
    pub private: bool,
    /// Fields that a shared cache may not store (`private="…"`): in order, each once, and none if
    /// that holds for the whole response.
    pub private_fields: Vec<HeaderName>,
    /// It may be stored whatever else speaks against it.
    pub public: bool,
    /// Stale, it may not be used without asking the origin.
    pub must_revalidate: bool,
    /// The same, for shared caches.
    pub proxy_revalidate: bool,
    /// Only who understands the status may store it, and may then even with `no-store`.
    pub must_understand: bool,
    /// While fresh it need not be asked for, even if the user reloads (RFC 8246).
    pub immutable: bool,
    /// How long it is fresh.
    pub max_age: Option<u32>,
    /// How long it is fresh in a shared cache.
    pub s_maxage: Option<u32>,
    /// How long it may be served stale while the origin is asked (RFC 5861).
    pub stale_while_revalidate: Option<u32>,
    /// How long it may be served stale when the origin fails (RFC 5861).
    pub stale_if_error: Option<u32>,
}

impl ResponseDirectives {
    /// Reads `Cache-Control`.
    ///
    /// Of several values the smallest counts, and one that is no number of seconds is 0. Fields that
    /// are not understood are all fields, and so is a private `Cache-Control`. A quoted string
    /// without an end, or with commas and junk after its end, may have swallowed anything: such a
    /// response is `no-store` and `no-cache`, whether understood or not.
    ///
    /// ```
    /// use http::{HeaderMap, HeaderValue};
    /// use tower_client_cache::policy::ResponseDirectives;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.insert("cache-control", HeaderValue::from_static("max-age=60, immutable"));
    ///
    /// let directives = ResponseDirectives::of(&headers);
    /// assert!(directives.immutable);
    /// assert_eq!(directives.max_age, Some(60));
    /// ```
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let mut found = Self::default();
        let mut unterminated = false;
        for directive in directives(headers, CACHE_CONTROL) {
            unterminated |= directive.is_unterminated();
            found.add(&directive);
        }
        if unterminated {
            found.no_store = true;
            found.no_cache = true;
            found.must_understand = false;
        }
        // Without them nobody would know what else is private.
        found.private |= found.private_fields.contains(&CACHE_CONTROL);
        settle(&mut found.no_cache_fields, found.no_cache);
        settle(&mut found.private_fields, found.private);
        found
    }

    fn add(&mut self, directive: &Directive<'_>) {
        let allows = directive.is_well_formed();
        let seconds = || directive.seconds().unwrap_or(0);
        match directive.name(&mut NameBuffer::default()) {
            b"no-store" => self.no_store = true,
            b"no-cache" => qualify(directive, &mut self.no_cache, &mut self.no_cache_fields),
            b"private" => qualify(directive, &mut self.private, &mut self.private_fields),
            b"public" => self.public |= allows,
            b"must-revalidate" => self.must_revalidate = true,
            b"proxy-revalidate" => self.proxy_revalidate = true,
            b"must-understand" => self.must_understand |= allows,
            b"immutable" => self.immutable |= allows,
            b"max-age" => at_most(&mut self.max_age, seconds()),
            b"s-maxage" => at_most(&mut self.s_maxage, seconds()),
            b"stale-while-revalidate" => at_most(&mut self.stale_while_revalidate, seconds()),
            b"stale-if-error" => at_most(&mut self.stale_if_error, seconds()),
            _ => {}
        }
    }
}

/// Adds the fields that a directive is about; without any it is about the whole response.
fn qualify(directive: &Directive<'_>, whole: &mut bool, fields: &mut Vec<HeaderName>) {
    let named = directive.fields();
    *whole |= named.is_empty();
    fields.extend(named);
}

/// Orders fields and keeps each once; none if the whole response is meant.
fn settle(fields: &mut Vec<HeaderName>, whole: bool) {
    if whole {
        fields.clear();
    }
    fields.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
    fields.dedup();
}

#[cfg(test)]
mod tests;
