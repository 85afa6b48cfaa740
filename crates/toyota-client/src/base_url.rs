//! Base URLs: where credentials may go, and how a path becomes a whole URI.

use std::fmt;
use std::str::FromStr;

use http::Uri;
use http::uri::PathAndQuery;
use tower_client::auth::Origins;

/// The base URL of a host that is trusted with credentials: `https`, or `http` on loopback.
///
/// ```
/// use toyota_client::BaseUrl;
///
/// assert!("https://api.example".parse::<BaseUrl>().is_ok());
/// assert!("http://127.0.0.1:8080".parse::<BaseUrl>().is_ok());
/// assert!("http://api.example".parse::<BaseUrl>().is_err());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl {
    uri: Uri,
    prefix: String,
    origins: Origins,
}

/// Why a text is not a [`BaseUrl`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidBaseUrl {
    /// Not an absolute URL.
    #[error("not an absolute URL such as https://host[:port][/prefix]")]
    NotAbsolute,
    /// Another scheme than https, or http to another host than this machine.
    #[error("credentials travel only by https, or by http to a loopback address")]
    Insecure,
    /// Holds user information, which would be sent or logged by accident.
    #[error("a user name or password in a base URL is not supported")]
    UserInfo,
    /// Has a query, which a base cannot have.
    #[error("a base URL has no query")]
    Query,
}

impl BaseUrl {
    /// For the built-in hosts, which a test parses.
    pub(crate) fn from_static(text: &'static str) -> Self {
        Self {
            uri: Uri::from_static(text),
            prefix: String::new(),
            origins: Origins::new([text]).unwrap_or_default(),
        }
    }

    /// Returns the whole URI of a request: a path-only URI goes below this base, an absolute one
    /// stays as it is.
    ///
    /// Returns `None` for what is neither, such as `*` or `host:port`.
    #[must_use]
    pub fn resolve(&self, uri: &Uri) -> Option<Uri> {
        if uri.scheme().is_some() {
            return Some(uri.clone());
        }
        if uri.authority().is_some() || !uri.path().starts_with('/') {
            return None;
        }
        let path = match uri.path_and_query() {
            Some(path) if self.prefix.is_empty() => path.clone(),
            Some(path) => PathAndQuery::from_str(&format!("{}{path}", self.prefix)).ok()?,
            None => return None,
        };
        let mut parts = self.uri.clone().into_parts();
        parts.path_and_query = Some(path);
        Uri::from_parts(parts).ok()
    }

    /// Returns the text of a URL below this base.
    pub(crate) fn join(&self, path: &str) -> String {
        format!("{self}/{path}")
    }

    /// Tells whether a URI has this base's origin: the same scheme, host and port
    /// (RFC 9110 section 4.3.1), and no user information.
    #[must_use]
    pub fn same_origin(&self, uri: &Uri) -> bool {
        self.origins.contain(uri)
    }

    /// Returns its origin, as that to which credentials may go.
    #[must_use]
    pub fn origins(&self) -> &Origins {
        &self.origins
    }

    /// Returns the host, for messages.
    #[must_use]
    pub fn host(&self) -> &str {
        self.uri.host().unwrap_or_default()
    }
}

impl FromStr for BaseUrl {
    type Err = InvalidBaseUrl;

    fn from_str(text: &str) -> Result<Self, InvalidBaseUrl> {
        let uri: Uri = text
            .trim()
            .parse()
            .map_err(|_| InvalidBaseUrl::NotAbsolute)?;
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(InvalidBaseUrl::NotAbsolute);
        };
        if authority.as_str().contains('@') {
            return Err(InvalidBaseUrl::UserInfo);
        }
        if uri.query().is_some() {
            return Err(InvalidBaseUrl::Query);
        }
        let origins = Origins::new([format!("{scheme}://{authority}")]);
        let origins = origins.map_err(|_| InvalidBaseUrl::Insecure)?;
        let prefix = uri.path().trim_end_matches('/').to_owned();
        Ok(Self {
            uri,
            prefix,
            origins,
        })
    }
}

/// Without a slash at its end.
impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.uri.to_string().trim_end_matches('/'))
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BaseUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(text: &str) -> BaseUrl {
        text.parse().unwrap()
    }

    #[test]
    fn a_path_goes_below_the_base_with_its_query() {
        for (base_url, path, whole) in [
            (
                "https://api.example",
                "/v1/trips?limit=1",
                "https://api.example/v1/trips?limit=1",
            ),
            ("https://api.example/", "/v1", "https://api.example/v1"),
            (
                "https://api.example/eu/",
                "/v1?a=b",
                "https://api.example/eu/v1?a=b",
            ),
            ("http://127.0.0.1:80", "/", "http://127.0.0.1:80/"),
        ] {
            let resolved = base(base_url).resolve(&path.parse().unwrap()).unwrap();

            assert_eq!(resolved.to_string(), whole);
        }
    }

    #[test]
    fn an_absolute_uri_stays_and_a_bare_authority_is_refused() {
        let api = base("https://api.example");

        let elsewhere: Uri = "https://other.example/x".parse().unwrap();
        assert_eq!(api.resolve(&elsewhere), Some(elsewhere));
        assert_eq!(api.resolve(&"other.example:443".parse().unwrap()), None);
        assert_eq!(api.resolve(&"*".parse().unwrap()), None);
    }

    #[test]
    fn origin_is_scheme_host_in_any_case_and_effective_port() {
        let api = base("https://api.example");

        for same in ["https://API.example/x", "https://api.example:443/"] {
            assert!(api.same_origin(&same.parse().unwrap()), "{same}");
        }
        for other in [
            "http://api.example/",
            "https://api.example:8443/",
            "https://api.example.evil/",
            "https://api.example@evil.example/",
            "https://user@api.example/",
            "/v1",
        ] {
            assert!(!api.same_origin(&other.parse().unwrap()), "{other}");
        }
    }

    #[test]
    fn only_https_or_loopback_is_trusted() {
        for good in [
            "https://h",
            "http://localhost:1",
            "http://[::1]:8080",
            "http://127.8.8.8",
        ] {
            assert!(good.parse::<BaseUrl>().is_ok(), "{good}");
        }
        for (bad, why) in [
            ("http://h", InvalidBaseUrl::Insecure),
            ("http://localhost.evil.example", InvalidBaseUrl::Insecure),
            ("ftp://127.0.0.1", InvalidBaseUrl::Insecure),
            ("https://u:p@h", InvalidBaseUrl::UserInfo),
            ("https://h/?q", InvalidBaseUrl::Query),
            ("/v1", InvalidBaseUrl::NotAbsolute),
            ("h", InvalidBaseUrl::NotAbsolute),
            ("", InvalidBaseUrl::NotAbsolute),
        ] {
            assert_eq!(bad.parse::<BaseUrl>(), Err(why), "{bad}");
        }
    }
}
