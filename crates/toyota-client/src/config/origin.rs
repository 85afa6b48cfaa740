//! Where a value comes from.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use super::Place;

/// Where the value of a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// It was not set.
    Default,
    /// It was read from a file.
    #[non_exhaustive]
    File {
        /// The file.
        path: Arc<Path>,
        /// The line, from 1.
        line: u32,
        /// The column, from 1, in characters.
        column: u32,
    },
    /// It was read from this environment variable.
    Variable(&'static str),
    /// It was set in code, or deserialized.
    Code,
}

impl Origin {
    /// Returns the place that a problem with the value is told of.
    pub(super) fn place(&self) -> Place {
        match self {
            Self::File { path, line, column } => Place::File {
                path: Arc::clone(path),
                at: Some((*line, *column)),
            },
            Self::Variable(name) => Place::Variable((*name).to_owned()),
            Self::Default | Self::Code => Place::Embedded,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Code => f.write_str("code"),
            Self::File { .. } | Self::Variable(_) => self.place().fmt(f),
        }
    }
}
