//! How old a response is, and whether that is still fresh (RFC 9111 sections 4.2 and 4.2.3).

use http::HeaderName;
use http::header::DATE;

use super::{Exchange, Stored};
use crate::policy::{FOREVER, Timestamp, age_field};

/// By how many seconds a clock may be corrected before it is not trusted.
const SLACK: u32 = 5;

impl Stored {
    /// Returns how old it is, in seconds (RFC 9111 section 4.2.3).
    ///
    /// If the clock was set back since it was received, by more than a few seconds, nobody knows
    /// how long that is ago: it is as old as can be.
    #[must_use]
    pub fn age(&self, now: Timestamp) -> u32 {
        if self.received.since(now) > SLACK {
            return FOREVER;
        }
        sum(self.initial_age, now.since(self.received))
    }

    /// Returns at which age it stops being fresh, in seconds (RFC 9111 section 4.2.1).
    #[must_use]
    pub const fn lifetime(&self) -> u32 {
        self.lifetime
    }

    /// Returns whether it is fresh (RFC 9111 section 4.2). What says `no-cache` may be, and is not
    /// served without validation all the same.
    #[must_use]
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        self.lifetime > self.age(now)
    }

    /// Returns for how many seconds it will be fresh, or minus for how many it has not been: the
    /// `ttl` of `Cache-Status` (RFC 9211 section 2.4).
    #[must_use]
    pub fn remaining(&self, now: Timestamp) -> i64 {
        i64::from(self.lifetime) - i64::from(self.age(now))
    }

    /// Returns when it stops, or stopped, being fresh.
    #[must_use]
    pub fn expires(&self) -> Timestamp {
        let rest = i64::from(self.lifetime) - i64::from(self.initial_age);
        Timestamp(self.received.0.saturating_add(rest))
    }

    /// Returns the time after which it is served to nobody without validation, except to whom
    /// asks for it by `max-stale` or `stale-if-error`.
    #[must_use]
    pub fn useful_until(&self) -> Timestamp {
        let window = if self.must_revalidate || self.no_cache {
            0
        } else {
            self.stale_while_revalidate.max(self.stale_if_error)
        };
        let until = i64::from(self.lifetime) + i64::from(window) - i64::from(self.initial_age);
        Timestamp(self.received.0.saturating_add(until))
    }

    /// By how many seconds it has outlived its freshness.
    pub(super) fn staleness(&self, now: Timestamp) -> u32 {
        self.age(now).saturating_sub(self.lifetime)
    }
}

/// What a response's own fields and the clock say about when it was made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) received: Timestamp,
    pub(super) date: Timestamp,
    pub(super) initial_age: u32,
}

impl Times {
    /// RFC 9111 section 4.2.3, the more careful of its two ways.
    pub(super) fn of(exchange: &Exchange<'_>) -> Self {
        let received = exchange.received;
        // RFC 9110 section 6.6.1: without a date that can be read, it is the time of receipt.
        let date = date(exchange, DATE).unwrap_or(received);
        let apparent_age = received.since(date);
        let response_delay = received.since(exchange.requested);
        let corrected_age = sum(age_field(exchange.headers).unwrap_or(0), response_delay);
        Self {
            received,
            date,
            initial_age: apparent_age.max(corrected_age),
        }
    }
}

/// A date, unless it is said twice; the receipt tells the century of one with two digits.
pub(super) fn date(response: &Exchange<'_>, name: HeaderName) -> Option<Timestamp> {
    let mut lines = response.headers.get_all(name).iter();
    let (Some(value), None) = (lines.next(), lines.next()) else {
        return None;
    };
    Timestamp::parse_at(value.as_bytes(), response.received)
}

/// RFC 9111 section 1.2.2: what overflows is as good as forever.
fn sum(one: u32, other: u32) -> u32 {
    one.saturating_add(other).min(FOREVER)
}

#[cfg(test)]
mod tests {
    use super::super::given::{Given, at};
    use super::*;

    // RFC 9111 section 4.2.3.
    #[test]
    fn the_age_at_receipt_is_the_greater_of_two_estimates() {
        let table = [
            ("", 0, 0),
            ("", 3, 3),
            ("date: @0", 3, 3),
            ("date: @-10", 3, 10),
            ("date: @-10 | age: 7", 3, 10),
            ("date: @-10 | age: 8", 3, 11),
            ("age: 8", 0, 8),
            // A clock ahead of this one, and one that was set back while the request was out.
            ("date: @500", 3, 3),
            ("date: @500 | age: 8", 0, 8),
            ("age: 8", -20, 8),
            // Section 5.1: what cannot be read is ignored. Section 1.2.2: nothing overflows.
            ("age: old", 3, 3),
            ("age: 2147483648", 3, FOREVER),
            ("age: 2147483647", 3, FOREVER),
        ];
        for (fields, delay, expected) in table {
            let stored = Given::response(fields).took(delay).get();

            assert_eq!(stored.age(at(0)), expected, "{fields}, {delay} s");
        }
    }

    // RFC 9111 sections 4.2 and 4.2.3, RFC 9211 section 2.4.
    #[test]
    fn fresh_is_what_is_younger_than_its_lifetime() {
        let stored = Given::response("cache-control: max-age=100 | age: 10").get();
        let table = [
            (0, 10, true, 90),
            (89, 99, true, 1),
            (90, 100, false, 0),
            (91, 101, false, -1),
            // The clock was corrected a little, or set back: nobody knows how long ago it was.
            (-5, 10, true, 90),
            (-6, FOREVER, false, 100 - (1 << 31)),
            (i64::MIN, FOREVER, false, 100 - (1 << 31)),
            (1 << 40, FOREVER, false, 100 - (1 << 31)),
        ];
        for (now, age, fresh, remaining) in table {
            let now = at(now);

            let seen = (stored.age(now), stored.is_fresh(now), stored.remaining(now));
            assert_eq!(seen, (age, fresh, remaining), "{now:?}");
        }
    }

    #[test]
    fn is_of_use_until_the_longer_stale_window_ends() {
        let table = [
            ("max-age=100", 100),
            (
                "max-age=100, stale-while-revalidate=20, stale-if-error=30",
                130,
            ),
            (
                "max-age=100, stale-while-revalidate=40, stale-if-error=30",
                140,
            ),
            ("max-age=100, stale-if-error=30, must-revalidate", 100),
            ("no-cache, max-age=100, stale-if-error=30", 100),
        ];
        for (directives, expected) in table {
            let stored = Given::response(&format!("cache-control: {directives}")).get();

            assert_eq!(stored.useful_until(), at(expected), "{directives}");
        }
        let aged = Given::response("cache-control: max-age=100 | age: 150").get();
        assert_eq!(aged.useful_until(), at(-50));
    }
}
