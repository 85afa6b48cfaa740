//! One request to the proxy, and its answer.

use std::mem;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, HeaderValue};
use http::uri::InvalidUriParts;
use http::{Method, Request, Response, StatusCode, Uri, Version};
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tower::{Layer, ServiceExt};
use tower_client::cache::{Cache, CacheBody, CacheError, CacheLayer};
use tower_client::call::{ReplayBody, causes};

use super::fields;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a connection to the origin is kept unused; it may last as long again until that is seen.
const IDLE_TIMEOUT: Duration = Duration::from_secs(2);

/// The cache needs a body that can be sent again; this one could, and keeps nothing for it: what is
/// sent twice, to validate in the background, has no body.
type Upload = ReplayBody<Incoming>;
const KEPT_OF_UPLOADS: usize = 0;

/// An answer's body: the origin's, through the cache, or a text of the proxy's own.
type Download = Either<CacheBody<Incoming>, Full<Bytes>>;

/// The way to an origin, through a cache.
#[derive(Debug)]
pub(crate) struct Proxy {
    origin: Uri,
    client: Cache<Client<HttpConnector, Upload>>,
}

impl Proxy {
    pub(crate) fn new(origin: Uri, cache: &CacheLayer) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .build(connector);
        let client = cache.layer(client);
        Self { origin, client }
    }

    /// Answers a request with what is stored, or what the origin answers.
    pub(crate) async fn exchange(&self, mut request: Request<Incoming>) -> Response<Download> {
        if let Some(answer) = answer_of_its_own(&mut request) {
            return answer;
        }
        let request = match self.to_origin(request) {
            Ok(request) => request,
            Err(error) => return tell(StatusCode::BAD_REQUEST, format!("bad target: {error}")),
        };
        match self.client.clone().oneshot(request).await {
            Ok(response) => self.to_client(response),
            Err(error) => self.failed(&error),
        }
    }

    /// Makes it a request to the origin; the cache has to see it so, since it knows it by its URI.
    fn to_origin(&self, request: Request<Incoming>) -> Result<Request<Upload>, InvalidUriParts> {
        let mut request = request.map(|body| ReplayBody::new(body, KEPT_OF_UPLOADS));
        let mut parts = self.origin.clone().into_parts();
        if let Some(path) = request.uri().path_and_query() {
            parts.path_and_query = Some(path.clone());
        }
        *request.uri_mut() = Uri::from_parts(parts)?;
        let version = mem::replace(request.version_mut(), Version::HTTP_11);
        let headers = request.headers_mut();
        fields::remove_hop_by_hop_of_request(headers);
        fields::join_cookies(headers);
        fields::add_via(headers, version);
        // The client sets it: to the origin's.
        headers.remove(HOST);
        Ok(request)
    }

    /// Makes it a response of the proxy. Outside of the cache, which judges by what the origin said
    /// and leaves out by itself what must not be stored.
    fn to_client(&self, response: Response<CacheBody<Incoming>>) -> Response<Download> {
        if response.status().is_informational() {
            let origin = &self.origin;
            let text = format!("the origin {origin} switched to another protocol, unasked");
            return tell(StatusCode::BAD_GATEWAY, text);
        }
        if !fields::is_only_chunked(response.headers()) {
            let text = format!("the origin {} used an unknown transfer coding", self.origin);
            return tell(StatusCode::BAD_GATEWAY, text);
        }
        let mut response = response.map(Either::Left);
        // Each side has a version of its own (RFC 9110 section 6.2).
        let version = mem::replace(response.version_mut(), Version::HTTP_11);
        let headers = response.headers_mut();
        fields::remove_hop_by_hop(headers);
        fields::add_via(headers, version);
        response
    }

    fn failed(&self, error: &CacheError) -> Response<Download> {
        let mut text = format!("the origin {} did not answer", self.origin);
        // The outermost says no more than that.
        for cause in causes(error).skip(1) {
            text.push_str(": ");
            text.push_str(&cause.to_string());
        }
        tell(StatusCode::BAD_GATEWAY, text)
    }
}

/// Answers what is not for the origin.
fn answer_of_its_own<B>(request: &mut Request<B>) -> Option<Response<Download>> {
    let method = request.method().clone();
    let uri = request.uri();
    if method == Method::CONNECT {
        return Some(tell(StatusCode::NOT_IMPLEMENTED, "this is no tunnel"));
    }
    // RFC 9112 section 3.2. In HTTP/2 the target has the host.
    let hosts = request.headers().get_all(HOST).iter().count();
    if hosts > 1 || (hosts == 0 && request.version() == Version::HTTP_11) {
        return Some(tell(StatusCode::BAD_REQUEST, "bad request: not one host"));
    }
    // RFC 9112 section 6.1: what is coded in other ways cannot be sent on without saying so.
    if !fields::is_only_chunked(request.headers()) {
        return Some(tell(
            StatusCode::NOT_IMPLEMENTED,
            "an unknown transfer coding",
        ));
    }
    if uri.scheme().is_none() && uri.authority().is_some() {
        return Some(tell(StatusCode::BAD_REQUEST, "bad target: it has no path"));
    }
    // RFC 9110 section 7.6.2.
    let is_counted = [Method::OPTIONS, Method::TRACE].contains(&method);
    if is_counted && fields::is_last_stop(request.headers_mut()) {
        return Some(match method {
            Method::TRACE => tell(StatusCode::NOT_IMPLEMENTED, "traces are not answered here"),
            _ => tell(StatusCode::OK, "this is a proxy"),
        });
    }
    None
}

/// Answers with a text.
fn tell(status: StatusCode, text: impl Into<String>) -> Response<Download> {
    let text = text.into() + "\n";
    let mut response = Response::new(Either::Right(Full::from(text)));
    *response.status_mut() = status;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, plain);
    response
}
