//! Weeks of a car that lives where clocks are changed.

use proptest::prelude::*;

use super::*;

/// Central Europe: an hour ahead of UTC, two from the last Sunday of March to that of October.
fn zone() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
}

/// 2026-11-23 is a Monday.
fn instant(local: &str) -> Timestamp {
    let local: jiff::civil::DateTime = local.parse().unwrap();
    local.to_zoned(zone()).unwrap().timestamp()
}

fn local(zoned: Option<&Zoned>) -> Option<String> {
    zoned.map(|zoned| zoned.datetime().to_string())
}

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

fn schedule(days: &[Weekday], start: &str, end: Option<&str>) -> ChargingSchedule {
    ChargingSchedule {
        enabled: Some(true),
        start: Some(time(start)),
        end: end.map(time),
        days: days.iter().copied().collect(),
        ..ChargingSchedule::default()
    }
}

#[test]
fn an_event_is_on_its_next_day_and_later_than_now() {
    for (weekday, now, next) in [
        (Weekday::Tuesday, "2026-11-23T12:00", "2026-11-24T07:00:00"),
        (Weekday::Sunday, "2026-11-23T12:00", "2026-11-29T07:00:00"),
        (Weekday::Monday, "2026-11-23T06:59", "2026-11-23T07:00:00"),
        (Weekday::Monday, "2026-11-23T07:00", "2026-11-30T07:00:00"),
        (Weekday::Monday, "2026-11-23T12:00", "2026-11-30T07:00:00"),
        (Weekday::Sunday, "2026-12-31T12:00", "2027-01-03T07:00:00"),
    ] {
        let event = ChargingEvent {
            weekday: Some(weekday),
            start: Some(time("07:00")),
            ..ChargingEvent::default()
        };

        let at = event.next(instant(now), &zone());

        assert_eq!(
            local(at.as_ref()).as_deref(),
            Some(next),
            "{weekday:?} {now}"
        );
    }
}

#[test]
fn an_event_with_an_end_is_when_it_ends() {
    let event = ChargingEvent {
        weekday: Some(Weekday::Monday),
        start: Some(time("22:00")),
        end: Some(time("06:00")),
        ..ChargingEvent::default()
    };

    let at = event.next(instant("2026-11-23T05:00"), &zone());

    assert_eq!(local(at.as_ref()).as_deref(), Some("2026-11-23T06:00:00"));
}

#[test]
fn an_event_without_a_day_or_an_hour_is_never() {
    let (weekday, start) = (Some(Weekday::Monday), Some(time("07:00")));
    let dayless = ChargingEvent {
        start,
        ..ChargingEvent::default()
    };
    let timeless = ChargingEvent {
        weekday,
        ..ChargingEvent::default()
    };

    for event in [dayless, timeless] {
        assert_eq!(event.next(instant("2026-11-23T12:00"), &zone()), None);
    }
}

#[test]
fn the_next_window_is_the_first_of_the_days() {
    let days = [Weekday::Monday, Weekday::Thursday];
    for (start, end, now, next) in [
        (
            "22:00",
            Some("23:30"),
            "2026-11-23T12:00",
            ("2026-11-23T22:00:00", Some("2026-11-23T23:30:00")),
        ),
        (
            "22:00",
            Some("06:00"),
            "2026-11-23T12:00",
            ("2026-11-23T22:00:00", Some("2026-11-24T06:00:00")),
        ),
        (
            "22:00",
            Some("22:00"),
            "2026-11-23T12:00",
            ("2026-11-23T22:00:00", Some("2026-11-24T22:00:00")),
        ),
        (
            "11:00",
            None,
            "2026-11-23T12:00",
            ("2026-11-26T11:00:00", None),
        ),
    ] {
        let window = schedule(&days, start, end)
            .next(instant(now), &zone())
            .unwrap();

        assert_eq!(local(Some(&window.start)).as_deref(), Some(next.0));
        assert_eq!(local(window.end.as_ref()).as_deref(), next.1);
    }
}

#[test]
fn a_schedule_that_only_starts_has_no_end_whatever_else_it_says() {
    let mut schedule = schedule(&[Weekday::Monday], "22:00", Some("06:00"));
    schedule.kind = Some(Word::new("startOnly"));

    let window = schedule.next(instant("2026-11-23T12:00"), &zone()).unwrap();

    assert_eq!((window.duration(), window.end), (None, None));
}

#[test]
fn a_schedule_that_is_off_or_has_no_day_is_never() {
    let mut off = schedule(&[Weekday::Monday], "22:00", Some("06:00"));
    off.enabled = None;
    let dayless = schedule(&[], "22:00", Some("06:00"));

    for schedule in [off, dayless] {
        let now = instant("2026-11-23T23:00");
        assert_eq!(schedule.next(now, &zone()), None);
        assert_eq!(schedule.current(now, &zone()), None);
    }
}

#[test]
fn a_night_in_which_clocks_change_is_shorter_or_longer() {
    for (now, hours) in [
        ("2026-03-21T12:00", 8),
        ("2026-03-28T12:00", 7),
        ("2026-10-24T12:00", 9),
    ] {
        let night = schedule(&[Weekday::Saturday], "22:00", Some("06:00"));

        let window = night.next(instant(now), &zone()).unwrap();

        assert_eq!(
            window.duration(),
            Some(Duration::from_secs(hours * 3600)),
            "{now}"
        );
        assert_eq!(window.end.unwrap().time(), time("06:00"));
    }
}

#[test]
fn an_hour_that_clocks_skip_is_later_and_one_that_comes_twice_is_the_first() {
    for (now, start, offset) in [
        ("2026-03-28T12:00", "2026-03-29T03:30:00", 2),
        ("2026-10-24T12:00", "2026-10-25T02:30:00", 2),
    ] {
        let early = schedule(&[Weekday::Sunday], "02:30", None);

        let window = early.next(instant(now), &zone()).unwrap();

        assert_eq!(local(Some(&window.start)).as_deref(), Some(start));
        assert_eq!(window.start.offset().seconds(), offset * 3600);
    }
}

#[test]
fn a_window_whose_beginning_clocks_skip_is_no_longer_for_it() {
    for (start, end, begins, ends) in [
        ("02:30", "05:00", "03:30", "05:00"),
        ("02:15", "02:45", "03:15", "03:45"),
        ("02:30", "03:10", "03:30", "03:30"),
        ("01:30", "02:30", "01:30", "03:30"),
    ] {
        let early = schedule(&[Weekday::Sunday], start, Some(end));

        let window = early.next(instant("2026-03-28T12:00"), &zone()).unwrap();

        let on_that_day = |time: &str| Some(format!("2026-03-29T{time}:00"));
        assert_eq!(local(Some(&window.start)), on_that_day(begins));
        assert_eq!(local(window.end.as_ref()), on_that_day(ends));
    }
}

#[test]
fn a_night_is_current_on_both_of_its_days() {
    let night = schedule(&[Weekday::Monday], "22:00", Some("06:00"));
    for (now, within) in [
        ("2026-11-23T21:59", false),
        ("2026-11-23T22:00", true),
        ("2026-11-24T05:59", true),
        ("2026-11-24T06:00", false),
        ("2026-11-23T05:00", false),
    ] {
        let current = night.current(instant(now), &zone());

        assert_eq!(current.is_some(), within, "{now}");
    }
}

#[test]
fn of_several_schedules_the_first_window_counts() {
    let electric = Electric {
        schedules: Some(vec![
            schedule(&[Weekday::Wednesday], "22:00", Some("06:00")),
            schedule(&[Weekday::Tuesday], "13:00", Some("14:00")),
        ]),
        ..Electric::default()
    };

    let next = electric.next_window(instant("2026-11-23T12:00"), &zone());
    assert_eq!(
        local(next.map(|it| it.start).as_ref()).as_deref(),
        Some("2026-11-24T13:00:00")
    );
    let current = electric.current_window(instant("2026-11-26T01:00"), &zone());
    assert_eq!(
        local(current.map(|it| it.start).as_ref()).as_deref(),
        Some("2026-11-25T22:00:00")
    );
}

#[test]
fn at_the_end_of_time_nothing_follows() {
    let night = schedule(&[Weekday::Monday], "22:00", Some("06:00"));

    assert_eq!(night.next(Timestamp::MAX, &TimeZone::UTC), None);
}

fn any_weekday() -> impl Strategy<Value = Weekday> {
    (1_i8..=7).prop_map(|day| Weekday::from_monday_one_offset(day).unwrap())
}

fn any_time() -> impl Strategy<Value = Time> {
    (0_i8..24, 0_i8..60).prop_map(|(hour, minute)| Time::new(hour, minute, 0, 0).unwrap())
}

proptest! {
    #[test]
    fn a_next_window_is_ahead_within_the_week_and_never_longer_than_a_day(
        days in proptest::collection::vec(any_weekday(), 1..7),
        (start, end) in (any_time(), proptest::option::of(any_time())),
        seconds in 1_700_000_000_i64..1_900_000_000,
    ) {
        let now = Timestamp::from_second(seconds).unwrap();
        let schedule = ChargingSchedule {
            enabled: Some(true),
            start: Some(start),
            end,
            days: days.iter().copied().collect(),
            ..ChargingSchedule::default()
        };

        let window = schedule.next(now, &zone()).unwrap();

        // A change of clocks can move a start by an hour, and make a day an hour longer.
        let ahead = window.start.timestamp().duration_since(now).as_secs();
        prop_assert!(ahead > 0 && ahead <= (7 * 24 + 1) * 3600, "{ahead}");
        prop_assert!(days.contains(&window.start.weekday()));
        prop_assert_eq!(window.end.is_some(), end.is_some());
        prop_assert!(window.duration().is_none_or(|it| it.as_secs() <= 25 * 3600));
        // An hour that is skipped or doubled can leave nothing of a short window.
        if let Some(end) = window.end.as_ref().filter(|end| **end > window.start) {
            let last = end.timestamp() - jiff::SignedDuration::from_secs(1);
            prop_assert!(schedule.current(last, &zone()).is_some());
        }
    }
}
