//! What every layer owes to its callers and to the service below, whatever it does.
//!
//! A layer joins by one line in `layers`; each test here then holds for it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod cancellation;
mod clones;
mod layers;
mod origin;
mod probe;
mod readiness;
mod transparency;
mod transports;
mod types;
