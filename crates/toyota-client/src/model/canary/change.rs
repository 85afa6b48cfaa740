//! Ways into a document, and what can be done to it there.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Name(String),
    Index(usize),
}

impl Step {
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            Self::Index(_) => None,
        }
    }
}

pub(super) fn show(path: &[Step]) -> String {
    path.iter()
        .fold("payload".to_owned(), |text, step| match step {
            Step::Name(name) => format!("{text}.{name}"),
            Step::Index(index) => format!("{text}[{index}]"),
        })
}

/// The last name on the way: a member's own, a list's for its elements.
pub(super) fn name(path: &[Step]) -> &str {
    let mut names = path.iter().rev().filter_map(Step::name);
    names.next().unwrap_or_default()
}

/// All values of a document with the ways to them, its own first.
fn values(root: &Value) -> Vec<(Vec<Step>, Value)> {
    let mut found = vec![(Vec::new(), root.clone())];
    let mut next = 0;
    while let Some((path, value)) = found.get(next).cloned() {
        let step = |step| [path.clone(), vec![step]].concat();
        match value {
            Value::Object(members) => {
                let members = members.into_iter();
                found.extend(members.map(|(name, member)| (step(Step::Name(name)), member)));
            }
            Value::Array(elements) => {
                let elements = elements.into_iter().enumerate();
                found.extend(elements.map(|(index, element)| (step(Step::Index(index)), element)));
            }
            _ => {}
        }
        next += 1;
    }
    found
}

/// Every member of every object.
pub(super) fn members_of(root: &Value) -> Vec<(Vec<Step>, Value)> {
    let values = values(root).into_iter();
    values
        .filter(|(path, _)| matches!(path.last(), Some(Step::Name(_))))
        .collect()
}

/// Every object.
pub(super) fn objects_of(root: &Value) -> Vec<Vec<Step>> {
    let values = values(root).into_iter();
    let objects = values.filter(|(_, value)| value.is_object());
    objects.map(|(path, _)| path).collect()
}

/// Every list, and its first element.
pub(super) fn lists_of(root: &Value) -> Vec<(Vec<Step>, Value)> {
    let values = values(root).into_iter();
    let lists = values.filter(|(_, value)| value.is_array());
    lists
        .map(|(path, value)| (path, value.get(0).cloned().unwrap_or_default()))
        .collect()
}

fn at<'a>(root: &'a mut Value, path: &[Step]) -> &'a mut Value {
    path.iter().fold(root, |value, step| match step {
        Step::Name(name) => &mut value[name.as_str()],
        Step::Index(index) => &mut value[index],
    })
}

fn parent<'a>(root: &'a mut Value, path: &[Step]) -> &'a mut Map<String, Value> {
    let (_, above) = path.split_last().unwrap();
    at(root, above).as_object_mut().unwrap()
}

pub(super) fn remove(root: &mut Value, path: &[Step]) {
    parent(root, path).remove(name(path));
}

pub(super) fn insert(root: &mut Value, path: &[Step], value: Value) {
    parent(root, path).insert(name(path).to_owned(), value);
}

pub(super) fn push(root: &mut Value, path: &[Step], element: Value) {
    at(root, path).as_array_mut().unwrap().push(element);
}

/// A value that no reader takes for the one that is there.
pub(super) fn mistyped(value: &Value) -> Value {
    match value {
        Value::Object(_) => json!("canary"),
        _ => json!({"canary": true}),
    }
}

/// Elements that no reader takes for one like this.
pub(super) fn bad_element(element: &Value) -> [Value; 2] {
    [mistyped(element), Value::Null]
}

/// The parts in which two readings differ.
pub(super) fn differences(whole: &Value, changed: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    compare(whole, changed, String::new(), &mut found);
    found
}

fn compare(whole: &Value, changed: &Value, at: String, found: &mut BTreeSet<String>) {
    match (whole, changed) {
        (Value::Object(whole), Value::Object(changed)) => {
            for (name, value) in whole {
                let other = changed.get(name).unwrap_or(&Value::Null);
                compare(value, other, format!("{at}.{name}"), found);
            }
        }
        (Value::Array(whole), Value::Array(changed)) if whole.len() == changed.len() => {
            for (index, (whole, changed)) in whole.iter().zip(changed).enumerate() {
                compare(whole, changed, format!("{at}[{index}]"), found);
            }
        }
        (whole, changed) if whole == changed => {}
        _ => {
            found.insert(at);
        }
    }
}
