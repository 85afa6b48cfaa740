//! JSON documents, walked member by member.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

use super::key::{Mark, is_error_code};
use super::needles::Needles;
use super::{pattern, text};

/// The depth that the parser reads, and a stack holds.
const MAX_DEPTH: usize = 128;
const TOO_DEEP: &str = "[too deep]";
/// A text in a text in a text is what nobody sends.
const MAX_TEXTS: usize = 3;
/// Identifiers below this count something, and identify nobody.
const FIRST_ID: i64 = 1000;

/// Where in a document.
#[derive(Clone, Copy)]
struct Place {
    /// What all leaves are to be hidden as.
    below: Option<Mark>,
    depth: usize,
    /// How many texts were read as documents on the way here.
    texts: usize,
}

impl Place {
    const ROOT: Self = Self {
        below: None,
        depth: 0,
        texts: 0,
    };

    fn deeper(self, below: Option<Mark>) -> Self {
        Self {
            below,
            depth: self.depth + 1,
            ..self
        }
    }
}

/// Returns a copy without what is to be hidden.
pub(super) fn redact(value: &Value, needles: &Needles) -> Value {
    copy(value, needles, Place::ROOT)
}

/// Notes the identifiers of a document: they may stand elsewhere in it, under other names.
pub(super) fn learn(value: &Value, needles: &mut Needles) {
    note(value, needles, Place::ROOT);
}

/// Reads a text that is a document itself.
pub(super) fn within(text: &str) -> Option<Value> {
    let begins = text.trim_start().starts_with(['{', '[']);
    let document: Option<Value> = begins.then(|| serde_json::from_str(text).ok())?;
    document.filter(|document| document.is_object() || document.is_array())
}

fn copy(value: &Value, needles: &Needles, at: Place) -> Value {
    match value {
        Value::Array(_) | Value::Object(_) if at.depth >= MAX_DEPTH => TOO_DEEP.into(),
        Value::Array(elements) => {
            let position = is_position(elements).then_some(Mark::Position);
            let at = at.deeper(at.below.or(position));
            let elements = elements.iter();
            elements.map(|element| copy(element, needles, at)).collect()
        }
        Value::Object(members) => object(members, needles, at),
        Value::String(text) => match at.below {
            Some(mark) => hidden_text(text, mark).into(),
            None => plain_text(text, needles, at).into(),
        },
        Value::Number(number) => match at.below {
            Some(Mark::Id) if number.as_i64().is_some_and(|it| it.abs() < FIRST_ID) => {
                value.clone()
            }
            Some(mark) => mark.of(&number.to_string()).into(),
            None => plain_number(number, needles).map_or_else(|| value.clone(), Value::from),
        },
        Value::Null | Value::Bool(_) => value.clone(),
    }
}

fn object(members: &Map<String, Value>, needles: &Needles, at: Place) -> Value {
    let mut copied = Map::with_capacity(members.len());
    let mut numbers = BTreeMap::new();
    for (key, value) in members {
        let below = at.below.or_else(|| mark_of(key, value, members, at.depth));
        let value = copy(value, needles, at.deeper(below));
        let key = free_key(&copied, text::redact(key, needles), &mut numbers);
        copied.insert(key, value);
    }
    copied.into()
}

/// Tells whether a list is a pair of coordinates, perhaps with a height, as in GeoJSON.
fn is_position(elements: &[Value]) -> bool {
    let ([Value::Number(first), Value::Number(second)]
    | [
        Value::Number(first),
        Value::Number(second),
        Value::Number(_),
    ]) = elements
    else {
        return false;
    };
    let pair = format!("{first} {second}");
    pattern::position(&pair) == Some(pair.len())
}

/// Two keys can look the same when they are redacted. Of each, `numbers` has the next number to try.
fn free_key(
    taken: &Map<String, Value>,
    key: Cow<'_, str>,
    numbers: &mut BTreeMap<String, usize>,
) -> String {
    let key = key.into_owned();
    if !taken.contains_key(&key) {
        return key;
    }
    let number = numbers.entry(key.clone()).or_insert(1);
    loop {
        *number += 1;
        let numbered = format!("{key} ({number})");
        if !taken.contains_key(&numbered) {
            return numbered;
        }
    }
}

/// Returns what a member is to be hidden as, if it is.
fn mark_of(key: &str, value: &Value, siblings: &Map<String, Value>, depth: usize) -> Option<Mark> {
    let has = |name: &str| siblings.keys().any(|key| key.eq_ignore_ascii_case(name));
    match key.to_ascii_lowercase().as_str() {
        "code" if is_harmless_code(value) => None,
        "value" => pair_name(siblings).and_then(Mark::of_key),
        // What parts of a car are called, and not who drives it.
        "name" => {
            let of_thing = ["value", "enabled", "available", "link", "unit", "display"];
            (!of_thing.into_iter().any(has)).then_some(Mark::Name)
        }
        // The gateway's words, and not a notification's.
        "message" => {
            let gateways = has("code") || depth == 0 && siblings.len() == 1;
            (!gateways).then_some(Mark::Text)
        }
        "location" if !value.is_object() => Some(Mark::Position),
        _ => Mark::of_key(key),
    }
}

/// Returns the name in `{"name": "IDToken1", "value": "…"}`.
fn pair_name(members: &Map<String, Value>) -> Option<&str> {
    let named = |(key, _): &(&String, &Value)| {
        key.eq_ignore_ascii_case("name") || key.eq_ignore_ascii_case("key")
    };
    members.iter().find(named)?.1.as_str()
}

fn is_harmless_code(value: &Value) -> bool {
    match value {
        Value::String(code) => is_error_code(code),
        Value::Number(code) => is_error_code(&code.to_string()),
        _ => false,
    }
}

fn hidden_text(text: &str, mark: Mark) -> String {
    if text.is_empty() {
        return String::new();
    }
    mark.of(text)
}

fn plain_text(text: &str, needles: &Needles, at: Place) -> String {
    let document = (at.texts < MAX_TEXTS).then(|| within(text)).flatten();
    match document {
        Some(document) => {
            let at = Place {
                texts: at.texts + 1,
                ..at
            };
            copy(&document, needles, at).to_string()
        }
        None => text::redact(text, needles).into_owned(),
    }
}

/// Returns the mark of a number that is hidden elsewhere.
fn plain_number(number: &Number, needles: &Needles) -> Option<String> {
    let text = number.to_string();
    let (length, mark) = needles.find(&text)?;
    (length == text.len()).then(|| mark.of(&text))
}

fn note(value: &Value, needles: &mut Needles, at: Place) {
    match value {
        Value::Array(elements) if at.depth < MAX_DEPTH => {
            for element in elements {
                note(element, needles, at.deeper(at.below));
            }
        }
        Value::Object(members) if at.depth < MAX_DEPTH => {
            for (key, value) in members {
                let below = at.below.or_else(|| mark_of(key, value, members, at.depth));
                note(value, needles, at.deeper(below));
            }
        }
        Value::String(text) => note_text(text, needles, at),
        Value::Number(number) if !number.is_f64() => note_text(&number.to_string(), needles, at),
        Value::Array(_) | Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Short words and marks would hide what they only look like.
fn note_text(text: &str, needles: &mut Needles, at: Place) {
    let shortest = if at.below == Some(Mark::Vin) { 6 } else { 8 };
    let is_word = text.len() >= shortest && !text.contains(char::is_whitespace);
    match at.below {
        Some(mark) if mark.is_telling() && is_word && !text.starts_with(['[', '…']) => {
            needles.add(text, mark);
        }
        None if pattern::vin(text) == Some(text.len()) => needles.add(text, Mark::Vin),
        _ => {}
    }
}
