//! Commands to cars that live: the whole client against the simulator.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod clocks;
mod confirmed;
mod garage;
mod once;
