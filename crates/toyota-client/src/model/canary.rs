//! Every member of every answer vanishes, turns null and changes its type in turn, and new ones
//! appear: nothing but what the member says may be lost.
//!
//! What a member says is found by taking it away. Two members that both take the same part of the
//! reading along depend on each other, and only those that are named may.

mod change;
mod payloads;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Value, json};

use self::change::{
    Step, bad_element, differences, insert, lists_of, members_of, objects_of, remove, show,
};
use self::payloads::{CASES, Case};

/// What was understood, as JSON, and the paths that were warned of.
#[derive(Debug, PartialEq)]
struct Reading {
    value: Value,
    warned: Vec<String>,
}

impl Case {
    fn read(&self, payload: &Value) -> Reading {
        let (value, warnings) = (self.read)(json!({ "payload": payload }));
        let warned = warnings.iter().map(|it| it.path().to_owned()).collect();
        Reading { value, warned }
    }

    /// Which parts of the reading the payload loses with each of its members that have none.
    fn lost_with_leaves(&self) -> BTreeMap<Vec<Step>, BTreeSet<String>> {
        let whole = self.read(&self.payload());
        let leaves = members_of(&self.payload());
        let leaves = leaves
            .into_iter()
            .filter(|(_, value)| !value.is_object() && !value.is_array());
        leaves
            .map(|(path, _)| {
                let mut payload = self.payload();
                remove(&mut payload, &path);
                let lost = differences(&whole.value, &self.read(&payload).value);
                (path, lost)
            })
            .collect()
    }
}

#[test]
fn a_whole_answer_is_read_without_warning() {
    for case in &CASES {
        let reading = case.read(&case.payload());

        assert_eq!(reading.warned, Vec::<String>::new(), "{}", case.name);
    }
}

#[test]
fn every_member_is_read_unless_it_is_known_to_be_of_no_use() {
    for case in &CASES {
        for (path, lost) in case.lost_with_leaves() {
            let name = change::name(&path);
            let is_kept = case.unread.contains(&name);

            assert_eq!(lost.is_empty(), is_kept, "{}: {}", case.name, show(&path));
        }
    }
}

#[test]
fn no_member_takes_along_what_another_says() {
    for case in &CASES {
        let lost = case.lost_with_leaves();
        for (one, of_one) in &lost {
            for (other, of_other) in lost.range::<Vec<Step>, _>(one..).skip(1) {
                let shared: Vec<_> = of_one.intersection(of_other).collect();

                let names = [change::name(one), change::name(other)];
                let together = case
                    .together
                    .iter()
                    .any(|group| names.iter().all(|name| group.contains(name)));
                assert!(
                    shared.is_empty() || together,
                    "{}: {} and {} share {shared:?}",
                    case.name,
                    show(one),
                    show(other),
                );
            }
        }
    }
}

#[test]
fn a_member_that_holds_others_takes_those_along_and_nothing_else() {
    for case in &CASES {
        let whole = case.read(&case.payload());
        let leaves = case.lost_with_leaves();
        for (path, value) in members_of(&case.payload()) {
            if !value.is_object() && !value.is_array() {
                continue;
            }
            let below = leaves.iter().filter(|(leaf, _)| leaf.starts_with(&path));
            let below: BTreeSet<_> = below.flat_map(|(_, lost)| lost).collect();
            let mut payload = case.payload();

            remove(&mut payload, &path);

            let lost = differences(&whole.value, &case.read(&payload).value);
            // A list of what has no members is one thing.
            assert!(
                !below.is_empty() || lost.len() <= 1,
                "{}: {lost:?}",
                case.name
            );
            for lost in lost.iter().filter(|_| !below.is_empty()) {
                // An object that is gone is one difference for all that was in it.
                let is_below = below.iter().any(|inner| inner.starts_with(lost));
                assert!(is_below, "{}: {} took {lost} along", case.name, show(&path));
            }
        }
    }
}

#[test]
fn null_is_like_absent() {
    for case in &CASES {
        for (path, _) in members_of(&case.payload()) {
            let (mut deleted, mut nulled) = (case.payload(), case.payload());
            remove(&mut deleted, &path);
            remove(&mut nulled, &path);
            insert(&mut nulled, &path, Value::Null);

            let (deleted, nulled) = (case.read(&deleted), case.read(&nulled));

            assert_eq!(
                deleted.value,
                nulled.value,
                "{}: {}",
                case.name,
                show(&path)
            );
        }
    }
}

#[test]
fn a_member_of_another_type_is_like_absent_and_warned_of() {
    for case in &CASES {
        for (path, value) in members_of(&case.payload()) {
            if case.anything.contains(&change::name(&path)) {
                continue;
            }
            let (mut deleted, mut mistyped) = (case.payload(), case.payload());
            remove(&mut deleted, &path);
            remove(&mut mistyped, &path);
            insert(&mut mistyped, &path, change::mistyped(&value));

            let (deleted, mistyped) = (case.read(&deleted), case.read(&mistyped));

            let at = show(&path);
            assert_eq!(deleted.value, mistyped.value, "{}: {at}", case.name);
            let is_read = deleted.value != case.read(&case.payload()).value;
            if is_read {
                let warned = &mistyped.warned;
                let is_named = !warned.is_empty() && warned.iter().all(|it| it.starts_with(&at));
                assert!(is_named, "{}: {at}: {warned:?}", case.name);
            }
        }
    }
}

#[test]
fn a_bad_element_of_a_list_spoils_no_other() {
    for case in &CASES {
        let whole = case.read(&case.payload());
        for (path, element) in lists_of(&case.payload()) {
            if case.anything.contains(&change::name(&path)) {
                continue;
            }
            for bad in bad_element(&element) {
                let mut payload = case.payload();
                change::push(&mut payload, &path, bad);

                let reading = case.read(&payload);

                assert_eq!(reading.value, whole.value, "{}: {}", case.name, show(&path));
                let warned = reading
                    .warned
                    .iter()
                    .filter(|at| at.starts_with(&show(&path)));
                assert_eq!(warned.count(), 1, "{}: {}", case.name, show(&path));
            }
        }
    }
}

#[test]
fn a_member_that_is_new_changes_nothing() {
    for case in &CASES {
        let whole = case.read(&case.payload());
        for path in objects_of(&case.payload()) {
            let mut payload = case.payload();
            let mut member = path.clone();
            member.push(Step::Name("canary".to_owned()));
            insert(&mut payload, &member, json!({"canary": [1]}));

            assert_eq!(case.read(&payload), whole, "{}: {}", case.name, show(&path));
        }
    }
}

proptest! {
    #[test]
    fn whatever_a_member_turns_into_no_other_is_lost(
        case in proptest::sample::select(&CASES[..]),
        member in any::<proptest::sample::Index>(),
        value in crate::hostile::json(),
    ) {
        let members = members_of(&case.payload());
        let (path, _) = member.get(&members);
        let (mut deleted, mut changed) = (case.payload(), case.payload());
        remove(&mut deleted, path);
        insert(&mut changed, path, value);

        let whole = case.read(&case.payload()).value;
        let lost = differences(&whole, &case.read(&deleted).value);
        let reading = case.read(&changed);

        let at = show(path);
        for part in differences(&whole, &reading.value) {
            let is_its_own = lost.iter().any(|lost| lost.starts_with(&part) || part.starts_with(lost));
            prop_assert!(is_its_own, "{}: {at} took {part} along", case.name);
        }
        for warned in &reading.warned {
            prop_assert!(warned.starts_with(&at), "{}: {at}: {warned}", case.name);
        }
    }
}
