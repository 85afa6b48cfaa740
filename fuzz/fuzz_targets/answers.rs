//! Whatever a data set is answered with.

#![no_main]

use std::alloc::System;
use std::error::Error;

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use serde_json::{Value, json};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tower_client_fuzz::toyota::answers::{self, Input, Told};
use tower_client_fuzz::toyota::documents::{find, objects};
use tower_client_fuzz::toyota::edits::edit;
use tower_client_fuzz::toyota::leaks;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What may be allocated for an answer besides a few times its length.
const ALLOWED: usize = 1024 * 1024;
const TIMES: usize = 256;
/// Objects whose members are all read, whatever their names are, and parts that are kept as they are.
const ANY_NAME: [&str; 7] = [
    "features",
    "extendedCapabilities",
    "remoteServiceCapabilities",
    "quantityOfEngOilIcon",
    "servicingDealer",
    "notes",
    "operationsPerformed",
];
/// By these an answer is one of the older route, whatever they say.
const OF_THE_OLD_ROUTE: [&str; 3] = [".vehicleStatus", ".telemetry", ".occurrenceDate"];
/// So many warnings are kept.
const MAX_WARNINGS: usize = 256;

fuzz_target!(|bytes: &[u8]| {
    let Some(input) = Input::of(bytes) else {
        return;
    };
    let region = Region::new(ALLOCATOR);
    let told = answers::read(input);
    let allocated = region.change().bytes_allocated;
    assert!(
        allocated <= TIMES * input.body.len() + ALLOWED,
        "{allocated} bytes"
    );

    let Ok(answer) = serde_json::from_slice(input.body) else {
        return;
    };
    nothing_leaks(input, &answer);
    // Written anew: of two members of one name the last is left.
    if told.is_ok()
        && let Ok(told) = of(input, &answer)
    {
        what_is_new_changes_nothing(input, &answer, &told);
        what_is_warned_of_is_as_if_it_were_not_there(input, answer, &told);
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let read = |text| serde_json::from_slice::<Value>(text).ok();
    let document = data[..size].get(2..).and_then(read);
    if let Some(mut document) = document.filter(|_| seed % 4 != 0) {
        for turn in 0..=seed % 3 {
            edit(&mut document, seed.rotate_left(turn * 8));
        }
        let text = document.to_string();
        if text.len() + 2 <= max_size {
            data[2..2 + text.len()].copy_from_slice(text.as_bytes());
            return 2 + text.len();
        }
    }
    fuzzer_mutate(data, size, max_size)
});

fn nothing_leaks(input: Input<'_>, answer: &Value) {
    let Some(planted) = leaks::planted(answer) else {
        return;
    };
    match of(input, &planted) {
        Ok(told) => {
            leaks::are_not_in(&told.shown);
            told.warnings
                .iter()
                .for_each(|it| leaks::are_not_in(&it.to_string()));
        }
        Err(error) => {
            leaks::are_not_in(&format!("{error} {error:?} {error:#?}"));
            let mut cause = error.source();
            while let Some(it) = cause {
                leaks::are_not_in(&format!("{it} {it:?}"));
                cause = it.source();
            }
        }
    }
}

fn what_is_new_changes_nothing(input: Input<'_>, answer: &Value, told: &Told) {
    let mut more = answer.clone();
    objects(&mut more, &mut |members| {
        // Nothing at all is told by an empty payload.
        if !members.is_empty() {
            members.insert("canary".to_owned(), json!({"canary": [1]}));
        }
    });
    restore(&mut more, answer);
    let more = of(input, &more).expect("an answer as before");
    assert_eq!(more.value, told.value);
    assert_eq!(more.warnings, told.warnings);
}

/// Gives the objects whose members are all read what they had.
fn restore(changed: &mut Value, original: &Value) {
    match (changed, original) {
        (Value::Object(changed), Value::Object(original)) => {
            for (name, original) in original {
                let Some(changed) = changed.get_mut(name) else {
                    continue;
                };
                if ANY_NAME.contains(&name.as_str()) {
                    *changed = original.clone();
                } else {
                    restore(changed, original);
                }
            }
        }
        (Value::Array(changed), Value::Array(original)) => {
            let pairs = changed.iter_mut().zip(original);
            pairs.for_each(|(changed, original)| restore(changed, original));
        }
        _ => {}
    }
}

fn what_is_warned_of_is_as_if_it_were_not_there(input: Input<'_>, answer: Value, told: &Told) {
    if told.warnings.is_empty() || told.warnings.len() >= MAX_WARNINGS {
        return;
    }
    let mut less = answer;
    for warning in &told.warnings {
        let path = warning.path();
        if OF_THE_OLD_ROUTE.iter().any(|it| path.ends_with(it)) {
            continue;
        }
        if path == "payload" || warning.expected() == "the end of the list" {
            return;
        }
        match find(&mut less, path) {
            Some(value) => *value = Value::Null,
            None => return,
        }
    }
    let less = of(input, &less).expect("an answer as before");
    assert_eq!(less.value, told.value, "{:?}", told.warnings);
}

fn of(input: Input<'_>, answer: &Value) -> Result<Told, toyota_client::Error> {
    let body = answer.to_string();
    let body = body.as_bytes();
    answers::read(Input { body, ..input })
}
