//! Times as header fields tell them: dates, and numbers of seconds.

mod date;

use std::fmt;
use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::AGE;

/// The greatest number of seconds (RFC 9111 section 1.2.2): what is more is as good as this.
pub const FOREVER: u32 = 1 << 31;

/// A point in time: seconds since 1970-01-01T00:00:00Z, which is as exact as HTTP's dates are.
///
/// It is displayed as an HTTP date; what lies outside 1970 to 9999 as the nearest date inside.
///
/// ```
/// use tower_client_cache::policy::Timestamp;
///
/// let date = Timestamp::parse(b"Sunday, 06-Nov-94 08:49:37 GMT").unwrap();
/// assert_eq!(date, Timestamp(784_111_777));
/// assert_eq!(date.to_string(), "Sun, 06 Nov 1994 08:49:37 GMT");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// What a two-digit year is measured against without a clock: the last second of 2019, so that
    /// the years are 1970 to 2069. Until then no such date is more than 50 years ahead.
    const LAST_OF_2019: Self = Self(1_577_836_799);
    /// 9999-12-31T23:59:59Z, the last second that has an HTTP date.
    const LAST: Self = Self(253_402_300_799);

    /// Parses an HTTP date in any of its three formats (RFC 9110 section 5.6.7) and in any case
    /// (RFC 9111 section 4.2); a year of two digits is one from 1970 to 2069.
    #[must_use]
    pub fn parse(value: &[u8]) -> Option<Self> {
        Self::parse_at(value, Self::LAST_OF_2019)
    }

    /// Parses an HTTP date as [`parse`](Self::parse) does; a year of two digits is the latest that
    /// is not more than 50 years ahead of `now` (RFC 9110 section 5.6.7).
    #[must_use]
    pub fn parse_at(value: &[u8], now: Self) -> Option<Self> {
        date::parse(value, now)
    }

    /// Returns the second that a point in time lies in.
    #[must_use]
    pub fn of(time: SystemTime) -> Self {
        Self(match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => 0_i64.saturating_add_unsigned(after.as_secs()),
            Err(before) => {
                let before = before.duration();
                let begun = u64::from(before.subsec_nanos() > 0);
                0_i64.saturating_sub_unsigned(before.as_secs().saturating_add(begun))
            }
        })
    }

    /// Returns the system's form of it, if the system can tell a time so far away.
    #[must_use]
    pub fn to_system_time(self) -> Option<SystemTime> {
        let distance = Duration::from_secs(self.0.unsigned_abs());
        if self.0 < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(distance)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(distance)
        }
    }

    /// Returns the time so many seconds later.
    #[must_use]
    pub fn plus(self, seconds: u32) -> Self {
        Self(self.0.saturating_add(i64::from(seconds)))
    }

    /// Returns the time so many seconds before.
    #[must_use]
    pub fn minus(self, seconds: u32) -> Self {
        Self(self.0.saturating_sub(i64::from(seconds)))
    }

    /// Returns the seconds since an earlier time: 0 if that is later, [`FOREVER`] at most.
    #[must_use]
    pub fn since(self, earlier: Self) -> u32 {
        let seconds = self.0.saturating_sub(earlier.0).max(0);
        u32::try_from(seconds).map_or(FOREVER, |seconds| seconds.min(FOREVER))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `httpdate` panics on what it cannot print.
        let seconds = self.0.clamp(0, Self::LAST.0).unsigned_abs();
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        httpdate::HttpDate::from(time).fmt(formatter)
    }
}

/// Parses a number of seconds (RFC 9111 section 1.2.2): digits and nothing else, [`FOREVER`] at
/// most.
#[must_use]
pub fn delta_seconds(value: &[u8]) -> Option<u32> {
    if value.is_empty() {
        return None;
    }
    let seconds = value.iter().try_fold(0_u32, |seconds, byte| {
        let digit = byte.is_ascii_digit().then(|| u32::from(byte - b'0'))?;
        Some(seconds.saturating_mul(10).saturating_add(digit))
    });
    seconds.map(|seconds| seconds.min(FOREVER))
}

/// Returns what `Age` says: the first of several values counts, and none if that is invalid
/// (RFC 9111 section 5.1).
#[must_use]
pub fn age_field(headers: &HeaderMap) -> Option<u32> {
    let lines = headers.get_all(AGE).iter();
    let first = lines
        .flat_map(|line| line.as_bytes().split(|&byte| byte == b','))
        .map(<[u8]>::trim_ascii)
        .find(|member| !member.is_empty())?;
    delta_seconds(first)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn seconds_are_digits_and_overflow_to_forever() {
        // RFC 9111 section 1.2.2.
        for (value, seconds) in [
            ("0", Some(0)),
            ("007", Some(7)),
            ("60", Some(60)),
            ("2147483647", Some(FOREVER - 1)),
            ("2147483648", Some(FOREVER)),
            ("2147483649", Some(FOREVER)),
            ("4294967296", Some(FOREVER)),
            ("99999999999999999999999999", Some(FOREVER)),
            ("", None),
            ("1.5", None),
            ("-1", None),
            ("+1", None),
            (" 1", None),
            ("1 ", None),
            ("1 2", None),
            ("0x1", None),
            ("1e3", None),
            ("one", None),
            ("\u{661}", None),
            ("99999999999999999999999999x", None),
        ] {
            assert_eq!(delta_seconds(value.as_bytes()), seconds, "{value:?}");
        }
    }

    #[test]
    fn the_first_age_counts() {
        // RFC 9111 section 5.1.
        let cases: [(&[&[u8]], Option<u32>); 14] = [
            (&[], None),
            (&[b"0"], Some(0)),
            (&[b" 60\t"], Some(60)),
            (&[b"9999999999"], Some(FOREVER)),
            (&[b"60, 70"], Some(60)),
            (&[b"70,60"], Some(70)),
            (&[b"60", b"70"], Some(60)),
            (&[b"60", b"x"], Some(60)),
            // Empty members are none (RFC 9110 section 5.6.1.2).
            (&[b" , 60"], Some(60)),
            (&[b"", b"60"], Some(60)),
            (&[b"x, 60"], None),
            (&[b"-1"], None),
            (&[b"\"60\""], None),
            (&[b"\xff"], None),
        ];
        for (lines, age) in cases {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(AGE, HeaderValue::from_bytes(line).unwrap());
            }

            assert_eq!(age_field(&headers), age, "{lines:?}");
        }
    }

    #[test]
    fn differences_stay_between_0_and_forever() {
        for (later, earlier, seconds) in [
            (100, 40, 60),
            (40, 100, 0),
            (0, -60, 60),
            (i64::from(FOREVER), 1, FOREVER - 1),
            (i64::from(FOREVER), 0, FOREVER),
            (i64::from(u32::MAX), 0, FOREVER),
            (i64::from(u32::MAX) + 1, 0, FOREVER),
            (i64::MAX, i64::MIN, FOREVER),
            (i64::MIN, i64::MAX, 0),
        ] {
            assert_eq!(
                Timestamp(later).since(Timestamp(earlier)),
                seconds,
                "{later} - {earlier}"
            );
        }
    }

    #[test]
    fn sums_stay_in_range() {
        assert_eq!(Timestamp(100).plus(60), Timestamp(160));
        assert_eq!(Timestamp(100).minus(160), Timestamp(-60));
        assert_eq!(Timestamp(i64::MAX - 1).plus(FOREVER), Timestamp(i64::MAX));
        assert_eq!(Timestamp(i64::MIN + 1).minus(FOREVER), Timestamp(i64::MIN));
    }

    #[test]
    fn a_fraction_of_a_second_belongs_to_the_second_before_it() {
        let half = Duration::from_millis(500);
        for (time, seconds) in [
            (SystemTime::UNIX_EPOCH, 0),
            (SystemTime::UNIX_EPOCH + half, 0),
            (SystemTime::UNIX_EPOCH + 3 * half, 1),
            (SystemTime::UNIX_EPOCH - half, -1),
            (SystemTime::UNIX_EPOCH - 2 * half, -1),
            (SystemTime::UNIX_EPOCH - 3 * half, -2),
        ] {
            assert_eq!(Timestamp::of(time), Timestamp(seconds), "{time:?}");
        }
    }

    #[test]
    fn the_system_s_time_is_as_far_from_1970() {
        let second = Duration::from_secs(1);
        for (seconds, time) in [
            (0, SystemTime::UNIX_EPOCH),
            (1, SystemTime::UNIX_EPOCH + second),
            (-1, SystemTime::UNIX_EPOCH - second),
        ] {
            assert_eq!(Timestamp(seconds).to_system_time(), Some(time), "{seconds}");
        }
        for seconds in [i64::MIN, i64::MIN + 1, i64::MAX] {
            if let Some(time) = Timestamp(seconds).to_system_time() {
                assert_eq!(Timestamp::of(time), Timestamp(seconds));
            }
        }
    }

    #[test]
    fn what_has_no_date_is_displayed_as_the_nearest_that_has() {
        for (seconds, date) in [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
            (-1, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (253_402_300_800, "Fri, 31 Dec 9999 23:59:59 GMT"),
            (i64::MIN, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (i64::MAX, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] {
            assert_eq!(Timestamp(seconds).to_string(), date, "{seconds}");
        }
    }

    proptest! {
        #[test]
        fn the_system_s_time_is_the_same_second(seconds in any::<i64>()) {
            let time = Timestamp(seconds);

            if let Some(system) = time.to_system_time() {
                prop_assert_eq!(Timestamp::of(system), time);
            }
        }

        #[test]
        fn seconds_are_those_that_were_printed(seconds in 0..=FOREVER) {
            prop_assert_eq!(delta_seconds(seconds.to_string().as_bytes()), Some(seconds));
        }

        #[test]
        fn what_was_added_is_the_difference(start in any::<i32>(), seconds in 0..=FOREVER) {
            let start = Timestamp(i64::from(start));

            prop_assert_eq!(start.plus(seconds).since(start), seconds);
            prop_assert_eq!(start.since(start.minus(seconds)), seconds);
        }
    }
}
