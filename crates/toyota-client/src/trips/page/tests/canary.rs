//! What a member that is spoilt takes along.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::read;
use super::sample::page;
use crate::trips::Range;

/// Each member away, null, or of another kind: no more is lost than was there.
#[test]
fn no_member_spoils_another() {
    let whole = page();
    let before = facts(&whole);
    let mut pointers = Vec::new();
    pointers_into(&whole["payload"], "/payload".to_owned(), &mut pointers);
    assert!(pointers.len() > 80, "{}", pointers.len());

    for pointer in &pointers {
        for spoilt in spoilt(&whole, pointer) {
            let after = facts(&spoilt);

            let mut lost = before.clone();
            lost.retain(|fact| !after.contains(fact));
            let object = object_that_needs(pointer);
            let may_lose = leaves(whole.pointer(object).unwrap());
            assert!(lost.len() <= may_lose, "{pointer}: {lost:?}");
        }
    }
}

/// All that is read of a page.
fn facts(page: &Value) -> Vec<String> {
    let page = read(page).unwrap().value.unwrap_or_default();
    let mut facts = vec![format!("next {:?}", page.next_offset)];
    for trip in &page.trips {
        facts.extend(leaves_of(&serde_json::to_value(trip).unwrap()));
    }
    for month in &page.months {
        let period = month.period(Range {
            from: Date::MIN,
            to: Date::MAX,
        });
        facts.extend(leaves_of(&serde_json::to_value(period).unwrap()));
        facts.extend(leaves_of(&serde_json::to_value(&month.days).unwrap()));
    }
    facts
}

/// The page without this member, and with it spoilt in every way.
fn spoilt(page: &Value, pointer: &str) -> Vec<Value> {
    let bad = [
        json!(null),
        json!("?"),
        json!(-7.5),
        json!([true]),
        json!({"x": []}),
    ];
    let mut pages: Vec<_> = bad
        .into_iter()
        .map(|bad| {
            let mut page = page.clone();
            *page.pointer_mut(pointer).unwrap() = bad;
            page
        })
        .collect();
    let mut without = page.clone();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match without.pointer_mut(parent).unwrap() {
        Value::Array(elements) => drop(elements.remove(key.parse().unwrap())),
        parent => drop(parent.as_object_mut().unwrap().remove(key)),
    }
    pages.push(without);
    pages
}

/// What is of no use without this member: a point without a position, a day without a date.
fn object_that_needs(pointer: &str) -> &str {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let needed = [
        "lat", "lon", "startLat", "startLon", "endLat", "endLon", "year", "month", "day",
    ];
    let is_totals = key == "summary" && parent.contains("/histograms/");
    if needed.contains(&key) || is_totals {
        parent
    } else {
        pointer
    }
}

fn leaves(value: &Value) -> usize {
    leaves_of(value).len()
}

fn leaves_of(value: &Value) -> Vec<String> {
    let (parts, names): (Vec<&Value>, Vec<&str>) = match value {
        Value::Object(members) => (
            members.values().collect(),
            members.keys().map(String::as_str).collect(),
        ),
        Value::Array(elements) => (elements.iter().collect(), Vec::new()),
        Value::Null => return Vec::new(),
        leaf => return vec![leaf.to_string()],
    };
    let names = names.into_iter().map(Some).chain(std::iter::repeat(None));
    let named = parts.into_iter().zip(names);
    named
        .flat_map(|(part, name)| {
            leaves_of(part).into_iter().map(move |leaf| match name {
                Some(name) => format!("{name} {leaf}"),
                None => leaf,
            })
        })
        .collect()
}

fn pointers_into(value: &Value, at: String, pointers: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                pointers_into(value, format!("{at}/{key}"), pointers);
            }
        }
        Value::Array(elements) => {
            for (index, value) in elements.iter().enumerate() {
                pointers_into(value, format!("{at}/{index}"), pointers);
            }
        }
        _ => {}
    }
    pointers.push(at);
}
