//! Texts, looked at from the beginning to the end once.

use std::borrow::Cow;

use super::key::{MAX_KEY_BYTES, Mark, is_error_code};
use super::needles::Needles;
use super::pattern;

/// Before a quote in a text in a text in a text in a text.
const MAX_BACKSLASHES: usize = 15;

/// What begins where a text is looked at.
#[derive(Clone, Copy)]
struct Found {
    /// What stays before it: a name and its separator.
    kept: usize,
    hidden: usize,
    mark: Mark,
}

/// Where a text is looked at.
#[derive(Clone, Copy, Default)]
struct Place {
    /// Behind a letter or digit.
    in_word: bool,
    /// Behind what a number goes on after.
    in_number: bool,
    after_backslash: bool,
    /// What can be a token was looked at, down to so many bytes before the end.
    known_to: Option<usize>,
}

impl Place {
    fn goes_on(&mut self, in_word: bool, in_number: bool) {
        self.in_word = in_word;
        self.in_number = in_number;
        self.after_backslash = false;
    }
}

/// Returns a text without what is to be hidden.
pub(super) fn redact<'a>(text: &'a str, needles: &Needles) -> Cow<'a, str> {
    let (mut redacted, mut rest, mut plain) = (String::new(), text, text);
    let mut place = Place::default();
    while let Some(first) = rest.chars().next() {
        let step = match find(rest, needles, &mut place) {
            Some(Found { kept, hidden, mark }) => {
                let before = plain.len() - rest.len() + kept;
                let end = kept + hidden;
                redacted.push_str(plain.get(..before).unwrap_or_default());
                redacted.push_str(&mark.of(rest.get(kept..end).unwrap_or_default()));
                plain = rest.get(end..).unwrap_or_default();
                place.goes_on(false, false);
                end
            }
            None => match escaped(rest).filter(|_| place.after_backslash) {
                Some(length) => {
                    place.goes_on(false, false);
                    length
                }
                None => {
                    // The seconds of a time are no degrees.
                    let is_of_time = first == ':' && place.in_word;
                    let in_word = first.is_ascii_alphanumeric();
                    place.goes_on(in_word, in_word || first == '.' || is_of_time);
                    place.after_backslash = first == '\\';
                    first.len_utf8()
                }
            },
        };
        rest = rest.get(step..).unwrap_or_default();
    }
    if redacted.is_empty() && plain.len() == text.len() {
        return text.into();
    }
    redacted.push_str(plain);
    redacted.into()
}

/// The length of what follows a backslash and belongs to no word: `n` for the end of a line, `u003c`.
fn escaped(rest: &str) -> Option<usize> {
    match rest.as_bytes() {
        [b'b' | b'f' | b'n' | b'r' | b't', ..] => Some(1),
        [b'u', code @ ..] => {
            let code = code.get(..4)?;
            code.iter().all(u8::is_ascii_hexdigit).then_some(5)
        }
        _ => None,
    }
}

fn find(rest: &str, needles: &Needles, place: &mut Place) -> Option<Found> {
    let whole = |hidden: usize, mark| Found {
        kept: 0,
        hidden,
        mark,
    };
    if let Some((length, mark)) = needles.find(rest) {
        return Some(whole(length, mark));
    }
    if !place.in_number
        && let Some(length) = pattern::position(rest)
    {
        return Some(whole(length, Mark::Position));
    }
    if place.in_word {
        return None;
    }
    let found = [
        (Mark::Link, pattern::link(rest)),
        (Mark::Id, pattern::uuid(rest)),
        (Mark::Mail, pattern::mail(rest)),
        (Mark::Phone, pattern::phone(rest)),
    ];
    if let Some((mark, length)) = found
        .into_iter()
        .find_map(|(mark, length)| Some((mark, length?)))
    {
        return Some(whole(length, mark));
    }
    if let Some((kept, hidden)) = pattern::credential(rest) {
        let mark = Mark::Token;
        return Some(Found { kept, hidden, mark });
    }
    named(rest)
        .or_else(|| token(rest, place))
        .or_else(|| Some(whole(pattern::vin(rest)?, Mark::Vin)))
}

/// What can be a token is looked at as a whole, and once.
fn token(rest: &str, place: &mut Place) -> Option<Found> {
    if place.known_to.is_some_and(|known| rest.len() > known) {
        return None;
    }
    let hidden = pattern::run(rest);
    place.known_to = Some(rest.len() - hidden);
    pattern::is_token(rest.get(..hidden)?).then_some(Found {
        kept: 0,
        hidden,
        mark: Mark::Token,
    })
}

/// What follows a telling name: `token=abc`, `"token": "abc"`, `nickName: My car`.
fn named(rest: &str) -> Option<Found> {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte);
    let name = rest.bytes().take(MAX_KEY_BYTES + 1);
    let (name, after) = rest.split_at_checked(name.take_while(is_name).count())?;
    let (_, after) = unescaped(after);
    let after = after.strip_prefix(['"', '\'']).unwrap_or(after);
    let after = after.trim_start_matches(' ');
    let by_colon = after.starts_with(':');
    let value = after.strip_prefix([':', '='])?.trim_start_matches(' ');
    let mark = Mark::of_key(name)?;
    let (backslashes, value) = unescaped(value);
    let is_code = name.eq_ignore_ascii_case("code");
    let (value, hidden) = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let value = value.get(1..)?;
            (value, quoted(value, quote, backslashes))
        }
        // A header, or a line of a form: all of it.
        _ if by_colon && mark == Mark::Token && !is_code => (value, until(value, "\r\n")),
        Some('[' | '{') => (value, nested(value)),
        _ => {
            let ends = if by_colon {
                ",;})\r\n"
            } else {
                " \t\r\n&,;\"'})"
            };
            let hidden = match mark {
                Mark::Position => pair(value, ends),
                _ => until(value, ends),
            };
            (value, hidden)
        }
    };
    let harmless = is_code && is_error_code(value.get(..hidden)?.trim());
    (hidden > 0 && !harmless).then_some(Found {
        kept: rest.len() - value.len(),
        hidden,
        mark,
    })
}

/// The length of what is before any of these.
fn until(text: &str, ends: &str) -> usize {
    text.find(|c| ends.contains(c)).unwrap_or(text.len())
}

/// The same of a position, which goes on after a comma if a number does.
fn pair(text: &str, ends: &str) -> usize {
    let mut hidden = until(text, ends);
    while let Some(next) = text.get(hidden..).and_then(|rest| rest.strip_prefix(',')) {
        let number = next.trim_start_matches(' ');
        if !number.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+') {
            break;
        }
        hidden = text.len() - number.len() + until(number, ends);
    }
    hidden
}

/// The length of a list or an object, or of all that is left if it does not end. Brackets in quotes are of
/// texts.
fn nested(text: &str) -> usize {
    let mut open = 0_usize;
    let mut rest = text;
    while let Some(at) = rest.find(['[', ']', '{', '}', '"', '\\']) {
        let (backslashes, after) = unescaped(rest.get(at..).unwrap_or_default());
        let mut chars = after.chars();
        match chars.next() {
            Some('[' | '{') => open += 1,
            Some(']' | '}') => open = open.saturating_sub(1),
            Some('"') => {
                let content = quoted(chars.as_str(), '"', backslashes);
                let behind = chars.as_str().get(content..).unwrap_or_default();
                let (_, behind) = unescaped(behind);
                rest = behind.strip_prefix('"').unwrap_or(behind);
                continue;
            }
            _ => {}
        }
        rest = chars.as_str();
        if open == 0 {
            return text.len() - rest.len();
        }
    }
    text.len()
}

/// The backslashes before a quote, and what follows: one in a text, three in a text in a text.
fn unescaped(text: &str) -> (usize, &str) {
    let backslashes = text.bytes().take(MAX_BACKSLASHES);
    let backslashes = backslashes.take_while(|byte| *byte == b'\\').count();
    (backslashes, text.get(backslashes..).unwrap_or_default())
}

/// The length of what is before the closing quote, which is escaped as the first one was. Each text in a
/// text doubles the backslashes; what they leave of an odd number makes a quote one of the content.
fn quoted(text: &str, quote: char, escaped: usize) -> usize {
    let mut backslashes = 0_usize;
    for (at, c) in text.char_indices() {
        if c == quote {
            let own = backslashes.checked_sub(escaped);
            if own.is_none_or(|own| (own / (escaped + 1)).is_multiple_of(2)) {
                return at - backslashes.min(escaped);
            }
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
    }
    text.len()
}
