//! One request to the token endpoint, and its answer.

use std::pin::pin;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use tokio::time::timeout;
use tower::{BoxError, Service, ServiceExt};
use tower_client_call::retry_after;
use zeroize::Zeroizing;

use super::OAuthError;
use super::answer::{Granted, Reading, read};
use crate::moment::Moment;

/// An answer is some kilobytes, most of them claims in a token.
const LONGEST_BODY: usize = 64 * 1024;
/// For the body of an answer whose status has told already.
const BRIEF: Duration = Duration::from_secs(1);

/// Sends a request and reads the answer.
pub(super) async fn exchange<S, R>(
    service: S,
    request: Request<Full<Bytes>>,
) -> Result<Granted, OAuthError>
where
    S: Service<Request<Full<Bytes>>, Response = Response<R>, Error: Into<BoxError>>,
    R: Body<Data = Bytes, Error: Into<BoxError>>,
{
    let asked = Moment::now();
    let response = service.oneshot(request).await.map_err(|error| {
        let what = "the token endpoint gave no answer";
        OAuthError::transport(what, error)
    })?;
    let (head, body) = response.into_parts();
    let body = match Reading::of(head.status) {
        Reading::Whole => whole(body).await.map_err(|error| error.at(head.status))?,
        Reading::Brief => match timeout(BRIEF, whole(body)).await {
            Ok(Ok(body)) => body,
            Ok(Err(_)) | Err(_) => Zeroizing::default(),
        },
        Reading::Not => Zeroizing::default(),
    };
    let waited = asked.elapsed_until(Moment::now());
    let wait = retry_after(&head.headers, SystemTime::now());
    read(head.status, &body, waited).map_err(|error| error.after(wait))
}

async fn whole<R>(body: R) -> Result<Zeroizing<Vec<u8>>, OAuthError>
where
    R: Body<Data = Bytes, Error: Into<BoxError>>,
{
    let mut body = pin!(body);
    // Room for all of it: a buffer that grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST_BODY));
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            let what = "the token endpoint's answer broke off";
            OAuthError::transport(what, error)
        })?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if data.len() > LONGEST_BODY - bytes.len() {
            let what = "the token endpoint's answer is longer than 64 KiB";
            return Err(OAuthError::protocol(what));
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}
