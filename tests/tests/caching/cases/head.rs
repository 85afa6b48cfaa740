//! HEAD (RFC 9111 sections 4 and 4.3.5).

use crate::case::{Case, answer, case, get, head, no_answer, not_modified, ok};

pub(crate) fn cases() -> Vec<Case> {
    [answered(), learnt()].concat()
}

fn answered() -> Vec<Case> {
    let section = "RFC 9111 section 4";
    let fresh = "cache-control: max-age=60 | etag: \"a\" | x-a: 1";
    let stale = "cache-control: max-age=60 | etag: \"a\" | age: 100";
    let stored =
        |name: &str, fields: &str| case(section, name).step(get("").passes(ok(fields, "one")));
    vec![
        stored("head_is_answered_from_what_get_brought", fresh).step(
            head("")
                .hits("")
                .with("content-length", "3")
                .with("etag", "\"a\"")
                .with("x-a", "1")
                .aged(0),
        ),
        stored("head_leaves_what_is_stored", fresh)
            .step(head("").hits(""))
            .step(get("").hits("one")),
        stored("head_can_ask_whether_it_has_changed", fresh)
            .step(head("if-none-match: \"a\"").hits_with(304, "")),
        stored("head_has_no_ranges", fresh).step(
            head("range: bytes=0-1")
                .hits("")
                .with("content-length", "3")
                .without("content-range"),
        ),
        stored(
            "head_does_not_take_another_variant",
            "cache-control: max-age=60 | vary: x-a",
        )
        .step(head("x-a: 1").passes(ok("content-length: 3", ""))),
        stored("what_is_stale_is_validated_by_head", stale)
            .step(
                head("")
                    .asks(not_modified("etag: \"a\"").if_asked("if-none-match", "\"a\""))
                    .sees(200, "")
                    .with("content-length", "3"),
            )
            .step(get("").hits("one")),
        stored("head_takes_what_is_stale_if_it_says_so", stale)
            .step(head("cache-control: max-stale").hits("").aged(100)),
        stored("a_failed_head_leaves_what_is_stored", stale)
            .step(head("").asks(no_answer()))
            .step(head("").passes(answer(500, "", "")))
            .step(get("cache-control: max-stale").hits("one")),
        case(section, "a_stored_404_answers_head")
            .step(get("").passes(answer(404, "cache-control: max-age=60", "one")))
            .step(head("").hits_with(404, "")),
        case(section, "head_without_anything_stored_passes_by")
            .step(
                head("")
                    .passes(ok("content-length: 3 | cache-control: max-age=60", ""))
                    .with("content-length", "3"),
            )
            .step(get("").passes(ok("", "one"))),
    ]
}

fn learnt() -> Vec<Case> {
    const SECTION: &str = "RFC 9111 section 4.3.5";
    const STALE: &str =
        "cache-control: max-age=60 | age: 100 | etag: \"a\" | last-modified: @-1000 | x-a: 1";
    let asked = |name: &str, fields: &str| {
        case(SECTION, format!("{name} ({fields})"))
            .step(get("").passes(ok(STALE, "one")))
            .step(head("").passes(ok(fields, "")))
    };
    let update = "an_answer_to_head_freshens_what_is_stored";
    let stale = "an_answer_to_head_outdates_what_is_stored";
    let updated =
        |fields: &str| asked(update, fields).step(get("").hits("one").with("x-a", "2").aged(0));
    // Not even who takes stale answers gets what is known to be outdated.
    let outdated = |fields: &str| {
        asked(stale, fields).step(get("cache-control: max-stale").passes(ok("", "two")))
    };
    vec![
        updated("etag: \"a\" | x-a: 2"),
        updated("etag: \"a\" | content-length: 3 | x-a: 2"),
        updated("etag: \"a\" | last-modified: @-1000 | x-a: 2 | cache-control: max-age=60"),
        updated("content-length: 3 | x-a: 2"),
        outdated("etag: \"b\""),
        outdated("etag: \"b\" | cache-control: max-age=60"),
        outdated("etag: W/\"a\""),
        outdated("etag: \"a\" | content-length: 4"),
        outdated("etag: \"a\" | last-modified: @-500"),
        outdated("last-modified: @-500"),
        outdated("content-length: 4"),
        case(
            SECTION,
            "an_answer_to_head_that_forbids_it_ends_what_is_stored",
        )
        .step(get("").passes(ok(STALE, "one")))
        .step(head("").passes(ok("etag: \"a\" | cache-control: no-store", "")))
        .step(get("cache-control: max-stale").passes(ok("", "two"))),
        case(SECTION, "an_answer_to_head_does_not_touch_other_variants")
            .step(get("x-b: 1").passes(ok(format!("{STALE} | vary: x-b"), "one")))
            .step(head("x-b: 2").passes(ok("etag: \"b\" | vary: x-b", "")))
            .step(get("x-b: 1 | cache-control: max-stale").hits("one")),
        case(SECTION, "what_is_fresh_is_outdated_by_head_too")
            .step(get("").passes(ok("cache-control: max-age=60 | etag: \"a\"", "one")))
            .step(head("cache-control: no-cache").passes(ok("etag: \"b\"", "")))
            .step(get("").passes(ok("", "two"))),
        case(SECTION, "a_failed_head_tells_nothing")
            .step(get("").passes(ok("cache-control: max-age=60 | etag: \"a\"", "one")))
            .step(head("cache-control: no-cache").passes(answer(404, "etag: \"b\"", "")))
            .step(get("").hits("one")),
    ]
}
