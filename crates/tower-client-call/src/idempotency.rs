//! Whether a call may be sent twice.

use http::request::Parts;
use http::{Extensions, HeaderMap, Method, Request};

/// Whether sending a call twice does more than sending it once.
///
/// As an extension it overrides what the method says. Absent, a request with an `Idempotency-Key`
/// header is [`Keyed`](Self::Keyed), one with an idempotent method (RFC 9110 section 9.2.2) is
/// [`Repeatable`](Self::Repeatable), and any other is to be sent [`Once`](Self::Once).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Idempotency {
    /// Twice does what once does.
    Repeatable,
    /// The server tells a repeat by a key that stays the same.
    Keyed,
    /// Twice does it twice.
    Once,
}

impl Idempotency {
    /// Returns what holds for a request.
    #[must_use]
    pub fn of<B>(request: &Request<B>) -> Self {
        let (method, headers) = (request.method(), request.headers());
        Self::said(request.extensions()).unwrap_or_else(|| Self::by_default(method, headers))
    }

    /// Returns what holds for a request whose body is elsewhere.
    #[must_use]
    pub fn of_head(head: &Parts) -> Self {
        let said = Self::said(&head.extensions);
        said.unwrap_or_else(|| Self::by_default(&head.method, &head.headers))
    }

    fn said(extensions: &Extensions) -> Option<Self> {
        extensions.get().copied()
    }

    /// Returns what holds for a request that says nothing of itself.
    #[must_use]
    pub fn by_default(method: &Method, headers: &HeaderMap) -> Self {
        if headers.contains_key("idempotency-key") {
            Self::Keyed
        } else if method.is_idempotent() {
            Self::Repeatable
        } else {
            Self::Once
        }
    }

    /// Tells whether a request that may have been received can be sent again.
    #[must_use]
    pub const fn allows_repeat(self) -> bool {
        matches!(self, Self::Repeatable | Self::Keyed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_method_decides_and_the_caller_overrides() {
        use Idempotency::{Keyed, Once, Repeatable};
        for (method, key, said, holds) in [
            ("GET", false, None, Repeatable),
            ("HEAD", false, None, Repeatable),
            ("OPTIONS", false, None, Repeatable),
            ("TRACE", false, None, Repeatable),
            ("PUT", false, None, Repeatable),
            ("DELETE", false, None, Repeatable),
            ("POST", false, None, Once),
            ("PATCH", false, None, Once),
            ("BREW", false, None, Once),
            ("POST", true, None, Keyed),
            ("POST", false, Some(Repeatable), Repeatable),
            ("PUT", false, Some(Once), Once),
            ("POST", true, Some(Once), Once),
        ] {
            let mut request = Request::builder().method(method).body(()).unwrap();
            if key {
                let value = http::HeaderValue::from_static("7");
                request.headers_mut().insert("idempotency-key", value);
            }
            if let Some(said) = said {
                request.extensions_mut().insert(said);
            }

            let shown = format!("{method} {key} {said:?}");
            assert_eq!(Idempotency::of(&request), holds, "{shown}");
            let (head, ()) = request.into_parts();
            assert_eq!(Idempotency::of_head(&head), holds, "{shown}");
        }
    }
}
