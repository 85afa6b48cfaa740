//! The store in memory: its bounds, what it keeps of traces, and what it holds whatever is done.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]
#![cfg(feature = "memory")]

mod bounds;
mod common;
mod model;
mod threads;
mod traces;
