//! A week of a program that runs by itself, in the time that its requests take: client and simulator
//! talk in memory, by one clock that is paused.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod line;
mod program;
mod wakes;
