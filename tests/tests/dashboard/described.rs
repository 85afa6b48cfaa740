//! The guide describes the metrics that there are.

use std::collections::BTreeSet;

use tower_client_metrics::{Prefix, Registry, Sample};

use crate::everything;
use crate::guide::{self, Metric};
use crate::page::Page;

#[tokio::test(start_paused = true)]
async fn the_guide_describes_every_metric_and_no_other() {
    let registry = everything::measured(Prefix::default()).await;
    let sections = guide::sections();
    let described: Vec<Metric> = sections.into_iter().flat_map(|it| it.metrics).collect();

    let produced = produced(&registry);

    let once: BTreeSet<_> = described.iter().cloned().collect();
    assert_eq!(once, produced);
    assert_eq!(described.len(), produced.len(), "one is described twice");
}

#[tokio::test(start_paused = true)]
async fn the_guide_describes_every_label_by_both_its_names() {
    let registry = everything::measured(Prefix::default()).await;
    let sections = guide::sections();
    let labels = sections.iter().flat_map(|section| &section.labels);

    let described: BTreeSet<_> = labels
        .map(|label| (label.name.clone(), label.attribute.clone()))
        .collect();

    let snapshot = registry.snapshot();
    let produced = labels_of(&snapshot.counters)
        .chain(labels_of(&snapshot.gauges))
        .chain(labels_of(&snapshot.histograms));
    let produced = produced.map(|name| (exposed(name), name.to_owned()));
    assert_eq!(described, produced.collect());
}

fn labels_of<T>(samples: &[Sample<T>]) -> impl Iterator<Item = &str> {
    let labels = samples.iter().flat_map(|sample| sample.labels.keys());
    labels.map(String::as_str)
}

/// Returns what a registry has, told as the guide tells it.
fn produced(registry: &Registry) -> BTreeSet<Metric> {
    let page = Page::of(registry);
    let snapshot = registry.snapshot();
    assert!(snapshot.timers.is_empty());
    let counters = snapshot
        .counters
        .iter()
        .map(|it| metric(it, "counter", &page));
    let gauges = snapshot.gauges.iter().map(|it| metric(it, "gauge", &page));
    let histograms = snapshot.histograms.iter();
    let histograms = histograms.map(|it| metric(it, "histogram", &page));
    let produced: BTreeSet<_> = counters.chain(gauges).chain(histograms).collect();
    let rendered: BTreeSet<_> = page.families.keys().collect();
    let names: BTreeSet<_> = produced.iter().map(|metric| &metric.exposed).collect();
    assert_eq!(names, rendered);
    produced
}

fn metric<T>(sample: &Sample<T>, instrument: &str, page: &Page) -> Metric {
    let (ending, unit) = match sample.unit {
        "s" => ("_seconds", "s"),
        "By" => ("_bytes", "bytes"),
        "{attempt}" => ("", "attempts"),
        "{body}" => ("", "bodies"),
        "{call}" => ("", "calls"),
        "{fetch}" => ("", "fetches"),
        "{request}" => ("", "requests"),
        unit => panic!("{unit} of {}", sample.name),
    };
    let exposed = exposed(&sample.name) + ending;
    let labels = page.labels_of_family(&exposed);
    assert_eq!(page.families[&exposed], instrument, "{exposed}");
    Metric {
        labels: labels.into_iter().map(str::to_owned).collect(),
        exposed,
        name: sample.name.clone(),
        instrument: instrument.to_owned(),
        unit: unit.to_owned(),
    }
}

fn exposed(name: &str) -> String {
    name.replace('.', "_")
}
