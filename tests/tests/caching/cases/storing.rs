//! What is stored, and what of it (RFC 9111 sections 2 to 3.5).

use http::Method;

use super::{WHAT_IS_THERE, each, statuses_not_reused, statuses_reused};
use crate::case::{Case, answer, broken_off, case, get, head, no_answer, ok, send};

pub(crate) fn cases() -> Vec<Case> {
    [
        statuses(),
        methods(),
        incomplete(),
        hop_by_hop(),
        kept(),
        keys(),
    ]
    .concat()
}

fn statuses() -> Vec<Case> {
    let mut cases = statuses_reused(
        "RFC 9111 section 3",
        "any_final_status_is_stored_that_says_how_long",
        &[
            200, 201, 202, 203, 204, 205, 226, 299, 300, 301, 302, 303, 307, 308, 399, 400, 401,
            402, 403, 404, 405, 406, 408, 409, 410, 411, 413, 414, 415, 417, 418, 422, 424, 425,
            426, 451, 499, 500, 501, 502, 503, 504, 505, 507, 508, 599,
        ],
        "cache-control: max-age=60",
    );
    // RFC 6585 sections 3 to 6.
    cases.extend(statuses_not_reused(
        "RFC 6585",
        "a_status_that_must_not_be_stored_is_not",
        &[428, 429, 431, 511],
        "cache-control: max-age=60",
    ));
    cases.extend(statuses_not_reused(
        "RFC 9111 section 3",
        "what_a_request_s_own_range_or_condition_led_to_is_not_stored",
        &[206, 412, 416],
        "cache-control: max-age=60",
    ));
    cases.push(
        case(
            "RFC 9111 section 3",
            "a_304_that_nobody_asked_for_is_not_stored",
        )
        .step(get("if-none-match: \"z\"").passes(answer(
            304,
            "cache-control: max-age=60 | etag: \"z\"",
            "",
        )))
        .step(get("").passes(ok("cache-control: max-age=60", "one")))
        .step(get("").hits("one")),
    );
    cases
}

fn methods() -> Vec<Case> {
    let fresh = "cache-control: max-age=60";
    let names = [
        "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "SPELL",
    ];
    let mut cases = each(
        "RFC 9111 section 2",
        "answers_to_other_methods_are_not_stored",
        &names,
        |case, name| {
            let method = || Method::from_bytes(name.as_bytes()).unwrap();
            case.step(send(method(), "").passes(ok(fresh, "one")))
                .step(send(method(), "").passes(ok(fresh, "two")))
                .step(get("").passes(ok(fresh, "three")))
        },
    );
    cases.extend(each(
        "RFC 9111 section 4",
        "other_methods_are_not_answered_from_what_is_stored",
        &names,
        |case, name| {
            let method = Method::from_bytes(name.as_bytes()).unwrap();
            case.step(get("").passes(ok(fresh, "one")))
                .step(send(method, "").passes(answer(400, "", "two")))
                .step(get("").hits("one"))
        },
    ));
    cases.push(
        case("RFC 9110 section 9.3.1", "a_get_with_a_body_passes_by")
            .step(get("").passes(ok(fresh, "one")))
            .step(get("").with_body("a question").passes(ok(fresh, "two")))
            .step(get("").hits("one")),
    );
    cases.push(
        case("RFC 9111 section 3", "an_answer_to_head_is_not_one_to_get")
            .step(head("").passes(ok("cache-control: max-age=60 | content-length: 3", "")))
            .step(get("").passes(ok(fresh, "one"))),
    );
    cases
}

fn incomplete() -> Vec<Case> {
    let section = "RFC 9111 section 3.3";
    let fresh = "cache-control: max-age=60 | etag: \"a\"";
    vec![
        case(section, "a_body_that_is_short_of_its_length_is_not_stored")
            .step(get("").passes(broken_off(fresh, "one")))
            .step(get(WHAT_IS_THERE).hits_with(504, "")),
        case(section, "a_body_without_its_last_chunk_is_not_stored")
            .step(get("").passes(broken_off(fresh, "one").chunked()))
            .step(get(WHAT_IS_THERE).hits_with(504, "")),
        case(section, "what_was_broken_off_is_fetched_as_a_whole")
            .step(get("").passes(broken_off(fresh, "one")))
            .step(get("").passes(ok(fresh, "two").if_not_asked("if-none-match")))
            .step(get("").hits("two")),
        case(section, "a_body_that_breaks_off_leaves_what_is_stored")
            .step(get("").passes(ok("cache-control: max-age=60 | age: 100", "one")))
            .step(get("").passes(broken_off(fresh, "two")))
            .step(get("cache-control: max-stale").hits("one")),
        case(section, "a_body_in_chunks_is_stored")
            .step(get("").passes(ok(fresh, "one").chunked()))
            .step(get("").hits("one")),
        case(section, "an_empty_body_is_stored")
            .step(get("").passes(ok(fresh, "")))
            .step(get("").hits("").with("content-length", "0")),
        case(section, "an_empty_body_in_chunks_is_stored")
            .step(get("").passes(ok(fresh, "").chunked()))
            .step(get("").hits("")),
        case(section, "a_long_body_is_stored")
            .step(get("").passes(ok(fresh, "0123456789".repeat(20_000))))
            .step(get("").hits("0123456789".repeat(20_000))),
        case("RFC 9111 section 4.2.4", "no_answer_is_not_stored")
            .step(get("").asks(no_answer()))
            .step(get("").passes(ok(fresh, "one")))
            .step(get("").hits("one")),
    ]
}

fn hop_by_hop() -> Vec<Case> {
    let section = "RFC 9111 section 3.1";
    let mut cases = each(
        section,
        "fields_of_one_hop_are_not_stored",
        &[
            "keep-alive: timeout=5",
            "proxy-connection: close",
            "te: gzip",
            "trailer: x-a",
            "upgrade: h2c",
            "proxy-authenticate: Basic realm=x",
            "proxy-authentication-info: x=y",
            "proxy-authorization: Basic eA==",
        ],
        |case, field| {
            // All of these are names in the table above.
            let name: &'static str = ["keep-alive", "proxy-connection", "te", "trailer", "upgrade"]
                .into_iter()
                .find(|name| field.starts_with(&format!("{name}:")))
                .unwrap_or_else(|| proxy_field(field));
            let fields = format!("cache-control: max-age=60 | x-b: 1 | {field}");
            case.step(get("").passes(ok(fields, "one")))
                .step(get("").hits("one").without(name).with("x-b", "1"))
        },
    );
    cases.extend(each(
        section,
        "fields_that_connection_names_are_not_stored",
        &[
            "connection: x-a",
            "connection: X-A",
            "connection: x-b, x-a",
            "connection: x-b ,x-a,",
            "connection: x-b | connection: x-a",
            "connection: keep-alive, x-a",
        ],
        |case, field| {
            let fields = format!("cache-control: max-age=60 | x-a: 1 | x-c: 1 | {field}");
            case.step(get("").passes(ok(fields, "one"))).step(
                get("")
                    .hits("one")
                    .without("x-a")
                    .without("connection")
                    .with("x-c", "1"),
            )
        },
    ));
    cases
}

fn proxy_field(field: &str) -> &'static str {
    if field.starts_with("proxy-authenticate:") {
        "proxy-authenticate"
    } else if field.starts_with("proxy-authentication-info:") {
        "proxy-authentication-info"
    } else {
        "proxy-authorization"
    }
}

fn kept() -> Vec<Case> {
    let section = "RFC 9111 section 3.1";
    let stored = |name: &str, fields: &str| {
        let fields = format!("cache-control: max-age=60 | {fields}");
        case(section, name).step(get("").passes(ok(fields, "one")))
    };
    vec![
        stored(
            "cookies_are_kept_in_order",
            "set-cookie: a=1; path=/ | x-a: 1 | set-cookie: b=2",
        )
        .step(
            get("")
                .hits("one")
                .with_lines("set-cookie", &["a=1; path=/", "b=2"]),
        ),
        stored(
            "links_are_kept_in_order",
            "link: </b>; rel=next | link: </a>; rel=prev, </c>",
        )
        .step(
            get("")
                .hits("one")
                .with_lines("link", &["</b>; rel=next", "</a>; rel=prev, </c>"]),
        ),
        stored("the_same_line_twice_stays_twice", "x-a: 1 | x-a: 1")
            .step(get("").hits("one").with_lines("x-a", &["1", "1"])),
        stored(
            "other_bytes_than_ascii_are_kept",
            "x-a: caf\u{e9} \u{ff}\u{80}",
        )
        .step(get("").hits("one").with("x-a", "caf\u{e9} \u{ff}\u{80}")),
        stored("an_empty_field_is_kept", "x-a:").step(get("").hits("one").with("x-a", "")),
        stored(
            "fields_about_the_body_are_kept",
            "content-type: text/plain | content-language: de",
        )
        .step(
            get("")
                .hits("one")
                .with("content-type", "text/plain")
                .with("content-language", "de"),
        ),
        stored(
            "warnings_and_unknown_fields_are_kept",
            "warning: 110 - x | x-a: y",
        )
        .step(
            get("")
                .hits("one")
                .with("warning", "110 - x")
                .with("x-a", "y"),
        ),
        stored(
            "cache_control_is_kept_as_it_was",
            "cache-control: private, x=\"y\"",
        )
        .step(
            get("")
                .hits("one")
                .with_lines("cache-control", &["max-age=60", "private, x=\"y\""]),
        ),
        stored("the_length_is_kept", "").step(get("").hits("one").with("content-length", "3")),
    ]
}

fn keys() -> Vec<Case> {
    let section = "RFC 9111 section 2";
    let fresh = "cache-control: max-age=60";
    let other = |name: &str, path: &str| {
        case(section, name)
            .step(get("").at("/a?b=c").passes(ok(fresh, "one")))
            .step(get("").at(path).passes(ok(fresh, "two")))
            .step(get("").at("/a?b=c").hits("one"))
    };
    vec![
        other("another_path_is_another_resource", "/b?b=c"),
        other("another_query_is_another_resource", "/a?b=d"),
        other("no_query_is_another_resource", "/a"),
        other("an_empty_query_is_another_resource", "/a?"),
        other("letters_of_paths_have_case", "/A?b=c"),
        other("the_order_of_a_query_counts", "/a?c=b"),
        case(
            "RFC 9111 section 3.5",
            "a_private_cache_stores_what_is_authorized",
        )
        .step(get("authorization: Bearer x").passes(ok(fresh, "one")))
        .step(get("authorization: Bearer x").hits("one")),
    ]
}
