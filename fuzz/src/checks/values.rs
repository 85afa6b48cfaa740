//! Single values: what is printed is read as what it was.

use http::header::{IF_MATCH, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue};
use tower_client_cache::policy::{
    ContentRange, EntityTag, EntityTags, FOREVER, RangeRequest, Timestamp, Validators,
    delta_seconds,
};

/// The last second that has an HTTP date.
const LAST: i64 = 253_402_300_799;

/// Every value is read as everything.
pub fn round_trips(headers: &HeaderMap) {
    for value in headers.values() {
        let value = value.as_bytes();
        date(value);
        seconds(value);
        tag(value);
        if let Some(range) = RangeRequest::parse(value) {
            assert_eq!(
                RangeRequest::parse(range.to_string().as_bytes()),
                Some(range)
            );
        }
        if let Some(range) = ContentRange::parse(value) {
            let printed = HeaderValue::from(range);
            assert_eq!(ContentRange::parse(printed.as_bytes()), Some(range));
        }
    }
    for field in [IF_MATCH, IF_NONE_MATCH] {
        tags(headers, field);
    }
    validators(headers);
}

fn date(value: &[u8]) {
    // Of two digits the year depends on the clock, and on the year whether the weekday is right.
    for now in [i64::MIN, 0, 784_111_777, 1_700_000_000, LAST, i64::MAX] {
        let Some(date) = Timestamp::parse_at(value, Timestamp(now)) else {
            continue;
        };
        let printed = date.to_string();
        let read = Timestamp::parse(printed.as_bytes());
        assert_eq!(read, Some(Timestamp(date.0.clamp(0, LAST))), "{printed}");
        if let Some(time) = date.to_system_time() {
            assert_eq!(Timestamp::of(time), date);
        }
    }
    let any_case = Timestamp::parse(&value.to_ascii_uppercase());
    assert_eq!(any_case, Timestamp::parse(value), "RFC 9111 section 4.2");
}

/// RFC 9111 section 1.2.2.
fn seconds(value: &[u8]) {
    let text = str::from_utf8(value).unwrap_or("");
    let is_number = !text.is_empty() && text.chars().all(|char| char.is_ascii_digit());
    let expected = is_number.then(|| {
        let number = text.trim_start_matches('0');
        let few = number.len() < 20;
        let number = if few {
            number.parse().unwrap_or(0)
        } else {
            u128::MAX
        };
        u32::try_from(number.min(FOREVER.into())).unwrap_or(FOREVER)
    });
    assert_eq!(delta_seconds(value), expected);
}

/// RFC 9110 section 8.8.3.2.
fn tag(value: &[u8]) {
    let Some(tag) = EntityTag::parse(value) else {
        return;
    };
    assert!(tag.weak_eq(tag));
    assert_eq!(tag.strong_eq(tag), !tag.is_weak());
    assert_eq!(tag.is_weak(), value.starts_with(b"W/"));
    let weak = [b"W/".as_slice(), value].concat();
    match EntityTag::parse(&weak) {
        Some(weak) => assert!(weak.weak_eq(tag) && !weak.strong_eq(tag)),
        None => assert!(tag.is_weak()),
    }
}

fn tags(headers: &HeaderMap, field: http::HeaderName) {
    let Some(tags) = EntityTags::of(headers, field.clone()) else {
        assert!(!headers.contains_key(field));
        return;
    };
    assert!(!tags.is_any() || tags.iter().count() == 0);
    for tag in tags.iter() {
        assert!(EntityTag::parse(format!("{tag:?}").as_bytes()).is_some());
    }
}

fn validators(headers: &HeaderMap) {
    let validators = Validators::of(headers);
    assert_eq!(validators.etag, EntityTag::of(headers));
    assert!(!validators.last_modified_is_strong || validators.last_modified.is_some());
    assert_eq!(
        validators.is_empty(),
        validators.etag.is_none() && validators.last_modified.is_none()
    );
}
