//! Secrets in memory: JSON whose texts are wiped when it is dropped.

use std::fmt;

use serde_json::Value;
use zeroize::Zeroize;

/// JSON that holds passwords, tokens or personal data: never shown, its texts zeroised on drop.
#[derive(Clone, Default)]
pub(crate) struct SecretJson(Value);

impl SecretJson {
    pub(crate) fn new(value: Value) -> Self {
        Self(value)
    }

    pub(crate) fn expose(&self) -> &Value {
        &self.0
    }

    pub(crate) fn expose_mut(&mut self) -> &mut Value {
        &mut self.0
    }
}

impl fmt::Debug for SecretJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretJson(…)")
    }
}

impl Drop for SecretJson {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

// Depth is bounded by the JSON parser, 128 levels.
fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wiping_reaches_every_text() {
        let mut value =
            serde_json::json!({"a": ["s3cret", {"b": "s3cret"}], "c": "s3cret", "d": 1});

        wipe(&mut value);

        assert!(!value.to_string().contains("s3cret"));
    }
}
