//! How long an answer says that it is fresh (RFC 9111 sections 4.2.1 and 5.3).

use super::{asked_again, reused};
use crate::case::Case;

pub(crate) fn cases() -> Vec<Case> {
    [max_age(), twice(), expires(), dates()].concat()
}

fn max_age() -> Vec<Case> {
    let mut cases = reused(
        "RFC 9111 section 5.2.2.1",
        "a_lifetime_is_read",
        &[
            "cache-control: max-age=60",
            "cache-control: MAX-AGE=60",
            "cache-control: Max-Age=60",
            "cache-control: max-age=0060",
            "cache-control: max-age=2147483647",
            "cache-control: max-age=60 | age: 30",
            "cache-control: max-age=60 | expires: @-60 | date: @0",
            "cache-control: max-age=60 | expires: 0",
            "cache-control: max-age=60 | pragma: no-cache",
            "cache-control: max-age=60, s-maxage=0",
            "cache-control: max-age=60, proxy-revalidate",
            "cache-control: max-age=60, private",
            "cache-control: max-age=60, public",
            "cache-control: max-age=60, must-revalidate",
            "cache-control: max-age=60, no-transform",
        ],
    );
    cases.extend(reused(
        "RFC 9111 section 1.2.2",
        "a_number_too_great_is_the_greatest",
        &[
            "cache-control: max-age=2147483648",
            "cache-control: max-age=4294967297",
            "cache-control: max-age=18446744073709551617",
            "cache-control: max-age=99999999999999999999999999",
        ],
    ));
    cases.extend(asked_again(
        "RFC 9111 section 4.2.1",
        "a_lifetime_that_cannot_be_read_is_none",
        &[
            "cache-control: max-age",
            "cache-control: max-age=",
            "cache-control: max-age=\"\"",
            "cache-control: max-age=-60",
            "cache-control: max-age=+60",
            "cache-control: max-age=60.5",
            "cache-control: max-age=60s",
            "cache-control: max-age=6e3",
            "cache-control: max-age=0x60",
            "cache-control: max-age='60'",
            "cache-control: max-age=sixty",
            "cache-control: max-age=60 60",
            "cache-control: max-age=99999999999999999999999999x",
            // RFC 9111 section 5.2 has no room for whitespace there.
            "cache-control: max-age = 60",
            "cache-control: max-age= 60",
            "cache-control: max-age =60",
            // An unreadable one does not leave it to the next source either.
            "cache-control: max-age=x | expires: @60 | date: @0",
        ],
    ));
    cases.extend(asked_again(
        "RFC 9111 section 4.2",
        "what_is_not_fresh_is_not_served",
        &[
            "cache-control: max-age=0",
            "cache-control: max-age=\"0\"",
            "cache-control: max-age=60 | age: 60",
            "cache-control: max-age=60 | age: 100",
            "cache-control: public",
            "cache-control: private",
            "cache-control: must-revalidate",
            "",
        ],
    ));
    cases
}

fn twice() -> Vec<Case> {
    asked_again(
        "RFC 9111 section 4.2.1",
        "of_several_lifetimes_the_shortest_counts",
        &[
            "cache-control: max-age=60, max-age=0",
            "cache-control: max-age=0, max-age=60",
            "cache-control: max-age=60 | cache-control: max-age=0",
            "cache-control: max-age=0 | cache-control: max-age=60",
            "cache-control: max-age=60, max-age=x",
            "cache-control: max-age=x, max-age=60",
            "cache-control: max-age=600, max-age=60 | age: 100",
            "cache-control: max-age=60, max-age=600 | age: 100",
            "expires: @60 | expires: @-60 | date: @0",
            "expires: @-60 | expires: @60 | date: @0",
        ],
    )
}

fn expires() -> Vec<Case> {
    let mut cases = reused(
        "RFC 9111 section 5.3",
        "an_expiry_in_the_future_is_read",
        &[
            "expires: @60 | date: @0",
            "expires: @rfc850:60 | date: @rfc850:0",
            "expires: @asctime:60 | date: @asctime:0",
            "expires: @60",
            "expires: @60 | date: @-60",
            "expires: @60 | date: yesterday",
            "expires: @60 | date: @0 | pragma: no-cache",
            "expires: @60 | date: @0 | cache-control: s-maxage=0",
            "expires: @60 | date: @0 | cache-control: public",
            "expires: @1000000 | date: @0",
        ],
    );
    cases.extend(asked_again(
        "RFC 9111 section 5.3",
        "an_expiry_that_cannot_be_read_is_over",
        &[
            "expires: 0",
            "expires: -1",
            "expires: 60",
            "expires: never",
            "expires: \"\"",
            "expires: Thu, 01 Jan 2099 00:00:00 CET",
            "expires: Thu, 01 Jan 2099 00:00:00 +0000",
            "expires: Thu, 01 Jan 2099 00:00:60:00 GMT",
            "expires: Thu, 32 Jan 2099 00:00:00 GMT",
            "expires: Thu, 01 Jan 2099 GMT",
            "expires: 2099-01-01T00:00:00Z",
            "expires: 0 | last-modified: @-100000",
        ],
    ));
    cases.extend(asked_again(
        "RFC 9111 section 4.2.1",
        "an_expiry_is_read_against_the_date",
        &[
            "expires: @-60 | date: @0",
            "expires: @0 | date: @0",
            "expires: @60 | date: @60",
            "expires: @60 | date: @100",
            "expires: @asctime:-60 | date: @0",
            "expires: @rfc850:-60 | date: @0",
            "expires: @-60",
            "expires: @60 | date: @0 | age: 60",
        ],
    ));
    cases
}

fn dates() -> Vec<Case> {
    let mut cases = reused(
        "RFC 9111 section 4.2.3",
        "a_date_of_the_future_or_none_makes_nothing_older",
        &[
            "cache-control: max-age=60 | date: @1000",
            "cache-control: max-age=60 | date: tomorrow",
            "cache-control: max-age=60 | date: 0",
            "cache-control: max-age=200 | date: @-100",
            "cache-control: max-age=200 | date: @rfc850:-100",
            "cache-control: max-age=200 | date: @asctime:-100",
        ],
    );
    cases.extend(asked_again(
        "RFC 9111 section 4.2.3",
        "an_old_date_makes_it_older",
        &[
            "cache-control: max-age=60 | date: @-100",
            "cache-control: max-age=60 | date: @rfc850:-100",
            "cache-control: max-age=60 | date: @asctime:-100",
            "cache-control: max-age=60 | date: @-100 | age: 0",
            "cache-control: max-age=60 | date: @0 | age: 100",
            "cache-control: max-age=60 | date: Thu, 01 Jan 1970 00:00:00 GMT",
        ],
    ));
    cases
}
