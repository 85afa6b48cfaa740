//! How cases write fields.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, HeaderValue};
use tower_client_cache::policy::Timestamp;

/// What a case's fields refer to.
#[derive(Clone, Debug)]
pub(crate) struct Ground {
    /// The origin: what requests are sent to, without a path, like `http://127.0.0.1:4711`.
    pub(crate) origin: String,
    /// When the case began.
    pub(crate) now: SystemTime,
}

/// Reads fields: `name: value` lines, parted by `|`; values as in [`value`].
pub(crate) fn headers(fields: &str, ground: &Ground) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in fields.split('|').map(str::trim) {
        if line.is_empty() {
            continue;
        }
        let (name, written) = line.split_once(':').expect("a colon after the name");
        let name = HeaderName::from_bytes(name.trim().as_bytes()).unwrap();
        headers.append(name, value(written.trim(), ground));
    }
    headers
}

/// Reads a value.
///
/// `@-50` is the date fifty seconds before the case began, `@rfc850:-50` and `@asctime:-50` the
/// same in the obsolete formats; `{origin}` is the origin's. Characters up to `ÿ` are one byte.
pub(crate) fn value(written: &str, ground: &Ground) -> HeaderValue {
    let text = match written.strip_prefix('@') {
        Some(date) => dated(date, ground.now),
        None => written.replace("{origin}", &ground.origin),
    };
    let bytes: Vec<u8> = text
        .chars()
        .map(|char| u8::try_from(char).expect("a character of Latin 1"))
        .collect();
    HeaderValue::from_bytes(&bytes).unwrap()
}

fn dated(written: &str, now: SystemTime) -> String {
    let (format, offset) = written.split_once(':').unwrap_or(("", written));
    let offset: i64 = offset.parse().expect("seconds from now");
    let time = Timestamp(Timestamp::of(now).0 + offset);
    match format {
        "" => time.to_string(),
        "rfc850" => rfc850(time),
        "asctime" => asctime(time),
        other => panic!("no date format: {other}"),
    }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` is `Sunday, 06-Nov-94 08:49:37 GMT`.
fn rfc850(time: Timestamp) -> String {
    let text = time.to_string();
    let day = match &text[..3] {
        "Mon" => "Monday",
        "Tue" => "Tuesday",
        "Wed" => "Wednesday",
        "Thu" => "Thursday",
        "Fri" => "Friday",
        "Sat" => "Saturday",
        _ => "Sunday",
    };
    let (date, month, year, clock) = (&text[5..7], &text[8..11], &text[14..16], &text[17..25]);
    format!("{day}, {date}-{month}-{year} {clock} GMT")
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` is `Sun Nov  6 08:49:37 1994`.
fn asctime(time: Timestamp) -> String {
    let text = time.to_string();
    let date = text[5..7].trim_start_matches('0');
    let (day, month, year, clock) = (&text[..3], &text[8..11], &text[12..16], &text[17..25]);
    format!("{day} {month} {date:>2} {clock} {year}")
}

#[test]
fn dates_are_written_in_three_formats() {
    let ground = Ground {
        origin: "http://localhost:1".to_owned(),
        now: SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_787),
    };

    assert_eq!(value("@-10", &ground), "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_eq!(
        value("@rfc850:-10", &ground),
        "Sunday, 06-Nov-94 08:49:37 GMT"
    );
    assert_eq!(value("@asctime:-10", &ground), "Sun Nov  6 08:49:37 1994");
    assert_eq!(value("{origin}/a", &ground), "http://localhost:1/a");
    assert_eq!(value("ÿ", &ground).as_bytes(), [255]);
}
