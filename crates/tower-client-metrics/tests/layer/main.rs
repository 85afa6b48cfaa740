//! The layer and its recorders around scripted services, with the clock paused.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod attempts;
mod bodies;
mod book;
mod bounds;
mod calls;
mod capture;
mod contract;
mod custom;
mod endings;
mod errors;
mod frames;
mod history;
mod kit;
mod makings;
mod nesting;
mod panics;
mod prefixes;
mod regressions;
mod sizes;
mod spans;
mod targets;
mod transparency;
