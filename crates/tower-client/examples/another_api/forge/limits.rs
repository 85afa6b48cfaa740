//! Rate limits: what the API says in its own words, said in those of HTTP.
//!
//! The API refuses with 403 or 429; a limit for the hour ends at the time that `x-ratelimit-reset`
//! tells, and a limit for bursts after `retry-after`. Below the retry layer both become 429 with
//! `Retry-After`. So that layer waits, or does not begin to if it would take too long, and holds
//! back other calls meanwhile; the error layer finds the right kind of error; and nobody else has
//! to know.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::{DATE, HeaderName, RETRY_AFTER};
use http::{HeaderMap, Response, StatusCode};

const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// Makes a refusal for a rate limit one that everybody understands.
pub(super) fn in_words_of_http<B>(mut response: Response<B>) -> Response<B> {
    match limit(response.status(), response.headers(), SystemTime::now()) {
        None => return response,
        Some(Limit::AsItSays) => {}
        Some(Limit::For(wait)) => {
            // A whole second is begun.
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
    }
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    response
}

/// How long there was too much.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Limit {
    /// For as long as `Retry-After` says.
    AsItSays,
    /// For this time.
    For(Duration),
}

fn limit(status: StatusCode, headers: &HeaderMap, now: SystemTime) -> Option<Limit> {
    if !matches!(
        status,
        StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS
    ) {
        return None;
    }
    if headers.contains_key(RETRY_AFTER) {
        return Some(Limit::AsItSays);
    }
    if number(headers, &REMAINING)? > 0 {
        return None;
    }
    // Far in the future is far in the future.
    let reset = UNIX_EPOCH.checked_add(Duration::from_secs(number(headers, &RESET)?))?;
    // By the server's own clock: ours may be wrong.
    let date = headers.get(DATE).and_then(|date| date.to_str().ok());
    let date = date.and_then(|date| httpdate::parse_http_date(date).ok());
    let wait = reset.duration_since(date.unwrap_or(now));
    Some(Limit::For(wait.unwrap_or_default()))
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGIN: u64 = 1_700_000_000;
    const DATE_OF_BEGIN: &str = "Tue, 14 Nov 2023 22:13:20 GMT";

    #[test]
    fn a_limit_is_told_from_a_denial_and_has_its_time() {
        let minute = Some(Limit::For(Duration::from_secs(60)));
        let for_hour = |remaining, reset| {
            vec![
                ("x-ratelimit-remaining", remaining),
                ("x-ratelimit-reset", reset),
            ]
        };
        for (status, fields, expected) in [
            (403, for_hour("0", "1700000060"), minute),
            (429, for_hour("0", "1700000060"), minute),
            (403, vec![("retry-after", "7")], Some(Limit::AsItSays)),
            (429, vec![("retry-after", "7")], Some(Limit::AsItSays)),
            (
                403,
                for_hour("0", "1600000000"),
                Some(Limit::For(Duration::ZERO)),
            ),
            (403, for_hour("12", "1700000060"), None),
            (403, for_hour("0", "soon"), None),
            (403, for_hour("0", "18446744073709551615"), None),
            (403, for_hour("-1", "1700000060"), None),
            (403, vec![("x-ratelimit-remaining", "0")], None),
            (403, vec![], None),
            (429, vec![], None),
            (404, for_hour("0", "1700000060"), None),
            (200, for_hour("0", "1700000060"), None),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            let now = UNIX_EPOCH + Duration::from_secs(BEGIN);

            let found = limit(status, &headers(&fields), now);

            assert_eq!(found, expected, "{status} {fields:?}");
        }
    }

    #[test]
    fn the_server_s_clock_counts() {
        let fields = [
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1700000060"),
            ("date", DATE_OF_BEGIN),
        ];
        let hours_late = UNIX_EPOCH + Duration::from_secs(BEGIN + 7200);

        let found = limit(StatusCode::FORBIDDEN, &headers(&fields), hours_late);

        assert_eq!(found, Some(Limit::For(Duration::from_secs(60))));
    }

    #[test]
    fn what_is_refused_for_a_while_becomes_429_and_says_for_how_long() {
        let mut response = Response::new(());
        *response.status_mut() = StatusCode::FORBIDDEN;
        *response.headers_mut() = headers(&[
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1700000060"),
            ("date", DATE_OF_BEGIN),
        ]);

        let response = in_words_of_http(response);

        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()["retry-after"], "60");
    }

    fn headers(fields: &[(&'static str, &str)]) -> HeaderMap {
        let field = |&(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), value.parse().unwrap())
        };
        fields.iter().map(field).collect()
    }
}
