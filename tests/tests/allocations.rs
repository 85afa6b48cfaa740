//! Layers that have nothing to do allocate nothing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tests::cost::Case;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Enough that one allocation in a thousand calls is seen.
const CALLS: usize = 1000;

/// What a case may allocate in each call more than another does.
const ALLOWED: &[(&str, &str, usize)] = &[
    ("error", "bare", 0),
    ("auth", "bare", 1),
    // The response's extensions have a map for the first that is put there.
    ("cache_hit", "bare", 3),
    // A peek takes none more: whatever the store is called, and whatever is below.
    ("hit_boxed", "cache_hit", 0),
    ("hit_tiered", "cache_hit", 0),
    ("cache_pass", "private", 5),
    ("cache_unstored", "bare", 8),
    ("retry", "bare", 1),
    ("metrics_call", "named", 0),
    ("metrics_attempt", "named", 0),
    // A point is read from the text of its route, and kept nowhere.
    ("trips_page_routes", "trips_page", 0),
    // The call's record and the map it travels in, four; the copies of two heads.
    ("stack", "bare", 6),
    ("stack_hit", "bare", 7),
];

#[test]
fn each_layer_allocates_exactly_what_it_is_allowed() {
    let bare = allocations("bare");
    assert_eq!(bare, 4 * CALLS, "the measure itself has changed");

    for (name, over, allowed) in ALLOWED {
        let (more, less) = (allocations(name), allocations(over));

        assert_eq!(more, less + allowed * CALLS, "{name} over {over}");
    }
}

/// The allocations of so many calls.
///
/// All threads are counted, and the harness has one: what it allocates meanwhile can only add, and
/// not every time. Hence the one test in this program, and the least of three.
fn allocations(name: &str) -> usize {
    let mut make = Case::find(name).unwrap().start();
    let calls = u32::try_from(CALLS).unwrap();
    make(calls);

    let counts = [(); 3].map(|()| {
        let region = Region::new(ALLOCATOR);
        make(calls);
        let change = region.change();
        change.allocations + change.reallocations
    });
    counts.into_iter().min().unwrap()
}
