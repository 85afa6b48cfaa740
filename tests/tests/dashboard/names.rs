//! The names in the dashboard are those of the metrics.

use std::collections::BTreeSet;

use tower_client_metrics::Prefix;

use crate::dashboard::{self, Dashboard};
use crate::everything;
use crate::page::Page;

/// Labels that Prometheus adds to what it scrapes.
const SCRAPED: [&str; 2] = ["instance", "job"];

#[tokio::test(start_paused = true)]
async fn every_name_in_a_query_is_rendered() {
    let page = Page::of(&everything::measured(Prefix::default()).await);

    assert_rendered(&Dashboard::read(), &page);
}

#[tokio::test(start_paused = true)]
async fn every_metric_is_shown() {
    let page = Page::of(&everything::measured(Prefix::default()).await);

    let targets = Dashboard::read().targets();

    let shown: BTreeSet<_> = targets.iter().flat_map(|it| it.names().metrics).collect();
    for family in page.families.keys() {
        let endings = ["", "_bucket", "_sum", "_count"];
        let mut samples = endings.iter().map(|ending| format!("{family}{ending}"));
        assert!(samples.any(|sample| shown.contains(&sample)), "{family}");
    }
}

#[tokio::test(start_paused = true)]
async fn calls_with_another_prefix_are_one_replacement_away() {
    let prefix = Prefix::from_static("trips_api");
    let page = Page::of(&everything::measured(prefix).await);

    let text = dashboard::text().replace("http_call_", "trips_api_");

    assert_rendered(&Dashboard::of(&text), &page);
}

#[test]
fn labels_in_legends_are_those_that_are_kept() {
    for query in Dashboard::read().targets() {
        let kept = query.names().labels;
        assert!(query.shown.is_subset(&kept), "{query:?}");
        assert!(!query.shown.is_empty(), "{query:?}");
    }
}

/// Asserts that all metrics are there, and that each has the labels and values with which it is
/// asked for.
fn assert_rendered(dashboard: &Dashboard, page: &Page) {
    let queries = dashboard.queries();
    assert!(!queries.is_empty());
    for query in queries {
        let names = query.names();
        assert!(!names.metrics.is_empty(), "{query:?}");
        for metric in &names.metrics {
            let labels = page.labels(metric);
            let labels = labels.unwrap_or_else(|| panic!("no {metric}: {query:?}"));
            for label in names.labels.iter().chain(&query.shown) {
                let known = labels.contains(label.as_str()) || SCRAPED.contains(&label.as_str());
                assert!(known, "no {label} of {metric}: {query:?}");
            }
            for (label, value) in &names.values {
                let values = page.values(metric, label);
                assert!(values.contains(value.as_str()), "no {value}: {query:?}");
            }
        }
    }
}
