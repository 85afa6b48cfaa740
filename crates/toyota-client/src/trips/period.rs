//! All trips of a day, a week, a month or a year.

use jiff::Span;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use super::number::Whole;
use super::query::Range;
use super::scores::{HybridCoaching, Scores};
use super::summary::TripSummary;
use crate::model::decode::{Decode, Members, OBJECT, object};
use crate::model::warning::{Path, Warnings};

/// All trips of a time: of a day, a week, a month or a year.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Period {
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// How far, how long and on how much fuel.
    pub summary: TripSummary,
    /// How well it was driven: the mean.
    pub scores: Option<Scores>,
    /// In what way a hybrid was driven.
    #[serde(rename = "hdc")]
    pub hybrid: Option<HybridCoaching>,
}

impl Period {
    /// A time without trips.
    pub(super) fn without_trips(from: Date, to: Date) -> Self {
        let summary = TripSummary {
            length: Some(0.0),
            duration: Some(0.0),
            ..TripSummary::default()
        };
        Self {
            from,
            to,
            summary,
            scores: None,
            hybrid: None,
        }
    }

    /// Adds periods together; `None` of none. It is from the first's beginning to the last's end.
    pub(super) fn sum<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let parts: Vec<_> = parts.into_iter().collect();
        Some(Self {
            from: parts.iter().map(|part| part.from).min()?,
            to: parts.iter().map(|part| part.to).max()?,
            summary: TripSummary::sum(parts.iter().map(|part| &part.summary)),
            scores: Scores::mean(parts.iter().filter_map(|part| part.scores.as_ref())),
            hybrid: HybridCoaching::sum(parts.iter().filter_map(|part| part.hybrid.as_ref())),
        })
    }
}

/// What the service says of a time in which the car was driven.
#[derive(Clone, Debug, Default, PartialEq)]
struct Totals {
    summary: Option<TripSummary>,
    scores: Option<Scores>,
    hybrid: Option<HybridCoaching>,
}

impl Totals {
    fn take(members: &mut Members<'_>) -> Self {
        Self {
            summary: members.take("summary"),
            scores: members.take("scores"),
            hybrid: members.take("hdc"),
        }
    }

    /// Of these days; `None` without a summary.
    fn over(self, from: Date, to: Date) -> Option<Period> {
        Some(Period {
            from,
            to,
            summary: self.summary?,
            scores: self.scores,
            hybrid: self.hybrid,
        })
    }
}

/// A month and its days, as the service has them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Month {
    /// Its first day.
    pub(super) first: Date,
    totals: Totals,
    /// Those on which the car was driven.
    pub(super) days: Vec<Period>,
}

impl Month {
    /// Returns the month as far as it is within the range; `None` if it is outside, or nothing is said
    /// of it. What is not said of it is the sum of its days.
    pub(super) fn period(&self, range: Range) -> Option<Period> {
        let from = self.first.max(range.from);
        let to = self.first.last_of_month().min(range.to);
        if from > to {
            return None;
        }
        let totals = self.totals.clone();
        let days = || Period::sum(&self.days);
        let own = totals.over(self.first, self.first);
        Some(Period {
            from,
            to,
            ..own.or_else(days)?
        })
    }
}

impl Decode for Month {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        let (year, month, days, totals) = object(value, at, warnings, |members| {
            let (year, month) = (members.require("year"), members.require("month"));
            let days: Option<Vec<Day>> = members.take("histograms");
            Some((year?, month?, days, Totals::take(members)))
        })?;
        let days = days.unwrap_or_default().into_iter();
        Some(Self {
            first: date(year, month, Whole(1), at, warnings)?,
            totals,
            days: days.filter_map(|Day(day)| day).collect(),
        })
    }
}

/// A day, unless nothing is said of it.
struct Day(Option<Period>);

impl Decode for Day {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        let (year, month, day, totals) = object(value, at, warnings, |members| {
            let (year, month) = (members.require("year"), members.require("month"));
            let day: Option<Whole> = members.require("day");
            Some((year?, month?, day?, Totals::take(members)))
        })?;
        let date = date(year, month, day, at, warnings)?;
        Some(Self(totals.over(date, date)))
    }
}

/// The date of these numbers; there may be none.
fn date(
    Whole(year): Whole,
    Whole(month): Whole,
    Whole(day): Whole,
    at: &Path<'_>,
    warnings: &mut Warnings,
) -> Option<Date> {
    let date = || {
        let (month, day) = (month.try_into().ok()?, day.try_into().ok()?);
        Date::new(year.try_into().ok()?, month, day).ok()
    };
    let date = date();
    if date.is_none() {
        warnings.add(at, "a date", &Value::from(0));
    }
    date
}

/// Returns the Monday of a day's week.
pub(super) fn monday(day: Date) -> Date {
    let days = day.weekday().to_monday_zero_offset();
    day.saturating_sub(Span::new().days(days))
}
