//! Who calls, and who answers.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, HeaderValue};
use http::{Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited};
use tokio::time::Instant;
use tower::util::BoxCloneSyncService;
use tower::{BoxError, ServiceExt};
use tower_client::call::{Attempt, CallRecord, Deadline, Operation, Principal, causes};

const TRIP: Operation = Operation::new("trip", "/v1/trips/{id}");
const PATIENCE: Duration = Duration::from_secs(10);
/// Less than a turn takes to come when others wait.
const IMPATIENCE: Duration = Duration::from_millis(50);
const LONGEST_ANSWER: usize = 64 * 1024;

pub(crate) type Body = UnsyncBoxBody<Bytes, BoxError>;
pub(crate) type Client = BoxCloneSyncService<Request<Full<Bytes>>, Response<Body>, BoxError>;

/// Answers in place of an API: fails for trip 1 at the first attempt.
pub(crate) async fn origin(
    request: Request<Full<Bytes>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let mut response = Response::new(Full::from("from Kiel to Rome"));
    if request.uri().path() == "/v1/trips/1" && Attempt::of(&request) == Attempt::FIRST {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    let fresh = HeaderValue::from_static("max-age=60");
    response.headers_mut().insert(CACHE_CONTROL, fresh);
    Ok(response)
}

/// Asks for trip 1 twice, then for four at once, of which the last is in a hurry.
pub(crate) async fn make_calls(client: Client) -> Result<Vec<String>, BoxError> {
    let ask = |id: u32, patience| trip(client.clone(), id, patience);
    let first = ask(1, PATIENCE).await?;
    let again = ask(1, PATIENCE).await?;
    let (second, third, fourth, hurried) = tokio::join!(
        ask(2, PATIENCE),
        ask(3, PATIENCE),
        ask(4, PATIENCE),
        ask(5, IMPATIENCE)
    );
    Ok(vec![first, again, second?, third?, fourth?, hurried?])
}

/// Asks for a trip, and tells what came of it.
async fn trip(client: Client, id: u32, patience: Duration) -> Result<String, BoxError> {
    let uri = format!("https://api.example/v1/trips/{id}");
    let mut request = Request::get(uri).body(Full::default())?;
    let facts = request.extensions_mut();
    facts.insert(TRIP);
    facts.insert(Principal::new("anna"));
    facts.insert(Deadline::within(patience));
    facts.insert(CallRecord::new());
    let started = Instant::now();

    let outcome = match client.oneshot(request).await {
        Ok(response) => {
            let status = response.status();
            Limited::new(response.into_body(), LONGEST_ANSWER)
                .collect()
                .await?;
            status.to_string()
        }
        Err(error) => {
            let causes: Vec<_> = causes(&*error).map(ToString::to_string).collect();
            causes.join(": ")
        }
    };

    let took = started.elapsed().as_millis();
    Ok(format!("trip {id} after {took} ms: {outcome}"))
}
