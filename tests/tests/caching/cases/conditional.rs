//! Conditions that are met, or not, by what is stored (RFC 9111 section 4.3.2, RFC 9110 section
//! 13).

use crate::case::{Case, answer, case, get, ok};

const TAGGED: &str = "cache-control: max-age=60 | etag: \"a\" | last-modified: @-1000";
const WEAK: &str = "cache-control: max-age=60 | etag: W/\"a\"";
const DATED: &str = "cache-control: max-age=60 | last-modified: @-1000";

pub(crate) fn cases() -> Vec<Case> {
    [tags(), dates(), precedence(), meant(), told(), statuses()].concat()
}

fn same(section: &'static str, stored: &str, requests: &[&str]) -> Vec<Case> {
    let one = |request: &&str| {
        case(
            section,
            format!("who_has_it_is_told_so ({request} of {stored})"),
        )
        .step(get("").passes(ok(stored, "one")))
        .step(get(*request).hits_with(304, ""))
        .step(get("").hits("one"))
    };
    requests.iter().map(one).collect()
}

fn other(section: &'static str, stored: &str, requests: &[&str]) -> Vec<Case> {
    let one = |request: &&str| {
        case(
            section,
            format!("who_does_not_have_it_gets_it ({request} of {stored})"),
        )
        .step(get("").passes(ok(stored, "one")))
        .step(get(*request).hits("one"))
    };
    requests.iter().map(one).collect()
}

fn tags() -> Vec<Case> {
    let section = "RFC 9110 section 13.1.2";
    [
        same(
            section,
            TAGGED,
            &[
                "if-none-match: \"a\"",
                "if-none-match: W/\"a\"",
                "if-none-match: \"z\", \"a\"",
                "if-none-match: \"a\",\"z\"",
                "if-none-match: \"z\" , W/\"a\" ,",
                "if-none-match: \"z,y\", \"a\"",
                "if-none-match: \"z\" | if-none-match: \"a\"",
                "if-none-match: *",
            ],
        ),
        other(
            section,
            TAGGED,
            &[
                "if-none-match: \"z\"",
                "if-none-match: \"A\"",
                "if-none-match: \"z, a\"",
                "if-none-match: \"z\", \"y\"",
                "if-none-match: \"\"",
                "if-none-match: a",
                "if-none-match: w/\"a\"",
                "if-none-match:",
            ],
        ),
        same(
            section,
            WEAK,
            &["if-none-match: \"a\"", "if-none-match: W/\"a\""],
        ),
        other(section, WEAK, &["if-none-match: W/\"b\""]),
        same(section, DATED, &["if-none-match: *"]),
        other(section, DATED, &["if-none-match: \"a\""]),
        same(
            section,
            "cache-control: max-age=60 | etag: \"a,b\"",
            &["if-none-match: \"z\", \"a,b\""],
        ),
    ]
    .concat()
}

fn dates() -> Vec<Case> {
    let section = "RFC 9110 section 13.1.3";
    [
        same(
            section,
            DATED,
            &[
                "if-modified-since: @-1000",
                "if-modified-since: @-999",
                "if-modified-since: @0",
                "if-modified-since: @rfc850:-1000",
                "if-modified-since: @asctime:-1000",
            ],
        ),
        other(
            section,
            DATED,
            &[
                "if-modified-since: @-1001",
                "if-modified-since: @-100000",
                "if-modified-since: @asctime:-2000",
                "if-modified-since: yesterday",
                "if-modified-since: 0",
                "if-modified-since:",
            ],
        ),
        // RFC 9111 section 4.3.2: then its own date has to do.
        same(
            section,
            "cache-control: max-age=200 | date: @-100",
            &["if-modified-since: @-100", "if-modified-since: @0"],
        ),
        other(
            section,
            "cache-control: max-age=200 | date: @-100",
            &["if-modified-since: @-101"],
        ),
        same(
            section,
            "cache-control: max-age=200",
            &["if-modified-since: @60"],
        ),
        other(
            section,
            "cache-control: max-age=200",
            &["if-modified-since: @-60"],
        ),
    ]
    .concat()
}

fn precedence() -> Vec<Case> {
    let section = "RFC 9110 section 13.2.2";
    [
        same(
            section,
            TAGGED,
            &[
                "if-none-match: \"a\" | if-modified-since: @-5000",
                "if-none-match: \"a\" | if-modified-since: never",
            ],
        ),
        other(
            section,
            TAGGED,
            &[
                "if-none-match: \"z\" | if-modified-since: @0",
                "if-none-match: \"z\" | if-modified-since: @-1000",
            ],
        ),
    ]
    .concat()
}

/// RFC 9110 sections 13.1.1 and 13.1.4: a cache may ignore these where they hold; whether they
/// fail is the origin's to say.
fn meant() -> Vec<Case> {
    let section = "RFC 9111 section 4.3.2";
    let mut cases = other(
        section,
        TAGGED,
        &[
            "if-match: \"a\"",
            "if-match: \"z\", \"a\"",
            "if-match: *",
            "if-unmodified-since: @-1000",
            "if-unmodified-since: @0",
            "if-unmodified-since: never",
        ],
    );
    for request in [
        "if-match: \"z\"",
        "if-match: W/\"a\"",
        "if-unmodified-since: @-5000",
    ] {
        cases.push(
            case(
                section,
                format!("a_cache_never_says_that_a_condition_failed ({request})"),
            )
            .step(get("").passes(ok(TAGGED, "one")))
            .step(get(request).passes(answer(412, "", "").if_not_asked("if-none-match")))
            .step(get("").hits("one")),
        );
    }
    cases
}

fn told() -> Vec<Case> {
    let fields = "cache-control: max-age=200 | etag: \"a\" | date: @-50 | expires: @60 | \
                  vary: x-a | content-location: /a | content-type: a/b | set-cookie: a=b";
    vec![
        case("RFC 9110 section 15.4.5", "a_304_has_what_the_client_needs")
            .step(get("").passes(ok(fields, "one")))
            .step(
                get("if-none-match: \"a\"")
                    .hits_with(304, "")
                    .with("etag", "\"a\"")
                    .with("cache-control", "max-age=200")
                    .with("date", "@-50")
                    .with("expires", "@60")
                    .with("vary", "x-a")
                    .with("content-location", "/a")
                    .aged(50)
                    .without("content-type")
                    .without("content-range"),
            ),
        case(
            "RFC 9111 section 4.3.2",
            "a_condition_does_not_make_stale_answers_good",
        )
        .step(get("").passes(ok(
            "cache-control: max-age=60 | etag: \"a\" | age: 100",
            "one",
        )))
        .step(get("if-none-match: \"a\"").passes(ok("etag: \"b\"", "two"))),
        case(
            "RFC 9111 section 4.3.2",
            "a_condition_does_not_make_another_variant_good",
        )
        .step(get("").passes(ok(
            "cache-control: max-age=60 | etag: \"a\" | vary: x-a",
            "one",
        )))
        .step(get("x-a: 1 | if-none-match: \"a\"").passes(ok("etag: \"b\" | vary: x-a", "two"))),
    ]
}

/// RFC 9110 section 13.2.1: redirects and failures come before conditions.
fn statuses() -> Vec<Case> {
    let one = |status: u16| {
        case(
            "RFC 9110 section 13.2.1",
            format!("a_failure_comes_before_conditions ({status})"),
        )
        .step(get("").passes(answer(status, TAGGED, "one")))
        .step(get("if-none-match: \"a\"").hits_with(status, "one"))
        .step(get("if-modified-since: @0").hits_with(status, "one"))
        .step(get("if-match: \"z\"").hits_with(status, "one"))
    };
    [301, 404, 410, 500].into_iter().map(one).collect()
}
