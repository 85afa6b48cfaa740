//! How long an answer is fresh that does not say it (RFC 9111 section 4.2.2).

use super::{asked_again, reused, statuses_not_reused, statuses_reused};
use crate::case::{Case, case, get, ok};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = statuses_reused(
        "RFC 9110 section 15.1",
        "a_lifetime_is_guessed_for_statuses_that_allow_it",
        &[200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501],
        "last-modified: @-100000 | date: @0",
    );
    cases.extend(statuses_not_reused(
        "RFC 9110 section 15.1",
        "no_lifetime_is_guessed_for_other_statuses",
        &[
            201, 202, 299, 302, 303, 307, 400, 401, 402, 403, 406, 409, 411, 415, 418, 422, 451,
            500, 502, 503, 504, 505, 599,
        ],
        "last-modified: @-100000 | date: @0",
    ));
    cases.extend(statuses_reused(
        "RFC 9111 section 4.2.2",
        "public_allows_to_guess_for_any_status",
        &[201, 302, 303, 307, 403, 500],
        "last-modified: @-100000 | date: @0 | cache-control: public",
    ));
    cases.extend(reused(
        "RFC 9111 section 4.2.2",
        "a_tenth_of_the_time_since_it_was_modified_is_guessed",
        &[
            "last-modified: @-100000 | date: @0",
            "last-modified: @-100000",
            "last-modified: @rfc850:-100000",
            "last-modified: @asctime:-100000",
            "last-modified: @-100000 | date: @0 | age: 1000",
            "last-modified: @-100000 | cache-control: s-maxage=0",
            "last-modified: @-100000 | cache-control: private",
        ],
    ));
    cases.extend(asked_again(
        "RFC 9111 section 4.2.2",
        "nothing_is_guessed_without_a_past_modification",
        &[
            "last-modified: @0 | date: @0",
            "last-modified: @1000 | date: @0",
            "last-modified: long ago | date: @0",
            "last-modified: @-100 | date: @0 | age: 50",
            "last-modified: @-100000 | date: @0 | age: 20000",
            // An explicit lifetime goes first.
            "last-modified: @-100000 | cache-control: max-age=0",
            "last-modified: @-100000 | cache-control: no-cache",
            "last-modified: @-100000 | expires: @-10 | date: @0",
            "etag: \"a\"",
            "date: @0",
        ],
    ));
    cases.push(
        case(
            "RFC 9111 section 4.2.2",
            "a_lifetime_is_guessed_with_a_query_too",
        )
        .step(
            get("")
                .at("/a?b=c")
                .passes(ok("last-modified: @-100000", "one")),
        )
        .step(get("").at("/a?b=c").hits("one"))
        .step(get("").at("/a?b=d").passes(ok("", "two"))),
    );
    cases
}
