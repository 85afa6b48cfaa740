//! The layer around scripted services, with the clock paused.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod attempts;
mod budgets;
mod cancelling;
mod collecting;
mod cooling;
mod deadlines;
mod deciding;
mod draining;
mod frames;
mod peeking;
mod permits;
mod readiness;
mod records;
mod requests;
mod script;
mod timing;
