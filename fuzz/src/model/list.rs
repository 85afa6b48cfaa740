//! Lists of directives (RFC 9111 section 5.2), one byte after the other.

use std::collections::VecDeque;

/// A directive with its name in lower case.
#[derive(Clone, Debug)]
pub struct Directive {
    /// Its name.
    pub name: String,
    /// What follows it.
    pub argument: Argument,
}

/// What follows the name of a directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// Nothing.
    Absent,
    /// A token, or the inside of a quoted string.
    Value(Vec<u8>),
    /// What is neither.
    Malformed,
    /// A quoted string without an end, or with commas and junk after its end.
    Unterminated,
}

impl Directive {
    /// Returns its seconds (RFC 9111 section 1.2.2); `None` if it has none.
    #[must_use]
    pub fn seconds(&self) -> Option<u32> {
        match &self.argument {
            Argument::Value(value) => seconds(value),
            Argument::Absent | Argument::Malformed | Argument::Unterminated => None,
        }
    }

    /// Whether it is what the grammar allows.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        matches!(self.argument, Argument::Absent | Argument::Value(_))
    }
}

/// Reads digits; more than 2^31 is as good as that.
#[must_use]
pub fn seconds(value: &[u8]) -> Option<u32> {
    const MOST: u64 = 1 << 31;
    let text = str::from_utf8(value).ok().filter(|text| !text.is_empty())?;
    let mut sum = 0;
    for char in text.chars() {
        sum = (sum * 10 + u64::from("0123456789".find(char)? as u32)).min(MOST);
    }
    u32::try_from(sum).ok()
}

/// Reads the directives of lines. A quoted string ends where its line does.
#[must_use]
pub fn directives(lines: &[&[u8]]) -> Vec<Directive> {
    let mut found = Vec::new();
    for line in lines {
        let mut rest: VecDeque<u8> = line.iter().copied().collect();
        loop {
            taken(&mut rest, |byte| b", \t".contains(&byte));
            if rest.is_empty() {
                break;
            }
            let name = taken(&mut rest, is_token);
            found.push(Directive {
                name: String::from_utf8_lossy(&name).to_lowercase(),
                argument: argument(&mut rest),
            });
        }
    }
    found
}

fn argument(rest: &mut VecDeque<u8>) -> Argument {
    if rest.len() > 1 && (rest[0], rest[1]) == (b'=', b'"') {
        rest.drain(..2);
        return quoted(rest);
    }
    let text = taken(rest, |byte| byte != b',');
    let text = String::from_utf8_lossy(&text).trim_end().to_owned();
    match text.strip_prefix('=') {
        _ if text.is_empty() => Argument::Absent,
        Some(token) if token.bytes().all(is_token) => Argument::Value(token.into()),
        Some(_) | None => Argument::Malformed,
    }
}

/// RFC 9110 section 5.6.4.
fn quoted(rest: &mut VecDeque<u8>) -> Argument {
    let mut value = Vec::new();
    loop {
        match rest.pop_front() {
            None => return Argument::Unterminated,
            Some(b'"') => break,
            Some(b'\\') => match rest.pop_front() {
                None => return Argument::Unterminated,
                Some(byte) => value.push(byte),
            },
            Some(byte) => value.push(byte),
        }
    }
    let after = taken(rest, |byte| byte != b',');
    match after.iter().all(|byte| b" \t".contains(byte)) {
        true => Argument::Value(value),
        false if value.contains(&b',') => Argument::Unterminated,
        false => Argument::Malformed,
    }
}

fn taken(rest: &mut VecDeque<u8>, is_meant: impl Fn(u8) -> bool) -> Vec<u8> {
    let mut taken = Vec::new();
    while rest.front().is_some_and(|byte| is_meant(*byte)) {
        taken.extend(rest.pop_front());
    }
    taken
}

/// RFC 9110 section 5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
