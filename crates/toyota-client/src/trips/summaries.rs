//! Summaries of many trips: by day, week, month and year.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::page::Page;
use super::period::{Month, Period, monday};
use super::query::Range;

/// Summaries of the trips of a range of days, which the service counts: the trips themselves are not
/// read for it.
///
/// Only times in which the car was driven are in the lists; the earliest is first.
#[derive(Clone, Debug, PartialEq)]
pub struct Summaries {
    range: Range,
    days: Vec<Period>,
    months: Vec<Period>,
}

/// How trips are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Interval {
    /// By day.
    Day,
    /// By week, which begins on Monday (ISO 8601).
    Week,
    /// By month.
    Month,
    /// By year.
    Year,
}

/// The trips of today, and of this week, month and year until today.
///
/// A time without trips has a length and a duration of zero.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Overview {
    /// Today.
    pub day: Period,
    /// This week, from Monday.
    pub week: Period,
    /// This month.
    pub month: Period,
    /// This year.
    pub year: Period,
}

impl Summaries {
    /// Takes of a page what is within the range, and each day and month once.
    pub(super) fn of(page: Option<Page>, range: Range) -> Self {
        let months = page.map(|page| page.months).unwrap_or_default();
        let (mut by_day, mut by_month) = (BTreeMap::new(), BTreeMap::new());
        for month in months {
            if let Some(period) = period_of(&month, &range) {
                by_month.entry(month.first).or_insert(period);
            }
            for day in month.days {
                if range.contains(day.from) {
                    by_day.entry(day.from).or_insert(day);
                }
            }
        }
        Self {
            range,
            days: by_day.into_values().collect(),
            months: by_month.into_values().collect(),
        }
    }

    /// Returns the days that were asked for, which can be fewer than were wanted.
    #[must_use]
    pub fn range(&self) -> Range {
        self.range
    }

    /// Returns the days.
    #[must_use]
    pub fn days(&self) -> &[Period] {
        &self.days
    }

    /// Returns the weeks, which begin on Monday: each from its first day with trips to its last.
    #[must_use]
    pub fn weeks(&self) -> Vec<Period> {
        grouped(&self.days, monday)
    }

    /// Returns the months, as far as they are within the range.
    #[must_use]
    pub fn months(&self) -> &[Period] {
        &self.months
    }

    /// Returns the years, as far as they are within the range.
    #[must_use]
    pub fn years(&self) -> Vec<Period> {
        let mut years = grouped(&self.months, Date::first_of_year);
        for year in &mut years {
            year.to = year.from.last_of_year().min(self.range.to);
        }
        years
    }

    /// Returns all periods of an interval.
    #[must_use]
    pub fn by(&self, interval: Interval) -> Vec<Period> {
        match interval {
            Interval::Day => self.days.clone(),
            Interval::Week => self.weeks(),
            Interval::Month => self.months.clone(),
            Interval::Year => self.years(),
        }
    }

    /// Counts together until this day what is known; the range begins before all of it.
    pub(super) fn overview(&self, today: Date) -> Overview {
        let until_today = |from: Date, parts: &[Period]| {
            let within = |part: &&Period| (from..=today).contains(&part.from);
            let sum = Period::sum(parts.iter().filter(within));
            let sum = sum.unwrap_or_else(|| Period::without_trips(from, today));
            Period {
                from,
                to: today,
                ..sum
            }
        };
        Overview {
            day: until_today(today, &self.days),
            week: until_today(monday(today), &self.days),
            month: until_today(today.first_of_month(), &self.months),
            year: until_today(today.first_of_year(), &self.months),
        }
    }
}

/// A month as far as it is within the range; `None` if it is outside, or nothing is said of it.
fn period_of(month: &Month, range: &Range) -> Option<Period> {
    let is_within = month.first <= range.to && month.first.last_of_month() >= range.from;
    is_within
        .then(|| month.period(range.from, range.to))
        .flatten()
}

/// Adds those together that have a first day in common.
fn grouped(parts: &[Period], first_day: impl Fn(Date) -> Date) -> Vec<Period> {
    let mut groups: BTreeMap<Date, Vec<&Period>> = BTreeMap::new();
    for part in parts {
        groups.entry(first_day(part.from)).or_default().push(part);
    }
    groups.into_values().filter_map(Period::sum).collect()
}
