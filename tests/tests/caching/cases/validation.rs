//! How stored answers are validated (RFC 9111 sections 4.3.1 to 4.3.3).

use super::WHAT_IS_THERE;
use crate::case::{Case, answer, case, get, no_answer, not_modified, ok};

const STALE: &str = "cache-control: max-age=60 | age: 100";

pub(crate) fn cases() -> Vec<Case> {
    [sent(), clients(), answers()].concat()
}

fn stored(section: &'static str, name: &str, fields: &str) -> Case {
    let fields = format!("{STALE} | {fields}");
    case(section, name).step(get("").passes(ok(fields, "one")))
}

fn sent() -> Vec<Case> {
    let section = "RFC 9111 section 4.3.1";
    let stored = |name: &str, fields: &str| stored(section, name, fields);
    let good = || not_modified("cache-control: max-age=60");
    let fresh = "cache-control: max-age=60";
    vec![
        stored("a_tag_is_asked_about", "etag: \"a\"")
            .step(
                get("")
                    .asks(
                        good()
                            .if_asked("if-none-match", "\"a\"")
                            .if_not_asked("if-modified-since"),
                    )
                    .sees(200, "one"),
            )
            .step(get("").hits("one")),
        stored("a_weak_tag_is_asked_about", "etag: W/\"a\"").step(
            get("")
                .asks(good().if_asked("if-none-match", "W/\"a\""))
                .sees(200, "one"),
        ),
        stored("a_tag_with_a_comma_is_asked_about", "etag: \"a,b\"").step(
            get("")
                .asks(good().if_asked("if-none-match", "\"a,b\""))
                .sees(200, "one"),
        ),
        stored("a_tag_of_other_bytes_is_asked_about", "etag: \"\u{e9}\"").step(
            get("")
                .asks(good().if_asked("if-none-match", "\"\u{e9}\""))
                .sees(200, "one"),
        ),
        stored(
            "a_modification_date_is_asked_about",
            "last-modified: @-1000",
        )
        .step(
            get("")
                .asks(
                    good()
                        .if_asked("if-modified-since", "@-1000")
                        .if_not_asked("if-none-match"),
                )
                .sees(200, "one"),
        ),
        stored(
            "a_modification_date_is_asked_about_as_it_was_written",
            "last-modified: @asctime:-1000",
        )
        .step(
            get("")
                .asks(good().if_asked("if-modified-since", "@asctime:-1000"))
                .sees(200, "one"),
        ),
        stored(
            "both_validators_are_asked_about",
            "etag: \"a\" | last-modified: @-1000",
        )
        .step(
            get("")
                .asks(
                    good()
                        .if_asked("if-none-match", "\"a\"")
                        .if_asked("if-modified-since", "@-1000"),
                )
                .sees(200, "one"),
        ),
        stored("without_validators_nothing_is_asked_about", "").step(
            get("").passes(
                ok(fresh, "two")
                    .if_not_asked("if-none-match")
                    .if_not_asked("if-modified-since"),
            ),
        ),
        stored("what_is_no_tag_is_not_asked_about", "etag: a b")
            .step(get("").passes(ok(fresh, "two").if_not_asked("if-none-match"))),
        stored("the_request_s_other_fields_are_sent", "etag: \"a\"").step(
            get("x-a: 1 | accept: text/html")
                .asks(good().if_asked("x-a", "1").if_asked("accept", "text/html"))
                .sees(200, "one"),
        ),
        every_tag(),
    ]
}

fn every_tag() -> Case {
    let variant = |tag: &str| format!("{STALE} | vary: x-a | etag: \"{tag}\"");
    case("RFC 9111 section 4.3.1", "every_stored_tag_is_asked_about")
        .step(get("x-a: 1").passes(ok(variant("a"), "one")))
        .step(get("x-a: 2").passes(ok(variant("b"), "two").if_asked("if-none-match", "\"a\"")))
        .step(
            get("x-a: 1")
                .asks(
                    not_modified("etag: \"a\" | cache-control: max-age=60")
                        .if_asked_any("if-none-match", &["\"a\"", "\"b\""]),
                )
                .sees(200, "one"),
        )
        .step(get("x-a: 1").hits("one"))
        .step(get("x-a: 2 | cache-control: max-stale").hits("two"))
}

fn clients() -> Vec<Case> {
    let section = "RFC 9111 section 4.3.2";
    let stored = |name: &str, fields: &str| stored(section, name, fields);
    let fresh = "etag: \"a\" | cache-control: max-age=60";
    vec![
        case(section, "a_client_s_own_validator_is_the_origin_s_to_judge")
            .step(
                get("if-none-match: \"z\"")
                    .passes(not_modified("etag: \"z\"").if_asked("if-none-match", "\"z\"")),
            )
            .step(get(WHAT_IS_THERE).hits_with(504, "")),
        case(section, "a_client_s_own_date_is_the_origin_s_to_judge").step(
            get("if-modified-since: @-1000")
                .passes(not_modified("").if_asked("if-modified-since", "@-1000")),
        ),
        case(section, "a_whole_answer_to_a_client_s_validator_is_stored")
            .step(get("if-none-match: \"z\"").passes(ok(fresh, "one")))
            .step(get("").hits("one")),
        stored("only_stored_tags_are_asked_about", "etag: \"a\"").step(
            get("if-none-match: \"z\"")
                .asks(not_modified(fresh).if_asked("if-none-match", "\"a\""))
                .sees(200, "one"),
        ),
        stored(
            "a_client_that_has_what_was_confirmed_is_told_so",
            "etag: \"a\"",
        )
        .step(
            get("if-none-match: \"a\"")
                .asks(not_modified(fresh))
                .sees(304, ""),
        )
        .step(get("").hits("one")),
        stored(
            "a_client_with_another_date_gets_what_was_confirmed",
            "last-modified: @-1000",
        )
        .step(
            get("if-modified-since: @-5000")
                .asks(not_modified("").if_asked("if-modified-since", "@-1000"))
                .sees(200, "one"),
        ),
        stored("a_client_s_validator_never_relabels_what_is_stored", "")
            .step(get("if-none-match: \"z\"").passes(not_modified("etag: \"z\"")))
            .step(get("cache-control: max-stale").hits("one").without("etag")),
        stored(
            "a_304_for_another_tag_is_no_answer_to_anybody",
            "etag: \"a\"",
        )
        .step(
            get("")
                .asks(not_modified("etag: \"z\"").if_asked("if-none-match", "\"a\""))
                .passes(ok("etag: \"z\"", "two").if_not_asked("if-none-match")),
        ),
        stored(
            "a_client_s_range_and_validator_are_both_kept",
            "etag: \"a\"",
        )
        .step(get("if-match: \"z\"").passes(answer(412, "", "").if_asked("if-match", "\"z\""))),
    ]
}

fn answers() -> Vec<Case> {
    let section = "RFC 9111 section 4.3.3";
    let stored = |name: &str| stored(section, name, "etag: \"a\"");
    let mut cases = vec![
        stored("a_whole_answer_is_used_and_replaces_what_was_stored")
            .step(get("").passes(ok("etag: \"b\" | cache-control: max-age=60", "two")))
            .step(get("").hits("two").with("etag", "\"b\"")),
        stored("what_was_confirmed_can_be_confirmed_again")
            .step(get("").asks(not_modified("age: 70")).sees(200, "one"))
            .step(
                get("")
                    .asks(not_modified("").if_asked("if-none-match", "\"a\""))
                    .sees(200, "one"),
            )
            .step(get("").hits("one")),
        stored("no_answer_is_no_confirmation")
            .step(get("").asks(no_answer()))
            .step(get("").asks(not_modified("")).sees(200, "one")),
    ];
    for status in [500, 502, 503, 504] {
        cases.push(
            stored(&format!("a_failure_leaves_what_is_stored ({status})"))
                .step(get("").passes(answer(status, "", "failed")))
                .step(get("cache-control: max-stale").hits("one")),
        );
    }
    for status in [201, 302, 403, 404, 410] {
        cases.push(
            stored(&format!(
                "an_answer_of_another_status_is_passed_on ({status})"
            ))
            .step(get("").passes(answer(status, "", "other"))),
        );
    }
    for status in [404, 410, 301] {
        cases.push(
            stored(&format!(
                "an_answer_that_may_be_stored_replaces_what_was_stored ({status})"
            ))
            .step(get("").passes(answer(status, "cache-control: max-age=60", "gone")))
            .step(get("").hits_with(status, "gone")),
        );
    }
    cases
}
