//! What is a date and what is not.

use std::time::{Duration, SystemTime};

use proptest::prelude::*;

use super::*;

#[test]
fn all_three_formats_are_understood_in_any_case() {
    // RFC 9110 section 5.6.7, RFC 9111 section 4.2.
    for (value, seconds) in [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
        ("Sun Nov  6 08:49:37 1994", 784_111_777),
        ("Sun Nov 06 08:49:37 1994", 784_111_777),
        ("Wed Nov 16 08:49:37 1994", 784_975_777),
        ("sun, 06 nov 1994 08:49:37 gmt", 784_111_777),
        ("SUNDAY, 06-NOV-94 08:49:37 GMT", 784_111_777),
        ("sUN nOV  6 08:49:37 1994", 784_111_777),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Thursday, 01-Jan-70 00:00:00 GMT", 0),
        ("Tue, 31 Dec 2069 23:59:59 GMT", 3_155_759_999),
        ("Tuesday, 31-Dec-69 23:59:59 GMT", 3_155_759_999),
        ("Wed, 31 Dec 1969 23:59:59 GMT", -1),
        ("Mon, 01 Jan 1900 00:00:00 GMT", -2_208_988_800),
        ("Sat, 01 Jan 0000 00:00:00 GMT", -62_167_219_200),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
        // Leap days.
        ("Tue, 29 Feb 2000 00:00:00 GMT", 951_782_400),
        ("Thu, 29 Feb 2024 12:00:00 GMT", 1_709_208_000),
        // Another day of the week.
        ("Mon, 06 Nov 1994 08:49:37 GMT", 784_111_777),
        ("Monday, 06-Nov-94 08:49:37 GMT", 784_111_777),
        ("Mon Nov  6 08:49:37 1994", 784_111_777),
        // Leap seconds: the nearest earlier second.
        ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_799),
    ] {
        let parsed = Timestamp::parse(value.as_bytes());

        assert_eq!(parsed, Some(Timestamp(seconds)), "{value}");
    }
}

#[test]
fn everything_else_is_no_date() {
    for value in [
        "",
        "0",
        "-1",
        "784111777",
        "1994-11-06T08:49:37Z",
        // What is no day of the week.
        "Xyz, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06-Nov-94 08:49:37 GMT",
        "Sunday Nov  6 08:49:37 1994",
        // A day that the month does not have.
        "Mon, 00 Nov 1994 08:49:37 GMT",
        "Thu, 31 Nov 1994 08:49:37 GMT",
        "Wed, 32 Jan 1995 08:49:37 GMT",
        "Wed, 29 Feb 1995 08:49:37 GMT",
        "Thu, 29 Feb 1900 08:49:37 GMT",
        "Sat, 29 Feb 2200 08:49:37 GMT",
        "Fri, 30 Feb 2024 08:49:37 GMT",
        // A time that the day does not have.
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:60 GMT",
        "Sun, 06 Nov 1994 23:59:61 GMT",
        // Another zone, or none (RFC 9111 section 4.2).
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 EST",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun Nov  6 08:49:37 1994 GMT",
        "Sun Nov  6 08:49:37 GMT 1994",
        // More or less than the format has.
        " Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT ",
        "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun,  06 Nov 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun, 06 Nov 01994 08:49:37 GMT",
        "Sun, 06 Nov 1994 8:49:37 GMT",
        "Sun, 06 Nov 1994 08:49 GMT",
        "Sun, 06-Nov-1994 08:49:37 GMT",
        "Sunday, 06-Nov-1994 08:49:37 GMT",
        "Sunday, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06-Nov-94 08:49:37 GMT",
        "Sun Nov 6 08:49:37 1994",
        "Sun Nov   6 08:49:37 1994",
        "Sun, 06 Nov +994 08:49:37 GMT",
        "Sun, 06 Sept 1994 08:49:37 GMT",
        "\"Sun, 06 Nov 1994 08:49:37 GMT\"",
    ] {
        assert_eq!(Timestamp::parse(value.as_bytes()), None, "{value}");
    }
}

#[test]
fn two_digits_are_a_year_not_more_than_50_years_ahead() {
    // RFC 9110 section 5.6.7.
    for (now, value, date) in [
        (
            "Sun, 22 Nov 2026 12:00:00 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            Some("Sun, 06 Nov 1994 08:49:37 GMT"),
        ),
        (
            "Sun, 22 Nov 2026 12:00:00 GMT",
            "Monday, 23-Nov-26 12:00:00 GMT",
            Some("Mon, 23 Nov 2026 12:00:00 GMT"),
        ),
        // Exactly 50 years, and a second more: that is 1976.
        (
            "Sun, 22 Nov 2026 12:00:00 GMT",
            "Sunday, 22-Nov-76 12:00:00 GMT",
            Some("Sun, 22 Nov 2076 12:00:00 GMT"),
        ),
        (
            "Sun, 22 Nov 2026 12:00:00 GMT",
            "Monday, 22-Nov-76 12:00:01 GMT",
            Some("Mon, 22 Nov 1976 12:00:01 GMT"),
        ),
        (
            "Wed, 01 Jan 2098 00:00:00 GMT",
            "Saturday, 01-Jan-01 00:00:00 GMT",
            Some("Sat, 01 Jan 2101 00:00:00 GMT"),
        ),
        // The new year has begun, although 365 days are less than a year on average.
        (
            "Fri, 01 Jan 1971 00:00:00 GMT",
            "Friday, 01-Jan-21 00:00:00 GMT",
            Some("Fri, 01 Jan 2021 00:00:00 GMT"),
        ),
    ] {
        let now = Timestamp::parse(now.as_bytes()).unwrap();

        let parsed = Timestamp::parse_at(value.as_bytes(), now).map(|date| date.to_string());

        assert_eq!(parsed.as_deref(), date, "{value} at {now}");
    }
}

proptest! {
    #[test]
    fn whatever_httpdate_prints_is_parsed(seconds in 0..=Timestamp::LAST.0) {
        let printed = Timestamp(seconds).to_string();

        prop_assert_eq!(Timestamp::parse(printed.as_bytes()), Some(Timestamp(seconds)));
    }

    #[test]
    fn the_obsolete_formats_are_the_same_date(seconds in 0..=Timestamp::LAST.0, years in -49..50_i64) {
        let date = Timestamp(seconds);
        let (asctime, rfc850) = obsolete(date);
        let now = Timestamp((seconds - years * SECONDS_PER_YEAR).max(0));

        prop_assert_eq!(Timestamp::parse(asctime.as_bytes()), Some(date));
        prop_assert_eq!(Timestamp::parse_at(rfc850.as_bytes(), now), Some(date));
    }

    #[test]
    fn what_httpdate_takes_is_the_same_here(
        day in 0..33, month in 0..12_usize, year in 1969..2071,
        hour in 0..25, minute in 58..61, second in 58..61,
    ) {
        let rest = format!("{day:02} {} {year} {hour:02}:{minute:02}:{second:02} GMT", MONTHS[month]);

        // `httpdate` asks for the right day of the week.
        let printed = DAYS.map(|name| format!("{name}, {rest}"));
        let theirs = printed.iter().find_map(|it| httpdate::parse_http_date(it).ok());
        let theirs = theirs.map(Timestamp::of);

        let leap_second = rest.ends_with(" 23:59:60 GMT");
        if year > 1969 && !leap_second {
            for printed in printed {
                prop_assert_eq!(Timestamp::parse(printed.as_bytes()), theirs);
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..40),
        date in 0..=Timestamp::LAST.0,
        at in 0..29_usize,
        byte in any::<u8>(),
        now in any::<i64>(),
    ) {
        let now = Timestamp(now);
        let (asctime, rfc850) = obsolete(Timestamp(date));

        _ = Timestamp::parse_at(&bytes, now);
        for now in [now, Timestamp(i64::MIN), Timestamp(i64::MAX)] {
            _ = Timestamp::parse_at(rfc850.as_bytes(), now);
        }
        for text in [Timestamp(date).to_string(), asctime, rfc850] {
            let mut bytes = text.into_bytes();
            if let Some(slot) = bytes.get_mut(at) {
                *slot = byte;
            }
            _ = Timestamp::parse_at(&bytes, now);
        }
    }
}

/// Prints a date as asctime and RFC 850 do.
fn obsolete(date: Timestamp) -> (String, String) {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(date.0.unsigned_abs());
    let printed = httpdate::fmt_http_date(time);
    let [name, day, month, year, clock, _] = *printed
        .split([' ', ','])
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
    else {
        panic!("{printed}");
    };
    let short = day.trim_start_matches('0');
    let long = LONG_DAYS
        .iter()
        .find(|long| long.starts_with(name))
        .unwrap();
    let digits = &year[2..];
    (
        format!("{name} {month} {short:>2} {clock} {year}"),
        format!("{long}, {day}-{month}-{digits} {clock} GMT"),
    )
}
