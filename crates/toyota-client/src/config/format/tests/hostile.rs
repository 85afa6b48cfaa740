//! Texts that are written to break their reader: a tree or an error each, and soon.

use std::time::Duration;

use proptest::prelude::*;
use tokio::time::Instant;

use super::*;

const MIB: usize = 1 << 20;
/// Each takes far less, also on a machine that does much else.
const SOON: Duration = Duration::from_secs(20);

const FORMATS: [Format; 3] = [Format::Toml, Format::Yaml, Format::Json];

/// What is repeated to a mebibyte, with what comes before and after it.
const BULKS: [(&str, &str, &str); 32] = [
    ("", "[", ""),
    ("", "{", ""),
    ("a = ", "[", ""),
    ("a = ", "{a=", ""),
    ("a = [", "[],", "]"),
    ("a = [", "1,", "]"),
    ("a = \"\"\"", "\\u0041", "\"\"\""),
    ("", "a.", "a = 1"),
    ("[", "a.", "a]"),
    ("", "[[a]]\n", ""),
    ("", "[a.a.a.a.a.a.a.a]\n", ""),
    ("", "a=1\n", ""),
    ("", "=\n", ""),
    ("", "\"", ""),
    ("{\"a\":", "[", ""),
    ("{\"a\":[", "[],", "1]}"),
    ("{\"a\":[", "1,", "1]}"),
    ("{", "\"a\":1,", "\"a\":1}"),
    ("", "{\"a\":", ""),
    ("{\"a\": \"", "\\u0041", "\"}"),
    ("", "- ", ""),
    ("", "? ", ""),
    ("", "a: ", ""),
    ("", "{a: ", ""),
    ("", "a:\n", ""),
    ("a: ", "&a ", ""),
    ("", "!a ", ""),
    ("", "---\n", ""),
    ("a: |\n", " a\n", ""),
    ("a: \"", "\n", "\""),
    ("", "#\n", ""),
    ("", "\u{feff}", ""),
];

#[test]
fn a_mebibyte_of_the_same_is_read_or_refused_soon() {
    for (before, bulk, after) in BULKS {
        let text = format!("{before}{}{after}", bulk.repeat(MIB / bulk.len()));
        for format in FORMATS {
            let started = Instant::now();

            let read = format.parse(&text);

            let took = started.elapsed();
            let shown = format!("{format:?} {before:?} {bulk:?} {after:?}: {took:?}");
            assert!(took < SOON, "{shown}");
            let (nodes, depth) = read.map_or((0, 0), |tree| (nodes(&tree), depth(&tree)));
            assert!(nodes <= MAX_NODES && depth <= MAX_DEPTH, "{shown}");
        }
    }
}

#[test]
fn a_mebibyte_of_short_keys_has_too_many() {
    // Each key is one character, and no two are the same.
    let keys: Vec<char> = ('\u{4e00}'..'\u{d7ff}').collect();
    let lines = |line: fn(&char) -> String| keys.iter().map(line).collect::<String>();
    let json = lines(|key| format!("\"{key}\":1,"));
    for (format, text) in [
        (Format::Toml, lines(|key| format!("'{key}'=1\n"))),
        (Format::Yaml, lines(|key| format!("{key}: 1\n"))),
        (Format::Json, format!("{{{json}\"a\":1}}")),
    ] {
        let error = format.parse(&text).unwrap_err();

        assert_eq!(error.message, "more than 10000 values in one file");
    }
}

#[test]
fn as_many_values_as_are_allowed_are_read() {
    let items = |count| vec!["1"; count].join(",");
    // The table and the list are two of them.
    for (count, fits) in [(MAX_NODES - 2, true), (MAX_NODES - 1, false)] {
        let items = items(count);
        for (format, text) in [
            (Format::Yaml, format!("a: [{items}]")),
            (Format::Json, format!("{{\"a\": [{items}]}}")),
            (Format::Toml, format!("a = [{items}]")),
        ] {
            assert_eq!(format.parse(&text).is_ok(), fits, "{format:?} {count}");
        }
    }
}

#[test]
fn as_deep_as_is_allowed_is_read() {
    // The table at the top is one level.
    for (levels, fits) in [(MAX_DEPTH - 1, true), (MAX_DEPTH, false), (100, false)] {
        let (open, close) = ("[".repeat(levels), "]".repeat(levels));
        let keys = vec!["a"; levels].join(".");
        let maps: String = (0..levels)
            .map(|i| format!("{}a:\n", " ".repeat(i)))
            .collect();
        for (format, text) in [
            (Format::Toml, format!("a = {open}{close}")),
            (Format::Toml, format!("{keys}.a = 1")),
            (Format::Toml, format!("[{keys}]")),
            (Format::Yaml, format!("a: {open}{close}")),
            (Format::Yaml, format!("{maps}{}a: 1", " ".repeat(levels))),
            (Format::Json, format!("{{\"a\": {open}{close}}}")),
        ] {
            let read = format.parse(&text);

            assert_eq!(read.is_ok(), fits, "{format:?} {text}: {read:?}");
        }
    }
}

#[test]
fn a_bomb_of_aliases_does_not_go_off() {
    let mut text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for level in 1..20 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        text += &format!("a{level}: &a{level} [{aliases}]\n");
    }

    let error = Format::Yaml.parse(&text).unwrap_err();

    assert!(error.message.starts_with("anchors and aliases"), "{error}");
}

#[test]
fn no_message_quotes_what_is_written() {
    for format in FORMATS {
        for text in [
            "zq9 = zq9",
            "zq9: zq9: zq9",
            "zq9: 'zq9",
            "zq9: @zq9",
            "zq9: *zq9",
            "zq9: !zq9!zq9 1",
            "%zq9 zq9\n---\n",
            "zq9 = 'zq9",
            "zq9 = \"\\zq9\"",
            "zq9 = 'zq9'\nzq9 = 'zq9'",
            "zq9: 1\nzq9: 1",
            "{\"zq9\": zq9}",
            "{\"zq9\": \"\\zq9\"}",
            "{\"zq9\": \"zq9\", \"zq9\": 1}",
            "zq9",
        ] {
            if let Err(error) = format.parse(text) {
                let told = format!("{error} {error:?}");
                assert!(!told.contains("zq9"), "{text}: {told}");
            }
        }
    }
}

/// Pieces of all formats, valid and not.
const PIECES: [&str; 56] = [
    "a", "b", "\"a\"", "'a'", "\"\"", "ü", "𝄞", "\u{feff}", "\u{85}", "\u{2028}", "\0", "\u{7f}",
    "\\", "\\u0041", "\\ud800", "\"", "'", "\"\"\"", "'''", "`", "@", "%", "=", " = ", ":", ": ",
    ".", ",", "[", "]", "{", "}", "[[", "]]", "- ", "-", "? ", "|", ">-", "& ", "&a ", "*a",
    "!!b ", "<<", "#", "---", "...", "\n", "\r", "\r\n", "\t", " ", "  ", "1", "null", "0x_1",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn nothing_panics_and_every_position_is_in_the_text(
        text in prop_oneof![
            1 => ".{0,60}",
            4 => proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..40)
                .prop_map(|pieces| pieces.concat()),
        ]
    ) {
        for format in FORMATS {
            match format.parse(&text) {
                Ok(tree) => each(&tree, &mut |at| assert_within(&text, at)),
                Err(error) => assert_within(&text, error.at.unwrap()),
            }
        }
    }
}

#[test]
fn a_nul_in_a_directive_is_told_where_its_line_is() {
    let text = "%\u{1d11e}\0\nnull";

    let error = Format::Yaml.parse(text).unwrap_err();

    assert_within(text, error.at.unwrap());
}

fn assert_within(text: &str, at: At) {
    let text = text
        .strip_prefix('\u{feff}')
        .unwrap_or(text)
        .replace("\r\n", "\n");
    let length = |line: &str| line.chars().count() + 2;
    let lines: Vec<usize> = text.split(['\n', '\r']).map(length).collect();
    let line = lines.get(at.line as usize - 1);
    // The YAML parser does not always see a carriage return that stands alone.
    let columns = line.map(|line| {
        if text.contains('\r') {
            length(&text)
        } else {
            *line
        }
    });
    assert!(
        columns.is_some_and(|columns| at.column >= 1 && at.column as usize <= columns),
        "{at:?} in {text:?}"
    );
}

fn each(node: &Node, see: &mut impl FnMut(At)) {
    see(node.at);
    if let Value::Table(members) = &node.value {
        members.iter().for_each(|member| see(member.at));
    }
    children(node).for_each(|child| each(child, see));
}

fn nodes(node: &Node) -> usize {
    children(node).map(nodes).sum::<usize>() + 1
}

fn depth(node: &Node) -> usize {
    let deepest = children(node).map(depth).max().unwrap_or(0);
    let nests = matches!(node.value, Value::List(_) | Value::Table(_));
    deepest + usize::from(nests)
}

fn children(node: &Node) -> impl Iterator<Item = &Node> {
    let (items, members) = match &node.value {
        Value::Null | Value::Text(_) | Value::Typed(_) => (&[][..], &[][..]),
        Value::List(items) => (&items[..], &[][..]),
        Value::Table(members) => (&[][..], &members[..]),
    };
    items
        .iter()
        .chain(members.iter().map(|member| &member.value))
}
