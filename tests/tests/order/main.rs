//! What the order of the layers means: every subset of them around a layer of the user's own, and
//! tower's own layers in between.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod between;
mod scene;
mod stack;
mod subsets;
