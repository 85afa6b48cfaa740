//! How the values of one key are written as text, and which of them are allowed.

mod filter;
mod number;
mod place;
mod route;
mod store;
mod text;
mod word;

use serde_json::{Map, Value, json};

pub(super) use self::filter::Filter;
pub(super) use self::number::{Factor, Seconds, Whole};
pub(super) use self::place::{Address, RedirectUri, Url, UserPath};
pub(super) use self::route::Routes;
pub(super) use self::store::Stores;
pub(super) use self::text::{HeaderText, MailAddress, Realm, SecretText, Visible};
pub(super) use self::word::{BrandCode, Flag, Word};
use super::Settings;

/// The values of one type: how they are read, written and described.
pub(super) trait Kind: Sync {
    type Value;

    /// Leaves out what does not belong to the value.
    fn trim<'a>(&self, text: &'a str) -> &'a str {
        text.trim()
    }

    /// Tells whether values are texts, and neither numbers nor yes and no.
    fn is_text(&self) -> bool {
        true
    }

    /// Reads a value, or says what would be allowed.
    fn parse(&self, text: &str) -> Result<Self::Value, String>;

    /// Reads a list of texts, which most kinds do not take, or says what would be allowed.
    fn parse_list(&self, items: &[&str]) -> Result<Self::Value, String> {
        let _ = items;
        Err(self.allowed())
    }

    /// Tells whether a value has a part that is never shown.
    fn hides(&self, value: &Self::Value) -> bool {
        let _ = value;
        false
    }

    /// Writes it as JSON whose text [`parse`](Self::parse) reads; `null` where nothing is set.
    fn json(&self, value: &Self::Value) -> Value;

    /// Says in a phrase what is allowed.
    fn allowed(&self) -> String;

    /// Returns the keywords of a JSON Schema that say the same, as far as they can.
    fn schema(&self) -> Map<String, Value>;

    /// Returns those of another way to write it that is taken as well.
    fn schema_otherwise(&self) -> Option<Map<String, Value>> {
        None
    }
}

/// A value that may be left out.
pub(super) struct Optional<K>(pub(super) K);

impl<K: Kind> Kind for Optional<K> {
    type Value = Option<K::Value>;

    fn trim<'a>(&self, text: &'a str) -> &'a str {
        self.0.trim(text)
    }

    fn is_text(&self) -> bool {
        self.0.is_text()
    }

    fn parse(&self, text: &str) -> Result<Self::Value, String> {
        self.0.parse(text).map(Some)
    }

    fn parse_list(&self, items: &[&str]) -> Result<Self::Value, String> {
        self.0.parse_list(items).map(Some)
    }

    fn hides(&self, value: &Self::Value) -> bool {
        value.as_ref().is_some_and(|value| self.0.hides(value))
    }

    fn json(&self, value: &Self::Value) -> Value {
        value
            .as_ref()
            .map_or(Value::Null, |value| self.0.json(value))
    }

    fn allowed(&self) -> String {
        self.0.allowed()
    }

    fn schema(&self) -> Map<String, Value> {
        self.0.schema()
    }

    fn schema_otherwise(&self) -> Option<Map<String, Value>> {
        self.0.schema_otherwise()
    }
}

/// A place among the settings, and the values that it takes.
pub(super) struct Slot<K: Kind> {
    pub(super) kind: K,
    pub(super) get: fn(&Settings) -> &K::Value,
    pub(super) set: fn(&mut Settings, K::Value),
}

/// A [`Slot`] whose type is forgotten.
pub(super) trait AnySlot: Sync {
    /// Reads a text into its place, or says what would be allowed.
    fn parse(&self, text: &str, settings: &mut Settings) -> Result<(), String>;

    /// Reads a list of texts into its place, or says what would be allowed.
    fn parse_list(&self, items: &[&str], settings: &mut Settings) -> Result<(), String>;

    /// Tells whether what is in its place has a part that is never shown.
    fn hides(&self, settings: &Settings) -> bool;

    /// Returns what is in its place.
    fn json(&self, settings: &Settings) -> Value;

    fn is_text(&self) -> bool;

    fn allowed(&self) -> String;

    fn schema(&self) -> Map<String, Value>;

    fn schema_otherwise(&self) -> Option<Map<String, Value>>;
}

impl<K: Kind> AnySlot for Slot<K> {
    fn parse(&self, text: &str, settings: &mut Settings) -> Result<(), String> {
        let value = self.kind.parse(self.kind.trim(text))?;
        (self.set)(settings, value);
        Ok(())
    }

    fn parse_list(&self, items: &[&str], settings: &mut Settings) -> Result<(), String> {
        let value = self.kind.parse_list(items)?;
        (self.set)(settings, value);
        Ok(())
    }

    fn hides(&self, settings: &Settings) -> bool {
        self.kind.hides((self.get)(settings))
    }

    fn json(&self, settings: &Settings) -> Value {
        self.kind.json((self.get)(settings))
    }

    fn is_text(&self) -> bool {
        self.kind.is_text()
    }

    fn allowed(&self) -> String {
        self.kind.allowed()
    }

    fn schema(&self) -> Map<String, Value> {
        self.kind.schema()
    }

    fn schema_otherwise(&self) -> Option<Map<String, Value>> {
        self.kind.schema_otherwise()
    }
}

/// The keywords of a schema.
fn keywords<const N: usize>(pairs: [(&str, Value); N]) -> Map<String, Value> {
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value));
    pairs.into_iter().collect()
}

/// The keywords of texts with this pattern.
fn pattern(pattern: impl Into<String>) -> Map<String, Value> {
    keywords([
        ("type", json!("string")),
        ("pattern", json!(pattern.into())),
    ])
}

/// The keywords of what a format takes for a number, though it is meant as it is written.
fn unquoted() -> Map<String, Value> {
    keywords([("type", json!(["number", "boolean"]))])
}

/// The keywords of a number in quotes.
fn quoted_number() -> Map<String, Value> {
    pattern(r"^ *\+?[0-9][0-9_]*(\.[0-9_]+)?([eE][+-]?[0-9_]+)? *$")
}

/// The pattern of one of these words in any case.
fn any_case<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words = words.into_iter().map(|word| {
        let letters = word.chars();
        let letters = letters.map(|c| format!("[{}{}]", c.to_uppercase(), c.to_lowercase()));
        letters.collect::<String>()
    });
    let words: Vec<_> = words.collect();
    format!("^ *({}) *$", words.join("|"))
}
