//! One way to write each URI.

use std::borrow::Cow;

use http::Uri;
use http::uri::{Authority, PathAndQuery, Scheme};

/// Returns a URI as keys of a cache have it: what RFC 9110 section 4.2.3 calls equal is equal.
///
/// Scheme and host are in lower case, the default port is left out, an empty path is `/`, and in
/// paths nothing is escaped that need not be (RFC 3986 section 6.2.2). The query stays as it is,
/// and so do dots in paths, which clients send and servers read each in their own way, and user
/// information, which may tell users apart.
#[must_use]
pub fn cache_key_uri(uri: &Uri) -> Uri {
    if is_normal(uri) {
        return uri.clone();
    }
    let mut parts = uri.clone().into_parts();
    if let Some(authority) = &parts.authority
        && let Some(normal) = normal_authority(authority, parts.scheme.as_ref())
    {
        parts.authority = Some(normal);
    }
    if let Some(scheme) = &parts.scheme
        && scheme
            .as_str()
            .bytes()
            .any(|byte| byte.is_ascii_uppercase())
        && let Ok(normal) = Scheme::try_from(scheme.as_str().to_ascii_lowercase().as_str())
    {
        parts.scheme = Some(normal);
    }
    if let Some(path_and_query) = &parts.path_and_query
        && let Some(normal) = normal_path(path_and_query)
    {
        parts.path_and_query = Some(normal);
    }
    Uri::from_parts(parts).unwrap_or_else(|_| uri.clone())
}

/// Whether a URI is written in the normal way for sure, as nearly all are.
fn is_normal(uri: &Uri) -> bool {
    let is_known = |scheme: &Scheme| *scheme == Scheme::HTTPS || *scheme == Scheme::HTTP;
    uri.scheme().is_none_or(is_known)
        && uri.authority().is_none_or(is_lower_case_host)
        && uri.path_and_query().is_some_and(is_normal_path)
}

/// Whether a path is written out, without any escape.
fn is_normal_path(path_and_query: &PathAndQuery) -> bool {
    !path_and_query.path().as_bytes().contains(&b'%') && !is_left_out(path_and_query)
}

/// Whether there is a query alone: `http` says that the path is `/` then, and does not write it.
fn is_left_out(path_and_query: &PathAndQuery) -> bool {
    path_and_query.as_str().starts_with('?')
}

/// Whether an authority is a name or an address, of letters and digits, and no more.
fn is_lower_case_host(authority: &Authority) -> bool {
    for byte in authority.as_str().bytes() {
        if !matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.') {
            return false;
        }
    }
    true
}

/// Writes escapes in upper case, and leaves out those of unreserved characters. What has a `%`
/// that escapes nothing is no path, and stays.
pub(super) fn normal_escapes(path: &str) -> Cow<'_, str> {
    if path.contains('%') {
        unescaped(path).map_or(Cow::Borrowed(path), Cow::Owned)
    } else {
        Cow::Borrowed(path)
    }
}

fn unescaped(path: &str) -> Option<String> {
    let mut normal = String::with_capacity(path.len());
    let mut parts = path.split('%');
    normal.push_str(parts.next()?);
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        let is_escape = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let byte = is_escape.then(|| u8::from_str_radix(digits, 16).ok())??;
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            normal.push(byte.into());
        } else {
            normal.push('%');
            normal.push_str(&digits.to_ascii_uppercase());
        }
        normal.push_str(rest);
    }
    Some(normal)
}

/// Returns another way to write a path, if it is the normal one.
fn normal_path(path_and_query: &PathAndQuery) -> Option<PathAndQuery> {
    let path = normal_escapes(path_and_query.path());
    if path == path_and_query.path() && !is_left_out(path_and_query) {
        return None;
    }
    let text = match path_and_query.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.into_owned(),
    };
    PathAndQuery::try_from(text).ok()
}

/// Returns another way to write an authority, if it is the normal one. It is the scheme that lets
/// a port be left out (RFC 3986 section 6.2.3).
fn normal_authority(authority: &Authority, scheme: Option<&Scheme>) -> Option<Authority> {
    let text = authority.as_str();
    let (user, host_and_port) = match text.rsplit_once('@') {
        Some((user, host_and_port)) => (Some(user), host_and_port),
        None => (None, text),
    };
    let (host, port) = match host_and_port.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, Some(port)),
        _ => (host_and_port, None),
    };
    let is_default = |port: &str| {
        let default = scheme.and_then(default_port);
        default.is_some_and(|default| port.parse() == Ok(default))
    };
    let is_implied = |port: &str| scheme.is_some() && port.is_empty() || is_default(port);
    let needed = port.filter(|port| !is_implied(port));
    if needed == port && !host.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let mut normal = String::with_capacity(text.len());
    if let Some(user) = user {
        normal.extend([user, "@"]);
    }
    normal.push_str(&host.to_ascii_lowercase());
    if let Some(port) = needed {
        normal.extend([":", port]);
    }
    Authority::try_from(normal).ok()
}

fn default_port(scheme: &Scheme) -> Option<u16> {
    if *scheme == Scheme::HTTP {
        Some(80)
    } else if *scheme == Scheme::HTTPS {
        Some(443)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 9110 section 4.2.3, RFC 3986 section 6.2.2.
    #[test]
    fn what_is_equal_is_written_alike() {
        let cases = [
            (
                "http://example.com:80/~smith/home.html",
                "http://example.com/~smith/home.html",
            ),
            (
                "http://EXAMPLE.com/%7Esmith/home.html",
                "http://example.com/~smith/home.html",
            ),
            (
                "http://EXAMPLE.com:/%7esmith/home.html",
                "http://example.com/~smith/home.html",
            ),
            ("HTTPS://Example.COM:443", "https://example.com/"),
            ("https://example.com:0443/", "https://example.com/"),
            ("https://example.com:80/", "https://example.com:80/"),
            ("http://example.com:443/", "http://example.com:443/"),
            ("http://example.com?Q=%7e", "http://example.com/?Q=%7e"),
            ("http://example.com/?", "http://example.com/?"),
            (
                "http://example.com/A%2fb%c3%A4",
                "http://example.com/A%2Fb%C3%A4",
            ),
            (
                "http://example.com/%41%2E%2d%5F%30",
                "http://example.com/A.-_0",
            ),
            (
                "http://example.com/a/./b/../c",
                "http://example.com/a/./b/../c",
            ),
            ("http://example.com//a", "http://example.com//a"),
            ("http://example.com/%", "http://example.com/%"),
            (
                "http://example.com/%7e%zz%+1",
                "http://example.com/%7e%zz%+1",
            ),
            ("http://example.com/%%341", "http://example.com/%%341"),
            (
                "http://example.com/\u{e4}%7e\u{e4}",
                "http://example.com/\u{e4}~\u{e4}",
            ),
            (
                "http://User:Pass@Example.com:80/",
                "http://User:Pass@example.com/",
            ),
            ("http://[2001:DB8::80]:80/", "http://[2001:db8::80]/"),
            ("http://[::80]/", "http://[::80]/"),
            ("http://example.com:99999/", "http://example.com:99999/"),
            ("FTP://Example.com:21/", "ftp://example.com:21/"),
            ("/%7e?%7e", "/~?%7e"),
            ("ftp://example.com:99999/", "ftp://example.com:99999/"),
            ("http://example.com/%7e%+a", "http://example.com/%7e%+a"),
            ("*", "*"),
            ("Example.com:443", "example.com:443"),
            // Without a scheme no port may be left out: this would be the other `*`.
            ("*:", "*:"),
        ];
        for (uri, expected) in cases {
            let uri: Uri = uri.parse().unwrap();

            let key = cache_key_uri(&uri);

            assert_eq!(key.to_string(), expected, "{uri}");
            // What is displayed has a path also where there is none.
            let written = key.path_and_query().map_or("", |path| path.as_str());
            assert!(expected.ends_with(written), "{uri}: {written}");
            assert!(!written.starts_with('?'), "{uri}");
            assert_eq!(
                key.path_and_query().is_some(),
                expected.contains('/') || expected == "*"
            );
        }
    }

    #[test]
    fn a_key_is_its_own_key_and_never_a_panic() {
        const PIECES: [&str; 20] = [
            "http", "HTTPS", "ws", "://", "@", ":", "80", "443", "0", "/", "?", "%", "7e", "2F",
            "A", "b", ".", "[::1]", "\u{e4}", "*",
        ];
        let mut parsed = 0;
        for seed in 0..20_000 {
            let mut random = fastrand::Rng::with_seed(seed);
            let mut text = String::from(["", "http://a", "https://B:"][random.usize(0..3)]);
            for _ in 0..random.usize(0..12) {
                text.push_str(PIECES[random.usize(0..PIECES.len())]);
            }
            let Ok(uri) = text.parse::<Uri>() else {
                continue;
            };
            parsed += 1;

            let key = cache_key_uri(&uri);

            assert_eq!(cache_key_uri(&key).to_string(), key.to_string(), "{text}");
            assert_eq!(key.query(), uri.query(), "{text}");
        }
        assert!(parsed > 2_000, "{parsed}");
    }
}
