//! What requests say of caches (RFC 9111 sections 5.2.1 and 5.4).

use super::WHAT_IS_THERE;
use crate::case::{Case, case, get, not_modified, ok};

/// Fresh for ten more seconds, or a few less.
const FRESH: &str = "cache-control: max-age=1000 | age: 900";
/// Stale for forty seconds, or a few more.
const STALE: &str = "cache-control: max-age=60 | age: 100";

pub(crate) fn cases() -> Vec<Case> {
    [ages(), stale(), no_cache(), no_store(), only_if_cached()].concat()
}

fn taken(section: &'static str, name: &str, stored: &str, requests: &[&str]) -> Vec<Case> {
    let one = |request: &&str| {
        case(section, format!("{name} ({request})"))
            .step(get("").passes(ok(stored, "one")))
            .step(get(*request).hits("one"))
    };
    requests.iter().map(one).collect()
}

fn refused(section: &'static str, name: &str, stored: &str, requests: &[&str]) -> Vec<Case> {
    let one = |request: &&str| {
        case(section, format!("{name} ({request})"))
            .step(get("").passes(ok(stored, "one")))
            .step(get(*request).passes(ok(stored, "two")))
    };
    requests.iter().map(one).collect()
}

fn ages() -> Vec<Case> {
    let section = "RFC 9111 section 5.2.1.1";
    let mut cases = taken(
        section,
        "a_request_takes_what_is_young_enough",
        FRESH,
        &[
            "cache-control: max-age=1000",
            "cache-control: max-age=\"1000\"",
            "cache-control: max-age=99999999999999999999",
        ],
    );
    cases.extend(refused(
        section,
        "a_request_does_not_take_what_is_too_old",
        FRESH,
        &[
            "cache-control: max-age=500",
            "cache-control: MAX-AGE=500",
            "cache-control: max-age=0",
            "cache-control: max-age=1000, max-age=500",
            "cache-control: max-age=500 | cache-control: max-age=1000",
            "cache-control: max-age=x",
            "cache-control: max-age",
            "cache-control: max-age=-1",
        ],
    ));
    let section = "RFC 9111 section 5.2.1.3";
    cases.extend(taken(
        section,
        "a_request_takes_what_stays_fresh_long_enough",
        FRESH,
        &["cache-control: min-fresh=50", "cache-control: min-fresh=0"],
    ));
    cases.extend(refused(
        section,
        "a_request_does_not_take_what_is_stale_too_soon",
        FRESH,
        &[
            "cache-control: min-fresh=101",
            "cache-control: min-fresh=1000",
            "cache-control: Min-Fresh=1000",
            "cache-control: min-fresh=\"1000\"",
            "cache-control: min-fresh=10, min-fresh=1000",
            "cache-control: min-fresh=1000, max-stale",
            "cache-control: min-fresh=x",
            "cache-control: min-fresh=99999999999999999999",
        ],
    ));
    cases
}

fn stale() -> Vec<Case> {
    let section = "RFC 9111 section 5.2.1.2";
    let mut cases = taken(
        section,
        "a_request_takes_what_is_stale_if_it_says_so",
        STALE,
        &[
            "cache-control: max-stale",
            "cache-control: MAX-STALE",
            "cache-control: max-stale=1000",
            "cache-control: max-stale=\"1000\"",
            "cache-control: max-stale=99999999999999999999",
            "cache-control: max-age=1000, max-stale",
        ],
    );
    cases.extend(refused(
        section,
        "a_request_does_not_take_what_is_too_stale",
        STALE,
        &[
            "cache-control: max-stale=30",
            "cache-control: max-stale=0",
            "cache-control: max-stale=1000, max-stale=30",
            "cache-control: max-stale=x",
            "cache-control: max-stale=",
            "cache-control: max-stale=-1",
            "cache-control: max-age=90, max-stale=30",
            "cache-control: max-age=90",
            "cache-control: max-age=1000",
            "cache-control: max-stale, no-cache",
        ],
    ));
    cases.push(
        case(section, "what_is_served_stale_has_its_age")
            .step(get("").passes(ok(STALE, "one")))
            .step(get("cache-control: max-stale").hits("one").aged(100)),
    );
    cases
}

fn no_cache() -> Vec<Case> {
    let mut cases = refused(
        "RFC 9111 section 5.2.1.4",
        "a_request_can_insist_on_asking",
        FRESH,
        &[
            "cache-control: no-cache",
            "cache-control: NO-CACHE",
            "cache-control: max-age=1000, no-cache",
            "cache-control: max-age=1000 | cache-control: no-cache",
            "cache-control: no-cache=\"x\"",
        ],
    );
    cases.push(
        case(
            "RFC 9111 section 5.2.1.4",
            "who_insists_on_asking_has_it_validated",
        )
        .step(get("").passes(ok("cache-control: max-age=60 | etag: \"a\"", "one")))
        .step(
            get("cache-control: no-cache")
                .asks(not_modified("etag: \"a\"").if_asked("if-none-match", "\"a\""))
                .sees(200, "one"),
        )
        .step(get("").hits("one")),
    );
    cases.push(
        case(
            "RFC 9111 section 5.2.1.4",
            "what_is_brought_by_insisting_is_stored",
        )
        .step(get("").passes(ok(FRESH, "one")))
        .step(get("cache-control: no-cache").passes(ok(FRESH, "two")))
        .step(get("").hits("two")),
    );
    let section = "RFC 9111 section 5.4";
    cases.extend(refused(
        section,
        "pragma_insists_on_asking_where_there_is_no_cache_control",
        FRESH,
        &[
            "pragma: no-cache",
            "pragma: No-Cache",
            "pragma: x, no-cache",
            "pragma: x | pragma: no-cache",
        ],
    ));
    cases.extend(taken(
        section,
        "pragma_does_not_count_beside_cache_control_or_if_it_says_anything_else",
        FRESH,
        &[
            "pragma: no-cache | cache-control: max-age=1000",
            "pragma: no-cache | cache-control: unknown",
            "pragma: no-cache | cache-control:",
            "pragma: no-store",
            "pragma: max-age=0",
            "pragma: x",
        ],
    ));
    cases.extend(taken(
        "RFC 9111 section 5.2.1",
        "what_a_request_says_to_others_does_not_count",
        FRESH,
        &[
            "cache-control: unknown",
            "cache-control: must-revalidate",
            "cache-control: private",
            "cache-control: s-maxage=0",
            "cache-control: no-transform",
            "cache-control: x=\"no-cache\"",
            "cache-control:",
            "expires: 0",
            "age: 1000",
        ],
    ));
    cases
}

fn no_store() -> Vec<Case> {
    let requests = [
        "cache-control: no-store",
        "cache-control: NO-STORE",
        "cache-control: max-age=10, no-store",
        "cache-control: max-age=10 | cache-control: no-store",
    ];
    let one = |request: &str| {
        case(
            "RFC 9111 section 5.2.1.5",
            format!("what_it_brings_is_not_stored ({request})"),
        )
        .step(get(request).passes(ok("cache-control: max-age=60", "one")))
        .step(get(WHAT_IS_THERE).hits_with(504, ""))
    };
    requests.into_iter().map(one).collect()
}

fn only_if_cached() -> Vec<Case> {
    let section = "RFC 9111 section 5.2.1.7";
    let stored =
        |name: &str, fields: &str| case(section, name).step(get("").passes(ok(fields, "one")));
    let only = || get("cache-control: only-if-cached");
    vec![
        case(section, "nothing_is_fetched").step(only().hits_with(504, "")),
        case(section, "nothing_is_fetched_in_capitals")
            .step(get("cache-control: ONLY-IF-CACHED").hits_with(504, "")),
        case(section, "nothing_is_fetched_for_head")
            .step(crate::case::head("cache-control: only-if-cached").hits_with(504, "")),
        stored("what_is_fresh_is_served", FRESH).step(only().hits("one")),
        stored("what_is_stale_is_not_served", STALE).step(only().hits_with(504, "")),
        stored("what_is_stale_is_served_if_it_may_be", STALE).step(get(WHAT_IS_THERE).hits("one")),
        stored("what_was_not_stored_is_not_there", "").step(only().hits_with(504, "")),
        stored("another_resource_is_not_served", FRESH).step(only().at("/b").hits_with(504, "")),
        stored("what_is_too_old_for_the_request_is_not_served", FRESH)
            .step(get("cache-control: only-if-cached, max-age=10").hits_with(504, "")),
        stored("asking_and_not_asking_cannot_both_be_had", FRESH)
            .step(get("cache-control: only-if-cached, no-cache").hits_with(504, "")),
        stored(
            "another_variant_is_not_served",
            "cache-control: max-age=60 | vary: x-a",
        )
        .step(get("cache-control: only-if-cached | x-a: 1").hits_with(504, "")),
        stored("what_was_not_fetched_is_not_stored", STALE)
            .step(only().hits_with(504, ""))
            .step(get("cache-control: max-stale").hits("one")),
    ]
}
