//! What stands in for an error of the origin (RFC 5861 section 4).

use http::StatusCode;

use super::Stored;
use crate::policy::{RequestDirectives, Timestamp};

impl Stored {
    /// Decides whether it may be served instead of an error of the origin (no answer, or what
    /// [`is_error_for_stale`](crate::policy::is_error_for_stale) says of one; RFC 5861 section 4).
    ///
    /// The request's `stale-if-error` counts before the response's, that before the
    /// [`Rules`](crate::policy::Rules); 0 allows nothing. The request's `max-age` and `min-fresh`
    /// do not matter, but with `no-cache` it gets the error unless it says `stale-if-error` itself.
    #[must_use]
    pub fn may_serve_on_error(&self, request: &RequestDirectives, now: Timestamp) -> bool {
        let window = match request.stale_if_error {
            Some(window) => window,
            None if request.no_cache => 0,
            None => self.stale_if_error,
        };
        let in_window = self.is_fresh(now) || self.may_be_stale(now, window);
        window > 0 && in_window && !self.no_cache
    }
}

/// Returns whether a status is an error that a stale response may be served instead of (RFC 5861
/// section 4).
#[must_use]
pub fn is_error_for_stale(status: StatusCode) -> bool {
    matches!(status.as_u16(), 500 | 502 | 503 | 504)
}

#[cfg(test)]
mod tests {
    use super::super::given::{Given, at, fields};
    use super::*;
    use crate::policy::Rules;

    // RFC 5861 section 4, RFC 9111 section 4.2.4.
    #[test]
    fn an_error_of_the_origin_can_be_answered_with_what_is_stored() {
        let table = [
            ("max-age=600, stale-if-error=1200", "", 900, true),
            ("max-age=600, stale-if-error=1200", "", 1800, true),
            ("max-age=600, stale-if-error=1200", "", 1801, false),
            ("max-age=600", "", 600, false),
            ("max-age=600, stale-if-error=0", "", 600, false),
            ("max-age=600", "stale-if-error=10", 610, true),
            ("max-age=600", "stale-if-error=10", 611, false),
            (
                "max-age=600, stale-if-error=1200",
                "stale-if-error=10",
                611,
                false,
            ),
            (
                "max-age=600, stale-if-error=1200",
                "stale-if-error=0",
                600,
                false,
            ),
            // Fresh, but the request had the origin asked all the same.
            ("max-age=600, stale-if-error=9", "max-age=0", 5, true),
            ("max-age=600, stale-if-error=9", "no-cache", 5, false),
            (
                "max-age=600, stale-if-error=9",
                "no-cache, stale-if-error=1",
                5,
                true,
            ),
            ("max-age=600", "max-age=0", 5, false),
            (
                "max-age=600, stale-if-error=9, must-revalidate",
                "",
                601,
                false,
            ),
            (
                "max-age=600, stale-if-error=9, must-revalidate",
                "max-age=0",
                5,
                true,
            ),
            (
                "max-age=600, must-revalidate",
                "stale-if-error=9",
                601,
                false,
            ),
            ("max-age=600, stale-if-error=9, no-cache", "", 5, false),
            ("max-age=600, no-cache", "stale-if-error=9", 5, false),
        ];
        for (response, request, age, expected) in table {
            let stored = Given::response(&format!("cache-control: {response}")).get();

            let served = stored.may_serve_on_error(&directives(request), at(age));

            assert_eq!(served, expected, "{response}; {request}; {age}");
        }
    }

    #[test]
    fn the_rules_speak_where_the_response_is_silent_about_errors() {
        let rules = Rules::new().stale_if_error(20);
        let served = |rules, text: &str, age| {
            let given = Given::response(&format!("cache-control: max-age=100, {text}"));
            let stored = given.rules(rules).get();
            stored.may_serve_on_error(&RequestDirectives::default(), at(age))
        };

        assert!(served(rules, "public", 120));
        assert!(!served(rules, "public", 121));
        assert!(!served(rules, "stale-if-error=5", 106));
        assert!(!served(rules, "must-revalidate", 101));
        assert!(served(rules.shared(), "public", 101));
        assert!(!served(rules.shared(), "proxy-revalidate", 101));
    }

    // RFC 5861 section 4: four statuses, no more.
    #[test]
    fn a_stale_response_stands_in_for_four_errors() {
        let errors: Vec<u16> = (100..1000)
            .filter(|&code| StatusCode::from_u16(code).is_ok_and(is_error_for_stale))
            .collect();

        assert_eq!(errors, [500, 502, 503, 504]);
    }

    fn directives(text: &str) -> RequestDirectives {
        RequestDirectives::of(&fields(&format!("cache-control: {text}")))
    }
}
