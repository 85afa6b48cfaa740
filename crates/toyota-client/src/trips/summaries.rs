//! Summaries of many trips: by day, week, month and year.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::page::Page;
use super::period::{Period, monday};
use super::query::Range;
use super::trip::Trip;

/// Summaries of the trips of a range of days, which the service counts: the trips themselves are not
/// read for it.
///
/// Only times in which the car was driven are in the lists; the earliest is first.
#[derive(Clone, Debug, PartialEq)]
pub struct Summaries {
    range: Option<Range>,
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
#[serde(rename_all = "camelCase")]
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
    /// The last trip of these.
    pub last_trip: Option<Trip>,
}

impl Summaries {
    /// Takes of a page what is within the range, and each day and month once.
    pub(crate) fn of(page: Option<Page>, range: Option<Range>) -> Self {
        let (mut by_day, mut by_month) = (BTreeMap::new(), BTreeMap::new());
        if let (Some(page), Some(range)) = (page, range) {
            for month in page.months {
                if let Some(period) = month.period(range) {
                    by_month.entry(month.first).or_insert(period);
                }
                for day in month.days {
                    if range.contains(day.from) {
                        by_day.entry(day.from).or_insert(day);
                    }
                }
            }
        }
        Self {
            range,
            days: by_day.into_values().collect(),
            months: by_month.into_values().collect(),
        }
    }

    /// Returns the days that were asked for: of those that were wanted, the ones that the service has.
    /// `None` if it has none.
    #[must_use]
    pub fn range(&self) -> Option<Range> {
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
            let end = year.from.last_of_year();
            year.to = self.range.map_or(end, |range| end.min(range.to));
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
}

impl Overview {
    /// Returns the days that it is made of: at the beginning of a year its first week can have begun
    /// in the last one.
    pub(crate) fn range(today: Date) -> Range {
        Range {
            from: monday(today).min(today.first_of_year()),
            to: today,
        }
    }

    /// Counts together until today what a page says of these days.
    pub(crate) fn of(page: Option<Page>, range: Option<Range>, today: Date) -> Self {
        let mut page = page.unwrap_or_default();
        let last_trip = std::mem::take(&mut page.trips).into_iter().next();
        let summaries = Summaries::of(Some(page), range);
        let since = |from: Date, parts: &[Period]| {
            let within = |part: &&Period| (from..=today).contains(&part.from);
            let sum = Period::sum(parts.iter().filter(within));
            let sum = sum.unwrap_or_else(|| Period::without_trips(from, today));
            Period {
                from,
                to: today,
                ..sum
            }
        };
        Self {
            day: since(today, &summaries.days),
            week: since(monday(today), &summaries.days),
            month: since(today.first_of_month(), &summaries.months),
            year: since(today.first_of_year(), &summaries.months),
            last_trip,
        }
    }
}

/// Adds those together that have a first day in common.
fn grouped(parts: &[Period], first_day: impl Fn(Date) -> Date) -> Vec<Period> {
    let mut groups: BTreeMap<Date, Vec<&Period>> = BTreeMap::new();
    for part in parts {
        groups.entry(first_day(part.from)).or_default().push(part);
    }
    groups.into_values().filter_map(Period::sum).collect()
}

#[cfg(test)]
mod tests;
