//! The cookies of one sign-in.

use std::fmt;

use cookie::{Cookie, CookieJar};
use http::header::{HeaderMap, HeaderValue, SET_COOKIE};
use secrecy::{ExposeSecret, SecretString};

use super::error::Failure;

/// The login host sets three.
const MAX_COOKIES: usize = 20;
const MAX_HEADER_BYTES: usize = 16 * 1024;

/// A cookie jar for one host and one sign-in.
///
/// Everything goes to the host it came from, over TLS or loopback, so `Path`, `Domain`, `Secure`
/// and `SameSite` have nothing to decide; an ordinary jar would also keep a simulated host on
/// plain HTTP from getting its `Secure` cookies back.
#[derive(Default)]
pub(super) struct Cookies(CookieJar);

impl Cookies {
    /// Takes over what an answer sets or removes.
    pub(super) fn keep(&mut self, answer: &HeaderMap) -> Result<(), Failure> {
        for value in answer.get_all(SET_COOKIE) {
            let Some(cookie) = parse(value) else { continue };
            if is_removal(&cookie) {
                self.0.force_remove(cookie.name());
            } else {
                self.0.add_original(cookie);
            }
        }
        let bytes: usize = self
            .0
            .iter()
            .map(|c| c.name().len() + c.value().len())
            .sum();
        if self.0.iter().count() > MAX_COOKIES || bytes > MAX_HEADER_BYTES {
            return Err(Failure::protocol("authenticate", "too many cookies"));
        }
        Ok(())
    }

    /// Returns the `cookie` header of the next post.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        let pairs: Vec<_> = self.0.iter().map(|c| c.stripped().to_string()).collect();
        let mut value = HeaderValue::try_from(pairs.join("; ")).ok()?;
        value.set_sensitive(true);
        Some(value).filter(|value| !value.is_empty())
    }
}

/// The `cookie` header of the authorization request: the SSO session and nothing else.
pub(super) fn session_header(session: &SecretString) -> Result<HeaderValue, Failure> {
    let cookie = format!("iPlanetDirectoryPro={}", session.expose_secret());
    let mut value = HeaderValue::try_from(cookie)
        .map_err(|_| Failure::protocol("authenticate", "the tokenId is not a cookie value"))?;
    value.set_sensitive(true);
    Ok(value)
}

fn parse(value: &HeaderValue) -> Option<Cookie<'static>> {
    Cookie::parse(value.to_str().ok()?.to_owned()).ok()
}

/// RFC 6265 section 5.3: a cookie that is set to have expired is removed.
fn is_removal(cookie: &Cookie<'_>) -> bool {
    let expired_age = cookie.max_age().is_some_and(|age| !age.is_positive());
    let expired_at = cookie
        .expires_datetime()
        .is_some_and(|at| at.unix_timestamp() <= 0);
    expired_age || (cookie.max_age().is_none() && expired_at)
}

impl fmt::Debug for Cookies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(Cookie::name))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jar(set: &[&'static str]) -> Result<Cookies, Failure> {
        let mut headers = HeaderMap::new();
        for value in set {
            headers.append(SET_COOKIE, HeaderValue::from_static(value));
        }
        let mut cookies = Cookies::default();
        cookies.keep(&headers)?;
        Ok(cookies)
    }

    fn sent(cookies: &Cookies) -> Vec<String> {
        let header = cookies.header();
        let header = header.as_ref().map_or("", |h| h.to_str().unwrap());
        let mut pairs: Vec<_> = header.split("; ").map(ToOwned::to_owned).collect();
        pairs.sort();
        pairs
    }

    #[test]
    fn cookies_go_back_without_their_attributes() {
        let cookies = jar(&[
            "route=abc; max-age=172800; path=/",
            "amlbcookie=01; Path=/; Secure; HttpOnly; SameSite=none",
        ]);

        assert_eq!(sent(&cookies.unwrap()), ["amlbcookie=01", "route=abc"]);
    }

    #[test]
    fn the_newest_value_counts_and_an_expired_one_is_removed() {
        let cookies = jar(&[
            "route=old",
            "route=new",
            "gone=1",
            "gone=; Max-Age=0",
            "past=1",
            "past=; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        ]);

        assert_eq!(sent(&cookies.unwrap()), ["route=new"]);
    }

    #[test]
    fn what_is_no_cookie_is_passed_over() {
        let cookies = jar(&["", "=x", "no-value"]).unwrap();

        assert!(cookies.header().is_none());
    }

    #[test]
    fn a_flood_of_cookies_is_an_error() {
        let many: Vec<&'static str> = (0..21)
            .map(|n| &*Box::leak(format!("c{n}=1").into_boxed_str()))
            .collect();

        assert!(jar(&many).is_err());
    }

    #[test]
    fn debug_shows_names_only() {
        assert_eq!(
            format!("{:?}", jar(&["route=s3cret"]).unwrap()),
            r#"["route"]"#
        );
    }
}
