//! A file of settings as a tree: what is where, before anybody asks what it means.

use std::fmt;

/// A position in a text: line and column from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct At {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl At {
    /// The start of every text.
    pub(crate) const START: Self = Self { line: 1, column: 1 };
}

/// A value and where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) at: At,
    pub(crate) value: Value,
}

/// What can be written in a file. The members of a table are in the order of their positions.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// Nothing, said out loud: `null` or `~`.
    Null,
    /// A scalar as it is written, without quotes and escapes: `0123`, `NO` and `1.0` stay so, and
    /// what they mean is their reader's business.
    Text(String),
    /// A scalar of which its format has told what it is, and no longer how it was written.
    Typed(String),
    List(Vec<Node>),
    Table(Vec<Member>),
}

/// A key, where it begins, and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) key: String,
    pub(crate) at: At,
    pub(crate) value: Node,
}

/// Without texts: each may be a secret.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("Null"),
            Self::Text(_) => f.write_str("Text(…)"),
            Self::Typed(_) => f.write_str("Typed(…)"),
            Self::List(items) => f.debug_tuple("List").field(items).finish(),
            Self::Table(members) => f.debug_tuple("Table").field(members).finish(),
        }
    }
}
