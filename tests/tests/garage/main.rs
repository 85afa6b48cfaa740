//! Whole cars: the client, its wakes and commands, against the simulator's cars as they live.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod asked;
mod attended;
mod families;
mod program;
mod week;
