//! One call of the API, as a request.

use std::borrow::Cow;

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, Uri};
use jiff::Timestamp;
use serde_json::Value;
use tower_client::call::Operation;

use crate::service::correlate;
use crate::stack::Fresh;
use crate::{Body, Error, Vin};

/// One call of the API.
pub(crate) struct Call<'a> {
    pub(crate) operation: Operation,
    pub(crate) method: Method,
    pub(crate) path: Cow<'a, str>,
    pub(crate) vin: Option<&'a Vin>,
    pub(crate) body: Option<Cow<'a, Value>>,
    /// When it is sent, where the service wants to be told.
    pub(crate) at: Option<Timestamp>,
    /// Whether it is to be asked of the service, whatever was answered before.
    pub(crate) fresh: bool,
    pub(crate) max_answer_bytes: usize,
}

impl Call<'_> {
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
        if self.fresh {
            request.extensions_mut().insert(Fresh);
        }
        if let Some(vin) = self.vin.and_then(Vin::to_header) {
            request.headers_mut().insert("vin", vin);
        }
        if let Some(at) = self.at {
            let millis = HeaderValue::from(at.as_millisecond());
            request.headers_mut().insert("datetime", millis);
        }
        if let Some(body) = &self.body {
            *request.body_mut() = Body::from(body.to_string());
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(CONTENT_TYPE, json);
        }
        Ok(request)
    }
}
