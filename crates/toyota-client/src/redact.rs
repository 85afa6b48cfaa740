//! Answers without what tells people, cars, places and sessions.
//!
//! For what is shown to others: dumps, logs, reports of faults. What is hidden becomes a mark of its
//! kind, such as `[token]`; of a VIN the last four characters stay. Whether there was anything is not
//! hidden: `null`, `true`, `false` and empty texts stay.
//!
//! Hidden is
//!
//! - all that is below a member with a telling name, in any case and with `_` or `-` in it: tokens,
//!   passwords and keys, identifiers, names, addresses, mail and phone, positions, links and images;
//! - the text of notifications, and the `value` beside a telling `name`;
//! - what looks like a secret wherever it stands in a text: VINs, tokens, UUIDs, mail addresses, phone
//!   numbers, links, pairs of coordinates (also as a list of numbers), and what follows a telling name
//!   and `=` or `:`;
//! - what was hidden once, wherever else the same document has it.
//!
//! A text that is JSON is read as such. What is nested deeper than 128 levels is left out.
//!
//! It is a net and no proof: a name in a text that nothing announces is not found. Read what you
//! publish.
//!
//! ```
//! use toyota_client::redact::redact;
//!
//! let answer = serde_json::json!({"payload": {
//!     "vin": "JTSIM00000PET0001",
//!     "odometer": {"value": 6213.7, "unit": "mi"},
//!     "vehicleLocation": {"latitude": 50.11, "longitude": 8.68, "displayName": "Last Parked"},
//!     "faq": "https://example.com/?vin=JTSIM00000PET0001",
//! }});
//!
//! assert_eq!(redact(&answer), serde_json::json!({"payload": {
//!     "vin": "…0001",
//!     "odometer": {"value": 6213.7, "unit": "mi"},
//!     "vehicleLocation": {
//!         "latitude": "[position]", "longitude": "[position]", "displayName": "Last Parked",
//!     },
//!     "faq": "[link]",
//! }}));
//! ```

mod json;
mod key;
mod needles;
mod pattern;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
mod text;

use std::borrow::Cow;

use serde_json::Value;

use self::key::Mark;
use self::needles::Needles;

/// Returns a JSON document without what tells people, cars, places and sessions.
#[must_use]
pub fn redact(document: &Value) -> Value {
    Redactor::new().json(document)
}

/// Hides what tells people, cars, places and sessions, and what it was [told](Self::hide) to hide.
///
/// `Debug` does not show what that is.
///
/// ```
/// use toyota_client::redact::Redactor;
///
/// let redactor = Redactor::new().hide("s3cret");
///
/// assert_eq!(redactor.text("asked with s3cret"), "asked with [token]");
/// assert_eq!(redactor.text("car JTSIM00000PET0001: vin?"), "car …0001: vin?");
/// assert_eq!(redactor.text("password=pl41n&grant=code"), "password=[token]&grant=code");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    needles: Needles,
}

impl Redactor {
    /// Creates one that hides what it recognises.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Hides this text wherever it stands. One of less than four characters is in too many words to
    /// be hidden.
    #[must_use]
    pub fn hide(mut self, secret: &str) -> Self {
        self.needles.add(secret, Mark::Token);
        self
    }

    /// Returns a JSON document without what is to be hidden.
    #[must_use]
    pub fn json(&self, document: &Value) -> Value {
        let mut needles = self.needles.clone();
        json::learn(document, &mut needles);
        json::redact(document, &needles)
    }

    /// Returns a text without what is to be hidden: a line of a log, the body of an answer. Most are
    /// as they were.
    #[must_use]
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match json::within(text) {
            Some(document) => self.json(&document).to_string().into(),
            None => text::redact(text, &self.needles),
        }
    }
}
