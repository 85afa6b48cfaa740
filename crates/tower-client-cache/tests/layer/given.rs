//! An origin that answers as the test says, and a cache before it.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::CACHE_STATUS;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, Full};
use tokio::sync::mpsc;
use tower::{BoxError, Layer, Service, ServiceExt};
use tower_client_cache::policy::Timestamp;
use tower_client_cache::{Cache, CacheHandle, CacheLayer, CacheLayerBuilder, MemoryStore};
use tower_client_call::CacheOutcome;

/// A request as the origin or a caller writes it.
pub(crate) type Asked = Request<Full<Bytes>>;

/// What the origin answers to one request.
type Answer = Box<dyn FnOnce(&Asked) -> Reply + Send>;

/// What the origin answers to all other requests.
type Always = Arc<dyn Fn(&Asked) -> Reply + Send + Sync>;

/// An answer, or none.
pub(crate) enum Reply {
    /// This one.
    Response(Response<OriginBody>),
    /// None: the connection failed.
    Failure(&'static str),
    /// None: this error.
    Broken(BoxError),
    /// This one when the sender says so.
    Later(tokio::sync::oneshot::Receiver<Reply>),
    /// None, for ever.
    Never,
}

/// The service below the cache: answers as scripted, in order, and keeps what it was asked.
#[derive(Clone, Default)]
pub(crate) struct Origin(Arc<Mutex<Script>>);

#[derive(Default)]
struct Script {
    answers: VecDeque<Answer>,
    always: Option<Always>,
    asked: Vec<Asked>,
}

impl Origin {
    /// Answers the next request that is not spoken for like this.
    pub(crate) fn then(&self, answer: impl FnOnce(&Asked) -> Reply + Send + 'static) -> &Self {
        self.0.lock().unwrap().answers.push_back(Box::new(answer));
        self
    }

    /// Answers the next request with this.
    pub(crate) fn reply(&self, reply: impl Into<Reply>) -> &Self {
        let reply = reply.into();
        self.then(|_| reply)
    }

    /// Answers all other requests like this.
    pub(crate) fn always(&self, answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> &Self {
        self.0.lock().unwrap().always = Some(Arc::new(answer));
        self
    }

    /// Answers the next request when the returned sender says what.
    pub(crate) fn later(&self) -> tokio::sync::oneshot::Sender<Reply> {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        self.then(|_| Reply::Later(receiver));
        sender
    }

    /// Forgets the answers that nobody asked for.
    pub(crate) fn forget(&self) {
        self.0.lock().unwrap().answers.clear();
    }

    /// Returns how many requests came.
    pub(crate) fn count(&self) -> usize {
        self.0.lock().unwrap().asked.len()
    }

    /// Returns the requests that came, without their extensions.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.0.lock().unwrap().asked.clone()
    }

    /// Returns the last request that came.
    pub(crate) fn last(&self) -> Asked {
        self.asked().pop().expect("a request")
    }
}

impl Service<Asked> for Origin {
    type Response = Response<OriginBody>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Asked) -> Self::Future {
        let mut script = self.0.lock().unwrap();
        let reply = match (script.answers.pop_front(), script.always.clone()) {
            (Some(answer), _) => answer(&request),
            (None, Some(always)) => always(&request),
            (None, None) => panic!("a request that nobody expected: {}", request.uri()),
        };
        script.asked.push(request);
        drop(script);
        Box::pin(async move {
            let mut reply = reply;
            loop {
                match reply {
                    Reply::Response(response) => return Ok(response),
                    Reply::Failure(failure) => return Err(failure.into()),
                    Reply::Broken(error) => return Err(error),
                    Reply::Later(later) => reply = later.await?,
                    Reply::Never => return std::future::pending().await,
                }
            }
        })
    }
}

/// The body of an origin's answer: whole, or as it is sent by a test.
pub(crate) enum OriginBody {
    Whole(Full<Bytes>),
    Sent(mpsc::UnboundedReceiver<Result<Bytes, BoxError>>),
}

impl Body for OriginBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match self.get_mut() {
            Self::Whole(body) => Pin::new(body).poll_frame(cx).map_err(infallible),
            Self::Sent(receiver) => receiver
                .poll_recv(cx)
                .map(|data| data.map(|data| data.map(Frame::data))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(body) => body.is_end_stream(),
            Self::Sent(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(body) => body.size_hint(),
            Self::Sent(_) => SizeHint::default(),
        }
    }
}

fn infallible(never: Infallible) -> BoxError {
    match never {}
}

impl From<Response<OriginBody>> for Reply {
    fn from(response: Response<OriginBody>) -> Self {
        Self::Response(response)
    }
}

/// Makes an answer: status, fields as `name: value` lines parted by `|`, and a body.
///
/// A date `@n` is n seconds after [`start`].
pub(crate) fn answer(status: u16, fields: &str, body: &'static str) -> Reply {
    let body = OriginBody::Whole(Full::new(Bytes::from_static(body.as_bytes())));
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    *response.headers_mut() = headers(fields);
    Reply::Response(response)
}

/// Makes an answer of status 200.
pub(crate) fn ok(fields: &str, body: &'static str) -> Reply {
    answer(200, fields, body)
}

/// Makes an answer whose body is what the returned sender sends.
pub(crate) fn streamed(fields: &str) -> (Reply, mpsc::UnboundedSender<Result<Bytes, BoxError>>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let mut response = Response::new(OriginBody::Sent(receiver));
    *response.headers_mut() = headers(fields);
    (Reply::Response(response), sender)
}

/// Makes fields of lines parted by `|`.
pub(crate) fn headers(fields: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in fields
        .split('|')
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let (name, value) = line.split_once(':').expect("a field");
        let value = match value.trim().strip_prefix('@') {
            Some(seconds) => date(seconds.parse().unwrap()),
            None => value.trim().to_owned(),
        };
        let name = HeaderName::from_bytes(name.trim().as_bytes()).unwrap();
        headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    headers
}

/// Returns the HTTP date so many seconds after the first call of this.
///
/// A test's clock starts at the machine's time.
pub(crate) fn date(seconds: i64) -> String {
    let now = Timestamp::of(std::time::SystemTime::now());
    Timestamp(now.0 + seconds).to_string()
}

/// A cache before an origin.
#[derive(Clone)]
pub(crate) struct Given {
    pub(crate) origin: Origin,
    pub(crate) cache: Cache<Origin>,
    pub(crate) handle: CacheHandle,
}

/// Makes a private cache with the defaults.
pub(crate) fn cache() -> Given {
    cache_with(|builder| builder)
}

/// Makes a cache with settings.
pub(crate) fn cache_with(set: impl FnOnce(CacheLayerBuilder) -> CacheLayerBuilder) -> Given {
    let store = MemoryStore::new();
    let layer = set(CacheLayer::builder(store)).build().unwrap();
    let origin = Origin::default();
    Given {
        cache: layer.layer(origin.clone()),
        handle: layer.handle(),
        origin,
    }
}

/// What a caller gets.
#[derive(Clone, Debug)]
pub(crate) struct Got {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) outcome: CacheOutcome,
}

impl Got {
    /// Returns a field's value; empty if it is not there.
    pub(crate) fn field(&self, name: &str) -> String {
        let value = self
            .headers
            .get(name)
            .map(|value| value.as_bytes().to_vec());
        String::from_utf8(value.unwrap_or_default()).unwrap()
    }

    /// Returns what the cache says that it did.
    pub(crate) fn cache_status(&self) -> String {
        self.field(CACHE_STATUS.as_str())
    }

    /// Returns the body as text.
    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap()
    }
}

impl Given {
    /// Asks for `/` with fields as in [`headers`].
    pub(crate) async fn get(&self, fields: &str) -> Got {
        self.get_at("/", fields).await
    }

    /// Asks for a path.
    pub(crate) async fn get_at(&self, path: &str, fields: &str) -> Got {
        self.send(Method::GET, path, fields).await
    }

    /// Sends a request without a body.
    pub(crate) async fn send(&self, method: Method, path: &str, fields: &str) -> Got {
        self.call(request(method, path, fields)).await.unwrap()
    }

    /// Sends a request, and reads the whole answer.
    pub(crate) async fn call(&self, request: Asked) -> Result<Got, BoxError> {
        let response = self.cache.clone().oneshot(request).await?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Got {
            headers: parts.headers,
            body,
            outcome: *parts.extensions.get().expect("an outcome"),
        })
    }
}

/// Makes a request without a body.
pub(crate) fn request(method: Method, path: &str, fields: &str) -> Asked {
    let mut request = Request::new(Full::default());
    *request.method_mut() = method;
    *request.uri_mut() = format!("https://api.example{path}").parse().unwrap();
    *request.headers_mut() = headers(fields);
    request
}

/// Lets time pass.
pub(crate) async fn pass(seconds: u64) {
    tokio::time::advance(Duration::from_secs(seconds)).await;
}
