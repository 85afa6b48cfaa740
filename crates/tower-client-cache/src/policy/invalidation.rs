//! What a request that may have changed something makes invalid.

mod key;
mod reference;

use std::iter::once;

use http::header::{CONTENT_LOCATION, LOCATION};
use http::{HeaderMap, Method, StatusCode, Uri};

pub use self::key::cache_key_uri;

/// Whether a response makes invalid what is stored for its target (RFC 9111 section 4.4): to a
/// method that is not known to be safe, and no error.
#[must_use]
pub fn invalidates(method: &Method, status: StatusCode) -> bool {
    !method.is_safe() && (status.is_success() || status.is_redirection())
}

/// Returns what is to be invalidated, as [keys](cache_key_uri): the target, and where `Location`
/// and `Content-Location` point to if that is of the same origin (RFC 9111 section 4.4).
pub fn targets(target: &Uri, response: &HeaderMap) -> impl Iterator<Item = Uri> {
    let target = cache_key_uri(target);
    let base = target.clone();
    let named = response.get_all(LOCATION).iter();
    let named = named
        .chain(response.get_all(CONTENT_LOCATION))
        .filter_map(|value| str::from_utf8(value.as_bytes()).ok())
        .filter_map(move |reference| {
            let named = cache_key_uri(&reference::resolve(&base, reference.trim_ascii())?);
            is_same_origin(&base, &named).then_some(named)
        });
    once(target).chain(named)
}

/// Compares the origins of two keys (RFC 9110 section 4.3.1); user information is no part of them.
fn is_same_origin(one: &Uri, other: &Uri) -> bool {
    fn host_and_port(uri: &Uri) -> Option<&str> {
        uri.authority()?.as_str().rsplit('@').next()
    }
    one.scheme() == other.scheme() && host_and_port(one) == host_and_port(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::fields::{headers, random_headers};

    // RFC 9111 section 4.4, RFC 9110 section 9.2.1.
    #[test]
    fn what_is_not_safe_and_no_error_invalidates() {
        let unsafe_methods = ["POST", "PUT", "DELETE", "PATCH", "CONNECT", "PURGE", "get"];
        for method in unsafe_methods {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            for (status, expected) in [
                (100, false),
                (200, true),
                (204, true),
                (299, true),
                (303, true),
                (304, true),
                (400, false),
                (404, false),
                (500, false),
                (600, false),
            ] {
                let status = StatusCode::from_u16(status).unwrap();
                assert_eq!(invalidates(&method, status), expected, "{method} {status}");
            }
        }
        for method in ["GET", "HEAD", "OPTIONS", "TRACE", "QUERY"] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            assert!(!invalidates(&method, StatusCode::OK), "{method}");
        }
    }

    // RFC 9111 section 4.4, RFC 9110 section 4.3.1.
    #[test]
    fn what_the_response_names_is_invalid_too_if_it_is_of_the_same_origin() {
        let target: Uri = "https://example.com/a/b?c".parse().unwrap();
        let cases: &[(&str, Option<&str>)] = &[
            ("https://example.com/d", Some("https://example.com/d")),
            ("HTTPS://EXAMPLE.com:443/d", Some("https://example.com/d")),
            (
                "https://user@example.com/d",
                Some("https://user@example.com/d"),
            ),
            ("//example.com/d?e", Some("https://example.com/d?e")),
            ("/d#part", Some("https://example.com/d")),
            (" d ", Some("https://example.com/a/d")),
            ("../%7Ed", Some("https://example.com/~d")),
            ("%2E%2e/d", Some("https://example.com/d")),
            ("?e", Some("https://example.com/a/b?e")),
            ("", Some("https://example.com/a/b?c")),
            ("http://example.com/d", None),
            ("https://example.com:8443/d", None),
            ("https://example.com:99999/d", None),
            ("https://www.example.com/d", None),
            ("https://example.com@evil.example/d", None),
            ("https://example.com.evil.example/d", None),
            ("//evil.example/d", None),
            ("https:d", None),
            ("https:///d", None),
            ("mailto:a@example.com", None),
            ("/with space", None),
        ];
        for &(reference, expected) in cases {
            for field in ["location", "content-location"] {
                let response = headers(&[(field, reference)]);

                let named = targets(&target, &response).nth(1);

                let named = named.as_ref().map(Uri::to_string);
                assert_eq!(named.as_deref(), expected, "{field}: {reference}");
            }
        }
    }

    #[test]
    fn the_target_itself_comes_first_and_always() {
        let response = headers(&[("content-location", "/c"), ("location", "/l")]);
        let cases: &[(&str, &[&str])] = &[
            (
                "HTTP://Example.com:80/%7ea#b",
                &[
                    "http://example.com/~a",
                    "http://example.com/l",
                    "http://example.com/c",
                ],
            ),
            ("/a", &["/a"]),
            ("*", &["*"]),
            ("example.com:443", &["example.com:443"]),
        ];
        for (target, expected) in cases {
            let target = target.parse().unwrap();

            let invalid: Vec<_> = targets(&target, &response)
                .map(|uri| uri.to_string())
                .collect();

            assert_eq!(invalid, *expected);
        }
    }

    #[test]
    fn no_bytes_lead_to_another_origin() {
        let target: Uri = "https://example.com/a/b".parse().unwrap();
        for seed in 0..5_000 {
            let response = random_headers(&mut fastrand::Rng::with_seed(seed));

            for invalid in targets(&target, &response) {
                let invalid = invalid.to_string();
                assert!(invalid.starts_with("https://"), "seed {seed}: {invalid}");
                let authority = invalid.split('/').nth(2).unwrap();
                let host = authority.rsplit('@').next();
                assert_eq!(host, Some("example.com"), "seed {seed}: {invalid}");
            }
        }
    }
}
