//! All numbers as data.

use serde_json::json;
use tower_client_metrics::{Metric, Registry};

#[test]
fn samples_are_sorted_by_name_then_by_labels() {
    let registry = Registry::default();

    for (name, label) in [("b", "1"), ("a", "2"), ("a", "1"), ("c", "0")] {
        registry.increment(name, 1, &[("label", label)]);
    }
    registry.increment("a", 1, &[]);

    let snapshot = registry.snapshot();
    let order: Vec<_> = snapshot
        .counters
        .iter()
        .map(|sample| (sample.name.as_str(), sample.labels.get("label")))
        .map(|(name, label)| format!("{name}{}", label.map_or("", |label| label)))
        .collect();
    assert_eq!(order, ["a", "a1", "a2", "b1", "c0"]);
}

#[test]
fn names_and_values_survive_exactly() {
    let registry = Registry::default();
    let texts = [
        "",
        "=",
        ",",
        "{}",
        "\"",
        "\\",
        "\n",
        "\r\n",
        "\0",
        "a=\"b\",c",
        "é",
        "日本",
        "_OTHER",
        " padded ",
    ];

    for text in texts {
        registry.increment(text, 1, &[(text, text)]);
        registry.set_gauge("gauge", 1.0, &[("label", text)]);
    }

    let snapshot = registry.snapshot();
    assert_eq!(snapshot.counters.len(), texts.len());
    for text in texts {
        assert_eq!(snapshot.counter(text, &[(text, text)]), Some(1), "{text:?}");
        let gauge = snapshot.gauge("gauge", &[("label", text)]);
        assert_eq!(gauge, Some(1.0), "{text:?}");
    }
}

#[test]
fn an_empty_value_is_a_value() {
    let registry = Registry::default();

    registry.increment("calls", 1, &[("a", "")]);
    registry.increment("calls", 2, &[]);

    let snapshot = registry.snapshot();
    assert_eq!(snapshot.counter("calls", &[("a", "")]), Some(1));
    assert_eq!(snapshot.counter("calls", &[]), Some(2));
}

#[test]
fn infinity_survives_json_as_a_text() {
    let registry = Registry::default();
    registry.describe(Metric::new("size", "How much.").boundaries(&[1.0]));
    registry.record_histogram("size", 0.5, &[("a", "\"é\n")]);
    registry.record_histogram("size", 2.0, &[("a", "\"é\n")]);

    let json = serde_json::to_value(registry.snapshot()).unwrap();

    let expected = json!({
        "counters": [],
        "gauges": [],
        "histograms": [{
            "name": "size",
            "unit": "",
            "description": "How much.",
            "labels": { "a": "\"é\n" },
            "value": {
                "count": 2,
                "sum": 2.5,
                "buckets": [
                    { "upper_bound": 1.0, "count": 1 },
                    { "upper_bound": "+Inf", "count": 2 },
                ],
            },
        }],
        "timers": [],
        "dropped": 0,
    });
    assert_eq!(json, expected);
}

#[test]
fn debugging_a_registry_shows_no_labels() {
    let registry = Registry::default();
    registry.increment("calls", 1, &[("user", "somebody")]);

    assert_eq!(format!("{registry:?}"), "Registry { metrics: 1, .. }");
}
