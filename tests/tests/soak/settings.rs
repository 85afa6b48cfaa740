//! How long a soak takes, and what its dice are seeded with.

use std::str::FromStr;
use std::time::Duration;

/// What a soak is run with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) seed: u64,
    pub(crate) phases: u32,
    /// How long each phase calls.
    pub(crate) phase: Duration,
}

impl Settings {
    /// Reads `SOAK_SECONDS` and `SOAK_SEED`.
    pub(crate) fn from_env() -> Self {
        let seconds = from_env("SOAK_SECONDS").unwrap_or(30);
        let seed = from_env("SOAK_SEED").unwrap_or_else(|| fastrand::u64(..));
        println!("SOAK_SEED={seed} SOAK_SECONDS={seconds}");
        let phases = (seconds / 15).clamp(5, 40);
        // A twentieth is for looking, in between and at the end.
        let calling = Duration::from_secs(seconds.into()) * 19 / 20;
        Self {
            seed,
            phases,
            phase: calling / phases,
        }
    }
}

/// What is no number is a mistake, and no reason to take the default.
fn from_env<N: FromStr>(name: &str) -> Option<N> {
    let text = std::env::var(name).ok()?;
    let number = text.parse().ok();
    Some(number.unwrap_or_else(|| panic!("{name} is no number")))
}
