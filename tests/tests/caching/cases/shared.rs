//! What is different in a shared cache.

use super::{asked_again, not_stored, reused};
use crate::case::{Case, answer, case, get, no_answer, not_modified, ok};

pub(crate) fn cases() -> Vec<Case> {
    let cases = [lifetimes(), private(), authorization(), proxies()].concat();
    cases.into_iter().map(Case::shared).collect()
}

fn lifetimes() -> Vec<Case> {
    let mut cases = reused(
        "RFC 9111 section 5.2.2.10",
        "s_maxage_goes_first_where_it_is_shared",
        &[
            "cache-control: s-maxage=60",
            "cache-control: S-MAXAGE=60",
            "cache-control: s-maxage=60, max-age=0",
            "cache-control: max-age=0, s-maxage=\"60\"",
            "cache-control: s-maxage=60 | expires: @-60 | date: @0",
            "cache-control: max-age=60, public",
        ],
    );
    cases.extend(asked_again(
        "RFC 9111 section 5.2.2.10",
        "s_maxage_ends_it_where_it_is_shared",
        &[
            "cache-control: s-maxage=0, max-age=60",
            "cache-control: max-age=60, s-maxage=0",
            "cache-control: max-age=60, s-maxage=x",
            "cache-control: max-age=600, s-maxage=60 | age: 100",
            "cache-control: s-maxage=60, s-maxage=0",
        ],
    ));
    cases
}

fn private() -> Vec<Case> {
    let section = "RFC 9111 section 5.2.2.7";
    let mut cases = not_stored(
        section,
        "what_is_private_is_not_stored",
        &[
            "cache-control: private, max-age=60",
            "cache-control: max-age=60, PRIVATE",
            "cache-control: max-age=60, public, private",
            "cache-control: max-age=60 | cache-control: private",
            "cache-control: private, s-maxage=60",
            "cache-control: private=\"x-a\", private, max-age=60",
        ],
    );
    for directive in ["private=\"x-a\"", "PRIVATE=\"X-A\"", "private=\"x-b, x-a\""] {
        cases.push(
            case(
                section,
                format!("fields_that_are_private_are_not_stored ({directive})"),
            )
            .step(get("").passes(ok(
                format!("cache-control: max-age=60, {directive} | x-a: 1 | x-c: 1"),
                "one",
            )))
            .step(get("").hits("one").without("x-a").with("x-c", "1")),
        );
    }
    cases.push(
        case(
            section,
            "fields_that_are_private_are_not_added_by_a_confirmation",
        )
        .step(get("").passes(ok(
            "cache-control: max-age=60, private=\"x-a\" | etag: \"a\" | age: 100",
            "one",
        )))
        .step(get("").asks(not_modified("x-a: 1")).sees(200, "one"))
        .step(get("").hits("one").without("x-a")),
    );
    cases
}

fn authorization() -> Vec<Case> {
    let section = "RFC 9111 section 3.5";
    let shared = |directives: &str| {
        case(
            section,
            format!("what_is_authorized_is_shared_if_it_says_so ({directives})"),
        )
        .step(
            get("authorization: Basic YQ==")
                .passes(ok(format!("cache-control: {directives}"), "one")),
        )
        .step(get("authorization: Basic Yg==").hits("one"))
        .step(get("").hits("one"))
    };
    let own = |directives: &str| {
        case(
            section,
            format!("what_is_authorized_is_not_shared ({directives})"),
        )
        .step(
            get("authorization: Basic YQ==")
                .passes(ok(format!("cache-control: {directives}"), "one")),
        )
        .step(get("authorization: Basic YQ==").passes(ok("", "two")))
        .step(get("").passes(ok("", "three")))
    };
    vec![
        shared("max-age=60, public"),
        shared("s-maxage=60"),
        shared("max-age=60, must-revalidate"),
        own("max-age=60"),
        own("max-age=60, proxy-revalidate"),
        own("max-age=60, private"),
        own("max-age=60, private, public"),
        case(section, "what_was_not_authorized_is_for_all")
            .step(get("").passes(ok("cache-control: max-age=60", "one")))
            .step(get("authorization: Basic YQ==").hits("one")),
    ]
}

fn proxies() -> Vec<Case> {
    let mut cases = Vec::new();
    for directives in [
        "proxy-revalidate",
        "must-revalidate",
        "s-maxage=60",
        "PROXY-REVALIDATE",
    ] {
        let stored = |name: &str| {
            let fields =
                format!("cache-control: max-age=60, {directives}, stale-if-error=1000 | age: 100");
            case("RFC 9111 section 5.2.2.8", format!("{name} ({directives})"))
                .step(get("").passes(ok(fields, "one")))
        };
        cases.push(
            stored("what_has_to_be_validated_is_not_taken_stale")
                .step(get("cache-control: max-stale").passes(ok("", "two"))),
        );
        cases.push(
            stored("what_has_to_be_validated_does_not_stand_in")
                .step(get("").passes(answer(503, "", "failed")))
                .step(get("").asks(no_answer())),
        );
    }
    cases
}
