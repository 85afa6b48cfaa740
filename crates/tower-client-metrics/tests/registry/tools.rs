//! Programs of others that are the judges here.

use std::env;
use std::io::{self, Write};
use std::path::PathBuf;

/// Returns the program that the variable names, or that is in `PATH`. Without it the test is
/// skipped, unless `REQUIRE_PROMTOOL=1`.
pub(crate) fn find(program: &str, variable: &str) -> Option<PathBuf> {
    if let Some(named) = env::var_os(variable) {
        return Some(named.into());
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let mut candidates = env::split_paths(&path).map(|folder| folder.join(program));
    let found = candidates.find(|candidate| candidate.is_file());
    if found.is_none() {
        let required = env::var_os("REQUIRE_PROMTOOL").is_some_and(|value| value == "1");
        assert!(!required, "{program} is required and not in PATH");
        // Past the test harness, which shows what is printed only if a test fails.
        let mut shown = io::stderr();
        let _ = writeln!(
            shown,
            "SKIPPED: {program} is not in PATH, and {variable} is not set"
        );
    }
    found
}
