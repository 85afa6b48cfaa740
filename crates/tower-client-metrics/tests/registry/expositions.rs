//! All numbers as text.

use insta::assert_snapshot;
use tower_client_metrics::{Format, Instruments, Label, Metric, Registry};

#[tokio::test(start_paused = true)]
async fn prometheus_own_format() {
    assert_snapshot!(small().render(Format::Prometheus), @r##"
    # HELP body_size_bytes Bytes "received",\nfrom C:\\.
    # TYPE body_size_bytes histogram
    body_size_bytes_bucket{method="GET",le="0.5"} 1
    body_size_bytes_bucket{method="GET",le="64"} 1
    body_size_bytes_bucket{method="GET",le="+Inf"} 2
    body_size_bytes_sum{method="GET"} 1000000000.25
    body_size_bytes_count{method="GET"} 2
    body_size_bytes_bucket{method="POST",le="0.5"} 0
    body_size_bytes_bucket{method="POST",le="64"} 1
    body_size_bytes_bucket{method="POST",le="+Inf"} 1
    body_size_bytes_sum{method="POST"} 64
    body_size_bytes_count{method="POST"} 1
    # HELP cache_load_seconds Loads.
    # TYPE cache_load_seconds histogram
    cache_load_seconds_bucket{outcome="error",le="1"} 1
    cache_load_seconds_bucket{outcome="error",le="+Inf"} 1
    cache_load_seconds_sum{outcome="error"} 0
    cache_load_seconds_count{outcome="error"} 1
    cache_load_seconds_bucket{outcome="success",le="1"} 1
    cache_load_seconds_bucket{outcome="success",le="+Inf"} 1
    cache_load_seconds_sum{outcome="success"} 0
    cache_load_seconds_count{outcome="success"} 1
    # HELP cache_lookups_total No description.
    # TYPE cache_lookups_total counter
    cache_lookups_total 3
    cache_lookups_total{result="{é}, #"} 1
    # HELP http_client_active_requests Requests in flight.
    # TYPE http_client_active_requests gauge
    http_client_active_requests{server_address="a\"b\\c\nd",server_port="443"} 2
    "##);
}

#[tokio::test(start_paused = true)]
async fn open_metrics() {
    assert_snapshot!(small().render(Format::OpenMetrics), @r##"
    # HELP body_size_bytes Bytes \"received\",\nfrom C:\\.
    # TYPE body_size_bytes histogram
    # UNIT body_size_bytes bytes
    body_size_bytes_bucket{method="GET",le="0.5"} 1
    body_size_bytes_bucket{method="GET",le="64.0"} 1
    body_size_bytes_bucket{method="GET",le="+Inf"} 2
    body_size_bytes_sum{method="GET"} 1000000000.25
    body_size_bytes_count{method="GET"} 2
    body_size_bytes_bucket{method="POST",le="0.5"} 0
    body_size_bytes_bucket{method="POST",le="64.0"} 1
    body_size_bytes_bucket{method="POST",le="+Inf"} 1
    body_size_bytes_sum{method="POST"} 64.0
    body_size_bytes_count{method="POST"} 1
    # HELP cache_load_seconds Loads.
    # TYPE cache_load_seconds histogram
    # UNIT cache_load_seconds seconds
    cache_load_seconds_bucket{outcome="error",le="1.0"} 1
    cache_load_seconds_bucket{outcome="error",le="+Inf"} 1
    cache_load_seconds_sum{outcome="error"} 0.0
    cache_load_seconds_count{outcome="error"} 1
    cache_load_seconds_bucket{outcome="success",le="1.0"} 1
    cache_load_seconds_bucket{outcome="success",le="+Inf"} 1
    cache_load_seconds_sum{outcome="success"} 0.0
    cache_load_seconds_count{outcome="success"} 1
    # HELP cache_lookups No description.
    # TYPE cache_lookups counter
    cache_lookups_total 3
    cache_lookups_total{result="{é}, #"} 1
    # HELP http_client_active_requests Requests in flight.
    # TYPE http_client_active_requests gauge
    http_client_active_requests{server_address="a\"b\\c\nd",server_port="443"} 2.0
    # EOF
    "##);
}

#[test]
fn an_empty_registry_is_an_empty_page() {
    let registry = Registry::default();

    assert_eq!(registry.render(Format::Prometheus), "");
    assert_eq!(registry.render(Format::OpenMetrics), "# EOF\n");
}

#[test]
fn series_that_read_the_same_are_told_apart() {
    let registry = Registry::default();
    registry.increment("calls", 1, &[("a.b", "x")]);
    registry.increment("calls", 2, &[("a_b", "x")]);
    registry.increment("calls", 3, &[("a_b", "x"), ("duplicate", "2")]);
    registry.increment("calls", 4, &[("a_b", "x"), ("empty", "")]);

    assert_snapshot!(registry.render(Format::Prometheus), @r##"
    # HELP calls_total No description.
    # TYPE calls_total counter
    calls_total{a_b="x"} 1
    calls_total{a_b="x",duplicate="2"} 2
    calls_total{a_b="x",duplicate="2;2"} 3
    calls_total{a_b="x",duplicate="3"} 4
    "##);
}

#[test]
fn names_do_not_change_when_another_metric_says_nothing() {
    let registry = Registry::default();
    let silent = registry.gauge(&Metric::new("a.b", ""), &[]);
    registry.set_gauge("a_b", 1.0, &[]);

    let before = registry.render(Format::Prometheus);
    silent.set(2.0);
    let after = registry.render(Format::Prometheus);

    assert!(before.contains("\na_b_2 1\n"), "{before}");
    assert!(after.contains("\na_b_2 1\n"), "{after}");
    assert!(after.contains("\na_b 2\n"), "{after}");
}

#[test]
fn open_metrics_has_no_sum_where_it_could_shrink() {
    let registry = Registry::default();
    registry.describe(Metric::new("offset", "How far.").boundaries(&[-1.0]));
    registry.record_histogram("offset", -5.0, &[]);

    let prometheus = registry.render(Format::Prometheus);
    let open_metrics = registry.render(Format::OpenMetrics);

    assert!(prometheus.contains("offset_sum -5\n"), "{prometheus}");
    assert!(!open_metrics.contains("offset_sum"), "{open_metrics}");
    assert!(!open_metrics.contains("offset_count"), "{open_metrics}");
}

#[test]
fn each_format_has_its_content_type() {
    let types = [Format::Prometheus, Format::OpenMetrics].map(Format::content_type);

    assert_eq!(
        types,
        [
            "text/plain; version=0.0.4; charset=utf-8",
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
        ]
    );
}

/// One metric of each kind, and label values that have to be escaped.
fn small() -> Registry {
    let registry = Registry::default();
    let active = Metric::new("http.client.active_requests", "Requests in flight.");
    let size = Metric::new("body.size", "Bytes \"received\",\nfrom C:\\.").unit("By");
    let labels = [
        Label::new("server.address", "a\"b\\c\nd"),
        Label::new("server.port", 443),
    ];
    registry
        .gauge(&active.unit("{request}"), &labels)
        .adjust(2.0);
    let size = size.boundaries(&[64.0, 0.5]);
    for (value, method) in [(64.0, "POST"), (0.25, "GET"), (1e9, "GET")] {
        let labels = [Label::new("method", method)];
        registry.histogram(&size, &labels).record(value);
    }
    registry.increment("cache.lookups", 3, &[]);
    registry.increment("cache.lookups", 1, &[("result", "{é}, #")]);
    registry.describe(Metric::new("cache.load", "Loads.").boundaries(&[1.0]));
    registry.time_operation("cache.load", &[]).success();
    drop(registry.time_operation("cache.load", &[]));
    registry
}
