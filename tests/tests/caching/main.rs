//! A cache by RFC 9111: cases by section, through the layer and on sockets; what needs time to
//! pass; and properties of random histories.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod case;
mod cases;
mod guide;
mod judge;
mod layer;
mod origin;
mod properties;
mod proxying;
mod scene;
mod sockets;
mod timed;
