//! What the layer does with calls, as its caller and the origin see it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]
#![cfg(feature = "memory")]

mod abandoned;
mod calls;
mod delayed;
mod exchanges;
mod flight;
mod forgetting;
mod given;
mod heard;
mod isolation;
#[path = "../support/peering.rs"]
#[allow(dead_code, reason = "tests of stores need more of it")]
mod peering;
mod peers;
#[path = "../support/stepped.rs"]
#[allow(dead_code, reason = "tests of stores need more of it")]
mod stepped;
mod stores;
mod storing;
mod telling;
mod threads;
mod values;
mod waiting;
