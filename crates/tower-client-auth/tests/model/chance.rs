//! How long things take, by chance; and who is who.

use std::time::Duration;

use fastrand::Rng;

/// Those of whom there are calls; the first is who is meant where nobody is named.
pub(crate) const PEOPLE: [&str; 3] = ["", "ann", "bob"];

pub(crate) fn who(id: &str) -> usize {
    PEOPLE.iter().position(|it| *it == id).unwrap()
}

/// Whole milliseconds, as the clock has them: mostly few.
pub(crate) fn delay(random: &mut Rng, slow: bool) -> Duration {
    let most = match random.u32(..10) {
        0..4 => return Duration::ZERO,
        4..7 => 50,
        7..9 => 2000,
        _ if slow => 14_000,
        _ => 3000,
    };
    Duration::from_millis(random.u64(1..=most))
}
