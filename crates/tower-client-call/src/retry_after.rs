//! `Retry-After` in both its forms.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{DATE, HeaderName, RETRY_AFTER};

/// Returns how long an answer asks to wait (RFC 9110 section 10.2.3): seconds, or a date, which is
/// measured against the answer's own `Date` so that a wrong local clock does not matter, and
/// against `now` if it has none.
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// let mut headers = http::HeaderMap::new();
/// headers.insert("retry-after", http::HeaderValue::from_static("120"));
///
/// let wait = tower_client_call::retry_after(&headers, SystemTime::now());
/// assert_eq!(wait, Some(Duration::from_secs(120)));
/// ```
#[must_use]
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // Too many digits for a u64 still mean "very long".
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let until = httpdate::parse_http_date(value).ok()?;
    let from = date(headers, DATE).unwrap_or(now);
    Some(until.duration_since(from).unwrap_or_default())
}

fn date(headers: &HeaderMap, name: HeaderName) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(name)?.to_str().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn both_forms_are_understood() {
        let at = |text| httpdate::parse_http_date(text).unwrap();
        let now = at("Sun, 22 Nov 2026 20:00:00 GMT");
        for (retry_after_value, date, seconds) in [
            ("120", None, Some(120)),
            (" 0 ", None, Some(0)),
            ("99999999999999999999", None, Some(u64::MAX)),
            ("Sun, 22 Nov 2026 20:01:00 GMT", None, Some(60)),
            // RFC 9110 section 5.6.7: the two obsolete forms.
            ("Sunday, 22-Nov-26 20:01:00 GMT", None, Some(60)),
            ("Sun Nov 22 20:01:00 2026", None, Some(60)),
            // The service's clock is an hour ahead.
            (
                "Sun, 22 Nov 2026 21:00:30 GMT",
                Some("Sun, 22 Nov 2026 21:00:00 GMT"),
                Some(30),
            ),
            ("Sun, 22 Nov 2026 19:00:00 GMT", None, Some(0)),
            ("-1", None, None),
            ("1.5", None, None),
            ("soon", None, None),
            ("", None, None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_static(retry_after_value));
            headers.extend(date.map(|date| (DATE, HeaderValue::from_static(date))));

            let wait = retry_after(&headers, now).map(|wait| wait.as_secs());

            assert_eq!(wait, seconds, "{retry_after_value}");
        }
    }
}
