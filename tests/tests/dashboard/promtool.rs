//! Prometheus' own tool, asked what the dashboard asks.

use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tower_client_metrics::{Prefix, Registry};

use crate::dashboard::{Dashboard, Query};
use crate::everything;
use crate::page::{Page, Sample};

#[tokio::test(start_paused = true)]
async fn prometheus_answers_every_query_with_numbers() {
    let Some(promtool) = find() else {
        return;
    };
    let dashboard = Dashboard::read();
    let queries = dashboard.queries();
    let asked = queries.iter().map(|query| concrete(query, &dashboard));

    let (answered, said) = ask(
        &promtool,
        &everything::measured(Prefix::default()).await,
        asked,
    );

    assert!(answered, "{said}");
}

#[test]
fn prometheus_notices_what_is_no_query_and_what_finds_nothing() {
    let Some(promtool) = find() else {
        return;
    };
    let registry = Registry::new();
    registry.increment("a", 1, &[("b", "c")]);
    registry.increment("a", 1, &[("b", "d")]);

    for (query, answered) in [
        ("a_total", true),
        ("sum(a_total", false),
        ("no_total", false),
        ("0 * a_total / 0", false),
        ("a_total / on () a_total", false),
        ("summ(a_total)", false),
    ] {
        let (found, said) = ask(&promtool, &registry, [query.to_owned()]);
        assert_eq!(found, answered, "{query}: {said}");
    }
}

/// Returns whether all queries find numbers where the registry was scraped for a while, and what
/// the tool said.
fn ask(
    promtool: &Path,
    registry: &Registry,
    queries: impl IntoIterator<Item = String>,
) -> (bool, String) {
    let series: Vec<Value> = Page::of(registry).samples.iter().map(grown).collect();
    let tests: Vec<Value> = queries.into_iter().map(finds_numbers).collect();
    assert!(!tests.is_empty());
    // Whatever is JSON is YAML.
    let scenario = json!({
        "tests": [{ "interval": "1m", "input_series": series, "promql_expr_test": tests }],
    });
    let mut file = tempfile::NamedTempFile::new().unwrap();
    write!(file, "{scenario}").unwrap();
    let output = Command::new(promtool)
        .args(["test", "rules"])
        .arg(file.path())
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

/// A series that has grown to ten times its value in ten minutes.
fn grown(sample: &Sample) -> Value {
    let scraped = [("job", "app"), ("instance", "app:9000")];
    let labels = sample.labels.iter();
    let labels = labels.map(|(label, value)| (label.as_str(), value.as_str()));
    let labels = labels.chain(scraped);
    let labels: Vec<_> = labels
        .map(|(label, value)| format!("{label}=\"{value}\""))
        .collect();
    json!({
        "series": format!("{}{{{}}}", sample.name, labels.join(",")),
        "values": format!("0+{}x10", sample.value),
    })
}

/// Of nothing, and of what is no number, there is no count.
fn finds_numbers(query: String) -> Value {
    json!({
        "expr": format!("count(({query}) >= 0) > bool 0"),
        "eval_time": "10m",
        "exp_samples": [{ "labels": "{}", "value": 1 }],
    })
}

/// Puts in what Grafana does where everything is chosen.
fn concrete(query: &Query, dashboard: &Dashboard) -> String {
    let mut expression = query.expression.replace("$__rate_interval", "5m");
    for variable in dashboard.variables() {
        let name = variable["name"].as_str().unwrap();
        let all = variable["allValue"].as_str().unwrap_or_default();
        expression = expression.replace(&format!("${name}"), all);
    }
    assert!(!expression.contains('$'), "{expression}");
    expression
}

/// Returns the program that `PROMTOOL_BIN` names, or that is in `PATH`. Without it the test is
/// skipped, unless `REQUIRE_PROMTOOL=1`.
fn find() -> Option<PathBuf> {
    if let Some(named) = env::var_os("PROMTOOL_BIN") {
        return Some(named.into());
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let mut candidates = env::split_paths(&path).map(|folder| folder.join("promtool"));
    let found = candidates.find(|candidate| candidate.is_file());
    if found.is_none() {
        let required = env::var_os("REQUIRE_PROMTOOL").is_some_and(|value| value == "1");
        assert!(!required, "promtool is required and not in PATH");
        // Past the test harness, which shows what is printed only if a test fails.
        let mut shown = io::stderr();
        let _ = writeln!(
            shown,
            "SKIPPED: promtool is not in PATH, and PROMTOOL_BIN is not set"
        );
    }
    found
}
