//! Processes that share a store: one of them fetches for all, and what one forgets all forget.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod child;
mod fetching;
mod forgetting;
mod origin;
mod processes;
