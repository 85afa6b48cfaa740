//! How long a stored response is worth its place.

use std::time::Duration;

use fastrand::Rng;
use http::header::{ETAG, LAST_MODIFIED};

use crate::Head;
use crate::policy::Timestamp;

const DAY: i64 = 24 * 60 * 60;
const SHORTEST: i64 = 1;
const LONGEST: i64 = 30 * DAY;

/// Returns how long it is of use from now on: until nobody is served it any more, and, where it can
/// be validated, for a day longer; a second at least, 30 days at most.
pub(crate) fn useful_for(head: &Head, now: Timestamp) -> Duration {
    let can_be_validated = head
        .fields
        .iter()
        .any(|(name, _)| name == ETAG || name == LAST_MODIFIED);
    let more = if can_be_validated { DAY } else { 0 };
    let until = head.stored.useful_until().0.saturating_add(more);
    let seconds = until.saturating_sub(now.0).clamp(SHORTEST, LONGEST);
    Duration::from_secs(seconds.unsigned_abs())
}

/// Lengthens a time by up to a tenth: what came together does not go together.
pub(crate) fn lengthened(time: Duration, random: &mut Rng) -> Duration {
    time + (time / 10).mul_f64(random.f64())
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

    use super::*;
    use crate::Fields;
    use crate::policy::{Exchange, Rules, Stored, Vary};

    const NOW: Timestamp = Timestamp(1_700_000_000);

    #[test]
    fn is_of_use_until_nobody_is_served_it_and_longer_where_it_can_be_validated() {
        let (control, day) = ("cache-control", 24 * 60 * 60);
        for (fields, expected) in [
            (&[(control, "max-age=60")][..], 60),
            (&[(control, "max-age=60, stale-if-error=40")], 100),
            (&[(control, "max-age=60"), ("etag", "\"1\"")], day + 60),
            (
                &[
                    (control, "max-age=60"),
                    ("last-modified", "Tue, 14 Nov 2023 00:00:00 GMT"),
                ],
                day + 60,
            ),
            (&[(control, "max-age=60"), ("age", "90")], 1),
            (&[(control, "max-age=2147483647")], 30 * day),
            (
                &[(control, "max-age=2147483647"), ("etag", "\"1\"")],
                30 * day,
            ),
        ] {
            let useful = useful_for(&head(fields), NOW);

            assert_eq!(useful.as_secs(), expected, "{fields:?}");
        }
    }

    #[test]
    fn no_clock_is_too_far_off() {
        let head = head(&[("cache-control", "max-age=60")]);
        for (now, expected) in [
            (i64::MIN, LONGEST),
            (NOW.0 + 59, 1),
            (NOW.0 + 61, SHORTEST),
            (i64::MAX, SHORTEST),
        ] {
            let useful = useful_for(&head, Timestamp(now));

            assert_eq!(useful.as_secs(), expected.unsigned_abs(), "{now}");
        }
    }

    #[test]
    fn a_time_is_lengthened_by_a_tenth_at_most() {
        let mut random = Rng::with_seed(1);
        let minute = Duration::from_secs(60);

        let times: Vec<_> = (0..1000).map(|_| lengthened(minute, &mut random)).collect();

        let longest = Duration::from_secs(66);
        assert!(times.iter().all(|time| (minute..=longest).contains(time)));
        let middle = Duration::from_secs(63);
        let shorter = times.iter().filter(|time| **time < middle).count();
        assert!((400..600).contains(&shorter), "{shorter}");
    }

    fn head(fields: &[(&'static str, &'static str)]) -> Head {
        let headers: HeaderMap = fields
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect();
        let exchange = Exchange {
            method: &Method::GET,
            request_headers: &HeaderMap::new(),
            status: StatusCode::OK,
            headers: &headers,
            requested: NOW,
            received: NOW,
            authenticated: false,
        };
        Head {
            stored: Stored::of(&exchange, &Rules::new()).unwrap(),
            vary: Vary::of(&headers, &HeaderMap::new()).unwrap(),
            fields: Fields::of(&headers).unwrap(),
        }
    }
}
