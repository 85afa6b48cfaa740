//! What whoever runs a cache can choose.

use super::FOREVER;

const DAY: u32 = 24 * 60 * 60;

/// What a cache may do where the messages leave it a choice; by default a private cache, which
/// serves nothing stale unless somebody says that it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Rules {
    pub(super) shared: bool,
    pub(super) partial_responses: bool,
    pub(super) heuristic_percent: u32,
    pub(super) heuristic_cap: u32,
    pub(super) stale_while_revalidate: u32,
    pub(super) stale_if_error: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self::new()
    }
}

impl Rules {
    /// Creates the rules of a private cache: of one user. Who keeps what several users were
    /// answered has to keep it apart by user, since nothing in these rules does.
    pub const fn new() -> Self {
        Self {
            shared: false,
            partial_responses: false,
            heuristic_percent: 10,
            heuristic_cap: DAY,
            stale_while_revalidate: 0,
            stale_if_error: 0,
        }
    }

    /// Keeps the rules of a shared cache: what it stores is served to more than one user.
    pub const fn shared(mut self) -> Self {
        self.shared = true;
        self
    }

    /// Returns whether what is stored is served to more than one user.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        self.shared
    }

    /// Stores partial responses too (206): for a cache that knows which part each is (RFC 9111
    /// section 3.3).
    pub const fn partial_responses(mut self) -> Self {
        self.partial_responses = true;
        self
    }

    /// Takes a response that does not say how long it is fresh for fresh during this part of the
    /// time since it was last modified, in percent (at most 100), but not for longer than `cap`
    /// seconds. Default 10 % and 24 h; 0 % is no guessing.
    pub const fn heuristic(mut self, percent: u32, cap: u32) -> Self {
        self.heuristic_percent = if percent < 100 { percent } else { 100 };
        self.heuristic_cap = at_most_forever(cap);
        self
    }

    /// Serves a response that does not say `stale-while-revalidate` itself so many seconds stale
    /// while the origin is asked. Default 0: only what says it is served so.
    ///
    /// RFC 9111 section 4.2.4 asks for an agreement with the origin's owner.
    pub const fn stale_while_revalidate(mut self, seconds: u32) -> Self {
        self.stale_while_revalidate = at_most_forever(seconds);
        self
    }

    /// Serves a response that does not say `stale-if-error` itself so many seconds stale when the
    /// origin fails. Default 0: only what says it is served so.
    ///
    /// RFC 9111 section 4.2.4 asks for an agreement with the origin's owner.
    pub const fn stale_if_error(mut self, seconds: u32) -> Self {
        self.stale_if_error = at_most_forever(seconds);
        self
    }
}

const fn at_most_forever(seconds: u32) -> u32 {
    if seconds < FOREVER { seconds } else { FOREVER }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn are_those_of_a_private_cache_that_serves_nothing_stale() {
        let rules = Rules::default();

        assert!(!rules.is_shared());
        assert!(!rules.partial_responses);
        assert_eq!((rules.heuristic_percent, rules.heuristic_cap), (10, 86_400));
        assert_eq!((rules.stale_while_revalidate, rules.stale_if_error), (0, 0));
    }

    // RFC 9111 sections 1.2.2 and 4.2.2: no more than a fraction, and nothing over 2^31 seconds.
    #[test]
    fn absurd_numbers_are_cut_to_the_greatest_that_mean_anything() {
        let rules = Rules::new()
            .heuristic(101, u32::MAX)
            .stale_while_revalidate(u32::MAX)
            .stale_if_error(u32::MAX);

        assert_eq!(
            (rules.heuristic_percent, rules.heuristic_cap),
            (100, FOREVER)
        );
        assert_eq!(rules.stale_while_revalidate, FOREVER);
        assert_eq!(rules.stale_if_error, FOREVER);
    }
}
