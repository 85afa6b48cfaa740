//! The list of directives that a message's field lines make together.

use std::borrow::Cow;

use http::header::HeaderName;
use http::{HeaderMap, HeaderValue};

use crate::policy::delta_seconds;

/// The longest name that is known.
const LONGEST: usize = "stale-while-revalidate".len();

/// Room for a name in lower case.
pub(super) type NameBuffer = [u8; LONGEST];

/// Returns the directives of all lines of a field, as they come (RFC 9111 section 5.2).
pub(super) fn directives(
    headers: &HeaderMap,
    field: HeaderName,
) -> impl Iterator<Item = Directive<'_>> {
    let lines = headers.get_all(field).into_iter();
    lines.map(HeaderValue::as_bytes).flat_map(Line)
}

/// A name and what belongs to it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Directive<'a> {
    name: &'a [u8],
    argument: Argument<'a>,
}

#[derive(Debug, PartialEq, Eq)]
enum Argument<'a> {
    Absent,
    /// A token, or what a quoted string says.
    Value(Cow<'a, [u8]>),
    /// Neither of them.
    Malformed,
    /// A quoted string that does not end where it should: other directives may be part of it.
    Unterminated,
}

impl Directive<'_> {
    /// Returns the name in lower case; empty if none that is known is so long.
    pub(super) fn name<'b>(&self, buffer: &'b mut NameBuffer) -> &'b [u8] {
        let Some(name) = buffer.get_mut(..self.name.len()) else {
            return &[];
        };
        name.copy_from_slice(self.name);
        name.make_ascii_lowercase();
        name
    }

    pub(super) fn has_argument(&self) -> bool {
        self.argument != Argument::Absent
    }

    pub(super) fn is_well_formed(&self) -> bool {
        matches!(self.argument, Argument::Absent | Argument::Value(_))
    }

    /// Returns whether it may have swallowed other directives.
    pub(super) fn is_unterminated(&self) -> bool {
        self.argument == Argument::Unterminated
    }

    /// Returns the seconds that the argument is.
    pub(super) fn seconds(&self) -> Option<u32> {
        match &self.argument {
            Argument::Value(value) => delta_seconds(value),
            Argument::Absent | Argument::Malformed | Argument::Unterminated => None,
        }
    }

    /// Returns the names of fields that the argument lists; none if it is anything else.
    pub(super) fn fields(&self) -> Vec<HeaderName> {
        let Argument::Value(value) = &self.argument else {
            return Vec::new();
        };
        value
            .split(|&byte| byte == b',')
            .map(<[u8]>::trim_ascii)
            .filter(|name| !name.is_empty())
            .map(HeaderName::from_bytes)
            .collect::<Result<_, _>>()
            .unwrap_or_default()
    }
}

/// What is left of a field line.
struct Line<'a>(&'a [u8]);

impl<'a> Iterator for Line<'a> {
    type Item = Directive<'a>;

    fn next(&mut self) -> Option<Directive<'a>> {
        let (_, rest) = split_at(self.0, |byte| !matches!(byte, b',' | b' ' | b'\t'));
        if rest.is_empty() {
            return None;
        }
        let (name, rest) = split_at(rest, |byte| !is_tchar(byte));
        let (argument, rest) = argument(rest);
        self.0 = rest;
        Some(Directive { name, argument })
    }
}

/// Splits off what follows a name, up to the next directive's comma.
fn argument(text: &[u8]) -> (Argument<'_>, &[u8]) {
    // Only here a quote begins a quoted string: elsewhere it is junk, and hides nothing.
    if let [b'=', b'"', text @ ..] = text {
        return quoted_string(text);
    }
    let (text, rest) = split_at(text, |byte| byte == b',');
    let argument = match text.trim_ascii_end() {
        [] => Argument::Absent,
        [b'=', token @ ..] if token.iter().copied().all(is_tchar) => {
            Argument::Value(Cow::Borrowed(token))
        }
        _ => Argument::Malformed,
    };
    (argument, rest)
}

/// Splits off a quoted string whose opening quote is gone (RFC 9110 section 5.6.4).
fn quoted_string(text: &[u8]) -> (Argument<'_>, &[u8]) {
    let mut escaped = false;
    let (quoted, rest) = split_at(text, |byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    let [b'"', rest @ ..] = rest else {
        return (Argument::Unterminated, rest);
    };
    let (junk, rest) = split_at(rest, |byte| byte == b',');
    let argument = if junk.trim_ascii().is_empty() {
        Argument::Value(unescaped(quoted))
    } else if quoted.contains(&b',') {
        // Its quote may be another string's first: somebody joined two lines.
        Argument::Unterminated
    } else {
        Argument::Malformed
    };
    (argument, rest)
}

/// Replaces every quoted pair by its second byte.
fn unescaped(quoted: &[u8]) -> Cow<'_, [u8]> {
    if !quoted.contains(&b'\\') {
        return Cow::Borrowed(quoted);
    }
    let mut plain = Vec::with_capacity(quoted.len());
    let mut bytes = quoted.iter().copied();
    while let Some(byte) = bytes.next() {
        plain.extend(if byte == b'\\' {
            bytes.next()
        } else {
            Some(byte)
        });
    }
    Cow::Owned(plain)
}

/// Splits before the first byte that is meant, after everything if none is.
fn split_at(text: &[u8], is_meant: impl FnMut(u8) -> bool) -> (&[u8], &[u8]) {
    let at = text.iter().copied().position(is_meant);
    text.split_at(at.unwrap_or(text.len()))
}

/// Returns whether a byte may be part of a token (RFC 9110 section 5.6.2).
fn is_tchar(byte: u8) -> bool {
    matches!(
        byte,
        b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~'
    ) || byte.is_ascii_alphanumeric()
}

#[cfg(test)]
mod tests {
    use http::header::CACHE_CONTROL;
    use proptest::prelude::*;

    use super::Argument::{Absent, Malformed, Unterminated};
    use super::*;

    #[test]
    fn lines_are_one_list_of_names_with_arguments() {
        // RFC 9111 section 5.2, RFC 9110 sections 5.6.1.2 to 5.6.4.
        let cases: [Case<'_>; 28] = [
            (&[], &[]),
            (&[b"", b" ,\t, "], &[]),
            (&[b"a"], &[("a", Absent)]),
            (&[b"a,b"], &[("a", Absent), ("b", Absent)]),
            (&[b"a", b"b"], &[("a", Absent), ("b", Absent)]),
            (&[b"\t a ,, b,"], &[("a", Absent), ("b", Absent)]),
            (&[b"a=1, B=x"], &[("a", value("1")), ("B", value("x"))]),
            (&[b"a="], &[("a", value(""))]),
            (&[b"a=1 ,b"], &[("a", value("1")), ("b", Absent)]),
            (&[b"a=\"1\",b"], &[("a", value("1")), ("b", Absent)]),
            (&[b"a=\"\" , b"], &[("a", value("")), ("b", Absent)]),
            (&[b"a=\"b, c\", d"], &[("a", value("b, c")), ("d", Absent)]),
            (
                &[br#"a="\"b\\",c"#],
                &[("a", value(r#""b\"#)), ("c", Absent)],
            ),
            (
                &[b"a=\"\xe4,\",c"],
                &[("a", bytes(b"\xe4,")), ("c", Absent)],
            ),
            (&[TCHARS.as_bytes()], &[(TCHARS, Absent)]),
            // The grammar has no whitespace around `=`, and no two values.
            (&[b"a =1,b"], &[("a", Malformed), ("b", Absent)]),
            (&[b"a= 1,b"], &[("a", Malformed), ("b", Absent)]),
            (&[b"a b,c"], &[("a", Malformed), ("c", Absent)]),
            (&[b"a=1 2,b"], &[("a", Malformed), ("b", Absent)]),
            (&[b"a=\"1\"2,b"], &[("a", Malformed), ("b", Absent)]),
            (&[b"a=\"1,2\"3,b"], &[("a", Unterminated), ("b", Absent)]),
            (&[b"a==1,b"], &[("a", Malformed), ("b", Absent)]),
            (&[b"a\xff,b"], &[("a", Malformed), ("b", Absent)]),
            (&[b"\xff,b"], &[("", Malformed), ("b", Absent)]),
            // A quote elsewhere hides nothing.
            (&[b"a=b\", c"], &[("a", Malformed), ("c", Absent)]),
            (&[b"\"a, b\""], &[("", Malformed), ("b", Malformed)]),
            (&[b"a=\"b, c", b"d"], &[("a", Unterminated), ("d", Absent)]),
            (&[b"a, b=\"\\\""], &[("a", Absent), ("b", Unterminated)]),
        ];
        for (lines, expected) in cases {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(CACHE_CONTROL, HeaderValue::from_bytes(line).unwrap());
            }

            let found: Vec<_> = directives(&headers, CACHE_CONTROL)
                .map(|found| (str::from_utf8(found.name).unwrap(), found.argument))
                .collect();

            assert_eq!(found, expected, "{lines:?}");
        }
    }

    #[test]
    fn a_name_is_compared_in_lower_case() {
        for (name, lower) in [
            ("No-Store", "no-store"),
            ("STALE-WHILE-REVALIDATE", "stale-while-revalidate"),
            ("stale-while-revalidate-", ""),
        ] {
            let directive = Line(name.as_bytes()).next().unwrap();

            assert_eq!(directive.name(&mut NameBuffer::default()), lower.as_bytes());
        }
    }

    proptest! {
        #[test]
        fn any_bytes_come_to_an_end(line in proptest::collection::vec(any::<u8>(), 0..200)) {
            let found = Line(&line).count();

            prop_assert!(found <= line.len());
        }

        #[test]
        fn what_was_quoted_is_read_back(value in proptest::collection::vec(any::<u8>(), 0..40)) {
            let escaped = value.iter().flat_map(|&byte| [b'\\', byte]);
            let line: Vec<u8> = b"a=\"".iter().copied().chain(escaped).chain(*b"\",b").collect();

            let found: Vec<_> = Line(&line).map(|found| found.argument).collect();

            prop_assert_eq!(found, [bytes(&value), Absent]);
        }
    }

    /// Whatever a token may have.
    const TCHARS: &str = "!#$%&'*+-.^_`|~0189AZaz";

    /// Lines, and the directives in them.
    type Case<'a> = (&'a [&'a [u8]], &'a [(&'a str, Argument<'a>)]);

    fn value(text: &str) -> Argument<'_> {
        bytes(text.as_bytes())
    }

    fn bytes(value: &[u8]) -> Argument<'_> {
        Argument::Value(Cow::Borrowed(value))
    }
}
