//! The facade, by what Prometheus gets to see.

use std::sync::{Arc, Mutex};

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use tower_client_metrics::{BYTES, Facade, Instruments, Label, Metric, SECONDS};

use crate::scrape::Exporter;

#[tokio::test]
async fn counters_add_up_by_their_labels() {
    let (recorder, exporter) = Exporter::start();
    let facade = Facade::over(recorder);
    let requests = Metric::new("http.client.requests", "Requests that were sent.");
    let ok = [
        Label::new("http.request.method", "GET"),
        Label::new("http.response.status_code", 200),
    ];
    let failed = [
        Label::new("http.request.method", "GET"),
        Label::new("error.type", "timeout"),
    ];

    let counter = facade.counter(&requests, &ok);
    facade.count(&counter, 2);
    facade.count(&facade.counter(&requests, &ok), 1);
    facade.count(&facade.counter(&requests, &failed), 7);

    let page = exporter.page().await;
    let mut lines = page.lines_of("http_client_requests");
    lines[2..].sort_unstable();
    assert_eq!(
        lines,
        [
            "# HELP http_client_requests_total Requests that were sent.",
            "# TYPE http_client_requests_total counter",
            r#"http_client_requests_total{http_request_method="GET",error_type="timeout"} 7"#,
            r#"http_client_requests_total{http_request_method="GET",http_response_status_code="200"} 3"#,
        ]
    );
}

#[tokio::test]
async fn gauges_go_up_and_down() {
    let (recorder, exporter) = Exporter::start();
    let facade = Facade::over(recorder);
    let active = Metric::new("active_requests", "Requests in flight.").unit("{request}");

    let gauge = facade.gauge(&active, &[]);
    facade.adjust(&gauge, 3);
    facade.adjust(&gauge, 0);
    facade.adjust(&gauge, -5);
    let least = facade.gauge(&active, &[Label::new("extreme", "least")]);
    facade.adjust(&least, i32::MIN);
    let most = facade.gauge(&active, &[Label::new("extreme", "most")]);
    facade.adjust(&most, i32::MAX);

    let page = exporter.page().await;
    let mut lines = page.lines_of("active_requests");
    lines[2..].sort_unstable();
    assert_eq!(
        lines,
        [
            "# HELP active_requests Requests in flight.",
            "# TYPE active_requests gauge",
            "active_requests -2",
            r#"active_requests{extreme="least"} -2147483648"#,
            r#"active_requests{extreme="most"} 2147483647"#,
        ]
    );
}

#[tokio::test]
async fn histograms_have_the_boundaries_that_the_exporter_was_told() {
    let (recorder, exporter) = Exporter::start();
    let facade = Facade::over(recorder);
    let duration = Metric::new("request.duration", "How long requests take.").unit("s");
    let size = Metric::new("body.size", "How long bodies are.")
        .unit("By")
        .boundaries(BYTES);

    let histogram = facade.histogram(&duration, &[Label::new("tls.version", "1.3")]);
    for seconds in [0.25, 0.005, 0.0078125, 12.5] {
        facade.record(&histogram, seconds);
    }
    facade.record(&facade.histogram(&size, &[]), 4096.0);

    let page = exporter.page().await;
    let mut expected = vec![
        "# HELP request_duration_seconds How long requests take.".to_owned(),
        "# TYPE request_duration_seconds histogram".to_owned(),
    ];
    let at_most = [1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3];
    for (bound, count) in SECONDS.iter().zip(at_most) {
        expected.push(format!(
            r#"request_duration_seconds_bucket{{tls_version="1.3",le="{bound}"}} {count}"#
        ));
    }
    expected.extend([
        r#"request_duration_seconds_bucket{tls_version="1.3",le="+Inf"} 4"#.to_owned(),
        r#"request_duration_seconds_sum{tls_version="1.3"} 12.7628125"#.to_owned(),
        r#"request_duration_seconds_count{tls_version="1.3"} 4"#.to_owned(),
    ]);
    assert_eq!(page.lines_of("request_duration"), expected);
    let sizes = page.lines_of("body_size_bytes_bucket");
    assert_eq!(sizes.len(), BYTES.len() + 1, "{sizes:?}");
    assert_eq!(sizes[2], r#"body_size_bytes_bucket{le="1024"} 0"#);
    assert_eq!(sizes[3], r#"body_size_bytes_bucket{le="4096"} 1"#);
}

#[tokio::test]
async fn hostile_labels_stay_one_label_on_one_line() {
    let (recorder, exporter) = Exporter::start();
    let facade = Facade::over(recorder);
    let requests = Metric::new("hostile", "One\nline.");
    let host = "a\"} 1\nhostile_total{b=\"2\" \\ \u{1f980},é\u{0}";
    let labels = [
        Label::new("server\n\".address{", host),
        Label::new("none", ""),
    ];

    facade.count(&facade.counter(&requests, &labels), u64::MAX);

    let page = exporter.page().await;
    assert_eq!(
        page.lines_of("hostile"),
        [
            r"# HELP hostile_total One\nline.".to_owned(),
            "# TYPE hostile_total counter".to_owned(),
            format!(
                "hostile_total{{server___address_=\"{}\",none=\"\"}} {}",
                "a\\\"} 1\\nhostile_total{b=\\\"2\\\" \\\\ \u{1f980},é\u{0}",
                u64::MAX
            ),
        ]
    );
}

/// The only test that installs a recorder: a process has one.
#[tokio::test]
async fn the_installed_recorder_hears_what_is_made_after_it() {
    let (recorder, exporter) = Exporter::start();
    let facade = Facade::global();
    let requests = Metric::new("global_requests", "Requests that were sent.");
    let early = facade.counter(&Metric::new("early_requests", "Too early."), &[]);

    metrics::set_global_recorder(recorder).unwrap();
    let counter = facade.clone().counter(&requests, &[]);
    facade.count(&counter, 2);
    facade.count(&early, 1);

    let page = exporter.page().await;
    assert_eq!(
        page.lines_of("global_requests"),
        [
            "# HELP global_requests_total Requests that were sent.",
            "# TYPE global_requests_total counter",
            "global_requests_total 2",
        ]
    );
    assert!(page.lines_of("early_requests").is_empty());
}

#[test]
fn a_metric_is_described_with_its_first_instrument_only() {
    let heard = Heard::default();
    let facade = Facade::over(heard.clone());
    let requests = Metric::new("requests", "Requests.").unit("{request}");
    let duration = Metric::new("duration", "Durations.").unit("s");
    let active = Metric::new("size", "Sizes.").unit("By");

    for status in [200, 503] {
        let labels = [Label::new("status", status)];
        let facade = facade.clone();
        let _ = facade.counter(&requests, &labels);
        let _ = facade.histogram(&duration, &labels);
        let _ = facade.gauge(&active, &labels);
    }

    assert_eq!(
        heard.described(),
        [
            "counter requests Some(Count) Requests.",
            "histogram duration Some(Seconds) Durations.",
            "gauge size Some(Bytes) Sizes.",
        ]
    );
}

#[test]
fn units_that_the_facade_does_not_know_are_left_out() {
    let heard = Heard::default();
    let facade = Facade::over(heard.clone());

    for unit in ["", "1", "Cel", "S"] {
        let name = format!("of {unit}");
        let _ = facade.counter(&Metric::new(name, "?").unit(unit), &[]);
    }

    let described = heard.described();
    assert_eq!(described.len(), 4);
    assert!(
        described.iter().all(|line| line.ends_with(" None ?")),
        "{described:?}"
    );
}

#[test]
fn names_beyond_the_thousandth_are_not_remembered() {
    let heard = Heard::default();
    let facade = Facade::over(heard.clone());

    for number in 0..=1000 {
        let metric = Metric::new(format!("metric {number}"), "?");
        let _ = facade.counter(&metric, &[]);
    }
    let [last_kept, first_beyond] = [999, 1000].map(|number| {
        let before = heard.described().len();
        let metric = Metric::new(format!("metric {number}"), "?");
        let _ = facade.counter(&metric, &[]);
        heard.described().len() - before
    });

    assert_eq!((last_kept, first_beyond), (0, 1));
}

/// Hears what is described, and makes instruments that do nothing.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl Heard {
    fn described(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    fn hear(&self, kind: &str, name: &KeyName, unit: Option<Unit>, description: &SharedString) {
        let line = format!("{kind} {} {unit:?} {description}", name.as_str());
        self.0.lock().unwrap().push(line);
    }
}

impl Recorder for Heard {
    fn describe_counter(&self, name: KeyName, unit: Option<Unit>, description: SharedString) {
        self.hear("counter", &name, unit, &description);
    }

    fn describe_gauge(&self, name: KeyName, unit: Option<Unit>, description: SharedString) {
        self.hear("gauge", &name, unit, &description);
    }

    fn describe_histogram(&self, name: KeyName, unit: Option<Unit>, description: SharedString) {
        self.hear("histogram", &name, unit, &description);
    }

    fn register_counter(&self, _key: &Key, _metadata: &Metadata<'_>) -> Counter {
        Counter::noop()
    }

    fn register_gauge(&self, _key: &Key, _metadata: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _key: &Key, _metadata: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}
