//! The sums of the days and of the months.

use jiff::civil::Date;
use serde::Serialize;

use super::{
    Dialect, day_of,
    figures::Figures,
    parts::{Coaching, Numbers, Scores},
};
use crate::garage::Drive;

/// A month with the days that have trips, newest first.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Month {
    year: i16,
    month: i8,
    #[serde(flatten)]
    totals: Totals,
    histograms: Vec<Day>,
}

#[derive(Clone, Debug, Serialize)]
struct Day {
    year: i16,
    month: i8,
    day: i8,
    #[serde(flatten)]
    totals: Totals,
}

#[derive(Clone, Debug, Serialize)]
struct Totals {
    summary: Numbers,
    #[serde(skip_serializing_if = "Option::is_none")]
    scores: Option<Scores>,
    #[serde(rename = "hdc", skip_serializing_if = "Option::is_none")]
    coaching: Option<Coaching>,
}

/// One drive as the sums need it.
struct Entry {
    date: Date,
    numbers: Numbers,
    scores: Option<Scores>,
    coaching: Option<Coaching>,
}

/// Returns the months of these drives, which come newest first.
pub(super) fn months<'a>(drives: impl Iterator<Item = &'a Drive>, dialect: Dialect) -> Vec<Month> {
    let entries: Vec<Entry> = drives.map(|drive| Entry::new(drive, dialect)).collect();
    entries
        .chunk_by(|one, next| one.date.first_of_month() == next.date.first_of_month())
        .filter_map(month)
        .collect()
}

fn month(entries: &[Entry]) -> Option<Month> {
    let date = entries.first()?.date;
    Some(Month {
        year: date.year(),
        month: date.month(),
        totals: Totals::of(entries),
        histograms: entries
            .chunk_by(|one, next| one.date == next.date)
            .filter_map(day)
            .collect(),
    })
}

fn day(entries: &[Entry]) -> Option<Day> {
    let date = entries.first()?.date;
    Some(Day {
        year: date.year(),
        month: date.month(),
        day: date.day(),
        totals: Totals::of(entries),
    })
}

impl Entry {
    fn new(drive: &Drive, dialect: Dialect) -> Self {
        let figures = Figures::of(drive);
        Self {
            date: day_of(drive.start),
            scores: figures.scores,
            coaching: figures.coaching,
            numbers: dialect.numbers(figures),
        }
    }
}

impl Totals {
    fn of(entries: &[Entry]) -> Self {
        let mut summary = Numbers::default();
        let mut coaching: Option<Coaching> = None;
        let mut scores = Vec::new();
        for entry in entries {
            summary.add(&entry.numbers);
            scores.extend(entry.scores);
            if let Some(of_one) = &entry.coaching {
                coaching.get_or_insert_default().add(of_one);
            }
        }
        Self {
            summary,
            scores: Scores::mean(&scores),
            coaching,
        }
    }
}
