//! The settings as a table, which everything else follows: files, variables, what is shown, the
//! template, the schema, the docs.

mod table;

use std::fmt;

use serde_json::{Map, Value};

pub(super) use self::table::KEYS;
use super::Settings;
use super::kind::AnySlot;

/// What stands for a secret that is set.
pub(super) const MASK: &str = "***";

/// One thing that can be set: where, how, and what it means.
///
/// ```
/// let ttl = toyota_client::config::keys().find(|key| key.path() == "cache.ttl").unwrap();
///
/// assert_eq!(ttl.variable(), "TOYOTA_CACHE_TTL");
/// assert_eq!(ttl.allowed(), "whole seconds from 0 to 86400");
/// assert_eq!(ttl.default(), "300");
/// ```
pub struct Key {
    pub(super) path: &'static str,
    pub(super) variable: &'static str,
    pub(super) doc: &'static str,
    pub(super) privacy: Privacy,
    /// What holds where nothing is set.
    pub(super) unset: &'static str,
    /// The value that holds then, if there is one.
    pub(super) fallback: fn(&Settings) -> &str,
    pub(super) slot: &'static dyn AnySlot,
}

/// Who may see a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Privacy {
    /// Anybody.
    Open,
    /// Its owner, who asks for it; no log and no error.
    Personal,
    /// Nobody.
    Secret,
}

/// Returns all keys, section by section.
#[must_use]
pub fn keys() -> impl ExactSizeIterator<Item = &'static Key> + Clone {
    KEYS.iter()
}

impl Key {
    /// Returns the path of the key: its section and its name, as in `cache.ttl`.
    #[must_use]
    pub fn path(&self) -> &'static str {
        self.path
    }

    /// Returns the section that it is in.
    #[must_use]
    pub fn section(&self) -> &'static str {
        self.path.split_once('.').map_or("", |(section, _)| section)
    }

    /// Returns its name within the section.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.path
            .split_once('.')
            .map_or(self.path, |(_, name)| name)
    }

    /// Returns the environment variable that sets it.
    #[must_use]
    pub fn variable(&self) -> &'static str {
        self.variable
    }

    /// Returns in a sentence what it is for.
    #[must_use]
    pub fn doc(&self) -> &'static str {
        self.doc
    }

    /// Returns in a phrase what is allowed.
    #[must_use]
    pub fn allowed(&self) -> String {
        self.slot.allowed()
    }

    /// Returns what holds where nothing is set: a value, or a phrase such as `the brand's`.
    #[must_use]
    pub fn default(&self) -> String {
        text_of(&self.default_json()).unwrap_or_else(|| self.unset.to_owned())
    }

    /// Tells whether its value is never shown.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        self.privacy == Privacy::Secret
    }

    /// Returns the default as JSON; `null` where it has none.
    pub(super) fn default_json(&self) -> Value {
        self.slot.json(&Settings::default())
    }

    /// Returns the value in force as JSON, a secret masked; `null` where nothing is set.
    pub(super) fn json(&self, settings: &Settings) -> Value {
        let value = self.slot.json(settings);
        if self.is_secret() && !value.is_null() {
            return MASK.into();
        }
        value
    }

    /// Returns the value in force as text, a secret masked.
    pub(super) fn text(&self, settings: &Settings) -> Option<String> {
        text_of(&self.json(settings)).or_else(|| {
            let fallback = (self.fallback)(settings);
            (!fallback.is_empty()).then(|| fallback.to_owned())
        })
    }

    /// Reads a value, or says what would be allowed.
    pub(super) fn parse(&self, text: &str, settings: &mut Settings) -> Result<(), String> {
        if self.is_secret() && text.trim() == MASK {
            return Err("the secret itself, not what stands for it".to_owned());
        }
        self.slot.parse(text, settings)
    }

    /// Reads a list of texts, or says what would be allowed.
    pub(super) fn parse_list(&self, items: &[&str], settings: &mut Settings) -> Result<(), String> {
        self.slot.parse_list(items, settings)
    }

    /// Tells whether its value, or a part of it, is never shown.
    pub(super) fn hides(&self, settings: &Settings) -> bool {
        self.is_secret() || self.slot.hides(settings)
    }

    /// Tells whether its values are texts, which are what they are by each character.
    pub(super) fn is_text(&self) -> bool {
        self.slot.is_text()
    }

    /// Returns the keywords of a JSON Schema for its values as they are meant to be written.
    pub(super) fn schema(&self) -> Map<String, Value> {
        self.slot.schema()
    }

    /// Returns the keywords for other ways to write them.
    pub(super) fn schema_otherwise(&self) -> Option<Map<String, Value>> {
        self.slot.schema_otherwise()
    }
}

/// Finds the key of this path.
pub(super) fn find(path: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.path == path)
}

/// Returns the names of the sections, in order.
pub(super) fn sections() -> impl Iterator<Item = &'static str> {
    let mut last = "";
    KEYS.iter().filter_map(move |key| {
        let is_new = key.section() != last;
        last = key.section();
        is_new.then_some(last)
    })
}

/// Returns a value as a line of text, a list with spaces between.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().filter_map(text_of).collect();
            Some(items.join(" "))
        }
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => Some(value.to_string()),
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("path", &self.path)
            .field("variable", &self.variable)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_default_is_allowed_and_reads_as_itself() {
        for key in keys() {
            let Some(text) = text_of(&key.default_json()) else {
                assert!(!key.unset.is_empty(), "{key:?}");
                continue;
            };
            let mut settings = Settings::default();

            key.parse(&text, &mut settings).unwrap();

            assert_eq!(text_of(&key.slot.json(&settings)), Some(text), "{key:?}");
        }
    }

    #[test]
    fn no_path_and_no_variable_is_given_twice() {
        let paths: BTreeSet<_> = keys().map(Key::path).collect();
        let variables: BTreeSet<_> = keys().map(Key::variable).collect();

        assert_eq!((paths.len(), variables.len()), (keys().len(), keys().len()));
        assert!(variables.iter().all(|name| name.starts_with("TOYOTA_")));
        assert_eq!(
            sections().collect::<Vec<_>>(),
            [
                "api", "auth", "cache", "retry", "wake", "display", "metrics", "logging"
            ]
        );
    }

    #[test]
    fn what_is_secret_is_masked_and_its_mask_is_no_value() {
        let secrets: Vec<_> = keys().filter(|key| key.is_secret()).collect();
        let paths: Vec<_> = secrets.iter().map(|key| key.path()).collect();
        assert_eq!(paths, ["api.key", "auth.password", "auth.client_secret"]);

        for key in secrets {
            let mut settings = Settings::default();
            assert_eq!(key.text(&settings), None);
            key.parse("s3cret", &mut settings).unwrap();

            assert_eq!(key.text(&settings).as_deref(), Some(MASK));
            assert!(key.parse(MASK, &mut settings).is_err());
        }
    }
}
