//! The formats that files of settings are written in, each read to the same tree.

mod json;
mod lines;
mod stack;
#[cfg(test)]
mod tests;
mod toml;
mod yaml;

use std::path::Path;

use super::tree::{At, Member, Node, Value};

/// How deep tables and lists may be nested: settings need three levels.
const MAX_DEPTH: usize = 16;
/// How many values a file may hold, tables and lists included.
const MAX_NODES: usize = 10_000;

/// A format of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Toml,
    Yaml,
    Json,
}

/// What is wrong with a text, and where. Quotes nothing of it: that may be a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct SyntaxError {
    pub(crate) at: Option<At>,
    pub(crate) message: String,
}

impl Format {
    /// Returns the format that a file's name tells by its extension.
    pub(crate) fn of_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "toml" => Some(Self::Toml),
            "yaml" | "yml" => Some(Self::Yaml),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    /// Reads a text to its top-level table, which an empty text has too.
    pub(crate) fn parse(self, text: &str) -> Result<Node, SyntaxError> {
        // No editor shows it, so it counts for no position.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim_matches([' ', '\t', '\r', '\n']).is_empty() {
            return Ok(table(At::START, Vec::new()));
        }
        match self {
            Self::Toml => toml::parse(text),
            Self::Yaml => yaml::parse(text),
            Self::Json => json::parse(text),
        }
    }
}

impl SyntaxError {
    fn new(at: At, message: impl Into<String>) -> Self {
        Self {
            at: Some(at),
            message: message.into(),
        }
    }

    fn duplicate(at: At, first: At) -> Self {
        let At { line, column } = first;
        Self::new(
            at,
            format!("this key is there already, at line {line}, column {column}"),
        )
    }

    fn no_table(at: At) -> Self {
        Self::new(at, "a file of settings is a table of keys and values")
    }

    fn too_deep(at: At) -> Self {
        Self::new(at, format!("nested deeper than {MAX_DEPTH} levels"))
    }
}

/// Counts the values of a file.
#[derive(Debug, Default)]
struct Budget {
    spent: usize,
}

impl Budget {
    fn spend(&mut self, at: At) -> Result<(), SyntaxError> {
        if self.spent == MAX_NODES {
            let message = format!("more than {MAX_NODES} values in one file");
            return Err(SyntaxError::new(at, message));
        }
        self.spent += 1;
        Ok(())
    }
}

/// A table of members in any order.
fn table(at: At, mut members: Vec<Member>) -> Node {
    members.sort_by_key(|member| member.at);
    Node {
        at,
        value: Value::Table(members),
    }
}
