//! What is known of the cars, drawn on paper: a pure function.

use jiff::Timestamp;
use toyota_client::Units;
use toyota_client::car::{Car, DataSet, DataState};
use toyota_client::wake::How;

use super::footer::footer;
use super::headline::{called, charging, headline, levels, locks};
use super::line::{Line, Paper, Span, Tone, flow};
use super::state::{STALE, ago, decision, standing, state, woken};
use crate::watch::{View, Watched};

/// On less, ages and states share a column.
const NARROW: usize = 60;
/// On less, there are no values beside names and ages: the most asked for are beside the car's name.
const SLIM: usize = 42;
/// There a name is cut before an age is.
const WIDEST_AGE: usize = 10;
const INDENT: &str = "  ";
const GAP: usize = 2;
/// Values are not cut to less, where there is place for so much.
const LEAST_VALUE: usize = 20;

/// What changes most.
const MAIN: [DataSet; 4] = [
    DataSet::Electric,
    DataSet::Telemetry,
    DataSet::Status,
    DataSet::ClimateStatus,
];
/// Longer words for a state are cut rather than values.
const WIDEST_STATE: usize = 22;

/// A picture, line by line.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    pub(crate) lines: Vec<String>,
}

/// What is drawn of a car, from all to what has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Detail {
    All,
    /// Without what the car does not have.
    Known,
    /// What changes most, and what is wrong.
    Main,
    /// What is wrong.
    Trouble,
}

/// What is told of a data set.
struct Row {
    name: String,
    value: String,
    age: String,
    state: (Tone, String),
}

impl Picture {
    /// Draws what is known at a time.
    pub(crate) fn of(view: &View, now: Timestamp, units: Units, paper: &Paper) -> Self {
        let footer = footer(view, paper);
        let body = |detail| blocks(view, now, units, paper, detail);
        let place = paper
            .height
            .map(|height| height.saturating_sub(footer.len()));
        let details = [Detail::All, Detail::Known, Detail::Main, Detail::Trouble];
        // What a car does not have is not worth the place.
        let details = details.into_iter().skip(usize::from(paper.width < NARROW));
        let mut bodies = details.map(body);
        let mut lines = bodies.next().unwrap_or_default();
        if let Some(place) = place {
            while lines.len() > place {
                let Some(less) = bodies.next() else {
                    cut(&mut lines, place, paper);
                    break;
                };
                lines = less;
            }
        }
        lines.extend(footer);
        let lines = lines.into_iter().map(|line| line.render(paper));
        Self {
            lines: lines.collect(),
        }
    }
}

/// Says how much has no place.
fn cut(lines: &mut Vec<Line>, place: usize, paper: &Paper) {
    let kept = place.saturating_sub(1);
    let left_out = lines.len() - kept;
    lines.truncate(kept);
    if place > 0 {
        let text = format!("{left_out} more lines in a taller window");
        lines.push(Line::of([Span::new(Tone::Quiet, &text, paper)]));
    }
}

/// One block for each car.
fn blocks(view: &View, now: Timestamp, units: Units, paper: &Paper, detail: Detail) -> Vec<Line> {
    let cars = view.cars.iter().map(|watched| {
        let rows = rows(watched, now, view, units, detail);
        (title(&watched.car, now, units, paper, detail), rows)
    });
    let cars: Vec<_> = cars.collect();
    let columns = Columns::of(cars.iter().flat_map(|(_, rows)| rows), paper);
    let mut lines = Vec::new();
    for (title, rows) in cars {
        lines.extend(title);
        lines.extend(rows.iter().map(|row| columns.line(row, paper)));
        if detail < Detail::Main {
            lines.push(Line::default());
        }
    }
    lines
}

/// The car, and what its owner looks for first.
fn title(car: &Car, now: Timestamp, units: Units, paper: &Paper, detail: Detail) -> Vec<Line> {
    let mut texts = vec![Span::new(Tone::Title, &called(car), paper)];
    let locks = locks(car).into_iter();
    texts.extend(locks.map(|(tone, text)| Span::new(tone, text, paper)));
    let charging = charging(car, now, units);
    texts.extend(charging.map(|(tone, text)| Span::new(tone, &text, paper)));
    if detail == Detail::Trouble || paper.width < SLIM {
        let levels = levels(car, units).into_iter();
        texts.extend(levels.map(|text| Span::new(Tone::Plain, &text, paper)));
    }
    flow(texts, paper)
}

fn rows(watched: &Watched, now: Timestamp, view: &View, units: Units, detail: Detail) -> Vec<Row> {
    let car = &watched.car;
    let is_shown = |set: &DataSet| {
        let state = car.state(*set, now, view.max_age(*set));
        let is_lacking = matches!(state, DataState::NotSupported | DataState::Empty);
        match detail {
            Detail::All => true,
            Detail::Known => !is_lacking,
            Detail::Main | Detail::Trouble if car.history(*set).failure().is_some() => true,
            Detail::Main => MAIN.contains(set) && !is_lacking,
            Detail::Trouble => false,
        }
    };
    let sets = DataSet::ALL.into_iter().filter(is_shown);
    let mut rows: Vec<_> = sets
        .map(|set| Row {
            name: set.name().replace('_', " "),
            value: headline(car, set, units).unwrap_or_else(dash),
            age: car.history(set).age(now).map_or_else(dash, ago),
            state: state(watched, set, now, view),
        })
        .collect();
    if detail < Detail::Trouble {
        rows.extend(wakes(watched, now, view));
        rows.extend(charge_wakes(watched, now, view));
    }
    rows
}

/// How the car is woken for its doors and windows.
fn wakes(watched: &Watched, now: Timestamp, view: &View) -> Option<Row> {
    let attended = watched.done.as_ref()?.attended.as_ref()?;
    let left = watched.wakes.status.left(view.quotas.status, now);
    Some(Row {
        name: "wakes".to_owned(),
        value: standing(attended, left),
        age: last(watched.wakes.status.last(), now),
        state: decision(attended),
    })
}

/// How the car is woken for its battery, if it ever was.
fn charge_wakes(watched: &Watched, now: Timestamp, view: &View) -> Option<Row> {
    let ledger = &watched.wakes.electric;
    let done = watched.done.as_ref();
    let woken_now: Option<&How> = done.and_then(|it| it.charge.as_ref());
    if ledger.last().is_none() && woken_now.is_none() {
        return None;
    }
    let left = ledger.left(view.quotas.electric, now);
    let idle = || (Tone::Plain, "not needed".to_owned());
    Some(Row {
        name: "charge wakes".to_owned(),
        value: format!("{left} left"),
        age: last(ledger.last(), now),
        state: woken_now.map_or_else(idle, woken),
    })
}

fn last(woken: Option<Timestamp>, now: Timestamp) -> String {
    let age = woken.map(|woken| now.duration_since(woken));
    age.map_or_else(dash, |age| ago(age.try_into().unwrap_or_default()))
}

fn dash() -> String {
    "-".to_owned()
}

/// How wide columns are, for all cars alike.
struct Columns {
    name: usize,
    /// None where there is no place for values.
    value: Option<usize>,
    /// None where ages and states share the last column.
    age: Option<usize>,
}

impl Columns {
    fn of<'a>(rows: impl Iterator<Item = &'a Row> + Clone, paper: &Paper) -> Self {
        let width = |text: &str| Span::new(Tone::Plain, text, paper).width();
        let widest = |column: fn(&Row) -> &str| {
            let widths = rows.clone().map(|row| width(column(row)));
            widths.max().unwrap_or_default()
        };
        let (name, value) = (widest(|row| &row.name), widest(|row| &row.value));
        let shared = rows.clone().map(|row| width(&row.shared())).max();
        let shared = shared.unwrap_or_default();
        if paper.width < SLIM {
            let others = INDENT.len() + GAP + shared.min(WIDEST_AGE);
            return Self {
                name: name.min(paper.width.saturating_sub(others)),
                value: None,
                age: None,
            };
        }
        let (age, rest) = if paper.width < NARROW {
            (None, shared.min(paper.width / 3))
        } else {
            let (age, state) = (widest(|row| &row.age), widest(|row| &row.state.1));
            (Some(age), age + GAP + state.min(WIDEST_STATE))
        };
        let others = INDENT.len() + name + GAP + GAP + rest;
        let place = paper.width.saturating_sub(others);
        let least = if age.is_some() { LEAST_VALUE } else { 0 };
        Self {
            name,
            value: Some(value.min(place.max(least))),
            age,
        }
    }

    fn line(&self, row: &Row, paper: &Paper) -> Line {
        let column = |text: &str, width: usize| {
            let text = Span::new(Tone::Plain, text, paper).fit(width, paper);
            text.fit(width + GAP, paper)
        };
        let mut line = Line::of([
            Span::new(Tone::Plain, INDENT, paper),
            column(&row.name, self.name),
        ]);
        if let Some(value) = self.value {
            line.push(column(&row.value, value));
        }
        let (tone, state) = &row.state;
        match self.age {
            Some(age) => {
                line.push(column(&row.age, age));
                line.push(Span::new(*tone, state, paper));
            }
            None => line.push(Span::new(*tone, &row.shared(), paper)),
        }
        line
    }
}

impl Row {
    /// Of what is good its age is told, of all else what is wrong with it.
    fn shared(&self) -> String {
        match &self.state {
            (Tone::Good, _) => self.age.clone(),
            (_, state) if state == STALE => {
                format!("{STALE}, {}", self.age.trim_end_matches(" ago"))
            }
            (_, state) => state.clone(),
        }
    }
}
