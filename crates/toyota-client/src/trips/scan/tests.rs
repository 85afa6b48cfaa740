//! Where values begin and end, by a parser's account.

use proptest::prelude::*;

use super::*;
use crate::hostile::json;

fn skipped(text: &str) -> Result<&str, Broken> {
    let text = Cursor::new(text.as_bytes()).skip()?;
    Ok(std::str::from_utf8(text).unwrap())
}

#[test]
fn a_value_ends_where_its_last_bracket_or_quote_is() {
    for (text, value) in [
        (r#" "a\"]b\\" , 1"#, r#""a\"]b\\""#),
        (r#"{"a": [1, {"}": "]"}]} x"#, r#"{"a": [1, {"}": "]"}]}"#),
        ("-1.5e3,", "-1.5e3"),
        ("true]", "true"),
        ("[ ]", "[ ]"),
        ("null", "null"),
    ] {
        assert_eq!(skipped(text), Ok(value), "{text}");
    }
}

#[test]
fn what_does_not_end_is_broken() {
    for text in [
        "", "  ", "{", "[1, 2", r#""a"#, r#""a\"#, "[}", r#"{"a]"#, "]", ",",
    ] {
        assert_eq!(skipped(text), Err(Broken), "{text}");
    }
}

#[test]
fn depth_is_bounded() {
    for (depth, is_read) in [(127, true), (128, false), (1_000_000, false)] {
        let text = "[".repeat(depth) + &"]".repeat(depth);

        assert_eq!(skipped(&text).is_ok(), is_read, "{depth}");
    }
}

#[test]
fn escaped_keys_are_what_they_stand_for() {
    let mut keys = Vec::new();
    let text = br#"{"r\u006fute": 1, "plain": 2, "": 3}"#;

    let read = Cursor::new(text).members(|cursor, key| {
        keys.push(key.to_owned());
        cursor.skip().map(drop)
    });

    assert_eq!(read, Ok(()));
    assert_eq!(keys, ["route", "plain", ""]);
}

proptest! {
    #[test]
    fn whatever_is_json_is_skipped_whole(value in json(), pretty in any::<bool>()) {
        let text = if pretty {
            serde_json::to_string_pretty(&value).unwrap()
        } else {
            value.to_string()
        };
        let longer = format!("{text} ,");

        prop_assert_eq!(skipped(&longer), Ok(text.as_str()));
    }

    #[test]
    fn members_and_elements_are_those_of_a_parser(value in json()) {
        let text = value.to_string();
        // The parser does not read every number back to its last digit.
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let mut parts = Vec::new();
        let mut keep = |cursor: &mut Cursor<'_>| {
            let part: serde_json::Value = serde_json::from_slice(cursor.skip()?).unwrap();
            parts.push(part);
            Ok(())
        };
        let mut cursor = Cursor::new(text.as_bytes());

        let expected: Vec<_> = match &value {
            serde_json::Value::Object(members) => {
                cursor.members(|cursor, _| keep(cursor)).unwrap();
                members.values().cloned().collect()
            }
            serde_json::Value::Array(elements) => {
                cursor.elements(|cursor, _| keep(cursor)).unwrap();
                elements.clone()
            }
            _ => return Ok(()),
        };

        prop_assert_eq!(cursor.end(), Ok(()));
        // A map is in the order of its keys, and so is its text.
        prop_assert_eq!(parts, expected);
    }

    #[test]
    fn no_bytes_are_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut cursor = Cursor::new(&bytes);
        while cursor.skip().is_ok() {}
        let skip = |cursor: &mut Cursor<'_>| cursor.skip().map(drop);
        let _ = Cursor::new(&bytes).members(|cursor, _| skip(cursor));
        let _ = Cursor::new(&bytes).elements(|cursor, _| skip(cursor));
    }
}
