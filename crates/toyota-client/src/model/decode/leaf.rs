//! The leaves of a document, in all the spellings that the service writes them in.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use serde_json::Value;

use super::Leaf;
use crate::Vin;

/// Where texts are expected the service also writes numbers.
impl Leaf for String {
    const EXPECTED: &'static str = "a text";

    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

/// Where numbers are expected the service also writes texts of digits.
impl Leaf for f64 {
    const EXPECTED: &'static str = "a number";

    fn read(value: &Value) -> Option<Self> {
        let number = match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.filter(|number: &f64| number.is_finite())
    }
}

/// `true`, 1, "True", "yes", "on" and their opposites.
impl Leaf for bool {
    const EXPECTED: &'static str = "a boolean";

    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(flag) => Some(*flag),
            Value::Number(number) => match number.as_f64() {
                Some(1.0) => Some(true),
                Some(0.0) => Some(false),
                _ => None,
            },
            Value::String(text) => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" | "1" => Some(true),
                "false" | "no" | "off" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Leaf for Vin {
    const EXPECTED: &'static str = "a VIN";

    fn read(value: &Value) -> Option<Self> {
        Self::new(value.as_str()?).ok()
    }
}

/// RFC 3339, the same without a zone (then UTC), or the seconds or milliseconds since 1970.
impl Leaf for Timestamp {
    const EXPECTED: &'static str = "a time";

    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => from_epoch(number.as_i64()?),
            Value::String(text) => {
                let text = text.trim();
                let zoned = text.parse().ok();
                let epoch = || from_epoch(text.parse().ok()?);
                zoned.or_else(|| from_civil(text)).or_else(epoch)
            }
            _ => None,
        }
    }
}

fn from_civil(text: &str) -> Option<Timestamp> {
    let civil: DateTime = text.parse().ok()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// As seconds, the smallest millisecond count taken here would be in the year 5138.
fn from_epoch(number: i64) -> Option<Timestamp> {
    const FIRST_MILLIS: i64 = 100_000_000_000;
    if number.unsigned_abs() >= FIRST_MILLIS.unsigned_abs() {
        Timestamp::from_millisecond(number).ok()
    } else {
        Timestamp::from_second(number).ok()
    }
}

impl Leaf for Date {
    const EXPECTED: &'static str = "a date";

    fn read(value: &Value) -> Option<Self> {
        value.as_str()?.trim().parse().ok()
    }
}

/// A count: like a number, but whole and not negative.
impl Leaf for u32 {
    const EXPECTED: &'static str = "a count";

    fn read(value: &Value) -> Option<Self> {
        let number = f64::read(value).filter(|number| number.fract() == 0.0)?;
        // A float is written without an exponent; `as` would make something of anything.
        number.to_string().parse().ok()
    }
}

/// A time in minutes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Minutes(pub(crate) Duration);

impl Leaf for Minutes {
    const EXPECTED: &'static str = "a number of minutes";

    fn read(value: &Value) -> Option<Self> {
        let seconds = f64::read(value)? * 60.0;
        Duration::try_from_secs_f64(seconds).ok().map(Self)
    }
}

/// 1 is Monday.
impl Leaf for Weekday {
    const EXPECTED: &'static str = "a day of the week, 1 to 7";

    fn read(value: &Value) -> Option<Self> {
        let day = u32::read(value)?;
        Self::from_monday_one_offset(day.try_into().ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read<T: Leaf>(value: &Value) -> Option<T> {
        T::read(value)
    }

    #[test]
    fn numbers_come_as_numbers_or_texts_and_are_finite() {
        for (value, number) in [
            (json!(41.5), Some(41.5)),
            (json!(0), Some(0.0)),
            (json!("43087"), Some(43087.0)),
            (json!(" -1.5 "), Some(-1.5)),
            (json!("NaN"), None),
            (json!("inf"), None),
            (json!("1e999"), None),
            (json!(""), None),
            (json!(true), None),
            (json!([1]), None),
        ] {
            assert_eq!(read::<f64>(&value), number, "{value}");
        }
    }

    #[test]
    fn booleans_come_in_many_spellings() {
        for (value, flag) in [
            (json!(true), Some(true)),
            (json!(0), Some(false)),
            (json!(1.0), Some(true)),
            (json!("False"), Some(false)),
            (json!("YES"), Some(true)),
            (json!("off"), Some(false)),
            (json!(2), None),
            (json!("maybe"), None),
            (json!({}), None),
        ] {
            assert_eq!(read::<bool>(&value), flag, "{value}");
        }
    }

    #[test]
    fn times_come_in_five_spellings() {
        for (value, time) in [
            (json!("2023-11-27T17:53:59Z"), Some("2023-11-27T17:53:59Z")),
            (
                json!("2023-11-27T17:53:59.123Z"),
                Some("2023-11-27T17:53:59.123Z"),
            ),
            (
                json!("2023-11-27T18:53:59+01:00"),
                Some("2023-11-27T17:53:59Z"),
            ),
            (json!("2023-11-27T17:53:59"), Some("2023-11-27T17:53:59Z")),
            (json!(1_701_107_639), Some("2023-11-27T17:53:59Z")),
            (
                json!(1_701_107_639_123_i64),
                Some("2023-11-27T17:53:59.123Z"),
            ),
            (json!("1701107639"), Some("2023-11-27T17:53:59Z")),
            (json!("2023-13-27T17:53:59Z"), None),
            (json!(i64::MAX), None),
            (json!(u64::MAX), None),
            (json!("yesterday"), None),
            (json!({}), None),
        ] {
            let read = read::<Timestamp>(&value).map(|time| time.to_string());

            assert_eq!(read.as_deref(), time, "{value}");
        }
    }

    #[test]
    fn counts_are_whole_and_not_negative() {
        for (value, count) in [
            (json!(41), Some(41)),
            (json!(41.0), Some(41)),
            (json!("41"), Some(41)),
            (json!(41.5), None),
            (json!(-1), None),
            (json!(4_294_967_296_u64), None),
            (json!(1e300), None),
            (json!(true), None),
        ] {
            assert_eq!(read::<u32>(&value), count, "{value}");
        }
    }

    #[test]
    fn minutes_are_a_time() {
        for (value, seconds) in [
            (json!(20), Some(1200)),
            (json!("1.5"), Some(90)),
            (json!(0), Some(0)),
            (json!(-1), None),
            (json!(1e300), None),
        ] {
            let minutes = read::<Minutes>(&value).map(|Minutes(time)| time.as_secs());

            assert_eq!(minutes, seconds, "{value}");
        }
    }

    #[test]
    fn the_week_begins_with_monday_as_one() {
        for (value, day) in [
            (json!(1), Some(Weekday::Monday)),
            (json!("7"), Some(Weekday::Sunday)),
            (json!(0), None),
            (json!(8), None),
            (json!(300), None),
            (json!("MONDAY"), None),
        ] {
            assert_eq!(read::<Weekday>(&value), day, "{value}");
        }
    }
}
