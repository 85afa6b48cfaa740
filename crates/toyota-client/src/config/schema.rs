//! The settings as a JSON Schema, for editors.

use serde_json::{Map, Value, json};

use super::key::{Key, keys, sections};

/// Returns a JSON Schema (draft 2020-12) of a file of settings, in whichever format.
///
/// ```
/// let schema = toyota_client::config::schema();
///
/// assert_eq!(schema["properties"]["cache"]["properties"]["ttl"]["default"], 300);
/// ```
#[must_use]
pub fn schema() -> Value {
    let mut properties = Map::new();
    properties.insert("$schema".to_owned(), json!({ "type": "string" }));
    for section in sections() {
        let keys = keys().filter(|key| key.section() == section);
        let keys: Map<_, _> = keys
            .map(|key| (key.name().to_owned(), of_key(key)))
            .collect();
        properties.insert(section.to_owned(), table(keys));
    }
    let mut schema = Map::new();
    let draft = json!("https://json-schema.org/draft/2020-12/schema");
    schema.insert("$schema".to_owned(), draft);
    schema.insert("title".to_owned(), json!("Settings of Toyota's client"));
    if let Value::Object(table) = table(properties) {
        schema.extend(table);
    }
    Value::Object(schema)
}

fn table(properties: Map<String, Value>) -> Value {
    // A section that is `null` is as if it were not there.
    let kind = json!(["object", "null"]);
    json!({ "type": kind, "additionalProperties": false, "properties": properties })
}

fn of_key(key: &Key) -> Value {
    let mut kinds = vec![Value::Object(key.schema())];
    kinds.extend(key.schema_otherwise().map(Value::Object));
    // What is empty or `null` is not set.
    kinds.push(json!({ "type": "string", "pattern": "^[ \\t\\r\\n]*$" }));
    kinds.push(json!({ "type": "null" }));
    let mut schema = Map::new();
    let doc = format!("{} {}.", key.doc(), sentence(&key.allowed()));
    schema.insert("description".to_owned(), doc.into());
    schema.insert("default".to_owned(), key.default_json());
    if key.is_secret() {
        schema.insert("writeOnly".to_owned(), json!(true));
    }
    schema.insert("anyOf".to_owned(), Value::Array(kinds));
    Value::Object(schema)
}

/// Makes a phrase begin like a sentence, unless it begins with a URL.
fn sentence(phrase: &str) -> String {
    let mut words = phrase.split(' ');
    let mut characters = phrase.chars();
    match characters.next() {
        Some(first) if !words.next().is_some_and(|word| word.contains("://")) => {
            first.to_uppercase().chain(characters).collect()
        }
        _ => phrase.to_owned(),
    }
}
