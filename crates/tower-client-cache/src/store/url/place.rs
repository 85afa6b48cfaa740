//! What the URL of a store says, and what of it may be shown.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::InvalidStoreUrl;

/// Where a store is.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Place {
    Memory,
    Disk(PathBuf),
    Redis(Server),
}

/// The URL of a server, which may have a password.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Server(String);

/// What is longer is no URL of a server.
const LONGEST: usize = 4096;

impl Place {
    /// Tells whether there is a user or a password.
    pub(super) fn has_credentials(&self) -> bool {
        match self {
            Self::Memory | Self::Disk(_) => false,
            Self::Redis(server) => server.has_credentials(),
        }
    }

    /// Returns the feature that the store belongs to, if it is off.
    pub(super) fn feature_off(&self) -> Option<&'static str> {
        let (feature, is_on) = match self {
            Self::Memory => ("memory", cfg!(feature = "memory")),
            Self::Disk(_) => ("disk", cfg!(feature = "disk")),
            Self::Redis(_) => ("redis", cfg!(feature = "redis")),
        };
        (!is_on).then_some(feature)
    }
}

impl FromStr for Place {
    type Err = InvalidStoreUrl;

    fn from_str(text: &str) -> Result<Self, InvalidStoreUrl> {
        if text == "memory" {
            return Ok(Self::Memory);
        }
        let (kind, rest) = text.split_once(':').ok_or(InvalidStoreUrl::Unknown)?;
        match kind {
            "disk" if rest.is_empty() => Err(InvalidStoreUrl::NoFolder),
            "disk" => Ok(Self::Disk(rest.into())),
            "redis" | "rediss" | "redis+unix" => {
                let server = Server(text.to_owned());
                let is_good = text.len() <= LONGEST && server.is_good();
                is_good
                    .then_some(Self::Redis(server))
                    .ok_or(InvalidStoreUrl::Server)
            }
            _ => Err(InvalidStoreUrl::Unknown),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("memory"),
            Self::Disk(dir) => write!(f, "disk:{}", dir.display()),
            Self::Redis(server) => server.fmt(f),
        }
    }
}

/// The parts of a server's URL.
struct Parts<'a> {
    scheme: &'a str,
    /// User and password.
    user: Option<&'a str>,
    host: &'a str,
    path: &'a str,
    query: Option<&'a str>,
}

impl Server {
    /// Returns the URL with user and password.
    #[cfg(feature = "redis")]
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Tells whether each part is what it may be. A password that has a `/` as it is, and other
    /// mistakes, would make something else of the parts that are shown.
    fn is_good(&self) -> bool {
        let visible = self.0.bytes().all(|byte| byte.is_ascii_graphic());
        let Some(parts) = self.parts().filter(|_| visible) else {
            return false;
        };
        if parts.scheme == "redis+unix" {
            let no_host = parts.host.is_empty() && parts.user.is_none();
            return no_host && parts.path.len() > 1 && !parts.path.contains('@');
        }
        let database = parts.path.strip_prefix('/').unwrap_or_default();
        is_host_and_port(parts.host)
            && database.bytes().all(|byte| byte.is_ascii_digit())
            && parts.query.is_none()
    }

    /// Tells whether there is a user or a password, or a query that may have one.
    fn has_credentials(&self) -> bool {
        self.parts()
            .is_none_or(|parts| parts.user.is_some() || parts.query.is_some())
    }

    fn parts(&self) -> Option<Parts<'_>> {
        if self.0.contains('#') {
            return None;
        }
        let (scheme, rest) = self.0.split_once("://")?;
        let (rest, query) = match rest.split_once('?') {
            Some((rest, query)) => (rest, Some(query)),
            None => (rest, None),
        };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, authority),
        };
        Some(Parts {
            scheme,
            user,
            host,
            path,
            query,
        })
    }
}

fn is_host_and_port(text: &str) -> bool {
    let end_of_host = text.rfind(']').map_or(0, |at| at + 1);
    let (host, port) = match text.get(end_of_host..).and_then(|rest| rest.find(':')) {
        Some(at) => text.split_at(end_of_host + at),
        None => (text, ""),
    };
    let is_port_good = port.is_empty()
        || port
            .strip_prefix(':')
            .filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
            .is_some_and(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    let address = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let is_host_good = match address {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.bytes().all(is_name),
    };
    is_host_good && is_port_good
}

/// Shows neither user nor password.
impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(parts) = self.parts() else {
            return f.write_str("***");
        };
        let user = parts.user.map_or("", |_| "***@");
        let query = parts.query.map_or("", |_| "?***");
        write!(
            f,
            "{}://{user}{}{}{query}",
            parts.scheme, parts.host, parts.path
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_shown_without_user_and_password() {
        for (text, expected) in [
            ("memory", "memory"),
            ("disk:/var/cache/app", "disk:/var/cache/app"),
            ("disk:relative folder", "disk:relative folder"),
            ("disk:C:\\cache", "disk:C:\\cache"),
            ("redis://localhost", "redis://localhost"),
            ("redis://localhost/", "redis://localhost/"),
            ("rediss://db.example:6380/3", "rediss://db.example:6380/3"),
            ("redis://[::1]:6379/0", "redis://[::1]:6379/0"),
            ("redis://[::1]", "redis://[::1]"),
            ("redis://anna:s3cret@h", "redis://***@h"),
            ("redis://:s3cret@h:1/2", "redis://***@h:1/2"),
            ("redis://anna:s3%2Fcret@h", "redis://***@h"),
            ("redis://anna:s3@cret@h", "redis://***@h"),
            (
                "redis+unix:///run/redis.sock",
                "redis+unix:///run/redis.sock",
            ),
            (
                "redis+unix:///run/r.sock?user=anna&pass=s3cret",
                "redis+unix:///run/r.sock?***",
            ),
        ] {
            let place: Place = text
                .parse()
                .unwrap_or_else(|error| panic!("{text}: {error}"));

            assert_eq!(place.to_string(), expected);
            assert_eq!(place.has_credentials(), expected.contains("***"), "{text}");
        }
    }

    #[test]
    fn what_is_no_place_is_refused_without_showing_it() {
        use InvalidStoreUrl::{NoFolder, Server, Unknown};

        for (text, expected) in [
            ("", Unknown),
            ("Memory", Unknown),
            ("memory:1", Unknown),
            ("s3cret", Unknown),
            ("http://anna:s3cret@h", Unknown),
            ("REDIS://anna:s3cret@h", Unknown),
            ("disk:", NoFolder),
            ("redis:h", Server),
            ("redis://", Server),
            ("redis://anna:s3cret@", Server),
            ("redis://anna:s3/cret@h", Server),
            ("redis://anna:s3?cret@h", Server),
            ("redis://anna:s3#cret@h", Server),
            ("redis://anna:s3 cret@h", Server),
            ("redis://anna:s3\tcret@h", Server),
            ("redis://h:s3cret", Server),
            ("redis://h:0", Server),
            ("redis://h:65536", Server),
            ("redis://h:+80", Server),
            ("redis://[s3cret]", Server),
            ("redis://[::1]s3cret", Server),
            ("redis://h/s3cret", Server),
            ("redis://h/0?pass=s3cret", Server),
            ("rediss://h/#insecure", Server),
            ("redis+unix://anna:s3cret@h/run", Server),
            ("redis+unix:///", Server),
            ("redis+unix:run", Server),
        ] {
            let refused = text.parse::<Place>().err();

            assert_eq!(refused, Some(expected), "{text}");
            let shown = format!("{expected} {expected:?}");
            assert!(!shown.contains("s3cret"), "{shown}");
        }
        let long = format!("redis://{}", "h".repeat(LONGEST));
        assert_eq!(long.parse::<Place>().err(), Some(Server));
    }
}
