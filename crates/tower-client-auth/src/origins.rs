//! Where credentials may go.

use std::fmt;
use std::net::IpAddr;

use http::Uri;
use http::uri::{Authority, Scheme};

/// The origins to which credentials may go: exact scheme, host and port (RFC 9110 section 4.3.1).
///
/// Only `https`, or `http` to this machine. A request whose URI has user information, no origin,
/// or an origin that is written in any other way than letters in another case and the default
/// port, goes without.
///
/// ```
/// use tower_client_auth::Origins;
///
/// let origins = Origins::new(["https://api.example", "http://[::1]:8080"])?;
///
/// assert!(origins.contain(&"https://API.example:443/v1".parse()?));
/// assert!(!origins.contain(&"http://api.example/v1".parse()?));
/// assert!(!origins.contain(&"https://api.example.evil/v1".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Origins(Box<[Origin]>);

#[derive(Clone, PartialEq, Eq)]
struct Origin {
    scheme: Scheme,
    /// In lower case; without the port where that is the scheme's own, and then also with it.
    authority: String,
    with_port: Option<String>,
}

/// Why a text is not an origin that credentials may go to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{origin:?} is no origin for credentials: {why}")]
pub struct InvalidOrigin {
    origin: String,
    why: &'static str,
}

impl Origins {
    /// Creates the list.
    ///
    /// # Errors
    ///
    /// [`InvalidOrigin`] names the first that is not `https://host[:port]`, or
    /// `http://host[:port]` on loopback. Without any there is no error, and no credential ever
    /// leaves.
    pub fn new<T: AsRef<str>>(origins: impl IntoIterator<Item = T>) -> Result<Self, InvalidOrigin> {
        let origins = origins.into_iter().map(|text| Origin::parse(text.as_ref()));
        Ok(Self(origins.collect::<Result<_, _>>()?))
    }

    /// Tells whether a credential may go to this URI.
    #[must_use]
    #[inline]
    pub fn contain(&self, uri: &Uri) -> bool {
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return false;
        };
        let mut origins = self.0.iter();
        origins.any(|origin| origin.scheme == *scheme && origin.is_at(authority.as_str()))
    }
}

impl Origin {
    fn parse(text: &str) -> Result<Self, InvalidOrigin> {
        let refused = |why| {
            // What stands before an @ may be a password.
            let shown = text.rsplit('@').next().unwrap_or_default();
            let origin = shown.chars().take(100).collect();
            Err(InvalidOrigin { origin, why })
        };
        let Ok(uri) = text.trim().parse::<Uri>() else {
            return refused("it is not a URL");
        };
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return refused("it is not of the form https://host[:port]");
        };
        if authority.as_str().contains('@') {
            return refused("it has a user name or password");
        }
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return refused("it has a path or a query, which no origin has");
        }
        let default_port = match scheme.as_str() {
            "https" => 443,
            "http" if is_loopback(authority) => 80,
            _ => return refused("it is neither https nor on this machine"),
        };
        let host = authority.host().to_ascii_lowercase();
        if host.is_empty() {
            return refused("it has no host");
        }
        let port = match (authority.port_u16(), authority.port().is_some()) {
            (Some(port), _) => port,
            (None, false) if !authority.as_str().ends_with(':') => default_port,
            (None, _) => return refused("its port is not a number up to 65535"),
        };
        let whole = format!("{host}:{port}");
        let (authority, with_port) = if port == default_port {
            (host, Some(whole))
        } else {
            (whole, None)
        };
        Ok(Self {
            scheme: scheme.clone(),
            authority,
            with_port,
        })
    }

    #[inline]
    fn is_at(&self, authority: &str) -> bool {
        // As it is nearly always written; letter by letter it costs 200 instructions.
        self.authority == authority || self.is_spelt(authority)
    }

    #[cold]
    fn is_spelt(&self, authority: &str) -> bool {
        let mut spellings = [Some(&self.authority), self.with_port.as_ref()]
            .into_iter()
            .flatten();
        spellings.any(|own| own.eq_ignore_ascii_case(authority))
    }
}

/// `localhost` and its subdomains are this machine's (RFC 6761 section 6.3), but resolvers differ:
/// only the name itself is taken.
fn is_loopback(authority: &Authority) -> bool {
    let host = authority.host();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}

impl fmt::Debug for Origins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.iter().map(ToString::to_string);
        f.debug_list().entries(shown).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins(texts: &[&str]) -> Origins {
        Origins::new(texts).unwrap()
    }

    #[test]
    fn scheme_host_and_port_have_to_be_the_same() {
        let origins = origins(&["https://api.example", "https://Login.example:8443/"]);

        for same in [
            "https://api.example",
            "https://API.Example/x?q",
            "HTTPS://api.example:443/",
            "https://login.EXAMPLE:8443/",
        ] {
            assert!(origins.contain(&same.parse().unwrap()), "{same}");
        }
        for other in [
            "http://api.example/",
            "http://api.example:443/",
            "https://api.example:8443/",
            "https://api.example:/",
            "https://api.example./",
            "https://login.example/",
            "https://api.example.evil/",
            "https://evil.api.example/",
            "https://api.example@evil.example/",
            "https://api.example:443@evil.example/",
            "https://user@api.example/",
            "https://user:word@api.example:443/",
            "ftp://api.example/",
            "/v1",
            "api.example:443",
            "*",
        ] {
            assert!(!origins.contain(&other.parse().unwrap()), "{other}");
        }
    }

    #[test]
    fn this_machine_needs_no_tls() {
        for (origin, uri) in [
            ("http://localhost:1", "http://LOCALHOST:1/"),
            ("http://127.0.0.1", "http://127.0.0.1:80/"),
            ("http://127.8.8.8:9", "http://127.8.8.8:9/"),
            ("http://[::1]:8080", "http://[::1]:8080/"),
        ] {
            assert!(
                origins(&[origin]).contain(&uri.parse().unwrap()),
                "{origin}"
            );
        }
        let other = "http://[::1]:8081/".parse().unwrap();
        assert!(!origins(&["http://[::1]:8080"]).contain(&other));
    }

    #[test]
    fn what_is_not_an_origin_is_named_with_the_reason() {
        for (text, why) in [
            ("http://api.example", "neither https nor"),
            ("http://localhost.evil.example", "neither https nor"),
            ("http://[::2]", "neither https nor"),
            ("http://0.0.0.0", "neither https nor"),
            ("ftp://127.0.0.1", "neither https nor"),
            ("https://api.example/v1", "path or a query"),
            ("https://api.example?q", "path or a query"),
            ("https://api.example:", "port"),
            ("https://:443", "no host"),
            ("api.example", "of the form"),
            ("/v1", "of the form"),
            ("", "not a URL"),
            ("https://", "not a URL"),
            ("https://*.example/ x", "not a URL"),
        ] {
            let error = Origins::new([text]).unwrap_err().to_string();

            assert!(error.contains(why), "{text}: {error}");
            assert!(error.contains(&format!("{text:?}")), "{error}");
        }
        let error = Origins::new(["https://u:s3cret@h"]).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("s3cret"));
    }

    #[test]
    fn no_origins_are_nowhere() {
        let nowhere = origins(&[]);

        assert!(!nowhere.contain(&"https://api.example/".parse().unwrap()));
        assert_eq!(format!("{nowhere:?}"), "[]");
        let shown = format!("{:?}", origins(&["https://A.example", "http://[::1]:1"]));
        assert_eq!(shown, r#"["https://a.example", "http://[::1]:1"]"#);
    }
}
