//! What a cache did, as its answers tell it (RFC 9211).

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use http::header::CACHE_STATUS;
use http::uri::{Authority, Uri};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::Key;

/// How answers tell what the cache did: by a `Cache-Status` field (RFC 9211).
///
/// Caches on the way may have said something too; the last member of the list is this one's.
///
/// ```
/// use tower_client_cache::CacheStatus;
///
/// // Answers will have `Cache-Status: "Anna's phone"; hit; ttl=376`, or the like.
/// let status = CacheStatus::new("Anna's phone")?;
/// # Ok::<_, tower_client_cache::InvalidCacheName>(())
/// ```
#[derive(Clone)]
pub struct CacheStatus {
    /// As it is written in a field.
    name: Arc<str>,
    key: bool,
    /// What is said of a call that was sent on, where there is no more to say than why.
    plain: Arc<[HeaderValue; Fwd::ALL.len()]>,
}

/// A name that a cache cannot have in `Cache-Status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a name of {length} bytes for a cache; allowed are 1 to {}, all of them printable ASCII",
    CacheStatus::LONGEST
)]
pub struct InvalidCacheName {
    length: usize,
}

/// What is told of one call.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Told<'a> {
    /// Why the request was sent on; `None` for a hit.
    pub(crate) fwd: Option<Fwd>,
    /// The status that it was answered with, if the caller gets another: a 304 that made a stored
    /// response good again.
    pub(crate) fwd_status: Option<StatusCode>,
    /// For how many seconds the response is still fresh; negative if it is not.
    pub(crate) ttl: Option<i64>,
    /// Whether the answer was stored.
    pub(crate) stored: bool,
    /// Whether the call joined another that was under way; `false` if it tried, and had to be
    /// sent all the same.
    pub(crate) collapsed: Option<bool>,
    /// A word of this cache's own.
    pub(crate) detail: Option<&'static str>,
    /// What the response is stored by. It is told only if the settings say so.
    pub(crate) key: Option<&'a Key>,
}

/// Why a request was sent on (RFC 9211 section 2.2). There is no `miss`: it is known which of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fwd {
    /// It is not for the cache.
    Bypass,
    /// Its method demands it.
    Method,
    /// Nothing is stored for its URI.
    UriMiss,
    /// What is stored for its URI was selected by other fields.
    VaryMiss,
    /// What is stored is fresh, but the request does not take it.
    Request,
    /// What is stored is stale.
    Stale,
    /// What is stored is a part that does not have what was asked for.
    Partial,
}

impl CacheStatus {
    /// How many bytes a name may have: what everybody who reads such fields must take (RFC 8941
    /// section 3.3.4).
    pub const LONGEST: usize = 512;

    /// Calls the cache by this name, which need not be unique.
    ///
    /// # Errors
    ///
    /// [`InvalidCacheName`] if it is empty, has more than [`LONGEST`](Self::LONGEST) bytes, or one
    /// that is not printable ASCII.
    pub fn new(name: &str) -> Result<Self, InvalidCacheName> {
        let length = name.len();
        if !(1..=Self::LONGEST).contains(&length) || !name.bytes().all(is_printable) {
            return Err(InvalidCacheName { length });
        }
        Ok(Self::of(item(name).into()))
    }

    /// Tells the key too: the URI, without user information. Whoever sees an answer sees it then,
    /// and URIs can tell of people.
    #[must_use]
    pub fn with_key(self) -> Self {
        Self { key: true, ..self }
    }

    fn of(name: Arc<str>) -> Self {
        let plain = Fwd::ALL.map(|fwd| header_value([&*name, "; fwd=", fwd.as_str()].concat()));
        Self {
            plain: Arc::new(plain),
            name,
            key: false,
        }
    }

    /// Adds what is told of a call behind what other caches said of theirs (RFC 9211 section 2).
    pub(crate) fn append(&self, headers: &mut HeaderMap, told: &Told<'_>) {
        // An answer that has no room for one more field goes without.
        drop(headers.try_append(CACHE_STATUS, self.value(told)));
    }

    /// Returns what is told of a call: one member of the list.
    pub(crate) fn value(&self, told: &Told<'_>) -> HeaderValue {
        if let Some(fwd) = told.fwd
            && told.is_plain()
            && let Some(value) = self.plain.get(fwd as usize)
        {
            return value.clone();
        }
        let [mut ttl_digits, mut status_digits] = [[0; MOST_DIGITS]; 2];
        let key = told.key.filter(|_| self.key).map(key_text);
        let detail = told.detail.map(item);
        // What says nothing without `fwd` is left out of hits.
        let fwd = told.fwd.is_some();
        let fwd_status = told.fwd_status.filter(|_| fwd);
        let fwd_status = fwd_status.map(|status| i64::from(status.as_u16()));
        let collapsed = told.collapsed.filter(|_| fwd);
        let member = [
            &*self.name,
            told.fwd.map_or("; hit", |_| "; fwd="),
            told.fwd.map_or("", Fwd::as_str),
            fwd_status.map_or("", |_| "; fwd-status="),
            fwd_status.map_or("", |status| integer(status, &mut status_digits)),
            match collapsed {
                Some(true) => "; collapsed",
                Some(false) => "; collapsed=?0",
                None => "",
            },
            if told.stored && fwd { "; stored" } else { "" },
            told.ttl.map_or("", |_| "; ttl="),
            told.ttl.map_or("", |ttl| integer(ttl, &mut ttl_digits)),
            key.as_ref().map_or("", |_| "; key="),
            key.as_deref().unwrap_or_default(),
            detail.as_ref().map_or("", |_| "; detail="),
            detail.as_deref().unwrap_or_default(),
        ];
        // Of exactly the length: so this allocation is the only one.
        header_value(member.concat())
    }
}

/// Makes a value of what is all printable.
fn header_value(text: String) -> HeaderValue {
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(DEFAULT_NAME))
}

impl Told<'_> {
    /// Whether there is no more to say than why the call was sent on.
    fn is_plain(&self) -> bool {
        let parameters = self.fwd_status.is_some() || self.ttl.is_some() || self.stored;
        !parameters && self.collapsed.is_none() && self.detail.is_none() && self.key.is_none()
    }
}

const DEFAULT_NAME: &str = "tower-client-cache";

impl Default for CacheStatus {
    fn default() -> Self {
        Self::of(DEFAULT_NAME.into())
    }
}

impl fmt::Debug for CacheStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheStatus")
            .field("name", &self.name)
            .field("key", &self.key)
            .finish()
    }
}

impl Fwd {
    /// All, in the order of their numbers.
    const ALL: [Self; 7] = [
        Self::Bypass,
        Self::Method,
        Self::UriMiss,
        Self::VaryMiss,
        Self::Request,
        Self::Stale,
        Self::Partial,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::Bypass => "bypass",
            Self::Method => "method",
            Self::UriMiss => "uri-miss",
            Self::VaryMiss => "vary-miss",
            Self::Request => "request",
            Self::Stale => "stale",
            Self::Partial => "partial",
        }
    }
}

/// Writes a text as a token, or, if it is none, as a string (RFC 8941 sections 3.3.3 and 3.3.4).
fn item(text: &str) -> Cow<'_, str> {
    let starts_well = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '*');
    if starts_well && text.bytes().all(is_token) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(quoted(text))
}

/// Writes a key as a string. User information is left out: there may be a password in it.
fn key_text(key: &Key) -> String {
    let text = key.to_text();
    let authority = key.uri().and_then(Uri::authority).map(Authority::as_str);
    let user = authority.and_then(|authority| authority.get(..=authority.rfind('@')?));
    // The first that looks like it is it: no scheme has an `@`.
    quoted(&match user {
        Some(user) => text.replacen(user, "", 1),
        None => text,
    })
}

/// Writes a text as a string. What none can have is written as in URIs.
fn quoted(text: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |half: u8| DIGITS.get(usize::from(half)).copied().map(char::from);
    let mut string = String::with_capacity(text.len() + 2);
    string.push('"');
    for byte in text.bytes() {
        if !is_printable(byte) {
            string.push('%');
            string.extend(digit(byte >> 4));
            string.extend(digit(byte & 15));
            continue;
        }
        if matches!(byte, b'"' | b'\\') {
            string.push('\\');
        }
        string.push(byte.into());
    }
    string.push('"');
    string
}

fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:/".contains(&byte)
}

/// The most digits of an integer, and its sign (RFC 8941 section 3.3.1).
const MOST_DIGITS: usize = 16;
const GREATEST: i64 = 999_999_999_999_999;

/// Writes a number as an integer, or the nearest there is.
fn integer(number: i64, digits: &mut [u8; MOST_DIGITS]) -> &str {
    let mut rest = number.clamp(-GREATEST, GREATEST).unsigned_abs();
    let mut start = digits.len();
    for (index, digit) in digits.iter_mut().enumerate().rev() {
        start = index;
        // Always less than ten.
        *digit = b'0' + u8::try_from(rest % 10).unwrap_or_default();
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0
        && let Some(sign) = digits.get_mut(start.saturating_sub(1))
    {
        *sign = b'-';
        start = start.saturating_sub(1);
    }
    let written = digits.get(start..).unwrap_or_default();
    str::from_utf8(written).unwrap_or_default()
}
