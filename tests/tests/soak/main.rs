//! The soak: eight accounts and sixty-four callers, a service that fails at random, callers who
//! leave; and what has to hold all the while.
//!
//! `SOAK_SECONDS` says how long it takes (30), `SOAK_SEED` which calls, faults and leavings it has;
//! the seed of a run is printed. `SOAK_SECONDS=600 cargo test -p tests --test soak -- --nocapture`
//! is the long one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking, and this one tells its figures"
)]

mod audit;
mod caller;
mod clients;
mod commands;
mod garage;
mod invariants;
mod measured;
mod meter;
mod panics;
mod settings;
mod soak;
mod tally;
mod weather;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_goes_astray_and_nothing_is_left_behind() {
    soak::Soak::run(settings::Settings::from_env()).await;
}
