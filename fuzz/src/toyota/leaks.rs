//! Secrets where they belong, and where they must not be seen.

use serde_json::{Map, Value, json};

use super::documents::objects;

/// The number of a car, of which four characters may be seen.
pub const VIN: &str = "S3CRETV1N00000042";
const OF_VIN: &str = "S3CRETV1N";
const DEGREES: f64 = 41.918_273;
const OF_DEGREES: &str = "918273";
const CANARY: &str = "s3cret-canary";
const POSITIONS: [&str; 8] = [
    "latitude",
    "longitude",
    "lat",
    "lon",
    "startLat",
    "startLon",
    "endLat",
    "endLon",
];

/// Writes secrets into a document: VINs and positions over others, and something that is not known into
/// every object. `None` if it has something like them already.
pub fn planted(answer: &Value) -> Option<Value> {
    let text = answer.to_string();
    if [OF_VIN, OF_DEGREES, CANARY]
        .iter()
        .any(|it| text.contains(it))
    {
        return None;
    }
    let mut answer = answer.clone();
    objects(&mut answer, &mut plant);
    Some(answer)
}

fn plant(members: &mut Map<String, Value>) {
    for (name, value) in members.iter_mut() {
        if value.is_object() || value.is_array() {
            continue;
        }
        if name == "vin" {
            *value = json!(VIN);
        } else if POSITIONS.contains(&name.as_str()) {
            *value = if value.is_string() {
                json!(DEGREES.to_string())
            } else {
                json!(DEGREES)
            };
        }
    }
    if !members.is_empty() {
        members.insert("canary".to_owned(), json!(CANARY));
    }
}

/// Fails if a secret can be seen.
pub fn are_not_in(shown: &str) {
    for secret in [OF_VIN, OF_DEGREES, CANARY] {
        if let Some((before, _)) = shown.split_once(secret) {
            let near: String = before.chars().rev().take(80).collect();
            panic!("{secret} after {}", near.chars().rev().collect::<String>());
        }
    }
}
