//! What the order of the layers means: every swap that `docs/layer-order.md` tells of, and every
//! subset of the layers around a layer of the user's own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod between;
mod guide;
mod origin;
mod scene;
mod stack;
mod subsets;
mod swaps;
