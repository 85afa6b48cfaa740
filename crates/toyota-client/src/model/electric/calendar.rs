//! From schedules to instants, by the calendar of the car's time zone.

use std::time::Duration;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use serde::Serialize;

use super::super::word::Word;
use super::{ChargingEvent, ChargingSchedule, Electric, ScheduleKind};

/// When a car is to charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChargingWindow {
    /// When charging starts.
    pub start: Zoned,
    /// When it ends; `None` when that is when the battery is full.
    pub end: Option<Zoned>,
}

impl ChargingWindow {
    /// Returns how long it takes, in real time: also on the days when clocks are changed.
    #[must_use]
    pub fn duration(&self) -> Option<Duration> {
        let end = self.end.as_ref()?.timestamp();
        end.duration_since(self.start.timestamp()).try_into().ok()
    }

    /// Tells whether an instant is within it. Without an end, none is.
    #[must_use]
    pub fn contains(&self, instant: Timestamp) -> bool {
        let ends_after = |end: &Zoned| instant < end.timestamp();
        self.start.timestamp() <= instant && self.end.as_ref().is_some_and(ends_after)
    }
}

impl ChargingEvent {
    /// Returns when it will be: its end if it has one, else its start, on the next such day after
    /// `now`.
    #[must_use]
    pub fn next(&self, now: Timestamp, zone: &TimeZone) -> Option<Zoned> {
        coming(self.weekday?, self.end.or(self.start)?, now, zone)
    }
}

impl ChargingSchedule {
    /// Returns the first of its windows that starts after `now`; `None` if it is switched off, has
    /// no day or no start.
    #[must_use]
    pub fn next(&self, now: Timestamp, zone: &TimeZone) -> Option<ChargingWindow> {
        let start = self.start.filter(|_| self.is_enabled())?;
        let starts = self
            .days
            .iter()
            .filter_map(|day| coming(day, start, now, zone));
        self.window(starts.min()?)
    }

    /// Returns the window that `now` is within, if there is one. A window without an end has no
    /// within.
    #[must_use]
    pub fn current(&self, now: Timestamp, zone: &TimeZone) -> Option<ChargingWindow> {
        let start = self.start.filter(|_| self.is_enabled())?;
        let today = now.to_zoned(zone.clone()).date();
        // No window is longer than a day, so that it began today or yesterday.
        let days = [today.yesterday().ok()?, today];
        let begun = days
            .into_iter()
            .filter(|day| self.days.contains(day.weekday()));
        let mut windows = begun.filter_map(|day| self.window(at(day, start, zone)?));
        windows.find(|window| window.contains(now))
    }

    fn window(&self, start: Zoned) -> Option<ChargingWindow> {
        let zone = start.time_zone().clone();
        let date = start.date();
        // As it is said, and not an hour later because clocks skip that.
        let begins = self.start.unwrap_or_else(|| start.time());
        let end = match self.end {
            Some(end) if !self.is_start_only() => {
                let overnight = end <= begins;
                let day = if overnight {
                    date.tomorrow().ok()?
                } else {
                    date
                };
                Some(at(day, end, &zone)?.max(start.clone()))
            }
            _ => None,
        };
        Some(ChargingWindow { start, end })
    }

    fn is_start_only(&self) -> bool {
        self.kind.as_ref().and_then(Word::meaning) == Some(ScheduleKind::StartOnly)
    }
}

impl Electric {
    /// Returns the first window of all schedules that starts after `now`.
    #[must_use]
    pub fn next_window(&self, now: Timestamp, zone: &TimeZone) -> Option<ChargingWindow> {
        let schedules = self.schedules.iter().flatten();
        let windows = schedules.filter_map(|schedule| schedule.next(now, zone));
        windows.min_by(|a, b| a.start.cmp(&b.start))
    }

    /// Returns the window that `now` is within: of several the one that began first.
    #[must_use]
    pub fn current_window(&self, now: Timestamp, zone: &TimeZone) -> Option<ChargingWindow> {
        let schedules = self.schedules.iter().flatten();
        let windows = schedules.filter_map(|schedule| schedule.current(now, zone));
        windows.min_by(|a, b| a.start.cmp(&b.start))
    }
}

/// The first time after `now` that it is this day and hour.
fn coming(day: Weekday, time: Time, now: Timestamp, zone: &TimeZone) -> Option<Zoned> {
    let today = now.to_zoned(zone.clone()).date();
    let ahead = i32::from(today.weekday().until(day));
    let date = today.checked_add(ahead.days()).ok()?;
    let first = at(date, time, zone)?;
    if first.timestamp() > now {
        return Some(first);
    }
    at(date.checked_add(1.week()).ok()?, time, zone)
}

/// A local time on a day. One that clocks skip is as much later; one that comes twice is the first.
fn at(date: Date, time: Time, zone: &TimeZone) -> Option<Zoned> {
    date.to_datetime(time).to_zoned(zone.clone()).ok()
}

#[cfg(test)]
mod tests;
