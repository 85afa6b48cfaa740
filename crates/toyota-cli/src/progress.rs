//! How far something has come: on stderr, and only where somebody looks.

use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use toyota_client::trips::{Range, Trip};

use crate::spinner;

/// A bar for days that are read from the latest on. It goes when it is dropped.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    days: Range,
}

impl Progress {
    /// Begins at the last of these days.
    pub(crate) fn over(what: &'static str, days: Range) -> Self {
        let bar = spinner::is_seen().then(|| {
            let style = ProgressStyle::with_template("{msg} {wide_bar} {percent} %");
            let bar = ProgressBar::new(between(days.from, days.to)).with_message(what);
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Self { bar, days }
    }

    /// Tells that this trip was read.
    pub(crate) fn reaches(&self, trip: &Trip) {
        let Some(bar) = &self.bar else {
            return;
        };
        let started = trip.summary.as_ref().and_then(|summary| summary.started);
        if let Some(started) = started {
            let from = started.to_zoned(TimeZone::system()).date();
            bar.set_position(between(from, self.days.to));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// How many days there are from one to another.
fn between(from: Date, to: Date) -> u64 {
    let days = to.since(from).map(|span| span.get_days());
    days.ok()
        .and_then(|days| days.try_into().ok())
        .unwrap_or_default()
}
