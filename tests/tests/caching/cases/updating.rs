//! What a 304 changes of what is stored (RFC 9111 sections 3.2 and 4.3.4).

use crate::case::{Case, Step, case, get, not_modified, ok};

const STALE: &str = "cache-control: max-age=60 | age: 100";

pub(crate) fn cases() -> Vec<Case> {
    [fields(), freshness(), selection()].concat()
}

fn updated(
    name: &str,
    stored: &str,
    not_modified_fields: &str,
    seen: impl Fn(Step) -> Step,
) -> Case {
    let stored = format!("{STALE} | etag: \"a\" | {stored}");
    let name = format!("{name} ({not_modified_fields})");
    case("RFC 9111 section 3.2", name)
        .step(get("").passes(ok(stored, "one")))
        .step(seen(
            get("")
                .asks(not_modified(not_modified_fields))
                .sees(200, "one"),
        ))
        .step(seen(get("").hits("one")))
}

fn fields() -> Vec<Case> {
    vec![
        updated(
            "a_field_is_replaced",
            "x-a: 1",
            "etag: \"a\" | x-a: 2",
            |step| step.with("x-a", "2"),
        ),
        updated(
            "a_field_is_added",
            "x-a: 1",
            "etag: \"a\" | x-b: 2",
            |step| step.with("x-a", "1").with("x-b", "2"),
        ),
        updated(
            "all_lines_of_a_field_are_replaced",
            "x-a: 1 | x-a: 2",
            "x-a: 3",
            |step| step.with("x-a", "3"),
        ),
        updated(
            "a_field_is_replaced_by_several_lines",
            "x-a: 1",
            "x-a: 2 | x-a: 3",
            |step| step.with_lines("x-a", &["2", "3"]),
        ),
        updated(
            "what_is_not_mentioned_stays",
            "x-a: 1 | set-cookie: a=b",
            "",
            |step| {
                step.with("x-a", "1")
                    .with("set-cookie", "a=b")
                    .with("etag", "\"a\"")
            },
        ),
        updated(
            "cookies_are_replaced",
            "set-cookie: a=1",
            "set-cookie: a=2",
            |step| step.with("set-cookie", "a=2"),
        ),
        updated(
            "the_directives_are_replaced",
            "",
            "cache-control: max-age=99, private",
            |step| step.with("cache-control", "max-age=99, private"),
        ),
        updated("the_date_is_replaced", "date: @-100", "date: @-5", |step| {
            step.with("date", "@-5")
        }),
        updated(
            "the_expiry_is_replaced",
            "expires: @-5",
            "expires: @60",
            |step| step.with("expires", "@60"),
        ),
        updated(
            "the_type_is_replaced",
            "content-type: a/b",
            "content-type: c/d",
            |step| step.with("content-type", "c/d"),
        ),
        updated("the_length_stays", "", "content-length: 99", |step| {
            step.with("content-length", "3")
        }),
        updated(
            "the_coding_stays",
            "content-encoding: x",
            "content-encoding: y",
            |step| step.with("content-encoding", "x"),
        ),
        updated("no_coding_is_added", "", "content-encoding: gzip", |step| {
            step.without("content-encoding").with("content-length", "3")
        }),
        updated(
            "no_range_is_added",
            "",
            "content-range: bytes 0-2/9",
            |step| step.without("content-range"),
        ),
        updated(
            "fields_of_one_hop_are_not_added",
            "",
            "connection: x-a | x-a: 1",
            |step| step.without("x-a"),
        ),
        updated(
            "fields_of_a_proxy_are_not_added",
            "",
            "proxy-authenticate: Basic",
            |step| step.without("proxy-authenticate"),
        ),
    ]
}

fn freshness() -> Vec<Case> {
    let section = "RFC 9111 section 4.3.4";
    let confirmed = |name: &str, stored: &str, by: &str| {
        case(section, name)
            .step(get("").passes(ok(format!("etag: \"a\" | {stored}"), "one")))
            .step(get("").asks(not_modified(by)).sees(200, "one"))
    };
    vec![
        confirmed("what_was_confirmed_is_fresh_again", STALE, "etag: \"a\"")
            .step(get("").hits("one").aged(0)),
        confirmed(
            "what_was_confirmed_without_a_date_is_new",
            &format!("{STALE} | date: @-100"),
            "",
        )
        .step(get("").hits("one").aged(0)),
        confirmed("a_confirmation_can_be_old_itself", STALE, "age: 30")
            .step(get("").hits("one").aged(30)),
        confirmed("a_confirmation_can_be_too_old_itself", STALE, "age: 70")
            .step(get("").passes(ok("", "two"))),
        confirmed(
            "a_confirmation_can_make_it_fresh_for_longer",
            STALE,
            "age: 70 | cache-control: max-age=200",
        )
        .step(get("").hits("one").aged(70)),
        confirmed(
            "a_confirmation_can_end_it",
            STALE,
            "cache-control: no-cache",
        )
        .step(get("cache-control: max-stale").passes(ok("", "two"))),
        confirmed(
            "a_confirmation_can_forbid_to_store_it",
            STALE,
            "cache-control: no-store",
        )
        .step(get("cache-control: only-if-cached, max-stale").hits_with(504, "")),
        confirmed(
            "a_confirmation_can_forbid_to_serve_it_stale",
            STALE,
            "cache-control: max-age=0, must-revalidate",
        )
        .step(get("cache-control: max-stale").passes(ok("", "two"))),
        confirmed(
            "a_confirmation_can_bring_an_expiry",
            "expires: @-5",
            "expires: @60 | date: @0",
        )
        .step(get("").hits("one")),
        case(section, "a_confirmation_that_forbids_to_store_has_its_age")
            .step(get("").passes(ok(format!("{STALE} | etag: \"a\""), "one")))
            .step(
                get("")
                    .asks(not_modified("cache-control: no-store | age: 30"))
                    .sees(200, "one")
                    .aged(30),
            ),
        case(
            section,
            "who_asks_not_to_store_leaves_what_is_stored_as_it_is",
        )
        .step(get("").passes(ok(format!("{STALE} | etag: \"a\" | x-a: 1"), "one")))
        .step(
            get("cache-control: no-store")
                .asks(not_modified("x-a: 2"))
                .sees(200, "one"),
        )
        .step(get("cache-control: max-stale").hits("one").with("x-a", "1")),
    ]
}

fn selection() -> Vec<Case> {
    let section = "RFC 9111 section 4.3.4";
    let stored = |name: &str, fields: &str| {
        case(section, name).step(get("").passes(ok(format!("{STALE} | {fields}"), "one")))
    };
    let two = || ok("cache-control: max-age=60", "two");
    let refetched = |case: Case, by: &str| case.step(get("").asks(not_modified(by)).passes(two()));
    let good = |case: Case, by: &str| {
        case.step(get("").asks(not_modified(by)).sees(200, "one"))
            .step(get("").hits("one"))
    };
    vec![
        good(
            stored("a_strong_tag_confirms_its_own", "etag: \"a\""),
            "etag: \"a\"",
        ),
        good(
            stored("a_weak_tag_confirms_its_own", "etag: W/\"a\""),
            "etag: W/\"a\"",
        ),
        good(
            stored("a_weak_tag_confirms_a_strong_one", "etag: \"a\""),
            "etag: W/\"a\"",
        ),
        good(
            stored("no_tag_confirms_what_was_asked_about", "etag: \"a\""),
            "",
        ),
        good(
            stored("a_date_confirms_its_own", "last-modified: @-1000"),
            "last-modified: @-1000",
        ),
        good(
            stored(
                "no_date_confirms_what_was_asked_about",
                "last-modified: @-1000",
            ),
            "",
        ),
        refetched(
            stored("another_tag_confirms_nothing", "etag: \"a\""),
            "etag: \"b\"",
        ),
        refetched(
            stored("another_weak_tag_confirms_nothing", "etag: W/\"a\""),
            "etag: W/\"b\"",
        ),
        refetched(
            stored("a_strong_tag_does_not_confirm_a_weak_one", "etag: W/\"a\""),
            "etag: \"a\"",
        ),
        refetched(
            stored("another_date_confirms_nothing", "last-modified: @-1000"),
            "last-modified: @-500",
        ),
        good(
            stored(
                "a_tag_goes_before_a_date",
                "etag: \"a\" | last-modified: @-1000",
            ),
            "etag: \"a\" | last-modified: @-500",
        ),
        refetched(
            stored(
                "a_date_does_not_go_before_a_tag",
                "etag: \"a\" | last-modified: @-1000",
            ),
            "etag: \"b\" | last-modified: @-1000",
        ),
        both(),
    ]
}

/// A strong validator is about all answers that have it, whatever selected them.
fn both() -> Case {
    let variant = format!("{STALE} | vary: x-a | etag: \"a\"");
    case(
        "RFC 9111 section 4.3.4",
        "a_variant_s_confirmation_is_not_another_s_with_another_tag",
    )
    .step(get("x-a: 1").passes(ok(variant.clone(), "one")))
    .step(get("x-a: 2").passes(ok(variant.replace("\"a\"", "\"b\""), "two")))
    .step(
        get("x-a: 2")
            .asks(not_modified(
                "etag: \"b\" | x-b: 1 | cache-control: max-age=60",
            ))
            .sees(200, "two"),
    )
    .step(get("x-a: 2").hits("two").with("x-b", "1"))
    .step(
        get("x-a: 1 | cache-control: max-stale")
            .hits("one")
            .without("x-b"),
    )
}
