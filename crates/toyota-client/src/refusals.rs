//! How much a refusal is believed, of a route and of a data set: a bad moment of the service looks the
//! same.

use jiff::SignedDuration;

/// How often in a row something has to be refused until that is believed.
pub(crate) const BELIEVED: u32 = 3;

/// How long what is believed to be refused is not asked for again: what has moved stays away, and what
/// a subscription opens is noticed a day later at most.
pub(crate) const REPROBE: SignedDuration = SignedDuration::from_hours(24);
