//! Prometheus: an exporter on a real socket, and what it shows.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusRecorder};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tower_client_metrics::{BYTES, SECONDS};

/// An exporter for the length of a test.
pub(crate) struct Exporter {
    address: SocketAddr,
    _serving: JoinSet<()>,
}

impl Exporter {
    pub(crate) fn start() -> (PrometheusRecorder, Self) {
        for _ in 0..10 {
            let address = free_address();
            let builder = PrometheusBuilder::new()
                .with_http_listener(address)
                .with_recommended_naming(true)
                .set_buckets_for_metric(Matcher::Suffix("duration".to_owned()), SECONDS)
                .unwrap()
                .set_buckets_for_metric(Matcher::Suffix("size".to_owned()), BYTES)
                .unwrap();
            // Somebody else may have taken the port meanwhile.
            if let Ok((recorder, exporter)) = builder.build() {
                let mut serving = JoinSet::new();
                serving.spawn(async move { exporter.await.unwrap() });
                let exporter = Self {
                    address,
                    _serving: serving,
                };
                return (recorder, exporter);
            }
        }
        panic!("no port is free");
    }

    /// What is shown now.
    pub(crate) async fn page(&self) -> Page {
        let page = timeout(Duration::from_secs(10), get(self.address)).await;
        Page(page.unwrap())
    }
}

/// What an exporter shows.
pub(crate) struct Page(String);

impl Page {
    /// The lines of one metric, comments too, in the order in which they are shown.
    pub(crate) fn lines_of(&self, name: &str) -> Vec<&str> {
        let lines = self.0.lines();
        lines.filter(|line| mentions(line, name)).collect()
    }
}

fn mentions(line: &str, name: &str) -> bool {
    let line = line.trim_start_matches("# HELP ");
    line.trim_start_matches("# TYPE ").starts_with(name)
}

/// The exporter takes an address and tells none: port 0 would never be heard of again.
fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

async fn get(address: SocketAddr) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = "GET /metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, page) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    page.to_owned()
}
