//! What a layer reported.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use crate::pace::Seen;

/// The lines that were reported. In its place a program has its log, or its metrics.
#[derive(Clone, Debug, Default)]
pub(crate) struct Book(Arc<Mutex<Vec<String>>>);

impl Book {
    /// Returns what a layer is to report to.
    pub(crate) fn writer(&self) -> impl Fn(&Seen<'_>) + Send + Sync + use<> {
        let lines = Arc::clone(&self.0);
        move |seen| {
            let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
            lines.push(seen.to_string());
        }
    }

    /// Returns what was reported since the last time.
    pub(crate) fn take(&self) -> Vec<String> {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
