//! What is served stale (RFC 5861, RFC 9111 section 4.2.4).

use crate::case::{Case, answer, broken_off, case, get, no_answer, not_modified, ok};

pub(crate) fn cases() -> Vec<Case> {
    [
        meanwhile(),
        not_meanwhile(),
        on_error(),
        not_on_error(),
        by_request(),
    ]
    .concat()
}

fn stored(section: &'static str, name: String, directives: &str) -> Case {
    let fields = format!("cache-control: max-age=60, {directives} | age: 100 | etag: \"a\"");
    case(section, name).step(get("").passes(ok(fields, "one")))
}

fn meanwhile() -> Vec<Case> {
    let section = "RFC 5861 section 3";
    let stored = |name: &str, directives: &str| stored(section, name.to_owned(), directives);
    let two = || ok("cache-control: max-age=60", "two");
    let window = "stale-while-revalidate=1000";
    vec![
        stored("what_is_stale_is_served_while_it_is_fetched", window)
            .step(
                get("")
                    .hits_while("one", two().if_asked("if-none-match", "\"a\""))
                    .aged(100),
            )
            .step(get("").hits("two")),
        stored("what_is_stale_is_served_while_it_is_confirmed", window)
            .step(
                get("")
                    .hits_while("one", not_modified("etag: \"a\""))
                    .aged(100),
            )
            .step(get("").hits("one").aged(0)),
        stored("a_failure_meanwhile_leaves_what_is_stored", window)
            .step(get("").hits_while("one", answer(500, "", "failed")))
            .step(get("").hits_while("one", two()))
            .step(get("").hits("two")),
        stored("a_broken_answer_meanwhile_leaves_what_is_stored", window)
            .step(get("").hits_while("one", broken_off("cache-control: max-age=60", "two")))
            .step(get("cache-control: max-stale").hits_while("one", two()))
            .step(get("").hits("two")),
        stored("no_answer_meanwhile_leaves_what_is_stored", window)
            .step(get("").hits_while("one", no_answer()))
            .step(get("").hits_while("one", two())),
        stored(
            "the_window_is_read_in_any_case_and_quoted",
            "STALE-WHILE-REVALIDATE=\"1000\"",
        )
        .step(get("").hits_while("one", two())),
    ]
}

fn not_meanwhile() -> Vec<Case> {
    let rows = [
        "stale-while-revalidate=30",
        "stale-while-revalidate=0",
        "stale-while-revalidate=x",
        "stale-while-revalidate",
        "stale-while-revalidate=1000, stale-while-revalidate=30",
        "stale-while-revalidate=1000, must-revalidate",
        "stale-while-revalidate=1000, no-cache",
    ];
    let mut cases: Vec<_> = rows
        .into_iter()
        .map(|directives| {
            stored(
                "RFC 5861 section 3",
                format!("too_stale_is_fetched_first ({directives})"),
                directives,
            )
            .step(get("").passes(ok("", "two")))
        })
        .collect();
    for request in [
        "cache-control: no-cache",
        "cache-control: max-age=10",
        "cache-control: min-fresh=1",
        "pragma: no-cache",
    ] {
        cases.push(
            stored(
                "RFC 5861 section 3",
                format!("who_does_not_take_it_waits ({request})"),
                "stale-while-revalidate=1000",
            )
            .step(get(request).passes(ok("", "two"))),
        );
    }
    cases
}

fn on_error() -> Vec<Case> {
    let section = "RFC 5861 section 4";
    let mut cases = Vec::new();
    for status in [500, 502, 503, 504] {
        cases.push(
            stored(
                section,
                format!("what_is_stale_stands_in_for_a_failure ({status})"),
                "stale-if-error=1000",
            )
            .step(
                get("")
                    .asks(answer(status, "", "failed"))
                    .sees(200, "one")
                    .aged(100),
            )
            .step(
                get("")
                    .asks(answer(status, "", "failed"))
                    .sees(200, "one")
                    .aged(100),
            ),
        );
    }
    let away = |name: &str, directives: &str| {
        stored(section, format!("{name} ({directives})"), directives)
            .step(get("").asks(no_answer()).sees(200, "one").aged(100))
    };
    cases.extend([
        away(
            "what_is_stale_stands_in_for_an_origin_that_is_away",
            "stale-if-error=1000",
        ),
        away(
            "the_window_is_read_in_any_case_and_quoted",
            "Stale-If-Error=\"1000\"",
        ),
        stored(
            section,
            "an_origin_that_is_back_is_heard".to_owned(),
            "stale-if-error=1000",
        )
        .step(get("").asks(no_answer()).sees(200, "one"))
        .step(get("").passes(ok("cache-control: max-age=60", "two")))
        .step(get("").hits("two")),
        stored(
            section,
            "who_has_what_stands_in_is_told_so".to_owned(),
            "stale-if-error=1000",
        )
        .step(
            get("if-none-match: \"a\"")
                .asks(answer(503, "", ""))
                .sees(304, ""),
        ),
        stored(
            section,
            "a_part_stands_in_for_a_failure".to_owned(),
            "stale-if-error=1000",
        )
        .step(
            get("range: bytes=0-1")
                .asks(answer(503, "", ""))
                .sees(206, "on"),
        ),
    ]);
    cases
}

fn not_on_error() -> Vec<Case> {
    let section = "RFC 5861 section 4";
    let mut cases = Vec::new();
    for status in [400, 401, 403, 404, 408, 410, 429, 501, 505, 507, 511] {
        cases.push(
            stored(
                section,
                format!("other_answers_are_passed_on ({status})"),
                "stale-if-error=1000",
            )
            .step(get("").passes(answer(status, "", "failed"))),
        );
    }
    for directives in [
        "x=1",
        "stale-if-error=30",
        "stale-if-error=0",
        "stale-if-error=x",
        "stale-if-error",
        "stale-if-error=1000, stale-if-error=30",
        "stale-if-error=1000, must-revalidate",
        "stale-if-error=1000, no-cache",
    ] {
        cases.push(
            stored(
                section,
                format!("too_stale_does_not_stand_in ({directives})"),
                directives,
            )
            .step(get("").passes(answer(503, "", "failed")))
            .step(get("").asks(no_answer())),
        );
    }
    cases.push(
        case(section, "nothing_stands_in_where_nothing_is_stored")
            .step(get("cache-control: stale-if-error=1000").passes(answer(503, "", "failed"))),
    );
    cases
}

fn by_request() -> Vec<Case> {
    let section = "RFC 5861 section 4";
    let failed = || answer(503, "", "failed");
    let stands_in = |request: &str, directives: &str| {
        stored(
            section,
            format!("a_request_takes_what_is_stale ({request}; {directives})"),
            directives,
        )
        .step(get(request).asks(failed()).sees(200, "one"))
    };
    let does_not = |request: &str, directives: &str| {
        stored(
            section,
            format!("a_request_does_not_take_what_is_stale ({request}; {directives})"),
            directives,
        )
        .step(get(request).passes(failed()))
    };
    vec![
        stands_in("cache-control: stale-if-error=1000", "x=1"),
        stands_in("cache-control: stale-if-error=\"1000\"", "private"),
        does_not("cache-control: stale-if-error=30", "x=1"),
        does_not("cache-control: stale-if-error=x", "x=1"),
        does_not("cache-control: stale-if-error=1000", "must-revalidate"),
        does_not("cache-control: stale-if-error=1000", "no-cache"),
    ]
}
