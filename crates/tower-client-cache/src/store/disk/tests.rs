//! What only the inside of the store can show.

mod accounts;
mod damage;
mod eviction;
pub(super) mod given;
mod together;
