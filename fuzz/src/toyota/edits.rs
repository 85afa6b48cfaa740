//! Documents that were changed and are documents still.

use serde_json::{Map, Value, json};

use super::documents::{count, nth};

/// Names that something is read from.
const NAMES: &str = include_str!("../../json.dict");
/// Leaves that may be read, or may not.
const LEAVES: [&str; 26] = [
    "null",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "0.5",
    "7",
    "23",
    "59",
    "65535",
    "4294967296",
    "1e308",
    "-1e308",
    "18446744073709551615",
    "\"\"",
    "\"1\"",
    "\"on\"",
    "\"off\"",
    "\"km\"",
    "\"mi\"",
    "\"F\"",
    "\"2026-11-21T17:00:00Z\"",
    "\"-009999-01-02T00:00:00Z\"",
    "\"9999-12-31\"",
    "\"charging\"",
];

/// Changes something in a document.
pub fn edit(document: &mut Value, seed: u32) {
    let mut dice = Dice(seed | 1);
    let place = dice.below(count(document));
    let other = dice.below(count(document));
    let copy = nth(document, other)
        .map(|it| it.clone())
        .unwrap_or_default();
    let Some(value) = nth(document, place) else {
        return;
    };
    match (dice.below(8), value) {
        (0, value) => *value = leaf(&mut dice),
        (1, value) => *value = copy,
        (2, Value::Object(members)) => drop(take(members, &mut dice)),
        (3, Value::Object(members)) => {
            let value = take(members, &mut dice).unwrap_or_default();
            members.insert(name(&mut dice), value);
        }
        (_, Value::Object(members)) => drop(members.insert(name(&mut dice), leaf(&mut dice))),
        (2, Value::Array(elements)) => drop(elements.pop()),
        (_, Value::Array(elements)) => elements.push(copy),
        (2, value) => *value = json!([value.take()]),
        (3, value) => *value = json!({name(&mut dice): value.take()}),
        (_, value) => *value = leaf(&mut dice),
    }
}

fn take(members: &mut Map<String, Value>, dice: &mut Dice) -> Option<Value> {
    let which = dice.below(members.len().max(1));
    let name = members.keys().nth(which)?.clone();
    members.remove(&name)
}

fn name(dice: &mut Dice) -> String {
    let names = || {
        NAMES
            .lines()
            .filter_map(|line| line.strip_suffix("\\\":\""))
    };
    let which = dice.below(names().count());
    let name = names().nth(which).unwrap_or_default();
    name.trim_start_matches(['"', '\\']).to_owned()
}

fn leaf(dice: &mut Dice) -> Value {
    let which = dice.below(LEAVES.len());
    serde_json::from_str(LEAVES[which]).expect("JSON")
}

/// Numbers without a pattern (xorshift).
struct Dice(u32);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        usize::try_from(self.0).expect("a small number") % end
    }
}
