//! Cars that are woken: the whole client against the simulator, on a clock that goes on when there is
//! nothing to do.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod asked;
mod bench;
mod days;
