//! Parts of what is stored (RFC 9110 section 14, RFC 9111 section 3.3).

use crate::case::{Case, answer, case, get, head, not_modified, ok};

const WHOLE: &str = "cache-control: max-age=60 | etag: \"a\" | date: @0 | last-modified: @-1000";
const BODY: &str = "0123456789";

pub(crate) fn cases() -> Vec<Case> {
    [
        satisfied(),
        unsatisfied(),
        ignored(),
        if_range(),
        parts(),
        unusable(),
    ]
    .concat()
}

fn stored(section: &'static str, name: String) -> Case {
    case(section, name).step(get("").passes(ok(WHOLE, BODY)))
}

fn satisfied() -> Vec<Case> {
    const TABLE: [(&str, &str, &str); 10] = [
        ("bytes=0-3", "bytes 0-3/10", "0123"),
        ("bytes=4-", "bytes 4-9/10", "456789"),
        ("bytes=-3", "bytes 7-9/10", "789"),
        ("bytes=0-0", "bytes 0-0/10", "0"),
        ("bytes=9-9", "bytes 9-9/10", "9"),
        ("bytes=0-", "bytes 0-9/10", BODY),
        ("bytes=5-100", "bytes 5-9/10", "56789"),
        ("bytes=-100", "bytes 0-9/10", BODY),
        ("bytes=5-99999999999999999999999", "bytes 5-9/10", "56789"),
        ("BYTES=0-3", "bytes 0-3/10", "0123"),
    ];
    let one = |(range, content_range, body): (&str, &str, &str)| {
        stored(
            "RFC 9110 section 14.2",
            format!("a_part_is_served ({range})"),
        )
        .step(
            get(format!("range: {range}"))
                .hits_with(206, body)
                .with("content-range", content_range)
                .with("content-length", body.len().to_string())
                .with("etag", "\"a\"")
                .aged(0),
        )
    };
    TABLE.into_iter().map(one).collect()
}

fn unsatisfied() -> Vec<Case> {
    let one = |range: &str| {
        stored(
            "RFC 9110 section 15.5.17",
            format!("a_part_that_is_not_there_is_refused ({range})"),
        )
        .step(
            get(format!("range: {range}"))
                .hits_with(416, "")
                .with("content-range", "bytes */10"),
        )
        .step(get("").hits(BODY))
    };
    ["bytes=10-", "bytes=10-20", "bytes=100-200", "bytes=-0"]
        .into_iter()
        .map(one)
        .collect()
}

/// RFC 9110 section 14.2: a server may ignore any range, and must ignore what it does not
/// understand; several at once are answered with the whole here.
fn ignored() -> Vec<Case> {
    let one = |range: &str| {
        stored(
            "RFC 9110 section 14.2",
            format!("what_is_no_range_is_ignored ({range})"),
        )
        .step(
            get(format!("range: {range}"))
                .hits(BODY)
                .without("content-range"),
        )
    };
    let rows = [
        "items=0-3",
        "bytes=3-1",
        "bytes=a-b",
        "bytes=",
        "bytes",
        "bytes=-",
        "bytes=0-3,5-6",
        "bytes=0 - 3",
        "bytes=+0-3",
    ];
    let mut cases: Vec<_> = rows.into_iter().map(one).collect();
    cases.push(
        stored("RFC 9110 section 14.2", "a_range_is_for_get".to_owned())
            .step(head("range: bytes=0-3").hits("").without("content-range")),
    );
    cases.push(
        case("RFC 9110 section 14.2", "a_range_is_for_what_is_ok")
            .step(get("").passes(answer(404, "cache-control: max-age=60", BODY)))
            .step(get("range: bytes=0-3").hits_with(404, BODY)),
    );
    cases
}

fn if_range() -> Vec<Case> {
    let section = "RFC 9110 section 13.1.5";
    let part = |condition: &str| {
        stored(
            section,
            format!("a_part_of_the_same_version_is_served ({condition})"),
        )
        .step(get(format!("range: bytes=0-3 | {condition}")).hits_with(206, "0123"))
    };
    let whole = |condition: &str| {
        stored(
            section,
            format!("no_part_of_another_version_is_served ({condition})"),
        )
        .step(get(format!("range: bytes=0-3 | {condition}")).hits(BODY))
    };
    vec![
        part("if-range: \"a\""),
        part("if-range: @-1000"),
        part("if-match: \"a\""),
        whole("if-range: \"z\""),
        whole("if-range: W/\"a\""),
        whole("if-range: @-999"),
        whole("if-range: @-1001"),
        whole("if-range: nonsense"),
        whole("if-range: \"a\", \"z\""),
        stored(section, "if_range_without_a_range_is_ignored".to_owned())
            .step(get("if-range: \"z\"").hits(BODY)),
        stored(section, "a_weak_tag_is_not_enough_for_a_part".to_owned())
            .step(
                get("cache-control: no-cache")
                    .passes(ok("cache-control: max-age=60 | etag: W/\"a\"", BODY)),
            )
            .step(get("range: bytes=0-3 | if-range: W/\"a\"").hits(BODY)),
        stored(
            section,
            "a_date_so_young_is_not_enough_for_a_part".to_owned(),
        )
        .step(get("cache-control: no-cache").passes(ok(
            "cache-control: max-age=60 | date: @0 | last-modified: @0",
            BODY,
        )))
        .step(get("range: bytes=0-3 | if-range: @0").hits(BODY)),
        stored(
            "RFC 9110 section 13.2.2",
            "conditions_come_before_ranges".to_owned(),
        )
        .step(get("range: bytes=0-3 | if-none-match: \"a\"").hits_with(304, ""))
        .step(get("range: bytes=0-3 | if-none-match: \"z\"").hits_with(206, "0123"))
        .step(get("range: bytes=20- | if-none-match: \"a\"").hits_with(304, "")),
        stored(
            "RFC 9110 section 13.1.5",
            "no_part_of_another_version_is_refused".to_owned(),
        )
        .step(get("range: bytes=20- | if-range: \"z\"").hits(BODY)),
    ]
}

fn parts() -> Vec<Case> {
    let section = "RFC 9111 section 3.3";
    let fields = "cache-control: max-age=60 | etag: \"a\" | content-range: bytes 2-5/10";
    let part = |name: &str| {
        case(section, name).step(
            get("range: bytes=2-5")
                .passes(answer(206, fields, "2345").if_asked("range", "bytes=2-5")),
        )
    };
    let none = || ok("cache-control: no-store", BODY).if_not_asked("if-none-match");
    vec![
        part("a_part_is_stored").step(
            get("range: bytes=2-5")
                .hits_with(206, "2345")
                .with("content-range", "bytes 2-5/10"),
        ),
        part("a_part_of_a_part_is_served").step(
            get("range: bytes=3-4")
                .hits_with(206, "34")
                .with("content-range", "bytes 3-4/10")
                .with("content-length", "2"),
        ),
        part("a_part_is_not_the_whole").step(get("").passes(none())),
        part("a_part_is_not_what_comes_before").step(get("range: bytes=1-3").passes(none())),
        part("a_part_is_not_what_comes_after").step(get("range: bytes=4-6").passes(none())),
        part("a_part_is_not_the_rest").step(get("range: bytes=2-").passes(none())),
        part("a_part_is_not_the_end").step(get("range: bytes=-8").passes(none())),
        part("a_part_does_not_answer_head").step(head("").passes(ok("content-length: 10", ""))),
        part("the_whole_takes_the_place_of_a_part")
            .step(get("").passes(ok(WHOLE, BODY)))
            .step(get("").hits(BODY))
            .step(get("range: bytes=7-8").hits_with(206, "78")),
        part("a_part_of_another_version_is_not_served")
            .step(get("range: bytes=2-5 | if-range: \"z\"").passes(none())),
        part("who_has_the_version_of_a_part_is_told_so")
            .step(get("range: bytes=2-5 | if-none-match: \"a\"").hits_with(304, "")),
        case(section, "a_part_at_the_end_is_found_from_there")
            .step(get("range: bytes=-3").passes(answer(
                206,
                "cache-control: max-age=60 | etag: \"a\" | content-range: bytes 7-9/10",
                "789",
            )))
            .step(
                get("range: bytes=-2")
                    .hits_with(206, "89")
                    .with("content-range", "bytes 8-9/10"),
            )
            .step(get("range: bytes=8-").hits_with(206, "89")),
        case(section, "a_stale_part_is_validated")
            .step(get("range: bytes=2-5").passes(answer(
                206,
                format!("{fields} | age: 100"),
                "2345",
            )))
            .step(
                get("range: bytes=2-5")
                    .asks(not_modified("etag: \"a\"").if_asked("if-none-match", "\"a\""))
                    .sees(206, "2345"),
            )
            .step(get("range: bytes=2-5").hits_with(206, "2345")),
        case("RFC 9110 section 14.2", "a_range_is_sent_on_as_it_is").step(
            get("range: bytes=2-5 | if-range: \"a\"").passes(
                ok("", BODY)
                    .if_asked("range", "bytes=2-5")
                    .if_asked("if-range", "\"a\""),
            ),
        ),
    ]
}

fn unusable() -> Vec<Case> {
    let one = |(range, body): (&str, &str)| {
        let fields = format!("cache-control: max-age=60 | etag: \"a\" | {range}");
        case(
            "RFC 9111 section 3.3",
            format!("a_part_that_cannot_be_placed_is_not_stored ({range}: {body})"),
        )
        .step(get("range: bytes=2-5").passes(answer(206, fields, body)))
        .step(get("range: bytes=2-5").passes(ok("", BODY)))
    };
    [
        ("x-a: 1", "2345"),
        ("content-range: bytes 2-5/10", "23456"),
        ("content-range: bytes 2-5/10", "234"),
        ("content-range: bytes 5-2/10", "2345"),
        ("content-range: bytes 2-15/10", "2345"),
        ("content-range: items 2-5/10", "2345"),
        ("content-range: bytes */10", "2345"),
        ("content-type: multipart/byteranges; boundary=x", "--x--"),
    ]
    .into_iter()
    .map(one)
    .collect()
}
