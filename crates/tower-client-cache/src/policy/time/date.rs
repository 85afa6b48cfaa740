//! HTTP's dates, in its three formats.
//!
//! `httpdate` only prints them here: it knows no leap second, no lower case, no year before 1970
//! and no clock to tell the century by, and it lets whitespace pass.

use super::Timestamp;

const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const LONG_DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

const SECONDS_PER_DAY: i64 = 86_400;
/// Of the Gregorian calendar, on average.
const SECONDS_PER_YEAR: i64 = 31_556_952;

/// Parses a date; `now` tells the century of a year of two digits.
pub(super) fn parse(value: &[u8], now: Timestamp) -> Option<Timestamp> {
    let date = imf_fixdate(value)
        .or_else(|| rfc850_date(value).map(|date| date.within_50_years_of(now)))
        .or_else(|| asctime_date(value))?;
    date.exists().then(|| Timestamp(date.seconds()))
}

/// Parses `Sun, 06 Nov 1994 08:49:37 GMT`.
fn imf_fixdate(value: &[u8]) -> Option<Date> {
    let mut text = Reader(value);
    text.one_of(&DAYS)?;
    text.literal(", ")?;
    let day = text.number(2)?;
    text.literal(" ")?;
    let month = text.one_of(&MONTHS)? + 1;
    text.literal(" ")?;
    let year = text.number(4)?;
    text.literal(" ")?;
    let second = text.time_of_day()?;
    text.last(" GMT")?;
    Some(Date {
        year,
        month,
        day,
        second,
    })
}

/// Parses `Sunday, 06-Nov-94 08:49:37 GMT`; the year is what is written.
fn rfc850_date(value: &[u8]) -> Option<Date> {
    let mut text = Reader(value);
    text.one_of(&LONG_DAYS)?;
    text.literal(", ")?;
    let day = text.number(2)?;
    text.literal("-")?;
    let month = text.one_of(&MONTHS)? + 1;
    text.literal("-")?;
    let year = text.number(2)?;
    text.literal(" ")?;
    let second = text.time_of_day()?;
    text.last(" GMT")?;
    Some(Date {
        year,
        month,
        day,
        second,
    })
}

/// Parses `Sun Nov  6 08:49:37 1994`.
fn asctime_date(value: &[u8]) -> Option<Date> {
    let mut text = Reader(value);
    text.one_of(&DAYS)?;
    text.literal(" ")?;
    let month = text.one_of(&MONTHS)? + 1;
    text.literal(" ")?;
    let digits = if text.literal(" ").is_some() { 1 } else { 2 };
    let day = text.number(digits)?;
    text.literal(" ")?;
    let second = text.time_of_day()?;
    text.literal(" ")?;
    let year = text.number(4)?;
    text.last("")?;
    Some(Date {
        year,
        month,
        day,
        second,
    })
}

/// A date as it is written, in the Gregorian calendar.
#[derive(Clone, Copy)]
struct Date {
    year: i64,
    /// From 1.
    month: i64,
    day: i64,
    /// Of the day.
    second: i64,
}

impl Date {
    /// Returns whether the month has the day. The name of the day tells nothing that the rest does
    /// not, and in dates that are written by hand it is often wrong.
    fn exists(self) -> bool {
        (1..=self.days_of_month()).contains(&self.day)
    }

    fn days_of_month(self) -> i64 {
        let leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        match self.month {
            2 => 28 + i64::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    /// Returns the days since 1970-01-01.
    fn days(self) -> i64 {
        // A year from March to February has its leap day at the end, where it moves nothing.
        let year = self.year - i64::from(self.month < 3);
        let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        let days_of_months = (153 * ((self.month + 9) % 12) + 2) / 5;
        year * 365 + leap_days + days_of_months + self.day - 1 - 719_468
    }

    fn seconds(self) -> i64 {
        self.days() * SECONDS_PER_DAY + self.second
    }

    /// Returns the latest date with these two digits of a year that is not more than 50 years ahead
    /// (RFC 9110 section 5.6.7).
    fn within_50_years_of(self, now: Timestamp) -> Self {
        let now = now.0.clamp(0, Timestamp::LAST.0);
        // One year more than 50, because the average may not be in this year yet.
        let limit = 1970 + now / SECONDS_PER_YEAR + 51;
        let year = limit - (limit - self.year).rem_euclid(100);
        let fifty_years_before = Self {
            year: year - 50,
            ..self
        };
        let centuries = i64::from(fifty_years_before.seconds() > now);
        Self {
            year: year - 100 * centuries,
            ..self
        }
    }
}

/// What is left of a text; whoever reads what is not there has `None`.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    /// Reads a text in any case (RFC 9111 section 4.2).
    fn literal(&mut self, text: &str) -> Option<()> {
        let (head, rest) = self.0.split_at_checked(text.len())?;
        head.eq_ignore_ascii_case(text.as_bytes())
            .then(|| self.0 = rest)
    }

    /// Reads a text that nothing follows.
    fn last(&mut self, text: &str) -> Option<()> {
        self.literal(text)?;
        self.0.is_empty().then_some(())
    }

    /// Reads one of several texts, and returns which.
    fn one_of(&mut self, texts: &[&str]) -> Option<i64> {
        let index = texts.iter().position(|text| self.literal(text).is_some())?;
        i64::try_from(index).ok()
    }

    /// Reads a number of so many digits.
    fn number(&mut self, digits: usize) -> Option<i64> {
        let (head, rest) = self.0.split_at_checked(digits)?;
        self.0 = rest;
        head.iter().try_fold(0, |number, byte| {
            let digit = byte.is_ascii_digit().then(|| i64::from(byte - b'0'))?;
            Some(number * 10 + digit)
        })
    }

    /// Reads `08:49:37`, and returns the second of the day.
    fn time_of_day(&mut self) -> Option<i64> {
        let hour = self.number(2)?;
        self.literal(":")?;
        let minute = self.number(2)?;
        self.literal(":")?;
        let second = match (hour, minute, self.number(2)?) {
            // A leap second has no number: the nearest earlier stands for it (RFC 9111 section 4.2).
            (23, 59, 60) => 59,
            (0..24, 0..60, second @ 0..60) => second,
            _ => return None,
        };
        Some((hour * 60 + minute) * 60 + second)
    }
}

#[cfg(test)]
mod tests;
