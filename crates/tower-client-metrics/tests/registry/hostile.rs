//! Registries full of what breaks formats.

use tower_client_metrics::{Instruments, Label, Metric, Registry};

/// Label values that break what is not escaped.
pub(crate) const VALUES: &[&str] = &[
    "plain",
    "\"",
    "\\",
    "\\\"",
    "\\n",
    "\n",
    "\r\n",
    "a\"} 7\nforged 1\n",
    "\t\u{1}\u{7f}\u{0}x",
    "{}=,#;",
    " padded ",
    "é日本\u{1f980}",
    "\u{2028}\u{85}",
    "trailing\\",
];

/// Metrics as they should be named, of all kinds, with labels as nobody should write them.
pub(crate) fn well_named() -> Registry {
    let registry = Registry::default();
    let active = Metric::new("http.client.active_requests", "Requests in flight.");
    registry.describe(Metric::new(
        "cache.lookups",
        "Lookups of \"all\" kinds\\\nin \\n caches.",
    ));
    registry.describe(Metric::new("cache.load", "Loads.").boundaries(&[1.0, 2.5]));
    registry.describe(
        Metric::new("http.client.response.body.size", "Bytes received.")
            .unit("By")
            .boundaries(&[1.0, 1024.0]),
    );
    for (number, value) in (1..).zip(VALUES) {
        let labels = [("user.input", *value)];
        registry.increment("cache.lookups", number, &labels);
        registry.record_histogram("http.client.response.body.size", 1.0, &labels);
        registry.record_histogram("http.client.response.body.size", 2048.0, &labels);
        registry.set_gauge("cache.temperature", 0.5, &labels);
        registry.time_operation("cache.load", &labels).success();
        let labels = [Label::new("user.input", *value)];
        registry.gauge(&active, &labels).adjust(-2.0);
    }
    registry
}

/// Metrics and labels that are named by somebody who means no good.
pub(crate) fn badly_named() -> Registry {
    let registry = Registry::default();
    let names = [
        "",
        " ",
        "1",
        "é",
        "\n",
        "\"",
        "{",
        "}",
        "#",
        "# EOF",
        "le",
        "__name__",
        "a b",
        "a\nb 1\n",
        "a_total",
        "a_sum",
        "a_bucket",
        "a_count",
        "a_created",
        "a",
        "a_seconds",
        "a:b",
        "total",
        "_total",
        "NaN",
        "\0",
    ];
    for (number, name) in (0..).zip(names) {
        let labels = [(name, name), ("le", "1"), ("__name__", "x"), ("", "y")];
        match number % 3 {
            0 => registry.increment(name, 1, &labels),
            1 => registry.set_gauge(name, 1.0, &labels),
            _ => registry.record_histogram(name, 1.0, &labels),
        }
    }
    for labels in [
        [("a.b", "1")],
        [("a_b", "1")],
        [("a b", "1")],
        [("a.b", "")],
    ] {
        registry.increment("labels", 1, &labels);
        registry.record_histogram("le.labels", 1.0, &labels);
    }
    for unit in ["s", "1", "{x}", "é", "By/s", "\n", "#"] {
        registry.describe(Metric::new(format!("unit {unit}"), "\n# TYPE x counter").unit(unit));
        registry.set_gauge(&format!("unit {unit}"), 1.0, &[]);
    }
    registry
}
