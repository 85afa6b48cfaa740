//! Every data set of every car of the simulator, as the client reads it: the two were written apart,
//! from the same facts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod driver;
mod reads;
mod trips;
