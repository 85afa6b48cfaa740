//! What holds for every message, whatever it says.

pub mod announced;
pub mod bounds;
pub mod codec;
pub mod decisions;
pub mod fields;
pub mod keys;
pub mod lines;
pub mod stored;
pub mod values;
