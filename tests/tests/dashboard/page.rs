//! What a registry renders for Prometheus, read back.

use std::collections::{BTreeMap, BTreeSet};

use tower_client_metrics::{Format, Registry};

/// All that is rendered.
#[derive(Debug)]
pub(crate) struct Page {
    /// Kinds by families.
    pub(crate) families: BTreeMap<String, String>,
    pub(crate) samples: Vec<Sample>,
}

/// One line.
#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) value: String,
}

impl Page {
    pub(crate) fn of(registry: &Registry) -> Self {
        let text = registry.render(Format::Prometheus);
        let families = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
        let families = families.map(|family| family.split_once(' ').unwrap());
        let samples = text.lines().filter(|line| !line.starts_with('#'));
        Self {
            families: families
                .map(|(name, kind)| (name.to_owned(), kind.to_owned()))
                .collect(),
            samples: samples.map(sample).collect(),
        }
    }

    /// Returns the labels of a sample, whatever it says, in all its series.
    pub(crate) fn labels(&self, sample: &str) -> Option<BTreeSet<&str>> {
        let mut series = self
            .samples
            .iter()
            .filter(|it| it.name == sample)
            .peekable();
        series.peek()?;
        Some(
            series
                .flat_map(|it| it.labels.keys().map(String::as_str))
                .collect(),
        )
    }

    /// Returns the labels of all samples of a family, without that of buckets.
    pub(crate) fn labels_of_family(&self, family: &str) -> BTreeSet<&str> {
        let plain = self.labels(family);
        let labels = plain.or_else(|| self.labels(&format!("{family}_count")));
        labels.expect(family)
    }

    /// Returns the values of a label in all series of a sample.
    pub(crate) fn values(&self, sample: &str, label: &str) -> BTreeSet<&str> {
        let series = self.samples.iter().filter(|it| it.name == sample);
        let values = series.filter_map(|it| it.labels.get(label));
        values.map(String::as_str).collect()
    }
}

/// Reads a line without escapes: nothing here is in need of any.
fn sample(line: &str) -> Sample {
    assert!(!line.contains('\\'), "{line}");
    let (series, value) = line.rsplit_once(' ').expect(line);
    let (name, mut rest) = series.split_at(series.find('{').unwrap_or(series.len()));
    let mut labels = BTreeMap::new();
    while let Some((label, after)) = rest.split_once("=\"") {
        let (value, after) = after.split_once('"').expect(line);
        let label = label.trim_start_matches(['{', ',']);
        labels.insert(label.to_owned(), value.to_owned());
        rest = after;
    }
    Sample {
        name: name.to_owned(),
        labels,
        value: value.to_owned(),
    }
}
