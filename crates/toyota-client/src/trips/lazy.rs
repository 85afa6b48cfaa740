//! Lists that stay text until they are asked for.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use serde::ser::{Serialize, SerializeSeq, Serializer};
use serde_json::Value;

use super::scan::{Broken, Cursor, check};
use crate::model::Warning;
use crate::model::decode::Leaf;
use crate::model::warning::{Path, Warnings};

/// The longest text of one value that is read whole: summaries have less than a kibibyte.
pub(super) const MAX_VALUE_BYTES: usize = 64 * 1024;

/// An element of a list that is read lazily.
pub(super) trait Element: Sized {
    /// What the list is called in warnings.
    const LIST: &'static str;

    /// Reads the next value; a bad one is warned of and is `None`.
    fn read(
        cursor: &mut Cursor<'_>,
        at: &Path<'_>,
        warnings: &mut Warnings,
    ) -> Result<Option<Self>, Broken>;
}

/// The text of a list; empty if there is none.
#[derive(Clone)]
pub(super) struct Lazy<T> {
    text: Bytes,
    element: PhantomData<fn() -> T>,
}

impl<T> Lazy<T> {
    /// Keeps a copy, so that a trip does not hold the whole page.
    pub(super) fn copied(text: &[u8]) -> Self {
        Self {
            text: Bytes::copy_from_slice(text),
            element: PhantomData,
        }
    }

    /// Tells whether there is no element, not even a bad one.
    pub(super) fn is_empty(&self) -> bool {
        self.text
            .iter()
            .all(|byte| matches!(byte, b'[' | b']') || byte.is_ascii_whitespace())
    }
}

impl<T: Element> Lazy<T> {
    pub(super) fn iter(&self) -> Elements<'_, T> {
        Elements {
            cursor: Cursor::new(&self.text),
            index: 0,
            state: State::Before,
            warnings: Warnings::default(),
            list: T::LIST,
            read: T::read,
        }
    }
}

impl<T> Default for Lazy<T> {
    fn default() -> Self {
        Self::copied(&[])
    }
}

impl<T> PartialEq for Lazy<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// Shows how long it is: it is full of positions.
impl<T> fmt::Debug for Lazy<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} bytes)", self.text.len())
    }
}

impl<T: Element + Serialize> Serialize for Lazy<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        self.iter()
            .try_for_each(|element| list.serialize_element(&element))?;
        list.end()
    }
}

/// Reads the elements of a list one by one, as they are asked for.
///
/// One that cannot be read is left out, and [warned of](Self::warnings).
pub struct Elements<'a, T> {
    cursor: Cursor<'a>,
    index: usize,
    state: State,
    warnings: Warnings,
    list: &'static str,
    read: Read<T>,
}

/// Reads the next value; a bad one is warned of and is `None`.
type Read<T> = fn(&mut Cursor<'_>, &Path<'_>, &mut Warnings) -> Result<Option<T>, Broken>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Before,
    Within,
    After,
}

impl<T> Elements<'_, T> {
    /// Returns what could not be used of the elements until here: at most 256 warnings.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        self.warnings.as_slice()
    }

    /// Goes to the next element, if there is one.
    fn step(&mut self) -> Result<bool, Broken> {
        let is_first = self.state == State::Before;
        if is_first {
            if self.cursor.peek().is_none() {
                return Ok(false);
            }
            self.cursor.expect(b'[')?;
            self.state = State::Within;
        }
        self.cursor.has_more(b']', is_first)
    }

    fn read(&mut self) -> Result<Option<T>, Broken> {
        while self.state != State::After && self.step()? {
            let list = Path::Root(self.list);
            let at = Path::Element(&list, self.index);
            self.index += 1;
            let element = (self.read)(&mut self.cursor, &at, &mut self.warnings)?;
            if element.is_some() {
                return Ok(element);
            }
        }
        self.state = State::After;
        Ok(None)
    }
}

impl<T> Iterator for Elements<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.read().unwrap_or_else(|Broken| {
            self.state = State::After;
            let list = Path::Root(self.list);
            let at = Path::Element(&list, self.index);
            self.warnings.add(&at, "JSON", &Value::from(""));
            None
        })
    }
}

impl<T> std::iter::FusedIterator for Elements<'_, T> {}

impl<T> fmt::Debug for Elements<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Elements")
            .field("index", &self.index)
            .field("warnings", &self.warnings)
            .finish_non_exhaustive()
    }
}

/// Reads the next value whole, if it is not too long: then it is warned of and is `None`.
pub(super) fn value(
    cursor: &mut Cursor<'_>,
    at: &Path<'_>,
    warnings: &mut Warnings,
) -> Result<Option<Value>, Broken> {
    let text = cursor.skip()?;
    if text.len() > MAX_VALUE_BYTES {
        warnings.add(at, "at most 64 KiB", &stand_in(text));
        return Ok(None);
    }
    parse(text, at, warnings)
}

/// Parses a value; one that is JSON and cannot be held, such as `1e999`, is warned of and is `None`.
pub(super) fn parse(
    text: &[u8],
    at: &Path<'_>,
    warnings: &mut Warnings,
) -> Result<Option<Value>, Broken> {
    if let Ok(value) = serde_json::from_slice(text) {
        return Ok(Some(value));
    }
    check(text)?;
    warnings.add(at, "what can be held", &stand_in(text));
    Ok(None)
}

/// Reads a leaf of an object that is not kept.
pub(super) fn leaf<T: Leaf>(
    cursor: &mut Cursor<'_>,
    at: &Path<'_>,
    warnings: &mut Warnings,
) -> Result<Option<T>, Broken> {
    let Some(value) = value(cursor, at, warnings)?.filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let read = T::read(&value);
    if read.is_none() {
        warnings.add(at, T::EXPECTED, &value);
    }
    Ok(read)
}

/// A value of the kind that begins with this text, for a warning.
pub(super) fn stand_in(text: &[u8]) -> Value {
    match text.first() {
        Some(b'{') => Value::Object(serde_json::Map::new()),
        Some(b'[') => Value::Array(Vec::new()),
        Some(b'"') => Value::from(""),
        Some(b't' | b'f') => Value::from(false),
        Some(b'n') | None => Value::Null,
        Some(_) => Value::from(0),
    }
}
