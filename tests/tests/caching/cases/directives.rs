//! How `Cache-Control` is read in answers, and its directives (RFC 9111 sections 5.2 and 5.2.2,
//! RFC 8246).

use super::{WHAT_IS_THERE, asked_again, each, not_stored, reused};
use crate::case::{Case, answer, case, get, not_modified, ok};

pub(crate) fn cases() -> Vec<Case> {
    [
        syntax(),
        no_store(),
        no_cache(),
        must_revalidate(),
        must_understand(),
        immutable(),
    ]
    .concat()
}

fn syntax() -> Vec<Case> {
    let mut cases = reused(
        "RFC 9111 section 5.2",
        "directives_are_read_however_they_are_written",
        &[
            "cache-control: max-age=\"60\"",
            "cache-control: max-age=\"\\60\"",
            "cache-control: public , max-age=60",
            "cache-control: public,max-age=60",
            "cache-control: public\t,\tmax-age=60",
            "cache-control: , ,max-age=60,,",
            "cache-control: public | cache-control: max-age=60",
            "cache-control: max-age=60 | cache-control: public",
            "cache-control: | cache-control: max-age=60",
        ],
    );
    cases.extend(reused(
        "RFC 9111 section 5.2.3",
        "unknown_directives_are_ignored",
        &[
            "cache-control: max-age=60, unknown",
            "cache-control: unknown=0, max-age=60",
            "cache-control: unknown=\"a, max-age=0\", max-age=60",
            "cache-control: unknown=\"no-store\", max-age=60",
            "cache-control: unknown=\"a\\\", no-store\", max-age=60",
            "cache-control: max-age=60, no-stores",
            "cache-control: max-age=60, x-no-store",
            "cache-control: max-age=60, pre-check=0, post-check=0",
            "cache-control: max-age=60, only-if-cached",
            "cache-control: max-age=60, min-fresh=1000",
        ],
    ));
    cases
}

fn no_store() -> Vec<Case> {
    not_stored(
        "RFC 9111 section 5.2.2.5",
        "no_store_is_obeyed",
        &[
            "cache-control: no-store",
            "cache-control: no-store, max-age=60",
            "cache-control: max-age=60, no-store",
            "cache-control: max-age=60, NO-STORE",
            "cache-control: max-age=60, No-Store",
            "cache-control: max-age=60 | cache-control: no-store",
            "cache-control: max-age=60,no-store ,",
            "cache-control: max-age=60, no-store=\"set-cookie\"",
            "cache-control: max-age=60, no-store=1",
            "cache-control: public, no-store, immutable, max-age=60",
            "cache-control: no-store | expires: @60 | date: @0",
            "cache-control: no-store | last-modified: @-100000",
        ],
    )
}

fn no_cache() -> Vec<Case> {
    let mut cases = asked_again(
        "RFC 9111 section 5.2.2.4",
        "no_cache_is_never_served_without_asking",
        &[
            "cache-control: no-cache, max-age=60",
            "cache-control: max-age=60, no-cache",
            "cache-control: NO-CACHE, max-age=60",
            "cache-control: max-age=60 | cache-control: no-cache",
            "cache-control: no-cache | expires: @60 | date: @0",
            "cache-control: no-cache=\"\", max-age=60",
            "cache-control: no-cache, no-cache=\"x-a\", max-age=60",
        ],
    );
    cases.push(
        case(
            "RFC 9111 section 5.2.2.4",
            "no_cache_is_stored_and_validated",
        )
        .step(get("").passes(ok("cache-control: no-cache | etag: \"a\"", "one")))
        .step(
            get("")
                .asks(not_modified("etag: \"a\"").if_asked("if-none-match", "\"a\""))
                .sees(200, "one"),
        ),
    );
    cases.push(
        case(
            "RFC 9111 section 5.2.2.4",
            "no_cache_goes_before_what_the_client_would_take",
        )
        .step(get("").passes(ok("cache-control: no-cache, max-age=60", "one")))
        .step(get(WHAT_IS_THERE).hits_with(504, "")),
    );
    cases.extend(each(
        "RFC 9111 section 5.2.2.4",
        "fields_named_by_no_cache_are_not_served_without_asking",
        &[
            "no-cache=\"x-a\"",
            "no-cache=\"X-A\"",
            "no-cache=\"x-b, x-a\"",
            "no-cache=\" x-a \"",
            "no-cache=\"x-b\", no-cache=\"x-a\"",
        ],
        |case, directive| {
            let fields = format!("cache-control: max-age=60, {directive} | x-a: 1 | x-c: 2");
            case.step(get("").passes(ok(fields, "one")).with("x-a", "1"))
                .step(get("").hits("one").without("x-a").with("x-c", "2"))
        },
    ));
    cases.push(
        case(
            "RFC 9111 section 5.2.2.4",
            "fields_named_by_no_cache_are_served_after_asking",
        )
        .step(get("").passes(ok(
            "cache-control: max-age=60, no-cache=\"x-a\" | age: 100 | etag: \"a\" | x-a: 1",
            "one",
        )))
        .step(
            get("")
                .asks(not_modified("etag: \"a\""))
                .sees(200, "one")
                .with("x-a", "1"),
        ),
    );
    cases.extend(each(
        "RFC 9111 section 5.2.2.7",
        "a_private_cache_stores_what_is_private",
        &["private", "private=\"x-a\"", "PRIVATE", "private=\"\""],
        |case, directive| {
            let fields = format!("cache-control: max-age=60, {directive} | x-a: 1");
            case.step(get("").passes(ok(fields, "one")))
                .step(get("").hits("one").with("x-a", "1"))
        },
    ));
    cases
}

fn must_revalidate() -> Vec<Case> {
    const STALE: &str = "cache-control: max-age=60, must-revalidate | age: 100";
    let mut cases = each(
        "RFC 9111 section 5.2.2.2",
        "must_revalidate_is_not_served_stale_whatever_the_request_says",
        &[
            "cache-control: max-stale",
            "cache-control: max-stale=1000",
            "cache-control: stale-if-error=1000",
        ],
        |case, request| {
            case.step(get("").passes(ok(STALE, "one")))
                .step(get(request).passes(answer(500, "", "failed")))
        },
    );
    cases.extend(asked_again(
        "RFC 9111 section 5.2.2.2",
        "must_revalidate_is_not_served_stale_whatever_else_it_says",
        &[
            "cache-control: max-age=60, must-revalidate, stale-while-revalidate=100 | age: 100",
            "cache-control: max-age=60, stale-while-revalidate=100, MUST-REVALIDATE | age: 100",
            "cache-control: max-age=60, must-revalidate=1, stale-while-revalidate=100 | age: 100",
        ],
    ));
    cases
}

fn must_understand() -> Vec<Case> {
    let section = "RFC 9111 section 5.2.2.3";
    let status = |name: &str, status, fields: &str, stored: bool| {
        let again = if stored { status } else { 504 };
        let body = if stored { "one" } else { "" };
        case(section, format!("{name} ({status}: {fields})"))
            .step(get("").passes(answer(status, fields, "one")))
            .step(get(WHAT_IS_THERE).hits_with(again, body))
    };
    let understood = "a_status_that_is_understood_overrides_no_store";
    let unknown = "a_status_that_is_not_understood_is_not_stored";
    vec![
        status(
            understood,
            200,
            "cache-control: must-understand, no-store, max-age=60",
            true,
        ),
        status(
            understood,
            404,
            "cache-control: no-store, must-understand, max-age=60",
            true,
        ),
        status(
            understood,
            200,
            "cache-control: max-age=60, must-understand",
            true,
        ),
        status(
            unknown,
            299,
            "cache-control: max-age=60, must-understand",
            false,
        ),
        status(
            unknown,
            599,
            "cache-control: max-age=60, must-understand",
            false,
        ),
        status(
            unknown,
            499,
            "cache-control: max-age=60, must-understand, public",
            false,
        ),
        status(
            unknown,
            299,
            "cache-control: no-store, must-understand, max-age=60",
            false,
        ),
    ]
}

fn immutable() -> Vec<Case> {
    let section = "RFC 8246 section 2";
    let fresh = "cache-control: max-age=60, immutable | etag: \"a\" | age: 10";
    let stale = "cache-control: max-age=60, immutable | etag: \"a\" | age: 100";
    let stored =
        |name: &str, fields: &str| case(section, name).step(get("").passes(ok(fields, "one")));
    let asks = |request: &str| get(request).passes(ok("cache-control: max-age=60", "two"));
    vec![
        stored("a_reload_takes_what_is_immutable", fresh)
            .secure()
            .step(get("cache-control: max-age=0").hits("one")),
        stored("a_forced_reload_asks_for_what_is_immutable", fresh)
            .secure()
            .step(asks("cache-control: no-cache")),
        stored("immutable_counts_while_fresh", stale)
            .secure()
            .step(asks("")),
        case(
            "RFC 8246 section 3",
            "immutable_does_not_count_over_an_open_connection",
        )
        .step(get("").passes(ok(fresh, "one")))
        .step(get("cache-control: max-age=0").passes(ok(fresh, "two"))),
    ]
}
