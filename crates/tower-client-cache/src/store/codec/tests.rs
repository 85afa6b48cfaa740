//! What the codec owes to stores: what they put comes back as it was, or not at all.

mod bounds;
mod damage;
mod given;
mod golden;
mod identity;
mod malformed;
mod names;
#[cfg(feature = "encryption")]
mod sealed;
