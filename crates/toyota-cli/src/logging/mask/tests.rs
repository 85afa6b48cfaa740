//! What is hidden of lines, and that they stay what they were otherwise.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const JWT: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl-_";
const CAR: &str = "JTMZ63FV50D000202";

#[test]
fn secrets_are_hidden_in_each_spelling() {
    let mask = mask(&["pa\"s\\w örd", "key-1234"], LogFormat::Pretty);
    for (line, shown) in [
        ("key-1234", "***"),
        ("key=key-1234, key-1234.", "key=***, ***."),
        ("xkey-12345", "x***5"),
        ("it is pa\"s\\w örd", "it is ***"),
        ("password=\"pa\\\"s\\\\w örd\"", "password=\"***\""),
        ("?password=pa%22s%5Cw+%C3%B6rd&", "?password=***&"),
        ("/pa%22s%5Cw%20%C3%B6rd/", "/***/"),
        ("?password=pa%22s%5cw+%c3%b6rd&", "?password=***&"),
        ("/pa%22s%5cw%20%c3%b6rd/", "/***/"),
        ("key-123 4", "key-123 4"),
        ("", ""),
    ] {
        assert_eq!(shown_by(&mask, line), shown, "{line}");
    }
}

#[test]
fn a_long_secret_goes_before_one_that_it_begins_with() {
    let mask = mask(&["secret", "secret-and-more"], LogFormat::Pretty);

    assert_eq!(shown_by(&mask, "secret-and-more secret"), "*** ***");
}

#[test]
fn of_secrets_that_overlap_no_end_stays() {
    let pretty = mask(&["abcdef", "efgh", "gh-ijkl", "0202"], LogFormat::Pretty);
    for (line, shown) in [
        ("abcdefgh.", "***."),
        ("abcdefgh-ijkl.", "***."),
        ("abcdefgh-ijk.", "***-ijk."),
        ("JTMZ63FV50D000202.", "***."),
    ] {
        assert_eq!(shown_by(&pretty, line), shown, "{line}");
    }
    // The quote at the end is none of the second one's.
    let json = mask(&["abc\\", "\"def"], LogFormat::Json);
    let line = r#"{"a":"abc\\","def":"x"}"#;
    assert_eq!(shown_by(&json, line), r#"{"a":"***","def":"x"}"#);
}

#[test]
fn the_names_of_members_stay() {
    let mask = mask(&["fields", "a\"b:c"], LogFormat::Json);
    let line = r#"{"fields":{"a\"b:c":"the fields","x":"a\"b:c"},"y":["fields"]}"#;
    let shown = r#"{"fields":{"a\"b:c":"the ***","x":"***"},"y":["***"]}"#;

    assert_eq!(shown_by(&mask, line), shown);
}

#[test]
fn a_secret_that_comes_later_is_hidden_from_then_on() {
    let mask = mask(&["key-1234"], LogFormat::Pretty);
    assert_eq!(shown_by(&mask, "key-1234 typed"), "*** typed");

    mask.add(&"typed".into());

    assert_eq!(shown_by(&mask, "key-1234 typed"), "*** ***");
}

#[test]
fn a_line_of_beginnings_of_tokens_is_looked_at_once() {
    let mask = mask(&[], LogFormat::Pretty);
    let beginnings = "eyJ".repeat(1 << 20);

    // Looked at anew from each of them this takes hours.
    assert_eq!(shown_by(&mask, &beginnings), beginnings);
    let token = format!("{beginnings} {JWT}");
    assert_eq!(shown_by(&mask, &token), format!("{beginnings} ***"));
}

#[test]
fn what_is_too_short_to_be_a_secret_hides_nothing() {
    let mask = mask(&["", "a", "inf"], LogFormat::Pretty);

    assert_eq!(shown_by(&mask, "INFO a fact"), "INFO a fact");
}

#[test]
fn tokens_are_hidden_whole() {
    let mask = mask(&[], LogFormat::Pretty);
    for (line, shown) in [
        (format!("Bearer {JWT}"), "Bearer ***"),
        (format!("t={JWT}&u=1"), "t=***&u=1"),
        (format!("\"{JWT}\""), "\"***\""),
        (format!("{JWT}.a.b x"), "*** x"),
        ("eyJh eyJh.b eye.J.x".to_owned(), "eyJh eyJh.b eye.J.x"),
    ] {
        assert_eq!(shown_by(&mask, &line), shown, "{line}");
    }
}

#[test]
fn a_vin_shows_its_end() {
    let mask = mask(&[], LogFormat::Pretty);
    for (line, shown) in [
        ("JTMZ63FV50D000202", "…0202"),
        ("vin=jtmz63fv50d000202,", "vin=…0202,"),
        ("Some(\"JTMZ63FV50D000202\")", "Some(\"…0202\")"),
        ("/cars/JTMZ63FV50D000202/x", "/cars/…0202/x"),
        ("vin_JTMZ63FV50D000202", "vin_…0202"),
        // Longer, shorter, a number, a word.
        ("JTMZ63FV50D0002021", "JTMZ63FV50D0002021"),
        ("JTMZ63FV50D00020", "JTMZ63FV50D00020"),
        ("17951234567890123", "17951234567890123"),
        ("counterproductive", "counterproductive"),
        (
            "\u{1b}[2m=\u{1b}[0mJTMZ63FV50D000202",
            "\u{1b}[2m=\u{1b}[0m…0202",
        ),
    ] {
        assert_eq!(shown_by(&mask, line), shown, "{line}");
    }
}

#[test]
fn a_line_with_nothing_to_hide_is_not_copied() {
    let mask = mask(&["key-1234"], LogFormat::Json);
    let line = br#"{"level":"INFO","fields":{"message":"all is \"well\""}}"#;

    assert!(matches!(mask.apply(line), Cow::Borrowed(_)));
}

#[test]
fn json_stays_json() {
    let mask = mask(&["nab\"", "0041", "}},{", "\",\"x"], LogFormat::Json);
    for (line, shown) in [
        // The n of \n and the digits of \u0041 are no beginnings.
        (
            r#"{"m":"\nab\"","n":"nab\""}"#,
            r#"{"m":"\nab\"","n":"***"}"#,
        ),
        (r#"{"m":"\u0041 0041"}"#, r#"{"m":"\u0041 ***"}"#),
        (
            r#"{"s":[{"a":{"b":"}},{"}},{"c":"\\"}]}"#,
            r#"{"s":[{"a":{"b":"***"}},{"c":"\\"}]}"#,
        ),
        (r#"{"a":"b","x":"\",\"x"}"#, r#"{"a":"b","x":"***"}"#),
        (r#"{"n":12345678901234567}"#, r#"{"n":12345678901234567}"#),
    ] {
        assert_eq!(shown_by(&mask, line), shown, "{line}");
    }
}

#[test]
fn debug_shows_no_secret() {
    let mask = mask(&["key-1234"], LogFormat::Json);

    assert!(!format!("{mask:?}").contains("1234"));
}

proptest! {
    #[test]
    fn whatever_is_said_in_json_no_secret_is(
        secret in r#"["\\n/é \x01a-c]{4,8}"#,
        pieces in proptest::collection::vec(r#"["\\n/é \x01a-c,:{}]{0,8}"#, 3),
    ) {
        let mask = mask(&[&secret], LogFormat::Json);
        let said = pieces.join(&secret);
        let debug = format!("{said:?}");
        let line = json!({ "message": said, "fields": { "debug": debug, "car": CAR, "n": 1 } });
        let line = line.to_string();

        let shown = shown_by(&mask, &line);

        let shown: Value = serde_json::from_str(&shown).unwrap();
        let texts = [&shown["message"], &shown["fields"]["debug"]];
        let texts = texts.map(|text| text.as_str().unwrap());
        prop_assert!(!texts[0].contains(&secret), "{secret:?} {texts:?}");
        prop_assert!(!texts[1].contains(&needles::without_quotes(&format!("{secret:?}"))), "{texts:?}");
        prop_assert_eq!(&shown["fields"]["car"], "…0202");
        prop_assert_eq!(&shown["fields"]["n"], 1);
    }

    #[test]
    fn any_bytes_are_a_line(
        line in proptest::collection::vec(any::<u8>(), 0..80),
        pretty in any::<bool>(),
    ) {
        let format = if pretty { LogFormat::Pretty } else { LogFormat::Json };

        mask(&["key-1234"], format).apply(&line);
    }
}

fn mask(secrets: &[&str], format: LogFormat) -> Mask {
    let secrets = secrets.iter().map(|secret| SecretString::from(*secret));
    Mask::new(&secrets.collect::<Vec<_>>(), format)
}

fn shown_by(mask: &Mask, line: &str) -> String {
    String::from_utf8(mask.apply(line.as_bytes()).into_owned()).unwrap()
}
