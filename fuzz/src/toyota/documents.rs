//! Ways into a document.

use serde_json::{Map, Value};

/// Calls this for every object, those within it first.
pub fn objects(value: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(|it| objects(it, change));
            change(members);
        }
        Value::Array(elements) => elements.iter_mut().for_each(|it| objects(it, change)),
        _ => {}
    }
}

/// Returns the values of a document, its own first; no deeper than a parser goes.
pub fn count(value: &Value) -> usize {
    1 + match value {
        Value::Object(members) => members.values().map(count).sum(),
        Value::Array(elements) => elements.iter().map(count).sum(),
        _ => 0,
    }
}

/// Returns the value of this number, by the same count.
pub fn nth(value: &mut Value, number: usize) -> Option<&mut Value> {
    if number == 0 {
        return Some(value);
    }
    let mut left = number - 1;
    let inner: Vec<&mut Value> = match value {
        Value::Object(members) => members.values_mut().collect(),
        Value::Array(elements) => elements.iter_mut().collect(),
        _ => return None,
    };
    for value in inner {
        let size = count(value);
        if left < size {
            return nth(value, left);
        }
        left -= size;
    }
    None
}

/// Returns what stands at a place as warnings name it, unless a name in it could be read in two ways.
pub fn find<'a>(answer: &'a mut Value, path: &str) -> Option<&'a mut Value> {
    let mut value = answer;
    for step in path.split('.') {
        let (name, indexes) = step.split_at(step.find('[').unwrap_or(step.len()));
        value = value.get_mut(name)?;
        for index in indexes.split_terminator(']') {
            let index: usize = index.strip_prefix('[')?.parse().ok()?;
            value = value.get_mut(index)?;
        }
    }
    Some(value)
}
