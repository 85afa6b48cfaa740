//! What hiding leaves of a document.

use serde_json::Value;

/// A mark has up to eleven bytes, and a number behind a name that there is twice already up to eight.
const MARK: usize = 20;

/// Fails unless a document has the members and elements of another, and texts and marks where that has
/// texts and numbers.
pub fn is_same(document: &Value, redacted: &Value) {
    match (document, redacted) {
        (_, Value::String(mark)) if mark == "[too deep]" => {}
        (Value::Object(members), Value::Object(redacted)) => {
            assert_eq!(members.len(), redacted.len());
            for (name, value) in members {
                // A name that is a secret itself is another one now, which can be that of a neighbour.
                let is_mark = name.contains(['[', '…', '(']);
                if let Some(redacted) = redacted.get(name).filter(|_| !is_mark) {
                    is_same(value, redacted);
                }
            }
        }
        (Value::Array(elements), Value::Array(redacted)) => {
            assert_eq!(elements.len(), redacted.len());
            for (element, redacted) in elements.iter().zip(redacted) {
                is_same(element, redacted);
            }
        }
        (Value::String(text), Value::String(redacted)) => {
            assert_eq!(text.is_empty(), redacted.is_empty(), "{text:?}");
        }
        (Value::Number(_), Value::String(mark)) => {
            assert!(mark.starts_with(['[', '…']), "{mark:?}");
        }
        _ => assert_eq!(document, redacted),
    }
}

/// Fails if much more came out than there was.
pub fn is_bounded(before: usize, after: usize) {
    assert!(after <= MARK * (before + 1), "{after} bytes of {before}");
}

/// Fails if a secret can be read.
pub fn is_gone(secret: &str, redacted: &str) {
    assert!(!redacted.contains(secret), "{secret} in {redacted}");
}
