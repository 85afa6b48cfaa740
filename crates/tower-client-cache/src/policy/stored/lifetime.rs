//! For how long a response is fresh (RFC 9111 sections 4.2.1 and 4.2.2).

use http::header::{EXPIRES, LAST_MODIFIED};

use super::{Exchange, freshness, status};
use crate::policy::{ResponseDirectives, Rules, Timestamp};

/// RFC 9111 section 4.2.1: the first that is there counts.
pub(super) fn of(
    response: &Exchange<'_>,
    directives: &ResponseDirectives,
    date: Timestamp,
    rules: &Rules,
) -> u32 {
    // RFC 9111 section 4.2.2.
    let may_guess = directives.public || status::is_heuristic(response.status);
    let s_maxage = directives.s_maxage.filter(|_| rules.shared);
    s_maxage
        .or(directives.max_age)
        .or_else(|| until_expiry(response, date))
        .or_else(|| may_guess.then(|| guess(response, date, rules)))
        .unwrap_or(0)
}

/// RFC 9111 sections 4.2.1 and 5.3: what cannot be read, and what is said twice, is over.
fn until_expiry(response: &Exchange<'_>, date: Timestamp) -> Option<u32> {
    let mut lines = response.headers.get_all(EXPIRES).iter();
    let first = lines.next()?;
    let expires = match lines.next() {
        Some(_) => None,
        None => Timestamp::parse_at(first.as_bytes(), response.received),
    };
    Some(expires.map_or(0, |expires| expires.since(date)))
}

/// RFC 9111 section 4.2.2: what has not changed for long is likely to stay for a while.
fn guess(response: &Exchange<'_>, date: Timestamp, rules: &Rules) -> u32 {
    let Some(modified) = freshness::date(response, LAST_MODIFIED) else {
        return 0;
    };
    let unchanged = u64::from(date.since(modified));
    let part = unchanged * u64::from(rules.heuristic_percent) / 100;
    u32::try_from(part).map_or(rules.heuristic_cap, |part| part.min(rules.heuristic_cap))
}

#[cfg(test)]
mod tests {
    use super::super::given::Given;
    use super::*;

    const PRIVATE: Rules = Rules::new();
    const SHARED: Rules = Rules::new().shared();
    const DAY: u32 = 86_400;

    // RFC 9111 section 4.2.1.
    #[test]
    fn the_most_specific_lifetime_counts() {
        let table = [
            (
                "cache-control: s-maxage=1, max-age=2 | expires: @3 | date: @0",
                2,
                1,
            ),
            ("cache-control: max-age=2 | expires: @3 | date: @0", 2, 2),
            ("cache-control: s-maxage=1 | expires: @3 | date: @0", 3, 1),
            ("expires: @3 | date: @0 | last-modified: @-6000", 3, 3),
            ("expires: @3 | date: @-100", 103, 103),
            ("expires: @3 | date: @100", 0, 0),
            // RFC 9110 section 6.6.1: no date, or none that can be read, is the time of receipt.
            ("expires: @60", 60, 60),
            ("expires: @60 | date: yesterday", 60, 60),
            // Sections 4.2 and 5.3; section 4.2.1: what is said twice is over.
            ("expires: Friday, 15-Jan-27 08:01:00 GMT", 60, 60),
            ("expires: fri, 15 jan 2027 08:01:00 gmt", 60, 60),
            ("expires: Fri, 15 Jan 2027 08:01:00 CET", 0, 0),
            ("expires: 0 | last-modified: @-6000", 0, 0),
            ("expires: -1", 0, 0),
            ("expires:", 0, 0),
            ("expires: @60 | expires: @60", 0, 0),
            ("expires: @60 | expires: 0", 0, 0),
            ("cache-control: max-age=60 | expires: 0", 60, 60),
        ];
        for (fields, private, shared) in table {
            let lifetime = |rules| Given::response(fields).rules(rules).get().lifetime();

            assert_eq!(lifetime(PRIVATE), private, "{fields}");
            assert_eq!(lifetime(SHARED), shared, "{fields}, shared");
        }
    }

    // RFC 9111 section 4.2.2.
    #[test]
    fn a_lifetime_is_guessed_where_none_is_said() {
        let table = [
            (200, "date: @0 | last-modified: @-6000", 600),
            (200, "date: @-1000 | last-modified: @-6000", 500),
            (200, "last-modified: @-6000", 600),
            (200, "date: @0 | last-modified: @-9", 0),
            (200, "date: @0 | last-modified: @-864000", DAY),
            (200, "date: @0 | last-modified: @-864010", DAY),
            (200, "date: @0 | last-modified: @-800000000", DAY),
            (200, "date: @0 | last-modified: @60", 0),
            (200, "date: @0 | last-modified: long ago", 0),
            (200, "date: @0", 0),
            // RFC 9110 section 5.6.7: 2075 was less than 50 years ahead when it was received.
            (
                200,
                "date: Tuesday, 01-Jan-75 00:00:00 GMT | last-modified: @-6000",
                DAY,
            ),
            (404, "date: @0 | last-modified: @-6000", 600),
            (
                302,
                "date: @0 | last-modified: @-6000 | cache-control: public",
                600,
            ),
            (
                302,
                "date: @0 | last-modified: @-6000 | cache-control: private",
                0,
            ),
            (
                200,
                "last-modified: @-6000 | cache-control: s-maxage=1",
                600,
            ),
        ];
        for (code, fields, expected) in table {
            let stored = Given::response(fields).status(code).get();

            assert_eq!(stored.lifetime(), expected, "{code} {fields}");
        }
    }

    #[test]
    fn how_much_is_guessed_can_be_chosen() {
        let lifetime = |percent, cap| {
            let given = Given::response("last-modified: @-6000");
            given
                .rules(Rules::new().heuristic(percent, cap))
                .get()
                .lifetime()
        };

        assert_eq!(lifetime(0, DAY), 0);
        assert_eq!(lifetime(50, DAY), 3000);
        assert_eq!(lifetime(50, 7), 7);
    }
}
