//! What every test needs: a source, a store and an API that do as they are told, and requests.

mod api;
mod frames;
mod source;
mod store;

use std::fmt::Debug;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use tower::{BoxError, Layer, Service, ServiceExt};
use tower_client_auth::{
    Auth, AuthError, AuthErrorKind, AuthLayer, AuthLayerBuilder, Credential, ExposeSecret, Issuer,
    Origins, Principal, TokenSource,
};
use tower_client_call::{CallRecord, PeekedBody, RepeatBody};

pub(crate) use self::api::{Api, Readiness, Reply, answer, no_answer};
pub(crate) use self::frames::{Frames, Then};
pub(crate) use self::source::{
    Source, busy, failure, forever, hang, living, made, named, panic, refusal, token,
};
pub(crate) use self::store::{Memory, Op};

pub(crate) const SECOND: Duration = Duration::from_secs(1);
pub(crate) const MILLISECOND: Duration = Duration::from_millis(1);
pub(crate) const HOUR: Duration = Duration::from_secs(3600);
pub(crate) const ORIGIN: &str = "https://api.example";
pub(crate) const URI: &str = "https://api.example/v1/trips?since=yesterday";

pub(crate) type Answer = Result<Response<PeekedBody<Frames>>, BoxError>;

/// The settings of a layer for one origin, whose jitter is the same in each run.
pub(crate) fn auth(source: &(impl TokenSource + Clone)) -> AuthLayerBuilder {
    let origins = Origins::new([ORIGIN]).unwrap();
    AuthLayer::builder(source.clone(), origins).seed(7)
}

/// The same, with a store.
pub(crate) fn storing(source: &(impl TokenSource + Clone), memory: &Memory) -> AuthLayerBuilder {
    auth(source).persist(memory.clone(), issuer())
}

pub(crate) fn issuer() -> Issuer {
    Issuer::new("https://login.example")
}

pub(crate) fn over<S: Clone>(builder: AuthLayerBuilder, service: &S) -> Auth<S> {
    builder.build().layer(service.clone())
}

/// A client of this API with the default settings.
pub(crate) fn client(source: &(impl TokenSource + Clone), api: &Api) -> Auth<Api> {
    over(auth(source), api)
}

/// A request for something, with an empty body.
pub(crate) fn get() -> Request<Full<Bytes>> {
    to(URI)
}

pub(crate) fn to(uri: &str) -> Request<Full<Bytes>> {
    Request::get(uri).body(Full::default()).unwrap()
}

pub(crate) fn post() -> Request<Full<Bytes>> {
    let body = Full::new(Bytes::from("order"));
    Request::post(URI).body(body).unwrap()
}

/// A request that says whose it is.
pub(crate) fn of(principal: &Principal) -> Request<Full<Bytes>> {
    with(principal.clone())
}

/// A request with a fact.
pub(crate) fn with<T: Clone + Send + Sync + 'static>(fact: T) -> Request<Full<Bytes>> {
    let mut request = get();
    request.extensions_mut().insert(fact);
    request
}

/// Somebody wants to know what happens to this request.
pub(crate) fn recorded<B>(mut request: Request<B>) -> (Request<B>, CallRecord) {
    let record = CallRecord::find_or_insert(request.extensions_mut());
    (request, record)
}

pub(crate) async fn send<S, B>(client: &S, request: Request<B>) -> Answer
where
    S: Service<Request<B>, Response = Response<PeekedBody<Frames>>, Error = BoxError> + Clone,
    B: RepeatBody,
{
    client.clone().oneshot(request).await
}

/// Waits until a service is ready for a request.
pub(crate) async fn ready<S>(service: &mut S) -> &mut S
where
    S: Service<Request<Full<Bytes>>, Error: Debug>,
{
    service.ready().await.unwrap()
}

/// Makes a call that is answered with success.
pub(crate) async fn succeed(client: &Auth<Api>) {
    let status = send(client, get()).await.unwrap().status();
    assert_eq!(status, 200);
}

/// Makes a call that fails for want of a credential.
pub(crate) async fn fail(client: &Auth<Api>) -> AuthError {
    auth_error(send(client, get()).await)
}

/// Why a call got no credential.
pub(crate) fn auth_error(answer: Answer) -> AuthError {
    let error = answer.unwrap_err();
    AuthError::find(&*error).expect("another error").clone()
}

pub(crate) fn kind_of(answer: Answer) -> AuthErrorKind {
    auth_error(answer).kind()
}

/// Reads a response's body to its end.
pub(crate) async fn text(response: Response<PeekedBody<Frames>>) -> Bytes {
    response.into_body().collect().await.unwrap().to_bytes()
}

pub(crate) fn secret(credential: &Credential) -> &str {
    credential.secret().expose_secret()
}

/// Lets time pass, and all that happens meanwhile happen.
pub(crate) async fn pass(time: Duration) {
    tokio::time::sleep(time).await;
    settle().await;
}

/// Lets everything happen that needs no time.
pub(crate) async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}
