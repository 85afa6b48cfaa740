//! What holds for every message, whatever it says.

pub mod bounds;
pub mod decisions;
pub mod fields;
pub mod keys;
pub mod lines;
pub mod values;
