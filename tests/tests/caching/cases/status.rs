//! What a cache says that it did (RFC 9211).

use http::Method;

use crate::case::{Case, answer, case, get, head, no_answer, not_modified, ok, send};

const FRESH: &str = "cache-control: max-age=1000 | etag: \"a\"";
const STALE: &str = "cache-control: max-age=60 | etag: \"a\" | age: 100";

pub(crate) fn cases() -> Vec<Case> {
    [hits(), forwarded(), others()].concat()
}

fn stored(name: &str, fields: &str) -> Case {
    case("RFC 9211 section 2", name).step(get("").passes(ok(fields, "one")))
}

fn hits() -> Vec<Case> {
    vec![
        stored("a_hit_is_one", FRESH).step(
            get("")
                .hits("one")
                .did("hit")
                .did_not("fwd")
                .did_not("stored"),
        ),
        stored(
            "a_hit_has_a_time_to_live",
            "cache-control: max-age=60 | age: 99999999999",
        )
        .step(
            get("cache-control: max-stale")
                .hits("one")
                .did("hit")
                .did("ttl=-2147483588"),
        ),
        stored("a_304_that_the_cache_says_is_a_hit", FRESH).step(
            get("if-none-match: \"a\"")
                .hits_with(304, "")
                .did("hit")
                .did_not("fwd"),
        ),
        stored("a_part_is_a_hit", FRESH).step(
            get("range: bytes=0-1")
                .hits_with(206, "on")
                .did("hit")
                .did_not("fwd"),
        ),
        stored("a_range_that_is_refused_is_a_hit", FRESH).step(
            get("range: bytes=9-")
                .hits_with(416, "")
                .did("hit")
                .did_not("fwd"),
        ),
        stored("an_answer_to_head_is_a_hit", FRESH).step(head("").hits("").did("hit")),
        stored("what_is_stale_is_a_hit", STALE)
            .step(get("cache-control: max-stale").hits("one").did("hit")),
        stored(
            "what_is_served_while_it_is_fetched_is_a_hit",
            "cache-control: max-age=60, stale-while-revalidate=1000 | age: 100",
        )
        .step(get("").hits_while("one", ok("", "two")).did("hit")),
    ]
}

fn forwarded() -> Vec<Case> {
    let section = "RFC 9211 section 2.2";
    vec![
        case(section, "nothing_stored_is_a_miss_of_the_uri").step(
            get("")
                .passes(ok(FRESH, "one"))
                .did("fwd=uri-miss")
                .did("stored")
                .did("ttl=1000")
                .did_not("hit"),
        ),
        case(section, "what_is_not_stored_is_not_said_to_be").step(
            get("")
                .passes(ok("cache-control: no-store", "one"))
                .did("fwd=uri-miss")
                .did_not("stored"),
        ),
        stored(
            "another_variant_is_a_miss_of_it",
            "cache-control: max-age=60 | vary: x-a",
        )
        .step(
            get("x-a: 1")
                .passes(ok("", "two"))
                .did("fwd=vary-miss")
                .did_not("hit"),
        ),
        stored("what_is_stale_is_sent_on", STALE).step(
            get("")
                .passes(ok(FRESH, "two"))
                .did("fwd=stale")
                .did("stored")
                .did_not("fwd-status"),
        ),
        stored("what_was_confirmed_is_no_hit", STALE).step(
            get("")
                .asks(not_modified("etag: \"a\""))
                .sees(200, "one")
                .did("fwd=stale")
                .did("fwd-status=304")
                .did_not("hit"),
        ),
        stored("a_request_that_insists_is_sent_on", FRESH).step(
            get("cache-control: no-cache")
                .passes(ok("", "two"))
                .did("fwd=request")
                .did_not("hit"),
        ),
        stored(
            "a_request_for_younger_is_sent_on",
            "cache-control: max-age=1000 | age: 500",
        )
        .step(
            get("cache-control: max-age=10")
                .passes(ok("", "two"))
                .did("fwd=request"),
        ),
        case(section, "another_method_is_sent_on").step(
            send(Method::POST, "")
                .passes(ok("", "one"))
                .did("fwd=method")
                .did_not("hit")
                .did_not("stored"),
        ),
        case(section, "a_part_that_is_not_there_is_sent_on")
            .step(get("range: bytes=0-1").passes(answer(
                206,
                "cache-control: max-age=60 | etag: \"a\" | content-range: bytes 0-1/10",
                "01",
            )))
            .step(
                get("range: bytes=5-6")
                    .passes(ok("", "56"))
                    .did("fwd=partial"),
            ),
        case(section, "what_the_cache_does_not_do_is_sent_on").step(
            get("")
                .with_body("a question")
                .passes(ok("", "one"))
                .did("fwd=bypass")
                .did_not("stored"),
        ),
    ]
}

fn others() -> Vec<Case> {
    let failing = "cache-control: max-age=60, stale-if-error=1000 | age: 100";
    vec![
        stored("what_stands_in_for_a_failure_says_so", failing).step(
            get("")
                .asks(answer(503, "", ""))
                .sees(200, "one")
                .did("fwd=stale")
                .did("fwd-status=503"),
        ),
        stored("what_stands_in_for_no_answer_says_so", failing).step(
            get("")
                .asks(no_answer())
                .sees(200, "one")
                .did("fwd=stale")
                .did_not("fwd-status"),
        ),
        case("RFC 9211 section 2", "what_may_not_be_fetched_is_no_hit").step(
            get("cache-control: only-if-cached")
                .hits_with(504, "")
                .did_not("hit")
                .did_not("stored"),
        ),
        case("RFC 9211 section 2", "what_other_caches_said_comes_first")
            .step(
                get("")
                    .passes(ok(
                        "cache-control: max-age=60 | cache-status: CDN; hit",
                        "one",
                    ))
                    .did("fwd=uri-miss")
                    .did_not("hit"),
            )
            .step(get("").hits("one").did("hit").did_not("fwd")),
    ]
}
