//! What the fuzz targets share: messages made of text, entries, and models that take the RFCs literally.

pub mod case;
pub mod checks;
pub mod entries;
pub mod message;
pub mod model;
pub mod offsets;
pub mod range_syntax;
pub mod toyota;
