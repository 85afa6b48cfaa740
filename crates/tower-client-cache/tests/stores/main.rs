//! Stores made of others: tiers, guards, and what they are tested with.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]
#![cfg(feature = "memory")]

#[path = "../support/entries.rs"]
mod entries;
#[path = "../support/peering.rs"]
mod peering;
#[path = "../support/schedules.rs"]
mod schedules;
#[path = "../support/stepped.rs"]
mod stepped;

mod boxed;
#[cfg(feature = "conformance")]
mod conformance;
mod guarded;
mod log;
mod processes;
mod tiered;
