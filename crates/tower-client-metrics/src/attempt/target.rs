//! Where a request goes, as far as series tell it apart.

use std::hash::{Hash, Hasher};

use hashbrown::Equivalent;
use http::header::HOST;
use http::uri::Authority;
use http::{Method, Request};
use tower_client_call::Operation;

use super::place::Server;
use crate::bounded::OTHER;

/// The longest name that a host can have.
const LONGEST_HOST: usize = 253;

/// Where a request goes; `H` is the host, borrowed or kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target<H> {
    pub(super) method: MethodName,
    pub(super) origin: Origin<H>,
    pub(super) template: Option<&'static str>,
}

/// Whom a request is sent to, as its URI or its `Host` header says it: taken apart for labels, and
/// not for each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Origin<H> {
    authority: H,
    default_port: Option<u16>,
}

/// The place of a known method in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MethodName(usize);

impl MethodName {
    const OTHER: Self = Self(usize::MAX);
}

/// What has no origin to be seen, and what is beyond the bounds.
pub(super) const ELSEWHERE: Origin<&str> = Origin {
    authority: "",
    default_port: None,
};

/// Everything beyond the bounds.
pub(super) const ANY: Target<&str> = Target {
    method: MethodName::OTHER,
    origin: ELSEWHERE,
    template: Some(OTHER),
};

/// By what differs most: there are few methods and ports.
impl<H: AsRef<str>> Hash for Target<H> {
    fn hash<S: Hasher>(&self, state: &mut S) {
        state.write(self.origin.authority.as_ref().as_bytes());
        state.write(self.template.unwrap_or_default().as_bytes());
    }
}

impl<'a> Target<&'a str> {
    pub(super) fn of<B>(request: &'a Request<B>, known: &[Method]) -> Self {
        let method = known.iter().position(|method| method == request.method());
        Self {
            method: method.map_or(MethodName::OTHER, MethodName),
            origin: Origin::of(request),
            template: Operation::of(request).map(Operation::template),
        }
    }
}

impl<'a> Origin<&'a str> {
    fn of<B>(request: &'a Request<B>) -> Self {
        let uri = request.uri();
        if let Some(authority) = uri.authority() {
            return Self {
                authority: authority.as_str(),
                default_port: uri.scheme_str().and_then(default_port),
            };
        }
        let named = request.headers().get(HOST);
        let authority = named.and_then(|host| host.to_str().ok());
        authority.map_or(ELSEWHERE, |authority| Self {
            authority,
            default_port: None,
        })
    }

    /// Returns it without a user's name and password, which are not for keeping.
    pub(super) fn without_user(self) -> Self {
        let authority = self.authority.rsplit('@').next().unwrap_or_default();
        Self { authority, ..self }
    }
}

impl Origin<&str> {
    /// Returns the server, if this names one: a `Host` header can hold anything, and a URI a host
    /// longer than the 253 bytes of a name (RFC 1035 section 2.3.4, without length bytes).
    pub(super) fn server(&self) -> Option<Server> {
        let authority = Authority::try_from(self.authority).ok()?;
        let host = authority.host();
        let inside = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'));
        let address = inside.unwrap_or(host);
        (address.len() <= LONGEST_HOST).then(|| Server {
            address: address.to_ascii_lowercase().into(),
            port: authority.port_u16().or(self.default_port),
        })
    }
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "https" => Some(443),
        "http" => Some(80),
        _ => None,
    }
}

impl MethodName {
    pub(super) fn name(self, known: &[Method]) -> &str {
        known.get(self.0).map_or(OTHER, Method::as_str)
    }
}

impl From<Origin<&str>> for Origin<Box<str>> {
    fn from(origin: Origin<&str>) -> Self {
        Self {
            authority: origin.authority.into(),
            default_port: origin.default_port,
        }
    }
}

impl From<Target<&str>> for Target<Box<str>> {
    fn from(target: Target<&str>) -> Self {
        Self {
            method: target.method,
            origin: target.origin.into(),
            template: target.template,
        }
    }
}

impl Equivalent<Target<Box<str>>> for Target<&str> {
    fn equivalent(&self, kept: &Target<Box<str>>) -> bool {
        self.method == kept.method
            && self.template == kept.template
            && self.origin.default_port == kept.origin.default_port
            && *self.origin.authority == *kept.origin.authority
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(uri: &str, host: Option<&str>) -> Option<(String, Option<u16>)> {
        let mut request = Request::get(uri);
        if let Some(host) = host {
            request = request.header(HOST, host);
        }
        let request = request.body(()).unwrap();
        let server = Origin::of(&request).without_user().server()?;
        Some((server.address.into(), server.port))
    }

    #[test]
    fn the_server_is_the_targets_or_the_host_headers() {
        for (uri, host, address, port) in [
            ("https://api.example/v1", None, "api.example", Some(443)),
            ("http://api.example/v1", None, "api.example", Some(80)),
            ("http://api.example:8080/", None, "api.example", Some(8080)),
            ("https://API.Example/", None, "api.example", Some(443)),
            (
                "https://user:pw@api.example/",
                None,
                "api.example",
                Some(443),
            ),
            ("https://[::1]:8443/", None, "::1", Some(8443)),
            ("ftp://api.example/", None, "api.example", None),
            (
                "https://one.example/",
                Some("two.example"),
                "one.example",
                Some(443),
            ),
            ("/v1", Some("api.example"), "api.example", None),
            ("/v1", Some("api.example:81"), "api.example", Some(81)),
            (
                "/v1",
                Some("user:pw@api.example:81"),
                "api.example",
                Some(81),
            ),
            ("/v1", Some("[::1]:81"), "::1", Some(81)),
            ("/v1", Some("[::1]"), "::1", None),
        ] {
            let expected = Some((address.to_owned(), port));
            assert_eq!(server(uri, host), expected, "{uri} {host:?}");
        }
    }

    #[test]
    fn what_names_no_server_shows_nothing_of_itself() {
        let long = "x".repeat(LONGEST_HOST + 1);
        for host in ["api.example/s3cret", "a b", "@:]:[", &long] {
            assert_eq!(server("/v1", Some(host)), None, "{host}");
        }
    }
}
