//! One call of the API, as a request.

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, Uri};
use serde_json::Value;
use tower_client::call::Operation;

use super::MAX_ANSWER_BYTES;
use crate::service::correlate;
use crate::{Body, Error, Vin};

/// One call of the API.
pub(super) struct Call<'a> {
    pub(super) operation: Operation,
    pub(super) method: Method,
    pub(super) path: &'a str,
    pub(super) vin: Option<&'a Vin>,
    pub(super) body: Option<&'a Value>,
    pub(super) max_answer_bytes: usize,
}

impl<'a> Call<'a> {
    /// A read by a route that is its own template.
    pub(super) fn read(operation: Operation, vin: Option<&'a Vin>) -> Self {
        Self {
            operation,
            method: Method::GET,
            path: operation.template(),
            vin,
            body: None,
            max_answer_bytes: MAX_ANSWER_BYTES,
        }
    }

    pub(super) fn request(&self) -> Result<Request<Body>, Error> {
        let uri = self
            .path
            .parse()
            .ok()
            .filter(|uri: &Uri| uri.scheme().is_none());
        let uri = uri.ok_or_else(Error::invalid_target)?;
        let mut request = Request::new(Body::empty());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = uri;
        correlate(request.headers_mut());
        request.extensions_mut().insert(self.operation);
        if let Some(vin) = self.vin.and_then(Vin::to_header) {
            request.headers_mut().insert("vin", vin);
        }
        if let Some(body) = self.body {
            *request.body_mut() = Body::from(body.to_string());
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(CONTENT_TYPE, json);
        }
        Ok(request)
    }
}
