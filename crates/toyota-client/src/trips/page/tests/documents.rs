//! Whatever a parser takes for a document, a page is read of; and of what it does not, none.

use proptest::prelude::*;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::*;

#[test]
fn what_is_json_and_cannot_be_held_spoils_only_itself() {
    for odd in ["1e999", "-1e999", r#""\ud800""#, r#"{"a": [1e999]}"#] {
        let body = format!(
            r#"{{"payload": {{"trips": [
                {{"id": "a", "hdc": {odd}, "route": [{{"lat": 1, "lon": 2, "mode": {odd}}}]}},
                {{"id": "b", "hdc": {{"evTime": 1}}}}
            ]}}}}"#
        );

        let Decoded { value, warnings } = Page::read(body.into()).unwrap();

        let page = value.unwrap();
        assert!(page.trips[0].hybrid.is_none() && page.trips[1].hybrid.is_some());
        assert_eq!(page.trips[0].route().count(), 1, "{odd}");
        assert_eq!(warnings[0].path(), "payload.trips[0].hdc", "{odd}");
    }
}

#[test]
fn only_lists_that_are_read_later_may_be_no_json() {
    for (before, after, is_read) in [
        (r#"{"new":"#, "}", false),
        (r#"{"payload":"#, "}", false),
        (r#"{"payload":{"from":"#, "}}", false),
        (r#"{"payload":{"trips":"#, "}}", false),
        (r#"{"payload":{"trips":["#, "]}}", false),
        (r#"{"payload":{"trips":[{"new":"#, "}]}}", false),
        (r#"{"payload":{"trips":[{"route":["#, "]}]}}", true),
        (r#"{"payload":{"trips":[{"behaviours":["#, "]}]}}", true),
    ] {
        let lists = ["[1 2]", "{\"a\u{1}\":1}", "{\"a\"\u{c}:1}", "{\"a\": 1,}"];
        let scalars = ["nul", "01", "1\u{c}", "\"\\x\""];
        for odd in lists.into_iter().chain(scalars) {
            let body = format!("{before}{odd}{after}");

            let read = Page::read(body.clone().into());

            assert_eq!(read.is_ok(), is_read, "{body:?}");
        }
    }
}

#[test]
fn what_stands_beside_a_trip_alone_is_json_too() {
    for (beside, is_read) in [("1e999", true), ("[1 2]", false), ("nul", false)] {
        let body = format!(r#"{{"payload": {{"beside": {beside}, "trip": {{"id": "a"}}}}}}"#);

        let read = read_trip(body.into());

        assert_eq!(read.is_ok(), is_read, "{beside}");
    }
}

#[test]
fn the_next_page_begins_where_it_is_said_in_any_spelling() {
    for next in ["50", "50.0", r#""50""#, "5e1"] {
        let body = format!(
            r#"{{"payload": {{"_metadata": {{"pagination": {{"nextOffset": {next}}}}}}}}}"#
        );

        let page = Page::read(body.into()).unwrap().value.unwrap();

        assert_eq!(page.next_offset, Some(50), "{next}");
    }
}

/// Texts of values, odd ones and broken ones among them.
fn value() -> impl Strategy<Value = String> {
    let whole = [
        "0",
        "-0",
        "1e999",
        "-1.5E+3",
        "18446744073709551616",
        "true",
        "null",
        r#""""#,
        r#""\u0000""#,
        r#""\ud83d\ude00""#,
        r#""\ud800""#,
        r#""\"\\]}""#,
        "[]",
        "{}",
        " [ ] ",
        r#"{"id": "a", "id": "b"}"#,
        r#"{"route": [], "r\u006fute": [{"lat": 1, "lon": 2}]}"#,
    ];
    let broken = [
        "",
        "01",
        "1.",
        "+1",
        ".5",
        "NaN",
        "nul",
        "'a'",
        r#""\x""#,
        r#""a"#,
        "[1,]",
        "[,]",
        "[1 2]",
        r#"{"a"}"#,
        r#"{"a": 1,}"#,
        "{1: 2}",
        "]",
        "}",
        "\u{feff}1",
        "\u{a0}",
        "/**/1",
    ];
    let leaf = prop_oneof![
        8 => proptest::sample::select(whole.to_vec()).prop_map(str::to_owned),
        1 => proptest::sample::select(broken.to_vec()).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 20, 4, |inner| {
        let key = proptest::sample::select(vec![
            "id",
            "summary",
            "hdc",
            "scores",
            "year",
            "month",
            "nextOffset",
            "pagination",
            "trips",
            "t\\u0072ips",
            "new",
            "",
        ]);
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4)
                .prop_map(|elements| format!("[{}]", elements.join(","))),
            proptest::collection::vec((key, inner), 0..4).prop_map(|members| {
                let members = members
                    .iter()
                    .map(|(key, value)| format!("\"{key}\" : {value}"));
                format!("{{{}}}", members.collect::<Vec<_>>().join(" ,\n"))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn a_document_is_one_by_a_parsers_account(value in value(), place in 0..5_usize) {
        let before = [
            "",
            r#"{"payload":"#,
            r#"{"payload":{"trips":["#,
            r#"{"payload":{"trips":[{"summary":"#,
            r#"{"payload":{"summary":[{"histograms":"#,
        ];
        let after = ["", "}", "]}}", "}]}}", "}]}}"];
        let text = format!("{}{value}{}", before[place], after[place]);
        let is_json = text.is_empty() || serde_json::from_str::<IgnoredAny>(&text).is_ok();

        let read = Page::read(text.clone().into());

        prop_assert_eq!(read != Err(NoAnswer::NotJson), is_json, "{}", text);
    }

    #[test]
    fn what_is_read_is_what_a_parser_reads(value in value()) {
        let text = format!(r#"{{"payload":{{"trips":[{{"id":"a","summary":{value}}}]}}}}"#);
        let Ok(parsed) = serde_json::from_str::<Value>(&text) else {
            return Ok(());
        };

        let read = Page::read(text.into()).unwrap();

        prop_assert_eq!(read, Page::read(parsed.to_string().into()).unwrap());
    }
}
