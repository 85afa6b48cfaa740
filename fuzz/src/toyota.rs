//! What the targets of the car's client share.

pub mod answers;
pub mod client;
pub mod derived;
pub mod documents;
pub mod edits;
pub mod files;
pub mod leaks;
pub mod pages;
pub mod planted;
pub mod refused;
pub mod shapes;
