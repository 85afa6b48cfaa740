//! Texts in texts: what is hidden where quotes and the ends of lines are escaped.

use super::*;

#[test]
fn what_follows_an_escape_begins_a_word() {
    for (text, redacted) in [
        (format!(r"\n{VIN}\u003c{VIN}"), r"\n…0001\u003c…0001"),
        (
            r"\t50.1109, 8.6821\token=abc".to_owned(),
            r"\t[position]\token=[token]",
        ),
    ] {
        assert_eq!(redact_text(&text), redacted);
    }
}

#[test]
fn however_often_quotes_are_escaped_the_value_ends_where_it_began() {
    let mut text = r#"{"nickName":"My \"blue\" car","fuel":3}"#.to_owned();
    let mut redacted = r#"{"nickName":"[name]","fuel":3}"#.to_owned();
    for depth in 0..4 {
        let line = format!("sent {text}");
        assert_eq!(redact_text(&line), format!("sent {redacted}"), "{depth}");
        text = Value::from(text).to_string();
        redacted = Value::from(redacted).to_string();
    }
}

#[test]
fn a_list_of_secrets_is_hidden_however_its_quotes_are_escaped() {
    let text = json!(json!({"token": ["abc", "def"]}).to_string()).to_string();

    let redacted = redact_text(&json!(text).to_string());

    assert_eq!(redacted, r#""\"{\\\"token\\\":[token]"#);
}

#[test]
fn of_a_list_in_a_line_nothing_is_left() {
    for (text, redacted) in [
        (
            r#"sent {"ids": [null, "abc", {"x": [1]}], "fuel": 3}"#,
            r#"sent {"ids": [id], "fuel": 3}"#,
        ),
        (
            "Car { emails: [a, b], fuel: 3 }",
            "Car { emails: [mail], fuel: 3 }",
        ),
        ("names: 1, emails: [a\nb", "names: 1, emails: [mail]"),
        // A bracket in quotes ends no list.
        (
            r#"got {"latitude": ["]ed", null, "s3cret"], "fuel": 3}"#,
            r#"got {"latitude": [position], "fuel": 3}"#,
        ),
        (
            r#"got {\"latitude\": [\"]e\\\"]d\", \"s3cret\"], \"fuel\": 3}"#,
            r#"got {\"latitude\": [position], \"fuel\": 3}"#,
        ),
        (r#"token: 7, pins: ["a]"#, r#"token: [token]"#),
    ] {
        assert_eq!(redact_text(text), redacted);
        assert_eq!(redact_text(redacted), redacted);
    }
}

#[test]
fn what_stands_beside_a_secret_does_not_show_it() {
    for (text, redacted) in [
        ("call +49 170 1234567(1616", "call [phone](1616"),
        ("call +49 170 1234567 12345678", "call [phone] 12345678"),
        ("call +12345678901234567890", "call +12345678901234567890"),
        ("vin=7<+49 170 1234567", "vin=… 170 1234567"),
        ("vin: Some(\"Not0My8Vin15\"), x", "vin: …), x"),
        ("vin: JT***************, x", "vin: …****, x"),
    ] {
        assert_eq!(redact_text(text), redacted);
        assert_eq!(redact_text(redacted), redacted);
    }
}
