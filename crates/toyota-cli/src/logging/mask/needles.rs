//! Secrets, in each spelling that a line can have them in.

use secrecy::{ExposeSecret, SecretString};

use toyota_client::config::LogFormat;

/// Anything shorter is in too many words to be hidden.
const SHORTEST_SECRET: usize = 4;

/// What is looked for.
#[derive(Debug)]
pub(super) struct Needles {
    /// Long ones first.
    needles: Vec<SecretString>,
    /// The bytes that one begins with.
    starts: [bool; 256],
}

impl Default for Needles {
    fn default() -> Self {
        Self {
            needles: Vec::new(),
            starts: [false; 256],
        }
    }
}

impl Needles {
    pub(super) fn add(&mut self, secret: &SecretString, format: LogFormat) {
        let secret = secret.expose_secret();
        if secret.len() < SHORTEST_SECRET {
            return;
        }
        for needle in spellings_of(secret, format) {
            if let Some(first) = needle.bytes().next() {
                self.starts[usize::from(first)] = true;
            }
            self.needles.push(needle.into());
        }
        self.needles
            .sort_by_key(|needle| std::cmp::Reverse(needle.expose_secret().len()));
    }

    /// Returns the length of the longest one that a text begins with.
    pub(super) fn find(&self, text: &[u8]) -> Option<usize> {
        if !self.starts[usize::from(*text.first()?)] {
            return None;
        }
        let mut needles = self.needles.iter().map(|it| it.expose_secret().as_bytes());
        let found = needles.find(|needle| text.starts_with(needle))?;
        Some(found.len())
    }
}

/// A text as it can be in a line: as it is, as `Debug` writes it, as a URL has it.
fn spellings_of(secret: &str, format: LogFormat) -> Vec<String> {
    let form: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let path = form.replace('+', "%20");
    let mut spellings = vec![secret.to_owned(), without_quotes(&format!("{secret:?}"))];
    spellings.extend([lower_escapes(&form), lower_escapes(&path), form, path]);
    if format == LogFormat::Json {
        let in_json = spellings.into_iter().map(serde_json::Value::from);
        spellings = in_json
            .map(|text| without_quotes(&text.to_string()))
            .collect();
    }
    spellings.sort_unstable();
    spellings.dedup();
    spellings
}

/// With `%c3` instead of `%C3`.
fn lower_escapes(encoded: &str) -> String {
    let mut left = 0_u8;
    let lower = |c: char| match (c, left) {
        ('%', _) => {
            left = 2;
            c
        }
        (_, 0) => c,
        _ => {
            left -= 1;
            c.to_ascii_lowercase()
        }
    };
    encoded.chars().map(lower).collect()
}

pub(super) fn without_quotes(text: &str) -> String {
    let text = text.strip_prefix('"').unwrap_or(text);
    text.strip_suffix('"').unwrap_or(text).to_owned()
}
