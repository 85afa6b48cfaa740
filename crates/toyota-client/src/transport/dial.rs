//! Opens TCP connections, directly or through a proxy.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Uri;
use http::uri::Scheme;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower::{BoxError, Service};

/// A connector that asks the proxy settings first.
#[derive(Clone, Debug)]
pub(super) struct Dial {
    tcp: HttpConnector,
    proxies: Arc<Matcher>,
}

#[derive(Debug, thiserror::Error)]
#[error("a proxy is reached by http:// only, not by {0}://")]
struct UnsupportedProxy(String);

impl Dial {
    pub(super) fn from_env() -> Self {
        Self::new(Matcher::from_env())
    }

    fn new(proxies: Matcher) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        Self {
            tcp,
            proxies: Arc::new(proxies),
        }
    }

    /// The proxy for a destination. Plain http is loopback: never through a proxy.
    fn proxy(&self, destination: &Uri) -> Option<Intercept> {
        if destination.scheme() == Some(&Scheme::HTTPS) {
            self.proxies.intercept(destination)
        } else {
            None
        }
    }
}

fn tunnel(proxy: &Intercept, tcp: HttpConnector) -> Result<Tunnel<HttpConnector>, BoxError> {
    let scheme = proxy.uri().scheme_str().unwrap_or("http");
    if scheme != "http" {
        return Err(UnsupportedProxy(scheme.to_owned()).into());
    }
    let tunnel = Tunnel::new(proxy.uri().clone(), tcp);
    Ok(match proxy.basic_auth() {
        Some(auth) => tunnel.with_auth(auth.clone()),
        None => tunnel,
    })
}

impl Service<Uri> for Dial {
    type Response = TokioIo<TcpStream>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.tcp.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, destination: Uri) -> Self::Future {
        let Some(proxy) = self.proxy(&destination) else {
            let connecting = self.tcp.call(destination);
            return Box::pin(async move { Ok(connecting.await?) });
        };
        let tunnelling = tunnel(&proxy, self.tcp.clone()).map(|mut t| t.call(destination));
        Box::pin(async move { Ok(tunnelling?.await?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dial() -> Dial {
        let proxies = Matcher::builder()
            .all("http://proxy.example:3128")
            .no("internal.example, 127.0.0.1");
        Dial::new(proxies.build())
    }

    #[test]
    fn only_https_goes_through_the_proxy_and_only_where_no_proxy_allows() {
        let proxied = |uri| dial().proxy(&Uri::from_static(uri)).is_some();

        assert!(proxied("https://api.example/"));
        assert!(!proxied("https://internal.example/"));
        assert!(!proxied("https://127.0.0.1:8443/"));
        assert!(!proxied("http://localhost:8080/"));
    }

    #[tokio::test]
    async fn another_kind_of_proxy_is_refused_by_name() {
        let proxies = Matcher::builder().all("socks5://proxy.example").build();

        let refused = Dial::new(proxies)
            .call(Uri::from_static("https://api.example/"))
            .await;

        let message = refused.unwrap_err().to_string();
        assert_eq!(
            message,
            "a proxy is reached by http:// only, not by socks5://"
        );
    }
}
