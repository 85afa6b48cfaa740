//! What came of the calls, in numbers.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use tower_client_call::{CacheOutcome, CallSnapshot};

/// Counts calls; all callers share one.
#[derive(Debug, Default)]
pub(crate) struct Tally(Mutex<Figures>);

/// What was counted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Figures {
    pub(crate) calls: u64,
    pub(crate) answers: u64,
    /// Answers that were not fetched for the call.
    pub(crate) hits: u64,
    pub(crate) left: u64,
    pub(crate) errors: BTreeMap<String, u64>,
    /// Requests, as the calls' own records tell.
    pub(crate) sends: u64,
    pub(crate) retries: u64,
    pub(crate) replays: u64,
}

/// How a call ended.
#[derive(Clone, Debug)]
pub(crate) enum End {
    Answered,
    Failed(String),
    /// Its caller did not wait for it.
    Left,
}

impl Tally {
    pub(crate) fn add(&self, end: End, told: &CallSnapshot) {
        let mut figures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        figures.calls += 1;
        match end {
            End::Answered => figures.answers += 1,
            End::Left => figures.left += 1,
            End::Failed(kind) => *figures.errors.entry(kind).or_default() += 1,
        }
        if matches!(
            told.cache,
            Some(CacheOutcome::Hit | CacheOutcome::Collapsed)
        ) {
            figures.hits += 1;
        }
        figures.sends += u64::from(told.sends);
        figures.retries += u64::from(told.attempts - 1);
        figures.replays += u64::from(told.replays);
    }

    pub(crate) fn figures(&self) -> Figures {
        let figures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        figures.clone()
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            calls,
            answers,
            hits,
            left,
            sends,
            retries,
            replays,
            ..
        } = self;
        write!(
            f,
            "{calls} calls: {answers} answers ({hits} from the cache)"
        )?;
        write!(f, ", {left} left, errors {:?}; ", self.errors)?;
        write!(f, "{sends} requests, {retries} retries, {replays} replays")
    }
}
