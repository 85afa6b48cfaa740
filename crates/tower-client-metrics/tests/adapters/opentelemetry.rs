//! OpenTelemetry, by what a collector gets.

use std::sync::{Arc, Mutex};

use ::opentelemetry::metrics::{
    Counter, Histogram, HistogramBuilder, InstrumentBuilder, InstrumentProvider, Meter,
    MeterProvider, SyncInstrument, UpDownCounter,
};
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value::{IntValue, StringValue};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value::AsInt;
use opentelemetry_proto::tonic::metrics::v1::{HistogramDataPoint, Metric as Exported, Sum};
use opentelemetry_sdk::metrics::SdkMeterProvider;
use tower_client_metrics::{BYTES, Instruments, Label, Metric, OpenTelemetry, SECONDS};

use crate::collector::Collector;

#[tokio::test]
async fn counters_are_sums_that_only_grow() {
    let mut collector = Collector::start().await;
    let provider = collector.provider();
    let instruments = over(&provider);
    let requests =
        Metric::new("http.client.requests", "Requests that were sent.").unit("{request}");
    let ok = [Label::new("http.response.status_code", 200)];
    let failed = [Label::new("error.type", "timeout")];

    let counter = instruments.counter(&requests, &ok);
    instruments.count(&counter, 2);
    instruments.count(&instruments.clone().counter(&requests, &ok), 1);
    instruments.count(&instruments.counter(&requests, &failed), 7);

    let metrics = collector.metrics_of(provider).await;
    let [exported] = &metrics[..] else {
        panic!("{metrics:?}")
    };
    assert_eq!(
        head(exported),
        (
            "http.client.requests",
            "{request}",
            "Requests that were sent."
        )
    );
    let sum = sum(exported);
    assert!(sum.is_monotonic);
    assert_eq!(
        values(sum),
        [
            (vec!["error.type: text timeout".to_owned()], 7),
            (vec!["http.response.status_code: number 200".to_owned()], 3),
        ]
    );
}

#[tokio::test]
async fn gauges_are_sums_that_go_up_and_down() {
    let mut collector = Collector::start().await;
    let provider = collector.provider();
    let instruments = over(&provider);
    let active =
        Metric::new("http.client.active_requests", "Requests in flight.").unit("{request}");
    let labels = [Label::new("server.port", 443)];

    let gauge = instruments.gauge(&active, &labels);
    instruments.adjust(&gauge, 3);
    instruments.adjust(&gauge, -5);
    instruments.adjust(&gauge, 0);

    let metrics = collector.metrics_of(provider).await;
    let [exported] = &metrics[..] else {
        panic!("{metrics:?}")
    };
    assert_eq!(
        head(exported),
        (
            "http.client.active_requests",
            "{request}",
            "Requests in flight."
        )
    );
    let sum = sum(exported);
    assert!(!sum.is_monotonic);
    assert_eq!(
        values(sum),
        [(vec!["server.port: number 443".to_owned()], -2)]
    );
}

#[tokio::test]
async fn histograms_have_the_boundaries_of_their_metric() {
    let mut collector = Collector::start().await;
    let provider = collector.provider();
    let instruments = over(&provider);
    let duration = Metric::new("request.duration", "How long requests take.").unit("s");
    let size = Metric::new("request.size", "How long bodies are.")
        .unit("By")
        .boundaries(BYTES);

    let histogram = instruments.histogram(&duration, &[Label::new("server.port", 443)]);
    for seconds in [0.25, 0.005, 0.0078125, 12.5] {
        instruments.record(&histogram, seconds);
    }
    instruments.record(&instruments.histogram(&size, &[]), 4096.0);

    let metrics = collector.metrics_of(provider).await;
    let [duration, size] = &metrics[..] else {
        panic!("{metrics:?}")
    };
    assert_eq!(
        head(duration),
        ("request.duration", "s", "How long requests take.")
    );
    let durations = histogram_point(duration);
    assert_eq!(durations.explicit_bounds, SECONDS);
    let between = [1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1];
    assert_eq!(durations.bucket_counts, between);
    assert_eq!((durations.count, durations.sum), (4, Some(12.7628125)));
    assert_eq!(words(&durations.attributes), ["server.port: number 443"]);
    assert_eq!(head(size), ("request.size", "By", "How long bodies are."));
    let sizes = histogram_point(size);
    assert_eq!(sizes.explicit_bounds, BYTES);
    assert_eq!(sizes.bucket_counts, [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
}

#[tokio::test]
async fn hostile_labels_arrive_as_they_are() {
    let mut collector = Collector::start().await;
    let provider = collector.provider();
    let instruments = over(&provider);
    let requests = Metric::new("requests", "?");
    let hostile = "a\"} 1\nrequests{b=\"2\" \\\\ \u{1f980},é\u{0}";
    let labels = [Label::new("address", hostile), Label::new("port", u16::MAX)];

    instruments.count(&instruments.counter(&requests, &labels), 1);

    let metrics = collector.metrics_of(provider).await;
    let expected = vec![
        format!("address: text {hostile}"),
        "port: number 65535".into(),
    ];
    assert_eq!(values(sum(&metrics[0])), [(expected, 1)]);
}

#[tokio::test]
async fn names_beyond_the_thousandth_are_counted_as_well() {
    let mut collector = Collector::start().await;
    let provider = collector.provider();
    let instruments = over(&provider);

    for number in 0..=1000 {
        let metric = Metric::new(format!("metric.{number:04}"), "?");
        for _ in 0..2 {
            instruments.count(&instruments.counter(&metric, &[]), 1);
        }
    }

    let metrics = collector.metrics_of(provider).await;
    assert_eq!(metrics.len(), 1001);
    assert_eq!(metrics[1000].name, "metric.1000");
    for metric in &metrics {
        assert_eq!(values(sum(metric)), [(vec![], 2)], "{}", metric.name);
    }
}

#[test]
fn an_instrument_is_made_once_for_all_labels() {
    let made = Arc::new(Made::default());
    let instruments = OpenTelemetry::new(Meter::new(made.clone()));
    let metric = Metric::new("metric", "?");

    for status in [200, 503] {
        let labels = [Label::new("status", status)];
        let instruments = instruments.clone();
        let _ = instruments.counter(&metric, &labels);
        let _ = instruments.gauge(&metric, &labels);
        let _ = instruments.histogram(&metric, &labels);
    }

    assert_eq!(made.names(), ["metric", "metric", "metric"]);
}

#[test]
fn instruments_beyond_the_thousandth_are_not_kept() {
    let made = Arc::new(Made::default());
    let instruments = OpenTelemetry::new(Meter::new(made.clone()));

    for number in (0..=1000).chain([999, 1000]) {
        let metric = Metric::new(format!("metric.{number}"), "?");
        let _ = instruments.counter(&metric, &[]);
    }

    let names = made.names();
    assert_eq!(names.len(), 1002);
    assert_eq!(names[1000..], ["metric.1000", "metric.1000"]);
}

/// An SDK that makes silent instruments and notes their names.
#[derive(Default)]
struct Made(Mutex<Vec<String>>);

impl Made {
    fn names(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    fn note(&self, name: &str) {
        self.0.lock().unwrap().push(name.to_owned());
    }
}

impl InstrumentProvider for Made {
    fn u64_counter(&self, builder: InstrumentBuilder<'_, Counter<u64>>) -> Counter<u64> {
        self.note(&builder.name);
        Counter::new(Arc::new(Silent))
    }

    fn i64_up_down_counter(
        &self,
        builder: InstrumentBuilder<'_, UpDownCounter<i64>>,
    ) -> UpDownCounter<i64> {
        self.note(&builder.name);
        UpDownCounter::new(Arc::new(Silent))
    }

    fn f64_histogram(&self, builder: HistogramBuilder<'_, Histogram<f64>>) -> Histogram<f64> {
        self.note(&builder.name);
        Histogram::new(Arc::new(Silent))
    }
}

struct Silent;

impl<T> SyncInstrument<T> for Silent {
    fn measure(&self, _value: T, _attributes: &[::opentelemetry::KeyValue]) {}
}

fn over(provider: &SdkMeterProvider) -> OpenTelemetry {
    OpenTelemetry::new(provider.meter("tests"))
}

/// Name, unit and description.
fn head(metric: &Exported) -> (&str, &str, &str) {
    (&metric.name, &metric.unit, &metric.description)
}

fn sum(metric: &Exported) -> &Sum {
    match &metric.data {
        Some(Data::Sum(sum)) => sum,
        other => panic!("{other:?}"),
    }
}

/// The attributes and the number of each point, sorted.
fn values(sum: &Sum) -> Vec<(Vec<String>, i64)> {
    let points = sum.data_points.iter();
    let values = points.map(|point| match point.value {
        Some(AsInt(value)) => (words(&point.attributes), value),
        other => panic!("{other:?}"),
    });
    let mut values: Vec<_> = values.collect();
    values.sort();
    values
}

/// The only point of a histogram.
fn histogram_point(metric: &Exported) -> &HistogramDataPoint {
    match &metric.data {
        Some(Data::Histogram(histogram)) if histogram.data_points.len() == 1 => {
            &histogram.data_points[0]
        }
        other => panic!("{other:?}"),
    }
}

/// Attributes with their types, sorted.
fn words(attributes: &[KeyValue]) -> Vec<String> {
    let words = attributes.iter().map(|attribute| {
        let value = attribute.value.clone().unwrap().value;
        match value {
            Some(StringValue(text)) => format!("{}: text {text}", attribute.key),
            Some(IntValue(number)) => format!("{}: number {number}", attribute.key),
            other => panic!("{other:?}"),
        }
    });
    let mut words: Vec<_> = words.collect();
    words.sort();
    words
}
