//! What is no file of settings, and how it is told.

use super::*;

fn assert_refuses(format: Format, cases: &[(&str, &str, &str)]) {
    let told = cases.iter().map(|(text, ..)| {
        let error = format.parse(text).map(|tree| show(&tree)).unwrap_err();
        (*text, error.at.map(place).unwrap(), error.message)
    });
    let told: Vec<_> = told.collect();

    let told: Vec<_> = told
        .iter()
        .map(|(text, at, told)| (*text, &**at, &**told))
        .collect();
    assert_eq!(told, cases, "{told:#?}");
}

#[test]
fn a_key_that_is_there_twice_is_told_with_both_positions() {
    for (format, text, at, first) in [
        (
            Format::Toml,
            "a = 1\nb = 2\na = 3",
            "3:1",
            "line 1, column 1",
        ),
        (Format::Toml, "a = 1\n'a' = 1", "2:1", "line 1, column 1"),
        (Format::Toml, "[a]\nb = 1\n[a]", "3:2", "line 1, column 2"),
        (Format::Toml, "[a.b]\n[a]\nb = 1", "3:1", "line 1, column 4"),
        (
            Format::Toml,
            "[a.b]\n[a]\nb.c = 1",
            "3:1",
            "line 1, column 4",
        ),
        (Format::Toml, "a.b = 1\n[a]", "2:2", "line 1, column 1"),
        (Format::Toml, "a = 1\n[a.b]", "2:2", "line 1, column 1"),
        (Format::Toml, "a = 1\na.b = 1", "2:1", "line 1, column 1"),
        (
            Format::Toml,
            "a = {b = 1}\n[a.c]",
            "2:2",
            "line 1, column 1",
        ),
        (
            Format::Toml,
            "a = {b = 1}\na.c = 1",
            "2:1",
            "line 1, column 1",
        ),
        (
            Format::Toml,
            "a = {b = 1, 'b' = 2}",
            "1:13",
            "line 1, column 6",
        ),
        (
            Format::Toml,
            "a = {b.c = 1, b = 2}",
            "1:15",
            "line 1, column 6",
        ),
        (
            Format::Toml,
            "a = {b = {}, b.c = 2}",
            "1:14",
            "line 1, column 6",
        ),
        (Format::Toml, "[[a]]\n[a]", "2:2", "line 1, column 3"),
        (Format::Toml, "[a]\n[[a]]", "2:3", "line 1, column 2"),
        (Format::Toml, "a = [{}]\n[[a]]", "2:3", "line 1, column 1"),
        (
            Format::Toml,
            "[[a.b]]\n[a]\nb.c = 1",
            "3:1",
            "line 1, column 5",
        ),
        (
            Format::Yaml,
            "ü: 1\nb: 2\n'ü': 3",
            "3:1",
            "line 1, column 1",
        ),
        (Format::Yaml, "a: {b: 1, b: {}}", "1:11", "line 1, column 5"),
        (Format::Yaml, "1: a\n\"1\": b", "2:1", "line 1, column 1"),
        (
            Format::Json,
            r#"{"ü":1,"a":2,"\u00fc":3}"#,
            "1:14",
            "line 1, column 2",
        ),
        (
            Format::Json,
            "{\"a\":{\"b\":1,\n\"b\":2}}",
            "2:1",
            "line 1, column 7",
        ),
    ] {
        let message = format!("this key is there already, at {first}");
        assert_refuses(format, &[(text, at, &message)]);
    }
}

#[test]
fn the_same_key_in_another_table_is_another() {
    for (format, text) in [
        (Format::Toml, "a.b = 1\nb.b = 1\n[[c]]\nb = 1\n[[c]]\nb = 1"),
        (Format::Yaml, "a: {b: 1}\nb: {b: 1}\nc: [{b: 1}, {b: 1}]"),
        (
            Format::Json,
            r#"{"a":{"b":1},"b":{"b":1},"c":[{"b":1},{"b":1}]}"#,
        ),
    ] {
        assert!(format.parse(text).is_ok(), "{text}");
    }
}

#[test]
fn the_top_level_is_a_table() {
    let message = "a file of settings is a table of keys and values";
    for (format, text) in [
        (Format::Yaml, " # no\n  text"),
        (Format::Yaml, "\n  [a]"),
        (Format::Yaml, "\n  ~"),
        (Format::Yaml, "\n  ''"),
        (Format::Json, "\n  [{}]"),
        (Format::Json, "\n  \"a\""),
        (Format::Json, "\n  null"),
        (Format::Json, "\n  1"),
    ] {
        assert_refuses(format, &[(text, "2:3", message)]);
    }
}

#[test]
fn toml_is_read_strictly() {
    assert_refuses(
        Format::Toml,
        &[
            ("a = 0123", "1:5", "unexpected leading zero"),
            ("a = NO", "1:5", "a text has quotes"),
            ("a = info", "1:5", "a text has quotes"),
            ("a = ", "1:5", "a key without a value"),
            ("a =\nb = 1", "1:4", "a key without a value"),
            (
                "ü = 1",
                "1:1",
                "invalid unquoted key, expected letters or numbers or `-` or `_`",
            ),
            (
                "'ü' = \"a\nb\"",
                "1:9",
                "invalid basic string, expected `\"`",
            ),
            (
                "a = 1 b = 2",
                "1:5",
                "string values must be quoted, expected literal string",
            ),
            ("a = 2024-13-01", "1:5", "invalid date-time"),
            ("[a", "1:3", "unclosed table, expected `]`"),
            ("a = [1, 2", "1:10", "unclosed array, expected `]`"),
            (
                "a = 1\rb = 2",
                "2:1",
                "carriage return must be followed by newline, expected a newline",
            ),
            (
                "a = '\u{7f}'",
                "1:6",
                "invalid literal string, expected non-single-quote visible characters",
            ),
            (
                "a = \"\\q\"",
                "1:7",
                "missing escaped value, expected `b` or `e` or `f` or `n` or `r` or `\\` or `\"` or `x` or `u` or `U`",
            ),
            (
                "a = \"\\ud800\"",
                "1:8",
                "invalid value, expected unicode hexadecimal value",
            ),
            ("{\"a\": 1}", "1:1", "invalid key-value pair, expected key"),
        ],
    );
}

#[test]
fn yaml_is_read_without_what_surprises() {
    let alias = "anchors and aliases are not supported: write the value where it is needed";
    let tag = "tags are not supported: each key knows what it holds";
    let merge = "merge keys are not supported: write the values where they are needed";
    assert_refuses(
        Format::Yaml,
        &[
            ("a: &x 1\nb: *x", "1:4", alias),
            ("a: &x [1]", "1:4", alias),
            ("&x a: 1", "1:1", alias),
            ("a: *x", "1:4", "while parsing node, found unknown anchor"),
            ("a: !!binary aGk=", "1:4", tag),
            ("a: !!str 1", "1:4", tag),
            ("a: !mine {b: 1}", "1:4", tag),
            ("!!map\na: 1", "1:1", tag),
            ("a: 1\n<<: {b: 1}", "2:1", merge),
            (
                "a: 1\n---\nb: 2",
                "2:1",
                "a file of settings is one document",
            ),
            (
                "---\n---\na: 1",
                "2:1",
                "a file of settings is one document",
            ),
            ("? [a]\n: 1", "1:3", "a key is a text"),
            ("{a: 1}: 1", "1:1", "a key is a text"),
            ("~: 1", "1:1", "a key is a text"),
            (": 1", "1:1", "a key is a text"),
            (
                "a: 1\n\tb: 2",
                "1:4",
                "while scanning a plain scalar, found a tab",
            ),
            (
                "a: b: c",
                "1:5",
                "mapping values are not allowed in this context",
            ),
            (
                "a: [1",
                "1:6",
                "while parsing a flow sequence, expected ',' or ']'",
            ),
            (
                "a: 'b",
                "1:4",
                "while scanning a quoted scalar, found unexpected end of stream",
            ),
            (
                "a: \"\\q\"",
                "1:4",
                "while parsing a quoted scalar, found unknown escape character",
            ),
            ("a: 1\nb: \u{0}c: 2", "2:4", "found unprintable character"),
            ("a: `s3cret", "1:4", "unexpected character"),
            ("a: %s3cret", "1:4", "unexpected character"),
        ],
    );
}

#[test]
fn json_is_read_strictly() {
    assert_refuses(
        Format::Json,
        &[
            ("{\"a\":1,}", "1:8", "trailing comma"),
            ("{\"a\":[1,]}", "1:9", "trailing comma"),
            ("{ // no\n}", "1:3", "key must be a string"),
            ("{\"a\": 1} x", "1:10", "trailing characters"),
            ("{\"ü\": 01}", "1:8", "invalid number"),
            ("{\"ü\":\n 'b'}", "2:2", "expected value"),
            ("{\"ü\":\n NaN}", "2:2", "expected value"),
            ("{\"a\": tru}", "1:10", "expected ident"),
            ("{\"a\": \"\\q\"}", "1:9", "invalid escape"),
            (
                "{\"a\": \"\\ud800\"}",
                "1:14",
                "unexpected end of hex escape",
            ),
            (
                "{\"a\": \"\t\"}",
                "1:8",
                "control character (\\u0000-\\u001F) found while parsing a string",
            ),
            ("{\"a\" 1}", "1:6", "expected `:`"),
            ("{\"a\": 1", "1:7", "EOF while parsing an object"),
            ("{a: 1}", "1:2", "key must be a string"),
            ("{\u{a0}}", "1:2", "key must be a string"),
        ],
    );
}
