//! Texts: what headers can carry, names, secrets.

use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use super::{Kind, keywords, unquoted};
use crate::Credentials;

/// What identifiers, versions and keys look like: a text that any header can carry.
const VISIBLE: &str = "1 to 256 visible ASCII characters";
const MAX_VISIBLE: usize = 256;
const MAX_SECRET: usize = 4096;
const MAX_REALM: usize = 100;

fn visible(text: &str) -> Result<&str, String> {
    let good =
        (1..=MAX_VISIBLE).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    good.then_some(text).ok_or_else(|| VISIBLE.to_owned())
}

fn visible_schema() -> Map<String, Value> {
    keywords([
        ("type", json!("string")),
        ("pattern", json!(format!("^[!-~]{{1,{MAX_VISIBLE}}}$"))),
    ])
}

/// A word of visible characters.
pub(in super::super) struct Visible;

impl Kind for Visible {
    type Value = String;

    fn parse(&self, text: &str) -> Result<String, String> {
        visible(text).map(str::to_owned)
    }

    fn json(&self, value: &String) -> Value {
        json!(value)
    }

    fn allowed(&self) -> String {
        VISIBLE.to_owned()
    }

    fn schema_otherwise(&self) -> Option<Map<String, Value>> {
        Some(unquoted())
    }

    fn schema(&self) -> Map<String, Value> {
        visible_schema()
    }
}

/// The value of a header.
pub(in super::super) struct HeaderText {
    pub(in super::super) is_sensitive: bool,
}

impl Kind for HeaderText {
    type Value = HeaderValue;

    fn parse(&self, text: &str) -> Result<HeaderValue, String> {
        let value = HeaderValue::from_str(visible(text)?);
        let mut value = value.map_err(|_| self.allowed())?;
        value.set_sensitive(self.is_sensitive);
        Ok(value)
    }

    fn json(&self, value: &HeaderValue) -> Value {
        json!(value.to_str().unwrap_or_default())
    }

    fn allowed(&self) -> String {
        VISIBLE.to_owned()
    }

    fn schema_otherwise(&self) -> Option<Map<String, Value>> {
        Some(unquoted())
    }

    fn schema(&self) -> Map<String, Value> {
        visible_schema()
    }
}

/// A password, or what is like one.
pub(in super::super) struct SecretText;

impl Kind for SecretText {
    type Value = SecretString;

    /// A password may begin with a space.
    fn trim<'a>(&self, text: &'a str) -> &'a str {
        text
    }

    fn parse(&self, text: &str) -> Result<SecretString, String> {
        let good = (1..=MAX_SECRET).contains(&text.len());
        good.then(|| text.into()).ok_or_else(|| self.allowed())
    }

    fn json(&self, value: &SecretString) -> Value {
        json!(value.expose_secret())
    }

    fn allowed(&self) -> String {
        format!("a text of at most {MAX_SECRET} bytes")
    }

    fn schema_otherwise(&self) -> Option<Map<String, Value>> {
        Some(unquoted())
    }

    fn schema(&self) -> Map<String, Value> {
        keywords([("type", json!("string")), ("maxLength", json!(MAX_SECRET))])
    }
}

/// The name of an account.
pub(in super::super) struct MailAddress;

impl Kind for MailAddress {
    type Value = String;

    fn parse(&self, text: &str) -> Result<String, String> {
        let user = Credentials::of_user(text).map_err(|_| self.allowed())?;
        Ok(user.username().to_owned())
    }

    fn json(&self, value: &String) -> Value {
        json!(value)
    }

    fn allowed(&self) -> String {
        "the account's mail address, with an @, at most 254 bytes long".to_owned()
    }

    fn schema(&self) -> Map<String, Value> {
        keywords([
            ("type", json!("string")),
            ("maxLength", json!(254)),
            ("pattern", json!("@")),
        ])
    }
}

/// A realm, which is a segment of paths.
pub(in super::super) struct Realm;

impl Kind for Realm {
    type Value = String;

    fn parse(&self, text: &str) -> Result<String, String> {
        let is_unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
        let good = (1..=MAX_REALM).contains(&text.len()) && text.bytes().all(is_unreserved);
        good.then(|| text.to_owned()).ok_or_else(|| self.allowed())
    }

    fn json(&self, value: &String) -> Value {
        json!(value)
    }

    fn allowed(&self) -> String {
        format!("1 to {MAX_REALM} letters, digits, - and _")
    }

    fn schema_otherwise(&self) -> Option<Map<String, Value>> {
        Some(unquoted())
    }

    fn schema(&self) -> Map<String, Value> {
        keywords([
            ("type", json!("string")),
            (
                "pattern",
                json!(format!("^[A-Za-z0-9_-]{{1,{MAX_REALM}}}$")),
            ),
        ])
    }
}
