//! What `Cache-Control` says, and `Pragma` where that says nothing.
//!
//! Where a message contradicts itself or cannot be understood, the stricter reading counts: what is
//! malformed may forbid, and never allow.

mod list;
mod request;
mod response;
#[cfg(test)]
mod scramble;

pub use self::request::RequestDirectives;
pub use self::response::ResponseDirectives;

/// Keeps the smaller number of seconds.
fn at_most(kept: &mut Option<u32>, seconds: u32) {
    *kept = Some(kept.map_or(seconds, |kept| kept.min(seconds)));
}
