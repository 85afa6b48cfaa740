//! OTLP over HTTP: a collector on a real socket, and an SDK that exports to it.

use std::convert::Infallible;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{MetricExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::Metric;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use prost::Message;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::timeout;

const LONG: Duration = Duration::from_secs(10);

/// A collector for the length of a test.
pub(crate) struct Collector {
    endpoint: String,
    exports: UnboundedReceiver<ExportMetricsServiceRequest>,
    _serving: JoinSet<()>,
}

impl Collector {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}/v1/metrics", listener.local_addr().unwrap());
        let (sender, exports) = unbounded_channel();
        let mut serving = JoinSet::new();
        serving.spawn(serve(listener, sender));
        Self {
            endpoint,
            exports,
            _serving: serving,
        }
    }

    /// An SDK that exports to here when it is shut down.
    pub(crate) fn provider(&self) -> SdkMeterProvider {
        let exporter = MetricExporter::builder()
            .with_http()
            .with_http_client(Hyper(Handle::current()))
            .with_endpoint(&self.endpoint)
            .build()
            .unwrap();
        let builder = SdkMeterProvider::builder();
        builder.with_periodic_exporter(exporter).build()
    }

    /// All metrics that an SDK had, by name.
    pub(crate) async fn metrics_of(&mut self, provider: SdkMeterProvider) -> Vec<Metric> {
        // It waits for its own thread, which needs this one to send.
        let shut_down = spawn_blocking(move || provider.shutdown());
        let shut_down = timeout(LONG, shut_down).await.unwrap().unwrap();
        shut_down.unwrap();
        let export = timeout(LONG, self.exports.recv()).await.unwrap().unwrap();
        let resources = export.resource_metrics.into_iter();
        let scopes = resources.flat_map(|resource| resource.scope_metrics);
        let mut metrics: Vec<_> = scopes.flat_map(|scope| scope.metrics).collect();
        metrics.sort_by(|a, b| a.name.cmp(&b.name));
        metrics
    }
}

/// Sends on the test's runtime: the SDK's thread has none.
#[derive(Debug)]
struct Hyper(Handle);

#[async_trait]
impl HttpClient for Hyper {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = async { timeout(LONG, send(request)).await? };
        self.0.spawn(answer).await?
    }
}

async fn send(request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let client = Client::builder(TokioExecutor::new()).build_http();
    let response = client.request(request.map(Full::new)).await?;
    let (head, body) = response.into_parts();
    let body = body.collect().await?.to_bytes();
    Ok(Response::from_parts(head, body))
}

async fn serve(listener: TcpListener, exports: UnboundedSender<ExportMetricsServiceRequest>) {
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let exports = exports.clone();
        let take = service_fn(move |request| take(exports.clone(), request));
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), take);
        connections.spawn(async { drop(connection.await) });
    }
}

/// An empty answer is a message that says that all was taken.
async fn take(
    exports: UnboundedSender<ExportMetricsServiceRequest>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    assert_eq!(request.uri().path(), "/v1/metrics");
    assert_eq!(request.headers()["content-type"], "application/x-protobuf");
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let export = ExportMetricsServiceRequest::decode(body).unwrap();
    exports.send(export).unwrap();
    Ok(Response::new(Full::default()))
}
