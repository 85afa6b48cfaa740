//! What a registry keeps of what it is told, and how it shows it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod describing;
mod expositions;
mod hostile;
mod instruments;
mod kinds;
mod limits;
mod listening;
mod numbers;
mod parser;
mod prometheus;
mod promtool;
mod random;
mod resetting;
mod snapshots;
mod threads;
mod timers;
mod tools;
