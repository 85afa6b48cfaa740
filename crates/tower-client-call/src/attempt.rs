//! The number of an attempt.

use std::num::NonZeroU32;

use http::Request;

/// The number of this attempt at a call, from 1.
///
/// Set by a layer that repeats requests, for the layers inside. Absent means the first: a layer
/// that repeats need not set it before it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Attempt(NonZeroU32);

impl Attempt {
    /// The first attempt.
    pub const FIRST: Self = Self(NonZeroU32::MIN);

    /// Returns the number of a request's attempt.
    #[must_use]
    pub fn of<B>(request: &Request<B>) -> Self {
        request.extensions().get().copied().unwrap_or_default()
    }

    /// Returns the number, from 1.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0.get()
    }

    /// Returns the attempt after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl Default for Attempt {
    fn default() -> Self {
        Self::FIRST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_means_the_first() {
        let mut request = Request::new(());
        assert_eq!(Attempt::of(&request).number(), 1);

        request.extensions_mut().insert(Attempt::FIRST.next());
        assert_eq!(Attempt::of(&request).number(), 2);
    }
}
