//! A hundred thousand calls that nobody thought of, on eight tasks, and the numbers that they must
//! leave: told from the plans alone, for every series of both recorders.
//!
//! A call is made by its seed and number. What it counts does not depend on how the tasks take
//! turns, since all waiting is counted in polls.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod body;
mod caller;
mod oracle;
mod plan;
mod resender;
mod run;
mod tally;
mod transport;
mod waiting;
mod watch;
mod words;

use crate::plan::Plan;
use crate::run::Run;
use crate::tally::Tally;
use crate::words::{FAULTS, FETCHED, KEPT, KINDS, OPERATIONS, PLACES, RETRIES, STOPS, VERSIONS};

const SEEDS: u64 = 4;
const CALLS: u64 = 25_000;

#[test]
fn every_series_counts_exactly_what_happened() {
    let mut seen = Tally::default();
    let mut looks = 0;
    for seed in 0..SEEDS {
        let run = Run::of(seed, 0..CALLS, 8);

        let differences = run.differences();

        if !differences.is_empty() {
            let some = &differences[..differences.len().min(10)];
            panic!("seed {seed}: {some:#?}\n{}", first_to_differ(seed));
        }
        looks += run.looks;
        seen.add(run.expected);
    }
    assert!(looks > 10, "{looks} looks");
    check(&seen);
}

#[test]
fn a_call_alone_counts_the_same() {
    for number in 0..500 {
        let run = Run::of(SEEDS, number..number + 1, 1);

        let differences = run.differences();

        assert!(
            differences.is_empty(),
            "seed {SEEDS}, call {number}: {differences:#?}"
        );
    }
}

/// Finds a call that can be looked at on its own, among the first: each takes a runtime.
fn first_to_differ(seed: u64) -> String {
    let differs = |number: &u64| {
        let alone = Run::of(seed, *number..*number + 1, 1);
        !alone.differences().is_empty()
    };
    match (0..2000).find(differs) {
        Some(number) => format!("seed {seed}, call {number}: {:#?}", Plan::of(seed, number)),
        None => format!("seed {seed}: none of the first calls differs alone"),
    }
}

/// A model of what never happens proves nothing.
fn check(seen: &Tally) {
    let mut texts: Vec<String> = Vec::new();
    let operations = OPERATIONS.map(|it| it.name());
    let templates = OPERATIONS.map(|it| it.template());
    let endings = ["complete", "error", "aborted"];
    let stops = STOPS.map(|(_, word)| word);
    let outcomes = KEPT.into_iter().chain(FETCHED).map(|(_, word)| word);
    texts.extend(operations.map(|it| format!(" operation={it} ")));
    texts.extend(templates.map(|it| format!(" url.template={it}")));
    texts.extend(PLACES.map(|it| format!(" server.address={} ", it.address)));
    texts.extend(VERSIONS.map(|it| format!(" network.protocol.version={} ", it.1)));
    texts.extend(FAULTS.map(|(_, word)| format!(" error.type={word} ")));
    texts.extend(KINDS.map(|it| format!(" kind={it} ")));
    texts.extend(RETRIES.map(|(_, word)| format!(" reason={word}")));
    texts.extend(stops.map(|it| format!("_retry_stops_total operation=trip reason={it}")));
    texts.extend(outcomes.map(|it| format!(" outcome={it}")));
    texts.extend(endings.map(|it| format!(" ending={it} ")));
    texts.extend(["operation=_OTHER ", "method=_OTHER ", "cancelled"].map(str::to_owned));
    for text in texts {
        let times = seen.seen(&text);
        assert!(times > 100, "{text}: {times} times");
    }
}
