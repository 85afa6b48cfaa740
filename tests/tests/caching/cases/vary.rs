//! Which of the answers of a resource is meant (RFC 9111 section 4.1).

use crate::case::{Case, answer, case, get, no_answer, not_modified, ok};

const SECTION: &str = "RFC 9111 section 4.1";

pub(crate) fn cases() -> Vec<Case> {
    [
        matching(),
        mismatching(),
        preferences(),
        nothing(),
        several(),
        errors(),
    ]
    .concat()
}

fn matches(name: &str, vary: &str, first: &str, second: &str) -> Case {
    let fields = format!("cache-control: max-age=60 | {vary}");
    case(SECTION, format!("{name} ({vary}: {first} = {second})"))
        .step(get(first).passes(ok(fields, "one")))
        .step(get(second).hits("one"))
}

fn differs(name: &str, vary: &str, first: &str, second: &str) -> Case {
    let fields = format!("cache-control: max-age=60 | {vary}");
    case(SECTION, format!("{name} ({vary}: {first} / {second})"))
        .step(get(first).passes(ok(fields.clone(), "one")))
        .step(get(second).passes(ok(fields, "two")))
        .step(get(second).hits("two"))
        .step(get(first).hits("one"))
}

fn matching() -> Vec<Case> {
    let name = "the_same_fields_get_the_same_answer";
    [
        ("vary: x-a", "x-a: 1", "x-a: 1"),
        ("vary: X-A", "x-a: 1", "x-a: 1"),
        ("vary: x-a", "", ""),
        ("vary: x-a", "x-a:", "x-a:"),
        ("vary: x-a", "x-a: 1 | x-b: 1", "x-a: 1 | x-b: 2"),
        ("vary: x-a, x-b", "x-a: 1 | x-b: 2", "x-b: 2 | x-a: 1"),
        (
            "vary: x-a | vary: x-b",
            "x-a: 1 | x-b: 2",
            "x-b: 2 | x-a: 1",
        ),
        ("vary: ,x-a,, ,", "x-a: 1", "x-a: 1"),
        ("vary:", "x-a: 1", "x-a: 2"),
        ("vary: x-a, x-a", "x-a: 1", "x-a: 1"),
        ("vary: x-a", "x-a: 1 | x-a: 2", "x-a: 1 | x-a: 2"),
        ("vary: x-a", "x-a: 1, 2", "x-a: 1 | x-a: 2"),
        ("vary: x-a", "x-a: caf\u{e9}", "x-a: caf\u{e9}"),
        ("vary: host", "", ""),
        (
            "vary: accept",
            "accept: text/html, text/plain;q=0.5",
            "accept: text/html,text/plain; q=0.5",
        ),
    ]
    .into_iter()
    .map(|(vary, first, second)| matches(name, vary, first, second))
    .collect()
}

fn mismatching() -> Vec<Case> {
    let name = "other_fields_get_another_answer";
    [
        ("vary: x-a", "x-a: 1", "x-a: 2"),
        ("vary: X-A", "x-a: 1", "x-a: 2"),
        ("vary: x-a", "x-a: 1", ""),
        ("vary: x-a", "", "x-a: 1"),
        // Absent is not empty: only what is absent in both matches.
        ("vary: x-a", "", "x-a:"),
        ("vary: x-a", "x-a:", ""),
        ("vary: x-a", "x-a: a", "x-a: A"),
        ("vary: x-a", "x-a: 1", "x-a: 1 | x-a: 1"),
        ("vary: x-a", "x-a: 1 | x-a: 2", "x-a: 2 | x-a: 1"),
        ("vary: x-a", "x-a: 1", "x-a: 11"),
        ("vary: x-a, x-b", "x-a: 1 | x-b: 1", "x-a: 1 | x-b: 2"),
        ("vary: x-a, x-b", "x-a: 1 | x-b: 1", "x-a: 2 | x-b: 1"),
        (
            "vary: x-a | vary: x-b",
            "x-a: 1 | x-b: 1",
            "x-a: 1 | x-b: 2",
        ),
        ("vary: x-b ,x-a", "x-a: 1", "x-a: 2"),
        ("vary: x-a, x-b", "x-a: 1", "x-b: 1"),
        ("vary: user-agent", "user-agent: a/1", "user-agent: a/2"),
        ("vary: accept", "accept: text/html", "accept: text/plain"),
    ]
    .into_iter()
    .map(|(vary, first, second)| differs(name, vary, first, second))
    .collect()
}

fn preferences() -> Vec<Case> {
    let same = "preferences_that_mean_the_same_get_the_same_answer";
    let other = "preferences_that_do_not_mean_the_same_get_another_answer";
    let language = "vary: accept-language";
    let encoding = "vary: accept-encoding";
    vec![
        matches(
            same,
            language,
            "accept-language: de, en;q=0.5",
            "accept-language: DE,en; q=0.50",
        ),
        matches(
            same,
            language,
            "accept-language: de",
            "accept-language: de;q=1",
        ),
        matches(
            same,
            language,
            "accept-language: de | accept-language: en",
            "accept-language: de, en",
        ),
        matches(
            same,
            encoding,
            "accept-encoding: gzip, br",
            "accept-encoding: GZIP ,  br",
        ),
        differs(
            other,
            language,
            "accept-language: de",
            "accept-language: en",
        ),
        differs(
            other,
            language,
            "accept-language: de, en",
            "accept-language: en, de",
        ),
        differs(
            other,
            language,
            "accept-language: de",
            "accept-language: de-AT",
        ),
        differs(
            other,
            language,
            "accept-language: de, en;q=0.5",
            "accept-language: de, en;q=0.6",
        ),
        differs(
            other,
            encoding,
            "accept-encoding: gzip",
            "accept-encoding: br",
        ),
        differs(
            other,
            encoding,
            "accept-encoding: gzip",
            "accept-encoding: gzip, br",
        ),
        differs(
            other,
            encoding,
            "accept-encoding: gzip",
            "accept-encoding: gzip;q=0",
        ),
        differs(other, encoding, "accept-encoding: gzip", "accept-encoding:"),
        differs(other, encoding, "accept-encoding: gzip", ""),
    ]
}

fn nothing() -> Vec<Case> {
    let rows = [
        "vary: *",
        "vary: x-a, *",
        "vary: *, x-a",
        "vary: x-a | vary: *",
        "vary: x-a,*,x-b",
    ];
    let never = |vary: &str| {
        let fields = format!("cache-control: max-age=60 | {vary}");
        case(
            SECTION,
            format!("what_varies_by_anything_is_not_served ({vary})"),
        )
        .step(get("").passes(ok(fields.clone(), "one")))
        .step(get("").passes(ok(fields, "two")))
    };
    rows.into_iter().map(never).collect()
}

fn several() -> Vec<Case> {
    let fields = |more: &str| format!("cache-control: max-age=60 | vary: x-a | {more}");
    let plain = "cache-control: max-age=60";
    let mut many = case(SECTION, "many_answers_of_one_resource_are_kept");
    for number in 0..6 {
        let body = format!("answer {number}");
        many = many.step(get(format!("x-a: {number}")).passes(ok(fields(""), body)));
    }
    for number in 0..6 {
        many = many.step(get(format!("x-a: {number}")).hits(format!("answer {number}")));
    }
    vec![
        many,
        case(
            "RFC 9111 section 4",
            "the_newest_answer_that_matches_is_served",
        )
        .step(get("x-a: 1").passes(ok(fields("date: @-20"), "one")))
        .step(get("x-a: 2").passes(ok("cache-control: max-age=60 | date: @-10", "two")))
        .step(get("x-a: 1").hits("two")),
        case(
            "RFC 9111 section 4",
            "an_older_answer_that_arrives_later_is_not_preferred",
        )
        .step(get("x-a: 1").passes(ok(fields("date: @-10"), "one")))
        .step(get("x-a: 2").passes(ok(format!("{plain} | date: @-20"), "two")))
        .step(get("x-a: 1").hits("one")),
        case(SECTION, "an_answer_without_vary_matches_all")
            .step(get("x-a: 1").passes(ok(plain, "one")))
            .step(get("x-a: 2").hits("one")),
        case(SECTION, "a_variant_replaces_only_itself")
            .step(get("x-a: 1").passes(ok(fields(""), "one")))
            .step(get("x-a: 2").passes(ok(fields(""), "two")))
            .step(get("x-a: 1 | cache-control: no-cache").passes(ok(fields(""), "three")))
            .step(get("x-a: 1").hits("three"))
            .step(get("x-a: 2").hits("two")),
        case(
            SECTION,
            "what_varies_by_more_from_now_on_is_kept_apart_by_that",
        )
        .step(get("x-a: 1 | x-b: 1").passes(ok(fields(""), "one")))
        .step(
            get("x-a: 2 | x-b: 1").passes(ok("cache-control: max-age=60 | vary: x-a, x-b", "two")),
        )
        .step(get("x-a: 2 | x-b: 2").passes(ok(plain, "three"))),
        case(SECTION, "vary_is_served")
            .step(get("x-a: 1").passes(ok(fields(""), "one")))
            .step(get("x-a: 1").hits("one").with("vary", "x-a")),
        case(
            "RFC 9110 section 12.5.5",
            "vary_by_authorization_is_what_one_user_has_anyway",
        )
        .step(
            get("authorization: Bearer a")
                .passes(ok("cache-control: max-age=60 | vary: authorization", "one")),
        )
        .step(get("authorization: Bearer b").hits("one")),
    ]
}

fn errors() -> Vec<Case> {
    let stale = "cache-control: max-age=60, stale-if-error=1000 | age: 100 | vary: x-a";
    let stored = |name: &str, fields: &str| {
        case(SECTION, name).step(get("x-a: 1").passes(ok(fields, "one")))
    };
    vec![
        stored("another_variant_is_not_served_when_the_origin_fails", stale)
            .step(get("x-a: 2").passes(answer(503, "", "failed"))),
        stored(
            "another_variant_is_not_served_when_the_origin_is_away",
            stale,
        )
        .step(get("x-a: 2").asks(no_answer())),
        stored("another_variant_is_not_served_stale", stale)
            .step(get("x-a: 2 | cache-control: max-stale").passes(ok(stale, "two"))),
        stored(
            "another_variant_is_not_served_while_it_is_fetched",
            "cache-control: max-age=60, stale-while-revalidate=1000 | age: 100 | vary: x-a",
        )
        .step(get("x-a: 2").passes(ok("cache-control: max-age=60 | vary: x-a", "two"))),
        stored(
            "another_variant_s_tag_can_be_what_the_origin_chooses",
            "cache-control: max-age=60 | etag: \"a\" | vary: x-a",
        )
        .step(
            get("x-a: 2")
                .asks(not_modified("etag: \"a\" | vary: x-a").if_asked("if-none-match", "\"a\""))
                .sees(200, "one"),
        )
        .step(get("x-a: 2").hits("one"))
        .step(get("x-a: 1").hits("one")),
    ]
}
