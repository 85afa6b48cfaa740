//! YAML, what settings need of it: one document, without tags, anchors, aliases and merge keys.

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError};

use super::SyntaxError;
use super::lines::Lines;
use super::stack::Stack;
use crate::config::tree::{At, Node};

const ALIAS: &str = "anchors and aliases are not supported: write the value where it is needed";
const TAG: &str = "tags are not supported: each key knows what it holds";
const MERGE: &str = "merge keys are not supported: write the values where they are needed";
const DOCUMENTS: &str = "a file of settings is one document";

/// Reads a text that is one YAML mapping.
pub(super) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let mut parser = Parser::new_from_str(text);
    let mut stack = Stack::default();
    let mut documents = 0;
    // The parser sees another line after the last.
    let end = Lines::new(text).end();
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| syntax(&error, text, end))?;
        let at = position(&span.start).min(end);
        match event {
            Event::DocumentStart(_) if documents > 0 => {
                return Err(SyntaxError::new(at, DOCUMENTS));
            }
            Event::DocumentStart(_) => documents += 1,
            event => take(event, at, &mut stack)?,
        }
    }
    Ok(stack.finish())
}

fn take(event: Event<'_>, at: At, stack: &mut Stack) -> Result<(), SyntaxError> {
    refuse_extras(&event, at)?;
    match event {
        Event::SequenceStart(..) => stack.open_list(at),
        Event::MappingStart(..) => stack.open_table(at),
        Event::SequenceEnd | Event::MappingEnd => stack.close(),
        Event::Scalar(text, ScalarStyle::Plain, ..) => match &*text {
            // A document of nothing, such as `---`, holds no settings.
            "" if stack.is_empty() => Ok(()),
            "" | "~" | "null" | "Null" | "NULL" => stack.null(at),
            "<<" if stack.awaits_key() => Err(SyntaxError::new(at, MERGE)),
            _ => stack.scalar(at, text.into_owned()),
        },
        Event::Scalar(text, ..) => stack.scalar(at, text.into_owned()),
        Event::Nothing
        | Event::StreamStart
        | Event::StreamEnd
        | Event::DocumentStart(_)
        | Event::DocumentEnd
        | Event::Alias(_) => Ok(()),
    }
}

/// Fails on what makes a value depend on another place, or on a reader's types.
fn refuse_extras(event: &Event<'_>, at: At) -> Result<(), SyntaxError> {
    let (anchor, tag) = match event {
        Event::Alias(_) => return Err(SyntaxError::new(at, ALIAS)),
        Event::Scalar(_, _, anchor, tag) => (*anchor, tag),
        Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) => (*anchor, tag),
        _ => return Ok(()),
    };
    match (anchor, tag) {
        (0, None) => Ok(()),
        (0, Some(_)) => Err(SyntaxError::new(at, TAG)),
        _ => Err(SyntaxError::new(at, ALIAS)),
    }
}

fn syntax(error: &ScanError, text: &str, end: At) -> SyntaxError {
    // Some of these go on with the character that was found.
    let message = error.info().split(": `").next().unwrap_or_default();
    let mut at = position(error.marker()).min(end);
    // The parser counts on behind a NUL, which it takes for the end.
    let line = (at.line as usize).checked_sub(1);
    if let Some(line) = line.and_then(|line| text.split('\n').nth(line)) {
        let columns = u32::try_from(line.chars().count()).unwrap_or(u32::MAX);
        at.column = at.column.min(columns.saturating_add(1));
    }
    SyntaxError::new(at, message)
}

fn position(marker: &Marker) -> At {
    let number = |number| u32::try_from(number).unwrap_or(u32::MAX);
    At {
        line: number(marker.line()),
        column: number(marker.col()).saturating_add(1),
    }
}
