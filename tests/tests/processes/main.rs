//! Processes that keep their tokens in one file: killed at any point, and side by side.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod child;
mod kept;
mod killed;
mod sharing;
