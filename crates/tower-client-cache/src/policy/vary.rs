//! Whether a stored response was chosen for requests like this one.

mod preferences;

use std::fmt;

use http::header::{ACCEPT, ACCEPT_CHARSET, ACCEPT_ENCODING, ACCEPT_LANGUAGE, VARY};
use http::{HeaderMap, HeaderName, HeaderValue};

use self::preferences::same_preferences;

/// The request fields that a response was selected by, with the values they had (RFC 9111 section
/// 4.1).
///
/// Without any, as when the response has no `Vary`, all requests match.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Vary {
    /// By name, each once.
    fields: Box<[Selecting]>,
}

#[derive(Clone, PartialEq, Eq)]
struct Selecting {
    name: HeaderName,
    /// All lines as one; absent is not the same as empty.
    value: Option<Box<[u8]>>,
}

impl Vary {
    /// Reads what a response nominates, and takes the values from the request that it answered.
    ///
    /// `None` if no request can match: one of the members, on whatever line, is `*`, or is not the
    /// name of a field, so that nobody knows what it depends on.
    #[must_use]
    pub fn of(response: &HeaderMap, request: &HeaderMap) -> Option<Self> {
        let mut names: Vec<_> = nominated(response).collect::<Option<_>>()?;
        names.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
        names.dedup();
        let select = |name: HeaderName| Selecting {
            value: joined(request, &name),
            name,
        };
        Some(Self {
            fields: names.into_iter().map(select).collect(),
        })
    }

    /// Tells whether no request can match: [`of`](Self::of) would be `None`.
    #[must_use]
    pub fn matches_nothing(response: &HeaderMap) -> bool {
        nominated(response).any(|name| name.is_none())
    }

    /// Leaves a field out of the comparison, whoever nominated it.
    ///
    /// Meant for `Authorization` where each principal has a store, or a part of it, to itself: its
    /// tokens change, what it may see does not. There is no need to nominate that field anyway (RFC
    /// 9110 section 12.5.5).
    #[must_use]
    pub fn without(self, name: &HeaderName) -> Self {
        let rest = self.fields.into_iter().filter(|field| field.name != name);
        Self {
            fields: rest.collect(),
        }
    }

    /// Whether a request has the same values as the original one had.
    #[must_use]
    pub fn matches(&self, request: &HeaderMap) -> bool {
        self.fields.iter().all(|field| field.matches(request))
    }

    /// Returns a number for what is selected, the same in every process: FNV-1a, of 64 bits. That
    /// two selections share it is no harm but that they cannot be kept at once.
    pub(crate) fn digest(&self) -> u64 {
        let mut digest = Fnv::default();
        for field in &self.fields {
            digest.add(field.name.as_str().as_bytes());
            // No value has such bytes: absent is not the same as empty.
            digest.add(if field.value.is_some() { b"\n" } else { b"\r" });
            digest.add(field.value.as_deref().unwrap_or_default());
            digest.add(b"\n");
        }
        digest.0
    }

    /// Returns the names, in their order, and the values.
    #[cfg(feature = "codec")]
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, Option<&[u8]>)> {
        self.fields
            .iter()
            .map(|field| (field.name.as_str(), field.value.as_deref()))
    }

    /// Reads back what [`pairs`](Self::pairs) returned; `None` if that is not what it is.
    #[cfg(feature = "codec")]
    pub(crate) fn from_pairs(pairs: &[(&str, Option<&[u8]>)]) -> Option<Self> {
        if !pairs.is_sorted_by(|(one, _), (other, _)| one < other) {
            return None;
        }
        let field = |(text, value): &(&str, Option<&[u8]>)| {
            let name = HeaderName::from_bytes(text.as_bytes()).ok()?;
            (name.as_str() == *text).then_some(Selecting {
                name,
                value: value.map(Box::from),
            })
        };
        let fields = pairs.iter().map(field).collect::<Option<_>>()?;
        Some(Self { fields })
    }

    /// Returns how many bytes of memory it takes besides itself.
    pub(crate) fn weight(&self) -> usize {
        let field = |field: &Selecting| {
            field.name.as_str().len() + field.value.as_ref().map_or(0, |value| value.len())
        };
        size_of_val(&*self.fields) + self.fields.iter().map(field).sum::<usize>()
    }

    /// Returns the same fields with the values that they have in another request.
    pub(crate) fn in_request(&self, request: &HeaderMap) -> Self {
        let select = |field: &Selecting| Selecting {
            name: field.name.clone(),
            value: joined(request, &field.name),
        };
        Self {
            fields: self.fields.iter().map(select).collect(),
        }
    }

    /// Whether all requests match.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Returns the names of the fields, in order.
    pub fn names(&self) -> impl Iterator<Item = &HeaderName> {
        self.fields.iter().map(|field| &field.name)
    }
}

/// Returns the names on all lines of `Vary`; `None` for `*`, which is a name by its syntax, and for
/// what is none.
fn nominated(response: &HeaderMap) -> impl Iterator<Item = Option<HeaderName>> {
    let lines = response.get_all(VARY).into_iter();
    let members = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    let members = members.map(<[u8]>::trim_ascii);
    members
        .filter(|member| !member.is_empty())
        .map(|member| match member {
            b"*" => None,
            name => HeaderName::from_bytes(name).ok(),
        })
}

/// Hashes without a secret, so that all processes agree.
pub(crate) struct Fnv(pub(crate) u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

impl fmt::Debug for Vary {
    /// Shows the names alone: a value may be a cookie.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Vary")
            .field(&self.names().collect::<Vec<_>>())
            .finish()
    }
}

impl Selecting {
    fn matches(&self, request: &HeaderMap) -> bool {
        match &self.value {
            None => !request.contains_key(&self.name),
            Some(value) => {
                let lines = || lines(request, &self.name);
                request.contains_key(&self.name)
                    && (is_joined(value, lines())
                        || (is_preference(&self.name) && same_preferences(value, lines())))
            }
        }
    }
}

/// Whether the syntax of a field is one of a list of preferences (RFC 9110 section 12.5). Of other
/// fields nothing is known, and nothing but equal bytes are equal.
fn is_preference(name: &HeaderName) -> bool {
    [ACCEPT, ACCEPT_CHARSET, ACCEPT_ENCODING, ACCEPT_LANGUAGE].contains(name)
}

fn lines<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a [u8]> {
    let bytes = |line: &'a HeaderValue| line.as_bytes().trim_ascii();
    headers.get_all(name).iter().map(bytes)
}

/// Returns all lines of a field as one (RFC 9110 section 5.3); `None` without any.
fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<Box<[u8]>> {
    let mut lines = lines(headers, name);
    let mut value = lines.next()?.to_vec();
    for line in lines {
        value.extend_from_slice(b", ");
        value.extend_from_slice(line);
    }
    Some(value.into())
}

/// Whether lines are the same as a value that was joined, without joining them.
fn is_joined<'a>(value: &[u8], lines: impl Iterator<Item = &'a [u8]>) -> bool {
    let mut separator: &[u8] = b"";
    let mut rest = Some(value);
    for line in lines {
        rest = rest
            .and_then(|rest| rest.strip_prefix(separator))
            .and_then(|rest| rest.strip_prefix(line));
        separator = b", ";
    }
    rest.is_some_and(<[u8]>::is_empty)
}

#[cfg(test)]
mod tests;
