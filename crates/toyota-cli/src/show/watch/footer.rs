//! What a watch has taken so far, and what it does now.

use std::iter;
use std::time::Duration;

use super::headline::called;
use super::line::{Line, Paper, Span, Tone, flow};
use super::state::why;
use crate::watch::{Doing, View};

/// What stands below the cars: at most half of what there is, of which the last is needed most.
pub(super) fn footer(view: &View, paper: &Paper) -> Vec<Line> {
    let (mut lines, doing) = (nothing(view, paper), flow(doing(view, paper), paper));
    let most = paper.height.map_or(usize::MAX, |height| height.div_ceil(2));
    let taken = taken(view, paper);
    if lines.len() + taken.len() + doing.len() <= most {
        lines.extend(taken);
    }
    lines.extend(doing);
    lines.truncate(most);
    lines
}

/// What the watch has taken so far.
fn taken(view: &View, paper: &Paper) -> Vec<Line> {
    let totals = view.totals;
    let plain = |text: String| Span::new(Tone::Plain, &text, paper);
    let tone = if totals.errors > 0 {
        Tone::Bad
    } else {
        Tone::Plain
    };
    let waits = match totals.waits {
        0 => "waits 0".to_owned(),
        waits => format!("waits {waits} ({:.1} s)", totals.waited.as_secs_f64()),
    };
    let taken = vec![
        plain(format!("requests {}", totals.requests)),
        plain(format!("retries {}", totals.retries)),
        plain(format!("from the cache {}", totals.from_cache)),
        plain(waits),
        Span::new(tone, &format!("errors {}", totals.errors), paper),
    ];
    flow(taken, paper)
}

/// Why there is no car to be seen, or which may be missing.
fn nothing(view: &View, paper: &Paper) -> Vec<Line> {
    let last = view.last.as_ref();
    let unlisted = last.and_then(|last| last.cycle.unlisted.as_ref());
    let (tone, text) = match (unlisted, view.cars.is_empty()) {
        (Some(error), _) => (Tone::Bad, format!("no list of cars: {}", why(error))),
        (None, true) if last.is_some() => {
            (Tone::Warn, "this account has no car to watch".to_owned())
        }
        (None, true) => (Tone::Quiet, "nothing is known yet".to_owned()),
        (None, false) => return Vec::new(),
    };
    vec![Line::of([Span::new(tone, &text, paper)])]
}

fn doing(view: &View, paper: &Paper) -> Vec<Span> {
    let number = view.last.as_ref().map_or(0, |last| last.number);
    let last = view.last.as_ref();
    let took = last.map(|last| format!("cycle {number} took {}", seconds(last.took)));
    let (texts, can_end): (Vec<_>, _) = match view.doing {
        Doing::Asking { since } => {
            let text = format!("cycle {}: asking for {}", number + 1, seconds(since));
            (iter::once(text).chain(reading(view)).collect(), true)
        }
        Doing::Waiting { left } => {
            let next = format!("next in {}", countdown(left));
            (took.into_iter().chain([next]).collect(), true)
        }
        Doing::Done => (took.into_iter().collect(), false),
    };
    let texts = texts.iter();
    let mut spans: Vec<_> = texts
        .map(|text| Span::new(Tone::Plain, text, paper))
        .collect();
    if can_end && paper.height.is_some() {
        spans.push(Span::new(Tone::Quiet, "Ctrl-C ends", paper));
    }
    spans
}

/// Which car is being read.
fn reading(view: &View) -> Option<String> {
    let vin = view.reading.as_ref()?;
    let watched = view.cars.iter().find(|it| it.car.vin() == vin)?;
    Some(format!("reading {}", called(&watched.car)))
}

fn seconds(time: Duration) -> String {
    format!("{} s", time.as_secs())
}

/// Minutes and seconds, which count down: what has begun is not over.
fn countdown(left: Duration) -> String {
    let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
