//! The cars themselves: what they do and how they are, whatever the service knows of it.

mod drive;
mod drives;
mod position;

pub use self::position::Position;
pub(crate) use self::{drive::Drive, drives::Drives};
