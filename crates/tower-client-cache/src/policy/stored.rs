//! What a cache keeps of a response to decide about it later.

mod decision;
mod freshness;
#[cfg(test)]
mod given;
mod lifetime;
#[cfg(test)]
mod model;
mod not_stored;
mod on_error;
#[cfg(feature = "codec")]
mod parts;
#[cfg(test)]
mod properties;
mod status;
mod storing;

use std::fmt;

use http::{HeaderMap, Method, StatusCode};

pub use self::decision::{Decision, Served, StaleReason};
use self::freshness::Times;
pub use self::not_stored::NotStored;
pub use self::on_error::is_error_for_stale;
#[cfg(feature = "codec")]
pub(crate) use self::parts::StoredParts;
use super::{FOREVER, ResponseDirectives, Rules, Timestamp};

/// A request that went out and the head of what came back.
#[derive(Clone, Copy)]
pub struct Exchange<'a> {
    /// The request's method.
    pub method: &'a Method,
    /// The request's header fields.
    pub request_headers: &'a HeaderMap,
    /// The response's status.
    pub status: StatusCode,
    /// The response's header fields.
    pub headers: &'a HeaderMap,
    /// When the request was sent.
    pub requested: Timestamp,
    /// When the response's head had arrived.
    pub received: Timestamp,
    /// Whether it was sent with a credential that is not among `request_headers`: a layer below
    /// the cache may have added one.
    pub authenticated: bool,
}

impl fmt::Debug for Exchange<'_> {
    /// Leaves the header fields out: who sent a credential did not expect to find it in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("method", &self.method)
            .field("status", &self.status)
            .field("requested", &self.requested)
            .field("received", &self.received)
            .field("authenticated", &self.authenticated)
            .finish_non_exhaustive()
    }
}

/// A stored response as far as decisions need it: a few integers and flags, read from it once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// When it was received, or last validated.
    received: Timestamp,
    /// When it was made, as its `Date` says.
    date: Timestamp,
    /// How old it was when it was received.
    initial_age: u32,
    lifetime: u32,
    stale_while_revalidate: u32,
    stale_if_error: u32,
    status: StatusCode,
    no_cache: bool,
    without_no_cache_fields: bool,
    /// `must-revalidate`, or what says the same to this kind of cache.
    must_revalidate: bool,
    immutable: bool,
}

impl Stored {
    /// Reads what has to be known of a response, if it may be stored.
    ///
    /// # Errors
    ///
    /// [`NotStored`] is the first reason why it may not be.
    pub fn of(exchange: &Exchange<'_>, rules: &Rules) -> Result<Self, NotStored> {
        if exchange.method != Method::GET {
            return Err(NotStored::Method);
        }
        Self::new(exchange, exchange, rules)
    }

    /// Reads it anew after a validation: `exchange` is the one that was answered with 304 (or the
    /// `HEAD` that did as well), `updated` are the stored fields with those of the answer in them.
    ///
    /// The answer's own age and date count: those among the stored fields may tell of the time
    /// before it (RFC 9111 section 4.2.3).
    ///
    /// # Errors
    ///
    /// [`NotStored`] if it would not be stored if it came like this. It still answers the request
    /// that it was validated for. What is stored has to be forgotten then, unless it was the
    /// request that said so ([`NotStored::RequestNoStore`]): it stays as it was (RFC 9111 section
    /// 5.2.1.5).
    pub fn freshened(
        &self,
        exchange: &Exchange<'_>,
        updated: &HeaderMap,
        rules: &Rules,
    ) -> Result<Self, NotStored> {
        let response = Exchange {
            status: self.status,
            headers: updated,
            ..*exchange
        };
        Self::new(&response, exchange, rules)
    }

    /// Reads what has to be known of a response that is kept for a time that its fields have no say
    /// in, counted from its arrival: for an API whose answers say nothing, or nothing that is true.
    ///
    /// The times are in seconds. A variant is one all the same.
    ///
    /// # Errors
    ///
    /// [`NotStored`] if the method is not GET, it is a part or no final answer, the request forbids
    /// it, or no request would match it.
    pub fn lasting(
        exchange: &Exchange<'_>,
        lifetime: u32,
        stale_while_revalidate: u32,
        stale_if_error: u32,
    ) -> Result<Self, NotStored> {
        if exchange.method != Method::GET {
            return Err(NotStored::Method);
        }
        storing::check_lasting(exchange)?;
        Ok(Self {
            received: exchange.received,
            date: Times::of(exchange).date,
            initial_age: 0,
            lifetime: lifetime.min(FOREVER),
            stale_while_revalidate: stale_while_revalidate.min(FOREVER),
            stale_if_error: stale_if_error.min(FOREVER),
            status: exchange.status,
            no_cache: false,
            without_no_cache_fields: false,
            must_revalidate: false,
            immutable: false,
        })
    }

    /// Returns it as old as the answer to a validation says, for the one request that this was for:
    /// what [must be forgotten](Self::freshened) still answers that one.
    #[must_use]
    pub fn validated_by(self, exchange: &Exchange<'_>) -> Self {
        let times = Times::of(exchange);
        Self {
            received: times.received,
            date: times.date,
            initial_age: times.initial_age,
            no_cache: true,
            ..self
        }
    }

    /// Returns it as one that is not `immutable`: what came over an open connection may have been
    /// changed on the way (RFC 8246 section 3).
    #[must_use]
    pub fn mutable(self) -> Self {
        let immutable = false;
        Self { immutable, ..self }
    }

    /// Returns it as one that is never served without validation: for what `HEAD` or an unsafe
    /// request has shown to be out of date (RFC 9111 sections 4.3.5 and 4.4).
    #[must_use]
    pub fn invalidated(self) -> Self {
        let no_cache = true;
        Self { no_cache, ..self }
    }

    /// Returns when it was made: its `Date`, or when it was received. Of several that match, the
    /// latest is used (RFC 9111 section 4).
    #[must_use]
    pub const fn date(&self) -> Timestamp {
        self.date
    }

    /// Returns when it was received, or last validated.
    #[must_use]
    pub const fn received(&self) -> Timestamp {
        self.received
    }

    /// Tells whether it came before another, or was made before one that came in the same second:
    /// then it does not replace that one.
    #[must_use]
    pub fn is_older_than(&self, other: &Self) -> bool {
        (self.received, self.date) < (other.received, other.date)
    }

    /// Returns its status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// Reads a response; `arrived` is the one whose age counts.
    fn new(
        response: &Exchange<'_>,
        arrived: &Exchange<'_>,
        rules: &Rules,
    ) -> Result<Self, NotStored> {
        let directives = ResponseDirectives::of(response.headers);
        storing::check(response, &directives, rules)?;
        let times = Times::of(arrived);
        let for_shared = directives.proxy_revalidate || directives.s_maxage.is_some();
        Ok(Self {
            received: times.received,
            date: times.date,
            initial_age: times.initial_age,
            lifetime: lifetime::of(response, &directives, times.date, rules),
            stale_while_revalidate: directives
                .stale_while_revalidate
                .unwrap_or(rules.stale_while_revalidate),
            stale_if_error: directives.stale_if_error.unwrap_or(rules.stale_if_error),
            status: response.status,
            no_cache: directives.no_cache,
            without_no_cache_fields: !directives.no_cache_fields.is_empty(),
            must_revalidate: directives.must_revalidate || rules.shared && for_shared,
            immutable: directives.immutable,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::given::{Given, at, fields};
    use super::*;
    use crate::policy::RequestDirectives;

    #[test]
    fn is_small_enough_to_be_copied() {
        assert!(size_of::<Stored>() <= 64);
    }

    // RFC 9111 sections 4.3.5 and 4.4.
    #[test]
    fn what_is_invalidated_is_served_to_nobody_without_validation() {
        let stored = Given::response("cache-control: max-age=100, stale-if-error=9").get();
        let anything = RequestDirectives {
            max_stale: Some(FOREVER),
            ..RequestDirectives::default()
        };

        let invalidated = stored.invalidated();

        let decision = invalidated.decide(&anything, at(1), true);
        assert_eq!(decision, Decision::Revalidate);
        assert!(!invalidated.may_serve_on_error(&anything, at(1)));
    }

    #[test]
    fn tells_what_a_choice_between_several_needs() {
        let stored = Given::response("cache-control: max-age=1 | date: @-7").received(3);

        let stored = stored.status(404).get();

        assert_eq!((stored.date(), stored.received()), (at(-7), at(3)));
        assert_eq!(stored.status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn an_exchange_shows_no_field() {
        let given = Given::response("set-cookie: s3cret").request("authorization: s3cret");

        let shown = format!("{:?}", given.exchange());

        assert!(!shown.contains("s3cret"), "{shown}");
    }

    // RFC 9111 sections 4.2.3 and 4.3.4.
    #[test]
    fn what_was_validated_is_as_old_as_the_answer_says() {
        let stored = Given::response("cache-control: max-age=100 | date: @-50 | age: 80").get();
        let table = [
            (
                "date: @200",
                "cache-control: max-age=100 | date: @200 | age: 80",
                0,
                100,
            ),
            (
                "age: 7",
                "cache-control: max-age=100 | date: @-50 | age: 7",
                7,
                100,
            ),
            (
                "date: @195",
                "cache-control: max-age=9 | date: @195 | age: 80",
                5,
                9,
            ),
            // An answer without a date was made when it came (RFC 9110 section 6.6.1).
            ("", "expires: @260 | date: @-50 | age: 80", 0, 60),
            ("date: @200", "last-modified: @100 | date: @200", 0, 10),
        ];
        for (answer, updated, age, lifetime) in table {
            let exchange = Given::response(answer).status(304).received(200);

            let freshened = stored
                .freshened(&exchange.exchange(), &fields(updated), &Rules::new())
                .unwrap();

            assert_eq!(freshened.age(at(200)), age, "{answer}");
            assert_eq!(freshened.lifetime(), lifetime, "{answer}");
        }
    }

    // RFC 9111 sections 3.2 and 4.3.4: the fields that count are the updated ones.
    #[test]
    fn a_validation_changes_what_the_response_allows() {
        let stored = Given::response("cache-control: max-age=100, stale-if-error=9").get();
        let same = "cache-control: max-age=100, no-cache, must-revalidate, immutable";
        let exchange = Given::response(same).status(304);

        let freshened = stored.freshened(&exchange.exchange(), &fields(same), &Rules::new());

        assert_eq!(freshened, Given::response(same).stored());
    }

    // RFC 9111 section 4.2.2: it is the stored response's status that allows to guess.
    #[test]
    fn a_validation_leaves_the_status_as_it_was() {
        let updated = fields("last-modified: @-1000 | cache-control: private");
        let exchange = Given::response("").status(304);
        for (code, lifetime) in [(200, 100), (302, 0)] {
            let stored = Given::response("cache-control: max-age=5")
                .status(code)
                .get();

            let freshened = stored.freshened(&exchange.exchange(), &updated, &Rules::new());

            assert_eq!(
                freshened.map(|stored| stored.lifetime()),
                Ok(lifetime),
                "{code}"
            );
        }
    }

    // RFC 9111 section 5.2.2.5; section 4.3.5: `HEAD` may freshen.
    #[test]
    fn a_validation_can_forbid_to_keep_it() {
        let stored = Given::response("cache-control: max-age=5").get();
        let freshened = |request, updated| {
            let exchange = Given::response(updated)
                .status(200)
                .request(request)
                .method("HEAD");
            let freshened = stored.freshened(&exchange.exchange(), &fields(updated), &Rules::new());
            freshened.map(drop)
        };

        assert_eq!(
            freshened("", "cache-control: no-store"),
            Err(NotStored::NoStore)
        );
        assert_eq!(
            freshened("cache-control: no-store", ""),
            Err(NotStored::RequestNoStore)
        );
        assert_eq!(freshened("", "vary: *"), Err(NotStored::VaryAny));
        assert_eq!(freshened("", "etag: \"1\""), Ok(()));
    }
}
