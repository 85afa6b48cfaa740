//! JSON as text: finds where values begin and end, and makes nothing of them.
//!
//! A page of trips has megabytes of positions that few ask for. As [`serde_json::Value`]s they would
//! take ten times their size; `RawValue`s would keep them as text too, but whoever turns these on
//! for a program also lets any `Value` in it be nested without a bound.

use std::borrow::Cow;

use serde::de::IgnoredAny;

/// Deeper than any answer is, and no deeper than `serde_json` goes.
const MAX_DEPTH: u32 = 127;

/// The text is not JSON, or is nested too deep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken;

/// A place in a JSON text.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { rest: text }
    }

    /// Returns the first byte of the next value, which tells its kind.
    pub(super) fn peek(&mut self) -> Option<u8> {
        let begin = self.rest.iter().position(|byte| !is_space(*byte));
        self.advance(begin.unwrap_or(self.rest.len()));
        self.rest.first().copied()
    }

    /// Reads an object; `read` is called at each member's value and has to read it.
    pub(super) fn members(
        &mut self,
        mut read: impl FnMut(&mut Self, &str) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        self.expect(b'{')?;
        let mut is_first = true;
        while self.has_more(b'}', is_first)? {
            is_first = false;
            let key = self.key()?;
            self.expect(b':')?;
            read(self, &key)?;
        }
        Ok(())
    }

    /// Reads a list; `read` is called at each element and has to read it.
    pub(super) fn elements(
        &mut self,
        mut read: impl FnMut(&mut Self, usize) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        self.expect(b'[')?;
        let mut index = 0;
        while self.has_more(b']', index == 0)? {
            read(self, index)?;
            index += 1;
        }
        Ok(())
    }

    /// Goes to the next element or member of what was begun, or past its end.
    pub(super) fn has_more(&mut self, close: u8, is_first: bool) -> Result<bool, Broken> {
        if self.peek() == Some(close) {
            self.advance(1);
            return Ok(false);
        }
        if !is_first {
            self.expect(b',')?;
        }
        Ok(true)
    }

    pub(super) fn expect(&mut self, byte: u8) -> Result<(), Broken> {
        if self.peek() != Some(byte) {
            return Err(Broken);
        }
        self.advance(1);
        Ok(())
    }

    /// Goes past the next value by its brackets and quotes alone, and returns its text.
    pub(super) fn skip(&mut self) -> Result<&'a [u8], Broken> {
        let first = self.peek().ok_or(Broken)?;
        let text = self.rest;
        match first {
            b'"' => self.skip_string()?,
            b'{' | b'[' => self.skip_nested()?,
            _ => self.skip_scalar()?,
        }
        let length = text.len() - self.rest.len();
        text.get(..length).ok_or(Broken)
    }

    /// Goes past the next value, which is JSON throughout, and returns its text.
    pub(super) fn skip_checked(&mut self) -> Result<&'a [u8], Broken> {
        let text = self.skip()?;
        check(text).map(|()| text)
    }

    /// Fails unless all has been read.
    pub(super) fn end(&mut self) -> Result<(), Broken> {
        self.peek().map_or(Ok(()), |_| Err(Broken))
    }

    fn key(&mut self) -> Result<Cow<'a, str>, Broken> {
        if self.peek() != Some(b'"') {
            return Err(Broken);
        }
        let text = self.skip()?;
        let inner = text.get(1..text.len() - 1).ok_or(Broken)?;
        let is_plain = |byte: &u8| matches!(byte, b' '..=b'~') && *byte != b'\\';
        match str::from_utf8(inner) {
            Ok(key) if inner.iter().all(is_plain) => Ok(Cow::Borrowed(key)),
            _ => serde_json::from_slice(text).map_err(|_| Broken),
        }
    }

    fn advance(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    /// Goes to the next byte that is one of these.
    fn find(&mut self, wanted: impl Fn(u8) -> bool) -> Result<u8, Broken> {
        let at = self.rest.iter().position(|byte| wanted(*byte));
        self.advance(at.ok_or(Broken)?);
        self.rest.first().copied().ok_or(Broken)
    }

    fn skip_string(&mut self) -> Result<(), Broken> {
        self.advance(1);
        loop {
            match self.find(|byte| matches!(byte, b'"' | b'\\'))? {
                b'"' => {
                    self.advance(1);
                    return Ok(());
                }
                _ => self.advance(2),
            }
        }
    }

    fn skip_nested(&mut self) -> Result<(), Broken> {
        let mut open = Open::default();
        loop {
            match self.find(|byte| matches!(byte, b'"' | b'[' | b']' | b'{' | b'}'))? {
                b'"' => {
                    self.skip_string()?;
                    continue;
                }
                b'[' => open.push(false)?,
                b'{' => open.push(true)?,
                close => open.pop(close == b'}')?,
            }
            self.advance(1);
            if open.depth == 0 {
                return Ok(());
            }
        }
    }

    fn skip_scalar(&mut self) -> Result<(), Broken> {
        let ends = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b':') || is_space(*byte);
        let length = self.rest.iter().position(ends);
        let length = length.unwrap_or(self.rest.len());
        self.advance(length);
        if length == 0 { Err(Broken) } else { Ok(()) }
    }
}

/// Fails unless a parser takes the text for JSON, whether what it says can be held or not.
pub(super) fn check(text: &[u8]) -> Result<(), Broken> {
    let read = serde_json::from_slice(text);
    read.map(|IgnoredAny| ()).map_err(|_| Broken)
}

/// A form feed is none.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// The brackets that are open, innermost last: a bit for each, set for an object's.
#[derive(Default)]
struct Open {
    depth: u32,
    objects: u128,
}

impl Open {
    fn push(&mut self, is_object: bool) -> Result<(), Broken> {
        if self.depth == MAX_DEPTH {
            return Err(Broken);
        }
        self.depth += 1;
        self.objects = self.objects << 1 | u128::from(is_object);
        Ok(())
    }

    fn pop(&mut self, is_object: bool) -> Result<(), Broken> {
        if self.depth == 0 || (self.objects & 1 == 1) != is_object {
            return Err(Broken);
        }
        self.depth -= 1;
        self.objects >>= 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
