//! Points and lengths of time, as people say them.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// When something was, by the clock of this machine's place.
pub(crate) fn when(at: Timestamp) -> String {
    in_zone(at, TimeZone::system())
}

/// How long something takes: the two largest units of it.
pub(crate) fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    let (days, hours) = (seconds / DAY, seconds % DAY / HOUR);
    let minutes = seconds % HOUR / MINUTE;
    let parts = match seconds {
        0..MINUTE => return format!("{seconds} s"),
        MINUTE..HOUR => [(0, "h"), (minutes, "min")],
        HOUR..DAY => [(hours, "h"), (minutes, "min")],
        _ => [(days, if days == 1 { "day" } else { "days" }), (hours, "h")],
    };
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let parts: Vec<_> = parts
        .map(|(count, unit)| format!("{count} {unit}"))
        .collect();
    parts.join(" ")
}

/// When something was, and how long ago that is.
pub(crate) fn with_age(at: Timestamp, now: Timestamp) -> String {
    let age = now.duration_since(at);
    match Duration::try_from(age) {
        Ok(age) => format!("{}, {} ago", when(at), span(age)),
        // Clocks differ.
        Err(_) => when(at),
    }
}

fn in_zone(at: Timestamp, zone: TimeZone) -> String {
    at.to_zoned(zone).strftime("%Y-%m-%d %H:%M %Z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_a_zone() {
        let at: Timestamp = "2026-08-30T16:45:02Z".parse().unwrap();
        let summer = jiff::tz::offset(2);

        assert_eq!(in_zone(at, TimeZone::UTC), "2026-08-30 16:45 UTC");
        assert_eq!(in_zone(at, TimeZone::fixed(summer)), "2026-08-30 18:45 +02");
    }

    #[test]
    fn spans_have_their_two_largest_units() {
        for (seconds, text) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (119, "1 min"),
            (3600, "1 h"),
            (5430, "1 h 30 min"),
            (86_400, "1 day"),
            (2 * 86_400 + 3 * 3600 + 59, "2 days 3 h"),
        ] {
            assert_eq!(span(Duration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn an_age_is_told_of_what_is_past() {
        let now: Timestamp = "2026-08-30T17:00:00Z".parse().unwrap();

        let past = with_age("2026-08-30T16:45:00Z".parse().unwrap(), now);
        let future = with_age("2026-08-30T17:45:00Z".parse().unwrap(), now);

        assert!(past.ends_with(", 15 min ago"), "{past}");
        assert!(!future.contains("ago"), "{future}");
    }
}
