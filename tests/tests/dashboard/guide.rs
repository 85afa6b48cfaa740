//! The tables of the guide, read.

use std::collections::BTreeSet;
use std::fs;

use crate::dashboard;

/// The titles of a table of metrics, and of the tables of labels.
const METRICS: &str = "Prometheus|name|instrument|unit|labels|meaning";
const LABELS: &str = "label|values";
const ATTRIBUTES: &str = "label|attribute|values";

/// What is in backticks among values and is none.
const NO_VALUES: [&str; 3] = ["ErrorLayer", "Operation", "known_methods"];

/// The metrics of one layer and their labels.
#[derive(Debug, Default)]
pub(crate) struct Section {
    pub(crate) metrics: Vec<Metric>,
    pub(crate) labels: Vec<Label>,
}

/// What is told of a metric.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Metric {
    /// Its name for Prometheus.
    pub(crate) exposed: String,
    pub(crate) name: String,
    pub(crate) instrument: String,
    pub(crate) unit: String,
    /// Its labels' names for Prometheus.
    pub(crate) labels: BTreeSet<String>,
}

/// What is told of a label.
#[derive(Debug)]
pub(crate) struct Label {
    pub(crate) name: String,
    /// Which metrics it is of, where the same label of others has other values.
    pub(crate) of: Option<String>,
    /// Its name apart from Prometheus.
    pub(crate) attribute: String,
    /// The values that are told, which may be all.
    pub(crate) values: BTreeSet<String>,
}

/// Returns the sections that have a table of metrics.
pub(crate) fn sections() -> Vec<Section> {
    let guide = fs::read_to_string(dashboard::docs().join("metrics.md")).unwrap();
    let sections = guide.split("\n## ").map(section);
    sections.filter(|it| !it.metrics.is_empty()).collect()
}

fn section(text: &str) -> Section {
    let mut section = Section::default();
    for table in tables(text) {
        let [titles, _, rows @ ..] = table.as_slice() else {
            panic!("a table without rows: {table:?}");
        };
        match titles.join("|").as_str() {
            METRICS => section.metrics.extend(rows.iter().map(|row| metric(row))),
            LABELS | ATTRIBUTES => section.labels.extend(rows.iter().map(|row| label(row))),
            _ => {}
        }
    }
    let all: BTreeSet<_> = section.labels.iter().map(|it| it.name.clone()).collect();
    for metric in &mut section.metrics {
        if metric.labels.contains("all below") {
            metric.labels.clone_from(&all);
        }
    }
    section
}

/// Returns the cells of all tables by rows.
fn tables(text: &str) -> Vec<Vec<Vec<&str>>> {
    let paragraphs = text.split("\n\n").map(str::trim);
    let tables = paragraphs.filter(|paragraph| paragraph.starts_with('|'));
    tables
        .map(|table| table.lines().map(cells).collect())
        .collect()
}

fn cells(line: &str) -> Vec<&str> {
    let inside = line
        .strip_prefix('|')
        .and_then(|line| line.strip_suffix('|'));
    inside.expect(line).split('|').map(str::trim).collect()
}

fn metric(row: &[&str]) -> Metric {
    let [exposed, name, instrument, unit, labels, _meaning] = row else {
        panic!("no metric: {row:?}");
    };
    let labels = match *labels {
        "all below" => BTreeSet::from(["all below".to_owned()]),
        labels => labels.split(", ").map(code).collect(),
    };
    Metric {
        exposed: code(exposed),
        name: code(name),
        instrument: (*instrument).to_owned(),
        unit: (*unit).to_owned(),
        labels,
    }
}

fn label(row: &[&str]) -> Label {
    let (named, attribute, values) = match row {
        [named, values] => (*named, None, *values),
        [named, attribute, values] => (*named, Some(code(attribute)), *values),
        _ => panic!("no label: {row:?}"),
    };
    let (name, of) = match named.split_once(" of ") {
        Some((name, of)) => (code(name), Some(of.to_owned())),
        None => (code(named), None),
    };
    let quoted = values.split('`').skip(1).step_by(2);
    let values = quoted.filter(|word| !NO_VALUES.contains(word));
    Label {
        attribute: attribute.unwrap_or_else(|| name.clone()),
        values: values.map(str::to_owned).collect(),
        name,
        of,
    }
}

/// Returns what is in backticks, and nothing else may be there.
fn code(cell: &str) -> String {
    let inside = cell
        .strip_prefix('`')
        .and_then(|rest| rest.strip_suffix('`'));
    inside.expect(cell).to_owned()
}
