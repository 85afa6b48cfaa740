//! The bare client that the layers stand on: hyper-util's, with a pool of connections.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

/// Sends requests as they are, and gives responses as they come. For `https`, its connector is
/// hyper-rustls' or hyper-tls'; nothing above depends on it.
pub(crate) type Transport = Client<HttpConnector, Full<Bytes>>;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Creates the client. Its clones share their connections.
pub(crate) fn transport() -> Transport {
    let mut connector = HttpConnector::new();
    connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
    connector.set_nodelay(true);
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .build(connector)
}
