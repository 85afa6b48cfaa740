//! One of a few words.

use serde_json::{Map, Value, json};

use super::{Kind, any_case, keywords, pattern};
use crate::Brand;

/// Yes or no.
pub(in super::super) struct Flag;

impl Kind for Flag {
    type Value = bool;

    fn is_text(&self) -> bool {
        false
    }

    fn parse(&self, text: &str) -> Result<bool, String> {
        match text.to_ascii_lowercase().as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(self.allowed()),
        }
    }

    fn json(&self, value: &bool) -> Value {
        json!(value)
    }

    fn allowed(&self) -> String {
        "true or false".to_owned()
    }

    fn schema_otherwise(&self) -> Option<Map<String, Value>> {
        Some(pattern(any_case(["true", "false"])))
    }

    fn schema(&self) -> Map<String, Value> {
        keywords([("type", json!("boolean"))])
    }
}

/// One of these words, in any case.
pub(in super::super) struct Word<T: 'static>(pub(in super::super) &'static [(&'static str, T)]);

impl<T: Copy + PartialEq + Sync> Kind for Word<T> {
    type Value = T;

    fn parse(&self, text: &str) -> Result<T, String> {
        let mut words = self.0.iter();
        let found = words.find(|(word, _)| word.eq_ignore_ascii_case(text));
        found.map(|(_, value)| *value).ok_or_else(|| self.allowed())
    }

    fn json(&self, value: &T) -> Value {
        let mut words = self.0.iter();
        let found = words.find(|(_, known)| known == value);
        found.map_or(Value::Null, |(word, _)| json!(word))
    }

    fn allowed(&self) -> String {
        let words: Vec<_> = self.0.iter().map(|(word, _)| *word).collect();
        one_of(&words)
    }

    fn schema_otherwise(&self) -> Option<Map<String, Value>> {
        let words = self.0.iter().map(|(word, _)| *word);
        Some(pattern(any_case(words)))
    }

    fn schema(&self) -> Map<String, Value> {
        let words: Vec<_> = self.0.iter().map(|(word, _)| *word).collect();
        keywords([("type", json!("string")), ("enum", json!(words))])
    }
}

/// A make, by its code or its name.
pub(in super::super) struct BrandCode;

impl Kind for BrandCode {
    type Value = Brand;

    fn parse(&self, text: &str) -> Result<Brand, String> {
        Brand::by_name(text).ok_or_else(|| self.allowed())
    }

    fn json(&self, value: &Brand) -> Value {
        json!(value.code)
    }

    fn allowed(&self) -> String {
        "T, L or S".to_owned()
    }

    fn schema_otherwise(&self) -> Option<Map<String, Value>> {
        let words = ["T", "L", "S", "Toyota", "Lexus", "Subaru"];
        Some(pattern(any_case(words)))
    }

    fn schema(&self) -> Map<String, Value> {
        keywords([("type", json!("string")), ("enum", json!(["T", "L", "S"]))])
    }
}

fn one_of(words: &[&str]) -> String {
    match words {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        words => words.concat(),
    }
}
