//! What is done with a stored response when it is asked for (RFC 9111 section 4).

use super::Stored;
use crate::policy::{RequestDirectives, Timestamp};

/// What a request gets that a stored response matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The stored response.
    Serve(Served),
    /// What the origin says to a conditional request.
    Revalidate,
    /// What the origin says: the stored response has no validator to ask with.
    Fetch,
    /// 504: the origin would have to be asked, and the request forbids it.
    GatewayTimeout,
}

/// In which state a stored response is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Served {
    /// Fresh.
    Fresh,
    /// Stale, for a reason.
    Stale(StaleReason),
}

/// Why a response may be served although it is stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaleReason {
    /// The request accepts it (`max-stale`).
    MaxStale,
    /// The origin allows it (`stale-while-revalidate`), to whoever then asks it in the background.
    WhileRevalidate,
}

impl Stored {
    /// Decides what a request gets: a few comparisons.
    ///
    /// `has_validators` is whether the stored response has an entity tag or a date of modification.
    /// The strictest of what request and response say counts, with these in particular:
    ///
    /// - `no-cache`, of either, always asks the origin. So does a request's `max-age` that is
    ///   exceeded, except while the response is fresh and `immutable` (RFC 8246): a reload
    ///   (`max-age=0`) does not disturb it, a forced one (`no-cache`) does.
    /// - `max-stale` does not widen `max-age` and `min-fresh`: they limit the age and the rest of
    ///   the lifetime by themselves.
    /// - `max-stale` limits `stale-while-revalidate` too, and `max-age` alone rules it out (RFC
    ///   9111 section 5.2.1.1). So does `only-if-cached`, as nothing could be asked meanwhile.
    #[must_use]
    pub fn decide(
        &self,
        request: &RequestDirectives,
        now: Timestamp,
        has_validators: bool,
    ) -> Decision {
        match self.served(request, now) {
            Some(served) => Decision::Serve(served),
            None if request.only_if_cached => Decision::GatewayTimeout,
            None if has_validators => Decision::Revalidate,
            None => Decision::Fetch,
        }
    }

    /// Returns whether the fields that a `no-cache="…"` names have to be left out when it is served
    /// without validation (RFC 9111 section 5.2.2.4).
    #[must_use]
    pub const fn without_no_cache_fields(&self) -> bool {
        self.without_no_cache_fields
    }

    fn served(&self, request: &RequestDirectives, now: Timestamp) -> Option<Served> {
        if self.no_cache || request.no_cache {
            return None;
        }
        let (age, fresh) = (self.age(now), self.is_fresh(now));
        let untouched = fresh && self.immutable;
        let young = request
            .max_age
            .is_none_or(|limit| untouched || age <= limit);
        let lasting = request
            .min_fresh
            .is_none_or(|rest| age.saturating_add(rest) <= self.lifetime);
        if !(young && lasting) {
            None
        } else if fresh {
            Some(Served::Fresh)
        } else {
            self.stale_reason(request, now).map(Served::Stale)
        }
    }

    fn stale_reason(&self, request: &RequestDirectives, now: Timestamp) -> Option<StaleReason> {
        let accepted = request.max_stale.map(|limit| self.may_be_stale(now, limit));
        let offered = self.stale_while_revalidate > 0
            && !request.only_if_cached
            && self.may_be_stale(now, self.stale_while_revalidate);
        match accepted {
            Some(true) if offered => Some(StaleReason::WhileRevalidate),
            Some(true) => Some(StaleReason::MaxStale),
            None if offered && request.max_age.is_none() => Some(StaleReason::WhileRevalidate),
            Some(false) | None => None,
        }
    }

    /// Whether it is stale by no more than this, and nothing forbids serving it so.
    pub(super) fn may_be_stale(&self, now: Timestamp, window: u32) -> bool {
        !self.must_revalidate && self.staleness(now) <= window
    }
}

#[cfg(test)]
mod tests {
    use super::super::given::{Given, at, fields};
    use super::*;
    use crate::policy::Rules;

    const FRESH: Decision = Decision::Serve(Served::Fresh);
    const MAX_STALE: Decision = Decision::Serve(Served::Stale(StaleReason::MaxStale));
    const MEANWHILE: Decision = Decision::Serve(Served::Stale(StaleReason::WhileRevalidate));
    const ASK: Decision = Decision::Revalidate;
    const TIMEOUT: Decision = Decision::GatewayTimeout;

    /// What the response says besides `max-age=100`, what the request says, the age, the decision.
    type Row = (&'static str, &'static str, i64, Decision);

    // RFC 9111 sections 4, 4.2.4 and 5.2.2.
    #[test]
    fn what_the_response_says_is_kept() {
        check(&[
            ("", "", 99, FRESH),
            ("", "", 100, ASK),
            // 5.2.2.4
            ("no-cache", "", 0, ASK),
            ("no-cache", "max-stale", 0, ASK),
            ("no-cache=\"set-cookie\"", "", 99, FRESH),
            ("no-cache=\"set-cookie\"", "", 100, ASK),
            // 5.2.2.2
            ("must-revalidate", "max-stale", 99, FRESH),
            ("must-revalidate", "max-stale", 100, ASK),
            ("must-revalidate, stale-while-revalidate=50", "", 100, ASK),
            // 5.2.2.8 and 5.2.2.10, in a private cache
            ("proxy-revalidate", "max-stale", 100, MAX_STALE),
            ("s-maxage=10", "max-stale", 100, MAX_STALE),
        ]);
    }

    // RFC 9111 sections 5.2.2.8 and 5.2.2.10.
    #[test]
    fn a_shared_cache_keeps_what_is_said_to_it() {
        check_with(
            Rules::new().shared(),
            &[
                ("proxy-revalidate", "max-stale", 100, ASK),
                ("proxy-revalidate, stale-while-revalidate=9", "", 100, ASK),
                ("s-maxage=100", "max-stale", 99, FRESH),
                ("s-maxage=100", "max-stale", 100, ASK),
                ("", "max-stale", 100, MAX_STALE),
            ],
        );
    }

    // RFC 9111 section 5.2.1.
    #[test]
    fn what_the_request_says_is_kept() {
        check(&[
            // 5.2.1.1
            ("", "max-age=50", 50, FRESH),
            ("", "max-age=50", 51, ASK),
            ("", "max-age=0", 0, FRESH),
            ("", "max-age=0", 1, ASK),
            ("", "max-age=200", 150, ASK),
            ("", "max-age=200, max-stale", 150, MAX_STALE),
            ("", "max-age=200, max-stale", 201, ASK),
            ("", "max-age=50, max-stale", 51, ASK),
            // 5.2.1.2
            ("", "max-stale", 1 << 40, MAX_STALE),
            ("", "max-stale=10", 99, FRESH),
            ("", "max-stale=10", 110, MAX_STALE),
            ("", "max-stale=10", 111, ASK),
            // 5.2.1.3
            ("", "min-fresh=20", 80, FRESH),
            ("", "min-fresh=20", 81, ASK),
            ("", "min-fresh=20, max-stale", 81, ASK),
            ("", "min-fresh=0, max-stale", 101, ASK),
            ("stale-while-revalidate=50", "min-fresh=1", 101, ASK),
            // 5.2.1.4
            ("", "no-cache", 0, ASK),
            ("", "no-cache, max-stale", 0, ASK),
            // 5.2.1.5: it does not apply to what is stored
            ("", "no-store", 0, FRESH),
        ]);
    }

    // RFC 9111 section 5.2.1.7.
    #[test]
    fn a_request_that_forbids_to_ask_gets_a_timeout() {
        check(&[
            ("", "only-if-cached", 99, FRESH),
            ("", "only-if-cached", 100, TIMEOUT),
            ("no-cache", "only-if-cached", 0, TIMEOUT),
            ("", "only-if-cached, no-cache", 0, TIMEOUT),
            ("", "only-if-cached, max-stale=10", 110, MAX_STALE),
            ("", "only-if-cached, max-stale=10", 111, TIMEOUT),
            // RFC 5861 section 3: nothing could be asked in the background.
            ("stale-while-revalidate=50", "only-if-cached", 101, TIMEOUT),
            (
                "stale-while-revalidate=50",
                "only-if-cached, max-stale",
                101,
                MAX_STALE,
            ),
        ]);
    }

    // RFC 5861 section 3.
    #[test]
    fn what_is_asked_for_in_the_background_may_be_stale_for_a_while() {
        check(&[
            ("stale-while-revalidate=50", "", 99, FRESH),
            ("stale-while-revalidate=50", "", 150, MEANWHILE),
            ("stale-while-revalidate=50", "", 151, ASK),
            ("stale-while-revalidate=0", "", 100, ASK),
            ("stale-while-revalidate=50", "no-cache", 101, ASK),
            ("stale-while-revalidate=50", "max-age=200", 101, ASK),
            ("stale-while-revalidate=50", "max-stale=10", 110, MEANWHILE),
            ("stale-while-revalidate=50", "max-stale=10", 111, ASK),
            ("stale-while-revalidate=50", "max-stale", 151, MAX_STALE),
        ]);
        check_with(
            Rules::new().stale_while_revalidate(20),
            &[
                ("", "", 120, MEANWHILE),
                ("", "", 121, ASK),
                ("stale-while-revalidate=5", "", 106, ASK),
                ("must-revalidate", "", 101, ASK),
            ],
        );
    }

    // RFC 8246 section 2.
    #[test]
    fn a_reload_does_not_disturb_what_is_immutable_and_fresh() {
        check(&[
            ("immutable", "max-age=0", 99, FRESH),
            ("immutable", "max-age=0", 100, ASK),
            ("immutable", "max-age=0, max-stale", 100, ASK),
            ("immutable", "no-cache", 0, ASK),
            ("immutable", "max-age=0, no-cache", 0, ASK),
            ("immutable", "min-fresh=50", 51, ASK),
            ("immutable, no-cache", "", 0, ASK),
        ]);
    }

    // RFC 9111 section 4.3.1.
    #[test]
    fn what_has_no_validator_is_fetched_anew() {
        let stored = Given::response("cache-control: max-age=100").get();
        let decide = |text| stored.decide(&directives(text), at(100), false);

        assert_eq!(decide(""), Decision::Fetch);
        assert_eq!(decide("max-stale"), MAX_STALE);
        assert_eq!(decide("only-if-cached"), TIMEOUT);
    }

    // RFC 9111 section 5.2.2.4.
    #[test]
    fn fields_of_a_qualified_no_cache_are_told() {
        let told = |text| Given::response(text).get().without_no_cache_fields();

        assert!(told("cache-control: no-cache=\"set-cookie\""));
        assert!(!told("cache-control: no-cache"));
        assert!(!told("cache-control: max-age=100"));
    }

    fn check(rows: &[Row]) {
        check_with(Rules::new(), rows);
    }

    fn check_with(rules: Rules, rows: &[Row]) {
        for &(response, request, age, expected) in rows {
            let given = Given::response(&format!("cache-control: max-age=100, {response}"));

            let decision = given
                .rules(rules)
                .get()
                .decide(&directives(request), at(age), true);

            assert_eq!(decision, expected, "{response}; {request}; {age}");
        }
    }

    fn directives(text: &str) -> RequestDirectives {
        RequestDirectives::of(&fields(&format!("cache-control: {text}")))
    }
}
