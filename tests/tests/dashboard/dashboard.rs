//! The dashboard, as far as it asks for something.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::promql::{self, Names};

/// The file's text.
pub(crate) fn text() -> String {
    fs::read_to_string(docs().join("grafana-dashboard.json")).unwrap()
}

/// The folder of the guides.
pub(crate) fn docs() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs"))
}

/// The dashboard.
#[derive(Debug)]
pub(crate) struct Dashboard(pub(crate) Value);

/// Something that it asks Prometheus.
#[derive(Debug)]
pub(crate) struct Query {
    /// What is asked, as PromQL.
    pub(crate) expression: String,
    /// The labels that are shown of the answer.
    pub(crate) shown: BTreeSet<String>,
}

impl Dashboard {
    pub(crate) fn read() -> Self {
        Self::of(&text())
    }

    pub(crate) fn of(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap())
    }

    /// Returns all panels, the rows' titles among them.
    pub(crate) fn panels(&self) -> &[Value] {
        self.0["panels"].as_array().unwrap()
    }

    /// Returns the panels that show something.
    pub(crate) fn graphs(&self) -> impl Iterator<Item = &Value> {
        self.panels().iter().filter(|panel| panel["type"] != "row")
    }

    /// Returns what the panels ask.
    pub(crate) fn targets(&self) -> Vec<Query> {
        let targets = self.graphs().flat_map(|panel| list(&panel["targets"]));
        let queries = targets.map(|target| Query {
            expression: text_of(&target["expr"]),
            shown: in_braces(target["legendFormat"].as_str().unwrap()),
        });
        queries.collect()
    }

    /// Returns the variables that are set above the panels.
    pub(crate) fn variables(&self) -> &[Value] {
        list(&self.0["templating"]["list"])
    }

    /// Returns what is asked for the values of variables.
    pub(crate) fn choices(&self) -> Vec<Query> {
        let asking = self.variables().iter().filter(|it| it["type"] == "query");
        asking.map(|it| choice(&it["query"]["query"])).collect()
    }

    /// Returns all that is asked.
    pub(crate) fn queries(&self) -> Vec<Query> {
        let mut queries = self.targets();
        queries.extend(self.choices());
        queries
    }
}

impl Query {
    /// Returns the names in it.
    pub(crate) fn names(&self) -> Names {
        promql::names(&self.expression)
    }
}

pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Reads Grafana's `label_values(series, label)`.
fn choice(query: &Value) -> Query {
    let query = query.as_str().unwrap();
    let arguments = query.strip_prefix("label_values(").expect(query);
    let arguments = arguments.strip_suffix(')').expect(query);
    let (series, label) = arguments.rsplit_once(", ").expect(query);
    Query {
        expression: series.to_owned(),
        shown: BTreeSet::from([label.to_owned()]),
    }
}

/// Returns the `{{labels}}` of a legend.
fn in_braces(legend: &str) -> BTreeSet<String> {
    let opened = legend.split("{{").skip(1);
    let labels = opened.map(|rest| rest.split_once("}}").expect(legend).0);
    labels.map(str::to_owned).collect()
}
