//! Prometheus itself, scraping both formats.

mod process;
mod target;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};
use tower_client_metrics::{Distribution, Registry, Sample};

use self::process::Prometheus;
use self::target::Target;
use crate::hostile;

#[tokio::test]
async fn prometheus_reads_both_formats_and_every_value_arrives() {
    let registry = hostile::well_named();
    let target = Target::serve(registry.clone());
    let Some(prometheus) = Prometheus::start(&target) else {
        return;
    };

    scraped(&prometheus).await;

    for job in ["open-metrics", "prometheus"] {
        let series = series(&prometheus, job);
        assert_eq!(series, expected(&registry, job == "open-metrics"), "{job}");
    }
}

#[tokio::test]
async fn prometheus_takes_all_samples_whatever_they_are_named() {
    let registry = hostile::badly_named();
    let target = Target::serve(registry.clone());
    let Some(prometheus) = Prometheus::start(&target) else {
        return;
    };

    scraped(&prometheus).await;

    let snapshot = registry.snapshot();
    let plain = snapshot.counters.len() + snapshot.gauges.len();
    let histograms = snapshot.histograms.iter();
    let parts = histograms.map(|sample| sample.value.buckets.len() + 2);
    let samples = plain + parts.sum::<usize>();
    for job in ["open-metrics", "prometheus"] {
        assert_eq!(series(&prometheus, job).len(), samples, "{job}");
    }
}

/// A series of Prometheus: its name and labels in one map, and its value.
type Series = BTreeSet<(BTreeMap<String, String>, String)>;

/// Waits until both formats were scraped.
async fn scraped(prometheus: &Prometheus) {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let up = prometheus.query("up");
        let up = up.iter().filter(|result| result["value"][1] == "1");
        if up.count() == 2 {
            return;
        }
        let targets = prometheus.get("/api/v1/targets");
        assert!(Instant::now() < end, "not scraped: {targets}");
        // A process of somebody else: there is nothing to be woken by.
        sleep(Duration::from_millis(50)).await;
    }
}

/// Returns what was scraped, without what Prometheus itself adds.
fn series(prometheus: &Prometheus, job: &str) -> Series {
    let own = "up|scrape_.*";
    let results = prometheus.query(&format!("{{job=\"{job}\",__name__!~\"{own}\"}}"));
    let series = results.into_iter().map(|result| {
        let labels: BTreeMap<String, Value> =
            serde_json::from_value(result["metric"].clone()).unwrap();
        let labels = labels.into_iter().map(|(name, value)| {
            let value = value.as_str().unwrap().to_owned();
            (name, value)
        });
        let own = ["job", "instance"];
        let labels = labels.filter(|(name, _)| !own.contains(&name.as_str()));
        let value: f64 = result["value"][1].as_str().unwrap().parse().unwrap();
        (labels.collect(), format!("{value:?}"))
    });
    series.collect()
}

/// What well-named metrics are to Prometheus.
fn expected(registry: &Registry, open_metrics: bool) -> Series {
    let snapshot = registry.snapshot();
    let mut series = Series::new();
    for sample in &snapshot.counters {
        let value = sample.value.to_string().parse().unwrap();
        series.insert(one(&named(sample, "_total"), sample, value, &[]));
    }
    for sample in &snapshot.gauges {
        series.insert(one(&named(sample, ""), sample, sample.value, &[]));
    }
    for sample in &snapshot.histograms {
        histogram(&mut series, &named(sample, "_bytes"), sample, open_metrics);
    }
    for sample in &snapshot.timers {
        histogram(
            &mut series,
            &named(sample, "_seconds"),
            sample,
            open_metrics,
        );
    }
    series
}

fn histogram(series: &mut Series, name: &str, sample: &Sample<Distribution>, open_metrics: bool) {
    let count = |count: u64| count.to_string().parse::<f64>().unwrap();
    let value = &sample.value;
    for bucket in &value.buckets {
        let bound = match bucket.upper_bound {
            f64::INFINITY => "+Inf".to_owned(),
            bound if open_metrics => format!("{bound:?}"),
            bound => bound.to_string(),
        };
        let name = format!("{name}_bucket");
        let le = [("le", bound.as_str())];
        series.insert(one(&name, sample, count(bucket.count), &le));
    }
    series.insert(one(&format!("{name}_sum"), sample, value.sum, &[]));
    series.insert(one(
        &format!("{name}_count"),
        sample,
        count(value.count),
        &[],
    ));
}

fn named<T>(sample: &Sample<T>, ending: &str) -> String {
    sample.name.replace('.', "_") + ending
}

fn one<T>(
    name: &str,
    sample: &Sample<T>,
    value: f64,
    more: &[(&str, &str)],
) -> (BTreeMap<String, String>, String) {
    let labels = sample.labels.iter();
    let labels = labels.map(|(name, value)| (name.replace('.', "_"), value.clone()));
    let more = more.iter().copied().chain([("__name__", name)]);
    let more = more.map(|(name, value)| (name.to_owned(), value.to_owned()));
    (labels.chain(more).collect(), format!("{value:?}"))
}
