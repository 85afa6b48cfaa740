//! What changes make invalid (RFC 9111 section 4.4).

use http::Method;

use super::WHAT_IS_THERE;
use crate::case::{Case, answer, case, get, no_answer, ok, send};

const SECTION: &str = "RFC 9111 section 4.4";
const FRESH: &str = "cache-control: max-age=60";

pub(crate) fn cases() -> Vec<Case> {
    [methods(), statuses(), targets(), what_is_gone()].concat()
}

fn stored(name: String) -> Case {
    case(SECTION, name).step(get("").passes(ok(FRESH, "one")))
}

fn method(name: &str) -> Method {
    Method::from_bytes(name.as_bytes()).unwrap()
}

fn methods() -> Vec<Case> {
    let invalidates = |name: &str| {
        stored(format!("an_unsafe_method_invalidates ({name})"))
            .step(
                send(method(name), "")
                    .with_body("change")
                    .passes(ok("", "done")),
            )
            .step(get(WHAT_IS_THERE).hits_with(504, ""))
    };
    let does_not = |name: &str| {
        stored(format!("a_safe_method_does_not_invalidate ({name})"))
            .step(send(method(name), "").passes(ok("", "done")))
            .step(get("").hits("one"))
    };
    // A method of unknown safety counts as unsafe.
    let mut cases: Vec<_> = ["POST", "PUT", "PATCH", "DELETE", "SPELL", "post"]
        .into_iter()
        .map(invalidates)
        .collect();
    cases.extend(["OPTIONS", "TRACE"].into_iter().map(does_not));
    cases
}

fn statuses() -> Vec<Case> {
    let mut cases = Vec::new();
    for status in [200, 201, 202, 204, 205, 299, 301, 302, 303, 307, 308] {
        let body = if [204, 205].contains(&status) {
            ""
        } else {
            "done"
        };
        cases.push(
            stored(format!("what_succeeds_or_redirects_invalidates ({status})"))
                .step(send(Method::POST, "").passes(answer(status, "", body)))
                .step(get("").passes(ok(FRESH, "two")))
                .step(get("").hits("two")),
        );
    }
    for status in [400, 401, 403, 404, 405, 409, 412, 429, 500, 502, 503, 504] {
        cases.push(
            stored(format!("what_fails_does_not_invalidate ({status})"))
                .step(send(Method::POST, "").passes(answer(status, "location: /", "failed")))
                .step(get("").hits("one")),
        );
    }
    // The RFC says nothing of it: the change may have been made all the same.
    cases.push(
        stored("what_is_not_answered_invalidates".to_owned())
            .step(send(Method::POST, "").asks(no_answer()))
            .step(get("").passes(ok(FRESH, "two"))),
    );
    cases
}

fn targets() -> Vec<Case> {
    let changed = |field: &str| {
        send(Method::POST, "")
            .at("/a/change")
            .passes(answer(201, field, "done"))
    };
    let named = |field: &str| {
        case(
            SECTION,
            format!("what_an_answer_names_is_invalid ({field})"),
        )
        .step(get("").at("/a/b?c").passes(ok(FRESH, "one")))
        .step(changed(field))
        .step(get(WHAT_IS_THERE).at("/a/b?c").hits_with(504, ""))
    };
    let others = |field: &str| {
        case(
            SECTION,
            format!("what_an_answer_does_not_name_stays ({field})"),
        )
        .step(get("").at("/a/b?c").passes(ok(FRESH, "one")))
        .step(changed(field))
        .step(get("").at("/a/b?c").hits("one"))
    };
    vec![
        named("location: /a/b?c"),
        named("location: b?c"),
        named("location: ./b?c"),
        named("location: ../a/b?c"),
        named("location: {origin}/a/b?c"),
        named("location: /a/b?c#fragment"),
        named("content-location: /a/b?c"),
        named("content-location: {origin}/a/b?c"),
        named("content-location: b?c"),
        named("location: /x | content-location: /a/b?c"),
        others(""),
        others("location: /a/b"),
        others("location: /a/b?d"),
        others("location: http://other.example/a/b?c"),
        others("location: //other.example/a/b?c"),
        others("content-location: http://other.example/a/b?c"),
        others("link: </a/b?c>"),
        others("location: http://[/a/b?c"),
        case(SECTION, "what_an_answer_to_get_names_stays")
            .step(get("").at("/a").passes(ok(FRESH, "one")))
            .step(get("").at("/b").passes(answer(302, "location: /a", "")))
            .step(get("").at("/a").hits("one")),
        case(SECTION, "what_a_failure_names_stays")
            .step(get("").at("/a/b?c").passes(ok(FRESH, "one")))
            .step(
                send(Method::POST, "")
                    .at("/x")
                    .passes(answer(500, "location: /a/b?c", "")),
            )
            .step(get("").at("/a/b?c").hits("one")),
        case(SECTION, "another_resource_stays")
            .step(get("").at("/a").passes(ok(FRESH, "one")))
            .step(
                send(Method::DELETE, "")
                    .at("/b")
                    .passes(answer(204, "", "")),
            )
            .step(get("").at("/a").hits("one")),
        case(SECTION, "another_query_stays")
            .step(get("").at("/a?1").passes(ok(FRESH, "one")))
            .step(
                send(Method::DELETE, "")
                    .at("/a?2")
                    .passes(answer(204, "", "")),
            )
            .step(get("").at("/a?1").hits("one")),
    ]
}

fn what_is_gone() -> Vec<Case> {
    let varying = "cache-control: max-age=60 | vary: x-a";
    vec![
        case(SECTION, "all_variants_are_invalid")
            .step(get("x-a: 1").passes(ok(varying, "one")))
            .step(get("x-a: 2").passes(ok(varying, "two")))
            .step(send(Method::PUT, "x-a: 3").passes(answer(204, "", "")))
            .step(get("x-a: 1").passes(ok("", "three")))
            .step(get("x-a: 2").passes(ok("", "four"))),
        case(
            SECTION,
            "what_is_invalid_is_not_served_when_the_origin_fails",
        )
        .step(get("").passes(ok("cache-control: max-age=60, stale-if-error=1000", "one")))
        .step(send(Method::PUT, "").passes(answer(204, "", "")))
        .step(get("").passes(answer(503, "", "failed"))),
        case(SECTION, "what_is_immutable_is_invalid_too")
            .secure()
            .step(get("").passes(ok("cache-control: max-age=60, immutable", "one")))
            .step(send(Method::PUT, "").passes(answer(204, "", "")))
            .step(get("").passes(ok("", "two"))),
        case(SECTION, "what_is_fetched_after_a_change_is_stored")
            .step(send(Method::PUT, "").passes(answer(204, "", "")))
            .step(get("").passes(ok(FRESH, "one")))
            .step(get("").hits("one")),
    ]
}
