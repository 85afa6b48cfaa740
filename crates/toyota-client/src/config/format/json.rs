//! JSON, exactly as in RFC 8259: no comments, no trailing commas.

use super::SyntaxError;
use super::lines::Lines;
use super::stack::Stack;
use crate::config::tree::{At, Node};

/// Reads a text that is one JSON object.
pub(super) fn parse(text: &str) -> Result<Node, SyntaxError> {
    // The grammar is serde_json's business; below, of what is JSON, the positions are found.
    serde_json::from_str::<serde_json::Value>(text).map_err(|error| syntax(text, &error))?;
    let mut stack = Stack::default();
    let mut lines = Lines::new(text);
    let mut rest = text;
    while let Some(first) = rest.bytes().next() {
        let offset = text.len() - rest.len();
        let length = match first {
            b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' => 1,
            _ => token(rest, lines.at(offset), &mut stack)?,
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(stack.finish())
}

/// Takes the token that a text begins with, and returns its length.
fn token(text: &str, at: At, stack: &mut Stack) -> Result<usize, SyntaxError> {
    match text.bytes().next() {
        Some(b'{') => stack.open_table(at).map(|()| 1),
        Some(b'[') => stack.open_list(at).map(|()| 1),
        Some(b'}' | b']') => stack.close().map(|()| 1),
        Some(b'"') => {
            let token = text.get(..string_length(text)).unwrap_or(text);
            let text = serde_json::from_str(token)
                .map_err(|error| SyntaxError::new(at, message(&error)))?;
            stack.scalar(at, text).map(|()| token.len())
        }
        _ => {
            let token = text.split([',', ']', '}', ' ', '\t', '\r', '\n']).next();
            match token.unwrap_or(text) {
                "null" => stack.null(at).map(|()| 4),
                token => stack.scalar(at, token.to_owned()).map(|()| token.len()),
            }
        }
    }
}

/// The length of the string that a text begins with, quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    let inner = text.bytes().skip(1);
    let length = inner.take_while(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        !ends
    });
    length.count() + 2
}

fn syntax(text: &str, error: &serde_json::Error) -> SyntaxError {
    let lines = text.split_inclusive('\n').map(str::len);
    let line: usize = lines.take(error.line().saturating_sub(1)).sum();
    // The column of the last byte that was read, from 1.
    let offset = line + error.column().saturating_sub(1);
    SyntaxError::new(Lines::new(text).at(offset), message(error))
}

/// What is wrong, without the position that the error's own text ends with.
fn message(error: &serde_json::Error) -> String {
    let whole = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    whole.strip_suffix(&position).unwrap_or(&whole).to_owned()
}
