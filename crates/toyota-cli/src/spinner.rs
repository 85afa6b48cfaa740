//! A sign of life while waiting: on stderr, and only where somebody looks.

use std::io::{IsTerminal, stderr};
use std::time::Duration;

use indicatif::ProgressBar;

/// Turns until dropped.
pub(crate) struct Spinner(Option<ProgressBar>);

impl Spinner {
    /// Starts turning where that is seen.
    pub(crate) fn start(what: &'static str) -> Self {
        if !is_seen() {
            return Self(None);
        }
        let bar = ProgressBar::new_spinner().with_message(what);
        bar.enable_steady_tick(Duration::from_millis(100));
        Self(Some(bar))
    }
}

/// Tells whether stderr is a terminal, and `NO_COLOR` does not ask for plain output.
pub(crate) fn is_seen() -> bool {
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !plain && stderr().is_terminal()
}

impl Drop for Spinner {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
