//! A file to begin with: every key, what it does, and its default.

use std::fmt::Write as _;

use serde_json::Value;

use super::key::{Key, keys, sections};

const HEAD: &str = "\
# Settings of Toyota's client. What is commented out is the default.
# Variables of the environment win over this file.
";

/// Returns a TOML file with all keys, commented out: what each does, what is allowed, its default.
///
/// ```
/// let file = toyota_client::config::template();
///
/// assert!(file.contains("#ttl = 300\n"));
/// ```
#[must_use]
pub fn template() -> String {
    let mut file = HEAD.to_owned();
    for section in sections() {
        // Writing to a text cannot fail.
        let _ = writeln!(file, "\n[{section}]");
        for key in keys().filter(|key| key.section() == section) {
            let _ = write!(file, "{}", entry(key));
        }
    }
    file
}

fn entry(key: &Key) -> String {
    let (doc, allowed, variable, name) = (key.doc(), key.allowed(), key.variable(), key.name());
    let default = match key.default_json() {
        // In TOML, too, an empty text is none.
        Value::Null => format!("\"\" # {}", key.unset),
        // Texts of JSON are texts of TOML.
        value => value.to_string(),
    };
    format!("# {doc}\n# {allowed}; {variable}\n#{name} = {default}\n")
}
