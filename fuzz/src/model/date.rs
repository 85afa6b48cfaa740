//! HTTP's dates (RFC 9110 section 5.6.7), by counting years and months.

const DAYS: [&str; 7] = [
    "sunday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
];
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const DAY: i64 = 86_400;
/// 9999-12-31T23:59:59Z.
const LAST: i64 = 253_402_300_799;

/// A year, a month and a day from 1, and the second of the day: they are compared in this order.
type Civil = (i64, usize, i64, i64);

/// Reads a date in any of the three formats; `now` tells the century of two digits.
#[must_use]
pub fn parse(value: &[u8], now: i64) -> Option<i64> {
    let text = str::from_utf8(value).ok()?.to_ascii_lowercase();
    let words: Vec<_> = text.split(' ').collect();
    let civil = match words[..] {
        [weekday, day, month, year, time, "gmt"] if weekday.ends_with(',') => {
            let civil = (
                digits(year, 4)?,
                self::month(month)?,
                digits(day, 2)?,
                self::time(time)?,
            );
            is_short(weekday.strip_suffix(',')?).then_some(civil)?
        }
        [weekday, date, time, "gmt"] => {
            let parts: Vec<_> = date.split('-').collect();
            let [day, month, year] = parts[..] else {
                return None;
            };
            let rest = (self::month(month)?, digits(day, 2)?, self::time(time)?);
            let year = century(digits(year, 2)?, rest, now)?;
            let weekday = weekday.strip_suffix(',')?;
            DAYS.contains(&weekday)
                .then_some((year, rest.0, rest.1, rest.2))?
        }
        [weekday, month, "", day, time, year] => {
            let civil = (
                digits(year, 4)?,
                self::month(month)?,
                digits(day, 1)?,
                self::time(time)?,
            );
            is_short(weekday).then_some(civil)?
        }
        [weekday, month, day, time, year] => {
            let civil = (
                digits(year, 4)?,
                self::month(month)?,
                digits(day, 2)?,
                self::time(time)?,
            );
            is_short(weekday).then_some(civil)?
        }
        _ => return None,
    };
    let (year, month, day, _) = civil;
    let seconds = seconds(civil);
    // Which day of the week it was, the rest of the date tells.
    (1..=length(year, month)).contains(&day).then_some(seconds)
}

/// Writes a date in one of the formats, for messages that are made up.
#[must_use]
pub fn print(seconds: i64, format: usize) -> String {
    let (year, month, day, second) = civil(seconds.clamp(0, LAST));
    let weekday = DAYS[usize::try_from((seconds.div_euclid(DAY) + 4).rem_euclid(7)).unwrap_or(0)];
    let (three, month) = (&weekday[..3], MONTHS[month - 1]);
    let time = format!(
        "{:02}:{:02}:{:02}",
        second / 3600,
        second / 60 % 60,
        second % 60
    );
    match format {
        0 => format!("{three}, {day:02} {month} {year:04} {time} GMT"),
        1 => format!("{weekday}, {day:02}-{month}-{:02} {time} GMT", year % 100),
        _ => format!("{three} {month} {day:2} {time} {year:04}"),
    }
}

/// The latest year with these last digits of which the date is not more than 50 years ahead.
fn century(last: i64, (month, day, second): (usize, i64, i64), now: i64) -> Option<i64> {
    let (now_year, now_month, now_day, now_second) = civil(now.clamp(0, LAST));
    let limit = (now_year + 50, now_month, now_day, now_second);
    let mut years = (0..=10_100).rev().filter(|year| year % 100 == last);
    years.find(|year| (*year, month, day, second) <= limit)
}

fn civil(seconds: i64) -> Civil {
    let (mut days, mut year, mut month) = (seconds / DAY, 1970, 1);
    while days >= days_of(year) {
        days -= days_of(year);
        year += 1;
    }
    while days >= length(year, month) {
        days -= length(year, month);
        month += 1;
    }
    (year, month, days + 1, seconds % DAY)
}

fn seconds((year, month, day, second): Civil) -> i64 {
    let since: i64 = (1970..year).map(days_of).sum();
    let before: i64 = (year..1970).map(days_of).sum();
    let months: i64 = (1..month).map(|month| length(year, month)).sum();
    (since - before + months + day - 1) * DAY + second
}

fn days_of(year: i64) -> i64 {
    (1..=12).map(|month| length(year, month)).sum()
}

fn length(year: i64, month: usize) -> i64 {
    let leap = year % 400 == 0 || year % 4 == 0 && year % 100 != 0;
    [
        31,
        if leap { 29 } else { 28 },
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ][month - 1]
}

/// Whether these are the first three letters of a weekday.
fn is_short(text: &str) -> bool {
    DAYS.iter().any(|day| day.get(..3) == Some(text))
}

fn month(text: &str) -> Option<usize> {
    let index = MONTHS.iter().position(|month| *month == text)?;
    Some(index + 1)
}

fn time(text: &str) -> Option<i64> {
    let parts: Vec<_> = text.split(':').collect();
    let [hour, minute, second] = parts[..] else {
        return None;
    };
    let (hour, minute, second) = (digits(hour, 2)?, digits(minute, 2)?, digits(second, 2)?);
    // RFC 9111 section 4.2: a leap second is the one before it.
    let second = if (hour, minute, second) == (23, 59, 60) {
        59
    } else {
        second
    };
    (hour < 24 && minute < 60 && second < 60).then_some(hour * 3600 + minute * 60 + second)
}

fn digits(text: &str, count: usize) -> Option<i64> {
    let all = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if all { text.parse().ok() } else { None }
}
