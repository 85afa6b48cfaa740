//! TOML 1.1: its grammar is `toml_parser`'s business, what belongs together is decided here.

mod section;

use std::borrow::Cow;

use toml_datetime::Datetime;
use toml_parser::decoder::ScalarKind;
use toml_parser::parser::{Event, EventKind, RecursionGuard, ValidateWhitespace, parse_document};
use toml_parser::{Expected, ParseError, Raw, Source};

use self::section::{Key, Origin, Table};
use super::lines::Lines;
use super::{Budget, MAX_DEPTH, SyntaxError};
use crate::config::tree::{At, Node, Value};

/// `MAX_DEPTH`, for those who count otherwise.
const MAX_BRACKETS: u32 = 16;

/// Reads a TOML document.
pub(super) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let source = Source::new(text);
    let (events, error) = events(source);
    let error = error.map(|error| syntax(source, &error));
    let mut document = Document::new(source);
    document.budget.spend(At::START)?;
    for event in &events {
        let at = document.lines.at(event.span().start());
        // The grammar may have minded what comes later; the first error is the one to tell.
        if error.as_ref().is_some_and(|error| error.at <= Some(at)) {
            break;
        }
        document.take(event, at)?;
    }
    match error {
        Some(error) => Err(error),
        None => document.finish(),
    }
}

/// What the text consists of, in order and without what only readers see; and the first error.
fn events(source: Source<'_>) -> (Vec<Event>, Option<ParseError>) {
    let tokens = source.lex().into_vec();
    let (mut events, mut error) = (Vec::new(), None);
    let mut keep = |event: Event| match event.kind() {
        EventKind::Whitespace | EventKind::Comment | EventKind::Newline => {}
        _ => events.push(event),
    };
    let mut checked = ValidateWhitespace::new(&mut keep, source);
    // The grammar's functions call each other, as often as brackets open.
    let mut guarded = RecursionGuard::new(&mut checked, MAX_BRACKETS);
    parse_document(&tokens, &mut guarded, &mut error);
    (events, error)
}

/// A document that is being read.
#[derive(Debug)]
struct Document<'a> {
    source: Source<'a>,
    lines: Lines<'a>,
    budget: Budget,
    root: Table,
    /// The header that what follows stands below.
    section: Vec<Key>,
    /// The keys of the header or value that comes next.
    keys: Vec<Key>,
    /// The lists and tables that a value consists of, from the outside in.
    open: Vec<Open>,
}

/// A list or table in brackets that are not closed yet.
#[derive(Debug)]
struct Open {
    at: At,
    /// Where it goes in the table around it.
    keys: Vec<Key>,
    content: Content,
}

#[derive(Debug)]
enum Content {
    List(Vec<Node>),
    Table(Table),
}

impl<'a> Document<'a> {
    fn new(source: Source<'a>) -> Self {
        Self {
            source,
            lines: Lines::new(source.input()),
            budget: Budget::default(),
            root: Table::new(At::START, Origin::Header),
            section: Vec::new(),
            keys: Vec::new(),
            open: Vec::new(),
        }
    }

    fn finish(self) -> Result<Node, SyntaxError> {
        let root = self.root.into_node();
        ensure_shallow(&root, 0)?;
        Ok(root)
    }

    fn take(&mut self, event: &Event, at: At) -> Result<(), SyntaxError> {
        match event.kind() {
            EventKind::StdTableOpen | EventKind::ArrayTableOpen => {
                self.keys.clear();
                Ok(())
            }
            EventKind::SimpleKey => self.key(event, at),
            EventKind::StdTableClose => self.section(Table::define),
            EventKind::ArrayTableClose => self.section(Table::define_next),
            EventKind::Scalar => {
                let value = Value::Text(self.scalar(event, at)?);
                let keys = std::mem::take(&mut self.keys);
                self.put(&keys, Node { at, value })
            }
            EventKind::ArrayOpen => {
                self.open(at, Content::List(Vec::new()));
                Ok(())
            }
            EventKind::InlineTableOpen => {
                self.open(at, Content::Table(Table::new(at, Origin::Dotted)));
                Ok(())
            }
            EventKind::ArrayClose | EventKind::InlineTableClose => self.close(),
            EventKind::KeySep
            | EventKind::KeyValSep
            | EventKind::ValueSep
            | EventKind::Whitespace
            | EventKind::Comment
            | EventKind::Newline
            | EventKind::Error => Ok(()),
        }
    }

    fn key(&mut self, event: &Event, at: At) -> Result<(), SyntaxError> {
        if self.keys.len() == MAX_DEPTH {
            return Err(SyntaxError::too_deep(at));
        }
        let (mut name, mut error) = (Cow::Borrowed(""), None);
        self.raw(event).decode_key(&mut name, &mut error);
        self.ensure(error)?;
        let name = name.into_owned();
        self.keys.push(Key { name, at });
        Ok(())
    }

    fn scalar(&self, event: &Event, at: At) -> Result<String, SyntaxError> {
        let (raw, mut text, mut error) = (self.raw(event), Cow::Borrowed(""), None);
        let kind = raw.decode_scalar(&mut text, &mut error);
        if error.is_some() && event.encoding().is_none() {
            // The parser's best guess at `INFO` is a misspelt infinity.
            match raw.as_str().chars().next() {
                None => return Err(SyntaxError::new(at, "a key without a value")),
                Some(c) if c.is_alphabetic() => {
                    return Err(SyntaxError::new(at, "a text has quotes"));
                }
                Some(_) => {}
            }
        }
        self.ensure(error)?;
        match kind {
            ScalarKind::String => Ok(text.into_owned()),
            // Other formats have no such marks between digits.
            ScalarKind::Integer(_) | ScalarKind::Float => Ok(raw.as_str().replace('_', "")),
            ScalarKind::Boolean(_) => Ok(raw.as_str().to_owned()),
            ScalarKind::DateTime => match raw.as_str().parse::<Datetime>() {
                Ok(_) => Ok(raw.as_str().to_owned()),
                Err(_) => Err(SyntaxError::new(at, "invalid date-time")),
            },
        }
    }

    fn raw(&self, event: &Event) -> Raw<'_> {
        let empty = Raw::new_unchecked("", None, event.span());
        self.source.get(event).unwrap_or(empty)
    }

    fn ensure(&self, error: Option<ParseError>) -> Result<(), SyntaxError> {
        error.map_or(Ok(()), |error| Err(syntax(self.source, &error)))
    }

    /// Begins a section; `define` makes its table in the one around it.
    fn section(
        &mut self,
        define: fn(&mut Table, &Key, &mut Budget) -> Result<(), SyntaxError>,
    ) -> Result<(), SyntaxError> {
        self.section = std::mem::take(&mut self.keys);
        let Some((last, around)) = self.section.split_last() else {
            return Ok(());
        };
        let around = self
            .root
            .descend(around, Origin::Implied, &mut self.budget)?;
        define(around, last, &mut self.budget)
    }

    fn open(&mut self, at: At, content: Content) {
        let keys = std::mem::take(&mut self.keys);
        self.open.push(Open { at, keys, content });
    }

    fn close(&mut self) -> Result<(), SyntaxError> {
        let Some(Open { at, keys, content }) = self.open.pop() else {
            return Ok(());
        };
        let node = match content {
            Content::Table(table) => table.into_node(),
            Content::List(items) => Node {
                at,
                value: Value::List(items),
            },
        };
        self.put(&keys, node)
    }

    /// Puts a value where its keys say, in the innermost table or list.
    fn put(&mut self, keys: &[Key], node: Node) -> Result<(), SyntaxError> {
        self.budget.spend(node.at)?;
        let table = match self.open.last_mut().map(|open| &mut open.content) {
            Some(Content::List(items)) => {
                items.push(node);
                return Ok(());
            }
            Some(Content::Table(table)) => table,
            None => {
                let section = &self.section;
                self.root
                    .descend(section, Origin::Implied, &mut self.budget)?
            }
        };
        table.put(keys, node, &mut self.budget)
    }
}

/// Keys with dots and headers nest too, so brackets are not all that counts.
fn ensure_shallow(node: &Node, depth: usize) -> Result<(), SyntaxError> {
    match &node.value {
        Value::Null | Value::Text(_) | Value::Typed(_) => Ok(()),
        Value::List(_) | Value::Table(_) if depth == MAX_DEPTH => {
            Err(SyntaxError::too_deep(node.at))
        }
        Value::List(items) => items
            .iter()
            .try_for_each(|item| ensure_shallow(item, depth + 1)),
        Value::Table(members) => {
            let mut values = members.iter().map(|member| &member.value);
            values.try_for_each(|value| ensure_shallow(value, depth + 1))
        }
    }
}

fn syntax(source: Source<'_>, error: &ParseError) -> SyntaxError {
    let expected = error.expected().unwrap_or_default().iter();
    let expected: Vec<_> = expected
        .filter_map(|expected| match expected {
            Expected::Literal("\n") => Some("a newline".to_owned()),
            Expected::Literal(literal) => Some(format!("`{literal}`")),
            Expected::Description(description) => Some((*description).to_owned()),
            _ => None,
        })
        .collect();
    let mut message = error.description().to_owned();
    if !expected.is_empty() {
        message = format!("{message}, expected {}", expected.join(" or "));
    }
    let offset = error.unexpected().or(error.context());
    SyntaxError {
        at: offset.map(|span| Lines::new(source.input()).at(span.start())),
        message,
    }
}
