//! JSON as text: finds where values begin and end, and parses none of them.
//!
//! A page of trips has megabytes of positions that few ask for. As [`serde_json::Value`]s they would
//! take ten times their size; `RawValue`s would keep them as text too, but whoever turns these on
//! for a program also lets any `Value` in it be nested without a bound.

use std::borrow::Cow;

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
        self.rest = self.rest.trim_ascii_start();
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

    /// Goes past the next value, and returns its text.
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

    /// Fails unless all has been read.
    pub(super) fn end(&mut self) -> Result<(), Broken> {
        self.peek().map_or(Ok(()), |_| Err(Broken))
    }

    fn key(&mut self) -> Result<Cow<'a, str>, Broken> {
        if self.peek() != Some(b'"') {
            return Err(Broken);
        }
        let text = self.skip()?;
        if text.contains(&b'\\') {
            return serde_json::from_slice(text).map_err(|_| Broken);
        }
        let inner = text.get(1..text.len() - 1).ok_or(Broken)?;
        Ok(String::from_utf8_lossy(inner))
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
        let ends =
            |byte: &u8| matches!(byte, b',' | b']' | b'}' | b':') || byte.is_ascii_whitespace();
        let length = self.rest.iter().position(ends);
        let length = length.unwrap_or(self.rest.len());
        self.advance(length);
        if length == 0 { Err(Broken) } else { Ok(()) }
    }
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
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::hostile::json;

    fn skipped(text: &str) -> Result<&str, Broken> {
        let text = Cursor::new(text.as_bytes()).skip()?;
        Ok(std::str::from_utf8(text).unwrap())
    }

    #[test]
    fn a_value_ends_where_its_last_bracket_or_quote_is() {
        for (text, value) in [
            (r#" "a\"]b\\" , 1"#, r#""a\"]b\\""#),
            (r#"{"a": [1, {"}": "]"}]} x"#, r#"{"a": [1, {"}": "]"}]}"#),
            ("-1.5e3,", "-1.5e3"),
            ("true]", "true"),
            ("[ ]", "[ ]"),
            ("null", "null"),
        ] {
            assert_eq!(skipped(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_does_not_end_is_broken() {
        for text in [
            "", "  ", "{", "[1, 2", r#""a"#, r#""a\"#, "[}", r#"{"a]"#, "]", ",",
        ] {
            assert_eq!(skipped(text), Err(Broken), "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        for (depth, is_read) in [(127, true), (128, false), (1_000_000, false)] {
            let text = "[".repeat(depth) + &"]".repeat(depth);

            assert_eq!(skipped(&text).is_ok(), is_read, "{depth}");
        }
    }

    #[test]
    fn escaped_keys_are_what_they_stand_for() {
        let mut keys = Vec::new();
        let text = br#"{"r\u006fute": 1, "plain": 2, "": 3}"#;

        let read = Cursor::new(text).members(|cursor, key| {
            keys.push(key.to_owned());
            cursor.skip().map(drop)
        });

        assert_eq!(read, Ok(()));
        assert_eq!(keys, ["route", "plain", ""]);
    }

    proptest! {
        #[test]
        fn whatever_is_json_is_skipped_whole(value in json(), pretty in any::<bool>()) {
            let text = if pretty {
                serde_json::to_string_pretty(&value).unwrap()
            } else {
                value.to_string()
            };
            let longer = format!("{text} ,");

            prop_assert_eq!(skipped(&longer), Ok(text.as_str()));
        }

        #[test]
        fn members_and_elements_are_those_of_a_parser(value in json()) {
            let text = value.to_string();
            // The parser does not read every number back to its last digit.
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            let mut parts = Vec::new();
            let mut keep = |cursor: &mut Cursor<'_>| {
                let part: serde_json::Value = serde_json::from_slice(cursor.skip()?).unwrap();
                parts.push(part);
                Ok(())
            };
            let mut cursor = Cursor::new(text.as_bytes());

            let expected: Vec<_> = match &value {
                serde_json::Value::Object(members) => {
                    cursor.members(|cursor, _| keep(cursor)).unwrap();
                    members.values().cloned().collect()
                }
                serde_json::Value::Array(elements) => {
                    cursor.elements(|cursor, _| keep(cursor)).unwrap();
                    elements.clone()
                }
                _ => return Ok(()),
            };

            prop_assert_eq!(cursor.end(), Ok(()));
            // A map is in the order of its keys, and so is its text.
            prop_assert_eq!(parts, expected);
        }

        #[test]
        fn no_bytes_are_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut cursor = Cursor::new(&bytes);
            while cursor.skip().is_ok() {}
            let skip = |cursor: &mut Cursor<'_>| cursor.skip().map(drop);
            let _ = Cursor::new(&bytes).members(|cursor, _| skip(cursor));
            let _ = Cursor::new(&bytes).elements(|cursor, _| skip(cursor));
        }
    }
}
