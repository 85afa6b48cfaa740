//! What a case is: requests one after another, what the origin would answer to each, and what has
//! to be seen at both ends.

mod build;
mod text;

pub(crate) use self::build::{
    answer, broken_off, case, get, head, no_answer, not_modified, ok, send,
};
pub(crate) use self::text::{Ground, headers, value};

use http::{HeaderMap, Method, StatusCode};

/// A rule of a cache, as a story about it.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// Where the rule is written, like `RFC 9111 section 4.2`.
    pub(crate) section: &'static str,
    /// A sentence, as for a test's name.
    pub(crate) name: String,
    /// Whether the cache is a shared one. A private one has a single principal.
    pub(crate) shared: bool,
    /// Whether the rule is about `https`: a proxy on plain sockets cannot show it.
    pub(crate) secure: bool,
    /// What happens, in order.
    pub(crate) steps: Vec<Step>,
}

/// One request, and all that comes of it.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) method: Method,
    /// Path and query.
    pub(crate) path: String,
    /// Fields as [`headers`] reads them.
    pub(crate) fields: String,
    /// The request's own body; mostly empty.
    pub(crate) body: String,
    /// What the origin answers: the first to the first request that reaches it, and so on.
    pub(crate) origin: Vec<Reply>,
    /// Whether it has to be asked.
    pub(crate) asked: Asked,
    /// What the client has to see.
    pub(crate) seen: Seen,
}

/// Whether the origin is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// It is not: [`Step::origin`] is what would be seen in error.
    No,
    /// It is, once for each of [`Step::origin`], before the client has its answer.
    Yes,
    /// It is, but the client does not wait for it. The next step does, until it is stored.
    Meanwhile,
}

/// An answer of the origin, or none.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    /// What must be true of the request that is answered like this, in order.
    pub(crate) asked_with: Vec<Check>,
    /// No status at all: the connection fails once the request is read.
    pub(crate) status: Option<u16>,
    /// Fields as [`headers`] reads them. Nothing is added to them but what frames the body: no
    /// `Date` either.
    pub(crate) fields: String,
    pub(crate) body: String,
    pub(crate) ending: Ending,
}

/// How an answer's body ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// As its `Content-Length` says, which is added if it is not there.
    Length,
    /// As it says itself: in chunks, without `Content-Length`.
    Chunked,
    /// Too early: `Content-Length` says ten bytes more.
    ShortOfLength,
    /// Too early: the last chunk is missing.
    ShortOfChunks,
}

/// What the client sees of an answer.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// No status: no answer, or an error that says so in its place.
    pub(crate) status: Option<u16>,
    pub(crate) body: Content,
    /// What must be true of its fields.
    pub(crate) checks: Vec<Check>,
}

/// What the client sees of an answer's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// This, to the end.
    Whole(String),
    /// A body that fails.
    BrokenOff,
}

/// Something that must be true of fields.
#[derive(Clone, Debug)]
pub(crate) enum Check {
    /// A field has these lines, in order. Values are written as in [`headers`].
    Lines(&'static str, Vec<String>),
    /// A field is a list with just these members, in any order and on any lines.
    Members(&'static str, Vec<String>),
    /// A field is there.
    Present(&'static str),
    /// A field is not there.
    Absent(&'static str),
    /// A field is a number, at least this, and not more than a slow test makes of it.
    About(&'static str, u64),
    /// The cache's own member of `Cache-Status` (the last) has this parameter: `hit`,
    /// `fwd=stale`.
    Did(&'static str),
    /// The cache's own member of `Cache-Status` has no parameter of this name.
    DidNot(&'static str),
}

/// How much longer than told something may be when a test is slow, in seconds.
pub(crate) const SLACK: u64 = 20;

impl Case {
    /// Returns what identifies a case among all.
    pub(crate) fn title(&self) -> String {
        format!("{}: {}", self.section, self.name)
    }
}

impl Reply {
    /// Returns the status and fields of an answer to a request of this method, `Content-Length`
    /// among them unless the body comes in chunks; nothing if there is no answer.
    pub(crate) fn head(&self, method: &Method, ground: &Ground) -> Option<(StatusCode, HeaderMap)> {
        let status = StatusCode::from_u16(self.status?).unwrap();
        let mut fields = headers(&self.fields, ground);
        let has_content = *method != Method::HEAD
            && !status.is_informational()
            && ![StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&status);
        let length = self.body.len();
        let length = match self.ending {
            Ending::Length => Some(length),
            Ending::ShortOfLength => Some(length + 10),
            Ending::Chunked | Ending::ShortOfChunks => None,
        };
        if has_content
            && !fields.contains_key("content-length")
            && let Some(length) = length
        {
            fields.insert("content-length", length.into());
        }
        Some((status, fields))
    }
}
