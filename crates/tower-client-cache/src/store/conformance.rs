//! The tests that every store has to pass.
//!
//! [`check`] runs them all; [`Rule::check`] runs one:
//!
//! ```
//! # #[derive(Debug)]
//! # struct MyStore;
//! # async fn test<S: tower_client_cache::Store>(new_store: impl AsyncFn() -> S) {
//! use tower_client_cache::store::conformance;
//!
//! // In a test that says `#[tokio::test(flavor = "multi_thread")]`:
//! conformance::check(async || new_store().await).await.unwrap();
//! # }
//! ```
//!
//! A store may lose entries at any time, and then nothing could be said of it. So here it must not:
//! the store has to be big enough for all that is put into it (a few hundred entries, and not much
//! more than 3 MiB), must let nothing expire meanwhile, and nobody else may use it. It need not be
//! in this process. Each rule gets a new store, or a new part of one, with nothing in it.
//!
//! A runtime of several threads finds more of what goes wrong between calls at once. Time must not
//! be paused, or the limit on the time of a rule passes at once while the store waits for a socket.

mod bench;
mod concurrent;
mod deleting;
mod entries;
mod given;
mod keys;
mod rule;
mod same;
mod selections;
mod telling;
mod updates;
mod variants;

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use self::bench::Bench;
pub use self::rule::Rule;
use super::Store;

/// How long a store may take for one rule.
const PATIENCE: Duration = Duration::from_secs(60);

/// Checks all rules, each on a new store.
///
/// # Errors
///
/// [`Violations`] has each rule that the store breaks.
pub async fn check<S: Store>(new_store: impl AsyncFn() -> S) -> Result<(), Violations> {
    let mut violations = Vec::new();
    for rule in Rule::ALL {
        violations.extend(rule.check(new_store().await).await.err());
    }
    if violations.is_empty() {
        return Ok(());
    }
    Err(Violations(violations))
}

impl Rule {
    /// Checks this rule on a store that is new and empty.
    ///
    /// # Errors
    ///
    /// [`Violation`] says what was expected, and what was found instead.
    pub async fn check<S: Store>(self, store: S) -> Result<(), Violation> {
        let bench = Bench {
            rule: self,
            store: Arc::new(store),
        };
        match timeout(PATIENCE, bench.check()).await {
            Ok(result) => result,
            Err(_) => Err(bench.violation("an answer", format!("none for {PATIENCE:?}"))),
        }
    }
}

/// A rule that a store breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    rule: Rule,
    expected: String,
    found: String,
}

impl Violation {
    /// Returns the rule.
    #[must_use]
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// Returns what was expected.
    #[must_use]
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// Returns what was found instead.
    #[must_use]
    pub fn found(&self) -> &str {
        &self.found
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: expected {}, found {} ({})",
            self.rule.name(),
            self.expected,
            self.found,
            self.rule.sentence()
        )
    }
}

impl Error for Violation {}

/// The rules that a store breaks, one at least.
///
/// `Debug` shows them as `Display` does: a line for each, as tests that fail print them.
#[derive(Clone, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// Returns them, in the order of [`Rule::ALL`].
    #[must_use]
    pub fn as_slice(&self) -> &[Violation] {
        &self.0
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rules that the store breaks: {}", self.0.len())?;
        self.0
            .iter()
            .try_for_each(|violation| write!(f, "\n{violation}"))
    }
}

impl fmt::Debug for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for Violations {}
