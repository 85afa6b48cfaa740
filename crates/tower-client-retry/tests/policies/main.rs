//! What a policy is told of an attempt, and what policies decide.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod attempted;
mod combined;
mod common;
mod settings;
mod table;
