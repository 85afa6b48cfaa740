//! What each format reads, and where it says that it stands.

mod hostile;
mod refused;
mod same;

use super::*;

/// A tree as a line: each key and value with its position.
fn show(node: &Node) -> String {
    let value = match &node.value {
        Value::Null => "~".to_owned(),
        Value::Text(text) | Value::Typed(text) => format!("{text:?}"),
        Value::List(items) => {
            let items: Vec<_> = items.iter().map(show).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Table(members) => {
            let members = members.iter();
            let members: Vec<_> = members
                .map(|Member { key, at, value }| format!("{key}@{} = {}", place(*at), show(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
    };
    format!("{value}@{}", place(node.at))
}

fn place(at: At) -> String {
    format!("{}:{}", at.line, at.column)
}

fn assert_reads(format: Format, cases: &[(&str, &str)]) {
    for (text, tree) in cases {
        let read = format.parse(text);

        let read = read.unwrap_or_else(|error| panic!("{text:?}: {error:?}"));
        assert_eq!(show(&read), *tree, "{text:?}");
    }
}

#[test]
fn a_name_tells_the_format_in_any_case() {
    for (name, format) in [
        ("config.toml", Some(Format::Toml)),
        ("a.b/config.YAML", Some(Format::Yaml)),
        ("config.yml", Some(Format::Yaml)),
        ("config.Json", Some(Format::Json)),
        ("config.json.bak", None),
        ("toml", None),
        (".toml", None),
        ("", None),
    ] {
        assert_eq!(Format::of_path(Path::new(name)), format, "{name}");
    }
}

#[test]
fn a_text_without_settings_is_an_empty_table() {
    let empty = ["", " ", "\n\n", "\r\n\t\n", "\u{feff}", "\u{feff}\n"];
    for format in [Format::Toml, Format::Yaml, Format::Json] {
        assert_reads(format, &empty.map(|text| (text, "{}@1:1")));
    }
    assert_reads(Format::Toml, &[("# nothing\n#\n", "{}@1:1")]);
    assert_reads(
        Format::Yaml,
        &[
            ("# nothing\n#", "{}@1:1"),
            ("---\n", "{}@1:1"),
            ("%YAML 1.2\n---\n# nothing\n...\n", "{}@1:1"),
            ("{}", "{}@1:1"),
        ],
    );
    assert_reads(Format::Json, &[(" {}\n", "{}@1:2")]);
}

#[test]
fn toml_is_read_with_positions() {
    assert_reads(
        Format::Toml,
        &[
            ("a = 1", r#"{a@1:1 = "1"@1:5}@1:1"#),
            ("\u{feff}a = 1", r#"{a@1:1 = "1"@1:5}@1:1"#),
            (
                "a=1\r\n  b\t= true # said\r\n",
                r#"{a@1:1 = "1"@1:3, b@2:3 = "true"@2:7}@1:1"#,
            ),
            (
                "\"ü𝄞\" = 'ä' # ö\nb = 1",
                r#"{ü𝄞@1:1 = "ä"@1:8, b@2:1 = "1"@2:5}@1:1"#,
            ),
            (
                "[api]\ntimeout = 60\n",
                r#"{api@1:2 = {timeout@2:1 = "60"@2:11}@1:2}@1:1"#,
            ),
            (
                "api.timeout = 60",
                r#"{api@1:1 = {timeout@1:5 = "60"@1:15}@1:1}@1:1"#,
            ),
            (
                "api = { timeout = 60 }",
                r#"{api@1:1 = {timeout@1:9 = "60"@1:19}@1:7}@1:1"#,
            ),
            (
                "[a.b]\nc = 1\n[a]\nd = 2",
                r#"{a@1:2 = {b@1:4 = {c@2:1 = "1"@2:5}@1:4, d@4:1 = "2"@4:5}@1:2}@1:1"#,
            ),
            (
                "a.b = 1\na.c = {d.e = 2, d.f = 3}",
                r#"{a@1:1 = {b@1:3 = "1"@1:7, c@2:3 = {d@2:8 = {e@2:10 = "2"@2:14, f@2:19 = "3"@2:23}@2:8}@2:7}@1:1}@1:1"#,
            ),
            (
                "[[a]]\nb = 1\n[[a]]\n[a.c]\nd = 2",
                r#"{a@1:3 = [{b@2:1 = "1"@2:5}@1:3, {c@4:4 = {d@5:1 = "2"@5:5}@4:4}@3:3]@1:3}@1:1"#,
            ),
            (
                "a = [ 1,\n  [],\n  {b=2}, ]",
                r#"{a@1:1 = ["1"@1:7, []@2:3, {b@3:4 = "2"@3:6}@3:3]@1:5}@1:1"#,
            ),
            // The order of positions, whatever the order of names.
            ("b = 1\na = 2", r#"{b@1:1 = "1"@1:5, a@2:1 = "2"@2:5}@1:1"#),
            (
                "\"\" = 1\n1.2 = 3",
                r#"{@1:1 = "1"@1:6, 1@2:1 = {2@2:3 = "3"@2:7}@2:1}@1:1"#,
            ),
        ],
    );
}

#[test]
fn toml_scalars_stay_as_they_are_written() {
    for (written, text) in [
        ("1.0", "1.0"),
        ("+0.250e-1", "+0.250e-1"),
        ("0x1F", "0x1F"),
        ("1_000", "1000"),
        ("inf", "inf"),
        ("false", "false"),
        ("1979-05-27T07:32:00.50Z", "1979-05-27T07:32:00.50Z"),
        ("1979-05-27 07:32", "1979-05-27 07:32"),
        ("07:32:00", "07:32:00"),
        (r"'\u0041'", r"\u0041"),
        (r#""\u0041\x42\t\"\U0001D11E""#, "AB\t\"\u{1d11e}"),
        ("\"\"\"\na\r\n  \\\n  b\"\"\"", "a\r\n  b"),
        ("'''\na_1\n'''", "a_1\n"),
        ("'1_000'", "1_000"),
        ("''", ""),
    ] {
        let read = Format::Toml.parse(&format!("a = {written}")).unwrap();

        assert_eq!(show(&read), format!("{{a@1:1 = {text:?}@1:5}}@1:1"));
    }
}

#[test]
fn yaml_is_read_with_positions() {
    assert_reads(
        Format::Yaml,
        &[
            ("a: 1", r#"{a@1:1 = "1"@1:4}@1:1"#),
            ("\u{feff}a: 1", r#"{a@1:1 = "1"@1:4}@1:1"#),
            (
                "---\na: 1\r\nb:\r\n  c: true # said\r\n",
                r#"{a@2:1 = "1"@2:4, b@3:1 = {c@4:3 = "true"@4:6}@4:3}@2:1"#,
            ),
            (
                "ü𝄞: ä # ö\nb: 1",
                r#"{ü𝄞@1:1 = "ä"@1:5, b@2:1 = "1"@2:4}@1:1"#,
            ),
            (
                "{\"ü\": 'ä', b: 1}",
                r#"{ü@1:2 = "ä"@1:7, b@1:12 = "1"@1:15}@1:1"#,
            ),
            (
                "a:\n- 1\n- b: 2\n  c: 3",
                r#"{a@1:1 = ["1"@2:3, {b@3:3 = "2"@3:6, c@4:3 = "3"@4:6}@3:3]@2:3}@1:1"#,
            ),
            (
                "a: [1, [], {b: 2}]",
                r#"{a@1:1 = ["1"@1:5, []@1:8, {b@1:13 = "2"@1:16}@1:12]@1:4}@1:1"#,
            ),
            (
                "1: a\n\"\": b\ntrue: c",
                r#"{1@1:1 = "a"@1:4, @2:1 = "b"@2:5, true@3:1 = "c"@3:7}@1:1"#,
            ),
            ("? a\n: 1", r#"{a@1:3 = "1"@2:3}@1:1"#),
            ("'<<': a", r#"{<<@1:1 = "a"@1:7}@1:1"#),
            ("a: 1\n...\n# said", r#"{a@1:1 = "1"@1:4}@1:1"#),
        ],
    );
}

#[test]
fn yaml_scalars_stay_as_they_are_written() {
    for (written, text) in [
        ("0123", "0123"),
        ("NO", "NO"),
        ("1.0", "1.0"),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("2001-12-14", "2001-12-14"),
        ("on the\n  way", "on the way"),
        ("a#b", "a#b"),
        ("http://h:1/?q", "http://h:1/?q"),
        ("a\tb", "a\tb"),
        ("'it''s ~'", "it's ~"),
        ("'null'", "null"),
        ("''", ""),
        (r#""\u0041\x42\t\"\U0001D11E""#, "AB\t\"\u{1d11e}"),
        ("\"a\n  b\\\n  c\"", "a bc"),
        ("|\n  a\n   b\n", "a\n b\n"),
        ("|-\r\n  a\r\n  b\r\n", "a\nb"),
        (">-\n  a\n  b\n", "a b"),
    ] {
        let read = Format::Yaml.parse(&format!("a: {written}"));

        let read = read.unwrap_or_else(|error| panic!("{written:?}: {error:?}"));
        let value = Value::Text(text.to_owned());
        assert!(
            matches!(&read.value, Value::Table(members) if members[0].value.value == value),
            "{written:?}: {}",
            show(&read)
        );
    }
}

#[test]
fn nothing_is_told_from_an_empty_text() {
    for nothing in ["~", "null", "Null", "NULL"] {
        let tree = "{a@1:1 = ~@1:4}@1:1";
        assert_reads(Format::Yaml, &[(&format!("a: {nothing}"), tree)]);
    }
    let read = Format::Yaml.parse("a:\nb: [~, '']").unwrap();
    assert!(matches!(&read.value, Value::Table(members) if members[0].value.value == Value::Null));
    assert_reads(
        Format::Json,
        &[(
            r#"{"a": null, "b": ""}"#,
            r#"{a@1:2 = ~@1:7, b@1:13 = ""@1:18}@1:1"#,
        )],
    );
}

#[test]
fn json_is_read_with_positions() {
    assert_reads(
        Format::Json,
        &[
            (r#"{"a":1}"#, r#"{a@1:2 = "1"@1:6}@1:1"#),
            ("\u{feff}{\"a\":1}", r#"{a@1:2 = "1"@1:6}@1:1"#),
            ("{\r\n\t\"a\" :\r\n\ttrue }", r#"{a@2:2 = "true"@3:2}@1:1"#),
            (
                r#"{"ü𝄞": "ä", "b": 1}"#,
                r#"{ü𝄞@1:2 = "ä"@1:8, b@1:13 = "1"@1:18}@1:1"#,
            ),
            (
                r#"{"a":[1,[ ],{"b":false},null]}"#,
                r#"{a@1:2 = ["1"@1:7, []@1:9, {b@1:14 = "false"@1:18}@1:13, ~@1:25]@1:6}@1:1"#,
            ),
            (
                r#"{"b":-1.50e+3,"a":0}"#,
                r#"{b@1:2 = "-1.50e+3"@1:6, a@1:15 = "0"@1:19}@1:1"#,
            ),
            (
                r#"{"\u0061\"":"\\","b":"\ud834\udd1e]},:"}"#,
                r#"{a"@1:2 = "\\"@1:13, b@1:18 = "𝄞]},:"@1:22}@1:1"#,
            ),
        ],
    );
}

#[test]
fn debug_shows_no_text() {
    let read = Format::Toml.parse("password = 's3cret'").unwrap();

    assert!(!format!("{read:?}").contains("s3cret"));
}
