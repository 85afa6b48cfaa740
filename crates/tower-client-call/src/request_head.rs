//! The head of a request, kept to be sent again.

mod facts;

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, Version};

use self::facts::Facts;

/// The head of a request, kept to be sent again with a body of which
/// [`RepeatBody`](crate::RepeatBody) tells.
///
/// Headers are a plain list: a copy of the header map, which nearly every call would make in vain,
/// costs twice as much and one allocation more. Of the extensions, those of this crate are kept by
/// themselves if there are no others, which costs no allocation.
///
/// ```
/// use http::Request;
/// use tower_client_call::RequestHead;
///
/// # fn main() -> Result<(), http::Error> {
/// let request = Request::put("https://api.example/v1").header("accept", "*/*").body("order")?;
/// let head = RequestHead::of(&request);
/// drop(request); // sent, in vain
///
/// let again = head.with("order");
/// assert_eq!((again.method().as_str(), again.uri().path()), ("PUT", "/v1"));
/// # Ok(())
/// # }
/// ```
pub struct RequestHead {
    method: Method,
    uri: Uri,
    version: Version,
    headers: Vec<(HeaderName, HeaderValue)>,
    facts: Facts,
}

impl RequestHead {
    /// Returns a copy of a request's head.
    #[must_use]
    pub fn of<B>(request: &Request<B>) -> Self {
        let mut headers = Vec::with_capacity(request.headers().len());
        for (name, value) in request.headers() {
            headers.push((name.clone(), value.clone()));
        }
        Self {
            method: request.method().clone(),
            uri: request.uri().clone(),
            version: request.version(),
            headers,
            facts: Facts::of(request.extensions()),
        }
    }

    /// Returns one of the request's extensions.
    #[must_use]
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.facts.get()
    }

    /// Returns the first value of a header.
    #[must_use]
    pub fn header(&self, name: &HeaderName) -> Option<&HeaderValue> {
        let mut named = self.headers.iter().filter(|(own, _)| own == name);
        named.next().map(|(_, value)| value)
    }

    /// Returns the URI.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Returns the request as it was, with this body.
    #[must_use]
    pub fn with<B>(&self, body: B) -> Request<B> {
        let mut request = Request::new(body);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.version_mut() = self.version;
        let mut headers = HeaderMap::with_capacity(self.headers.len());
        for (name, value) in &self.headers {
            headers.append(name, value.clone());
        }
        *request.headers_mut() = headers;
        *request.extensions_mut() = self.facts.to_extensions();
        request
    }
}

/// Shows neither headers nor the URI's path and query.
impl fmt::Debug for RequestHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestHead")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use http::header::{ACCEPT, COOKIE};

    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Fact(u32);

    #[test]
    fn the_same_request_comes_back_any_number_of_times() {
        let mut secret = HeaderValue::from_static("s3cret");
        secret.set_sensitive(true);
        let request = Request::post("https://api.example/v1?q")
            .version(Version::HTTP_2)
            .header(COOKIE, "a")
            .header(ACCEPT, "one")
            .header("x-own", secret)
            .header(ACCEPT, "two")
            .header("x-bytes", HeaderValue::from_bytes(b"\xff").unwrap())
            .extension(Fact(7))
            .body(())
            .unwrap();

        let head = RequestHead::of(&request);

        for _ in 0..2 {
            let again = head.with("body");

            assert_eq!(*again.body(), "body");
            assert_eq!(again.method(), request.method());
            assert_eq!(again.uri(), request.uri());
            assert_eq!(again.version(), request.version());
            assert_eq!(again.headers(), request.headers());
            let in_order = |headers: &HeaderMap| {
                let values = headers.get_all(ACCEPT).iter().cloned();
                values.collect::<Vec<_>>()
            };
            assert_eq!(in_order(again.headers()), in_order(request.headers()));
            assert!(again.headers()["x-own"].is_sensitive());
            assert_eq!(again.extensions().get(), Some(&Fact(7)));
        }
    }
}
