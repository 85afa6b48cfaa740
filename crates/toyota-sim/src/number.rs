//! Numbers on their way into answers.

use std::time::Duration;

/// Returns the nearest whole number that is not below zero.
pub(crate) fn whole(number: f64) -> u32 {
    // A duration is how std rounds and checks on the way from a float to an integer.
    Duration::try_from_secs_f64(number.round().max(0.0))
        .ok()
        .and_then(|seconds| u32::try_from(seconds.as_secs()).ok())
        .unwrap_or(u32::MAX)
}

/// Returns a number with one digit after its point.
pub(crate) fn tenth(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// Returns `of` × `part` / `whole`, rounded down; 0 of nothing.
pub(crate) fn share(of: u32, part: u32, whole: u32) -> u32 {
    (u64::from(of) * u64::from(part))
        .checked_div(u64::from(whole))
        .map_or(0, |share| u32::try_from(share).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_whole_number_becomes_the_nearest() {
        for (number, expected) in [
            (0.0, 0),
            (-3.0, 0),
            (f64::NAN, 0),
            (55.5, 56),
            (1e300, u32::MAX),
            (f64::INFINITY, u32::MAX),
        ] {
            assert_eq!(whole(number), expected, "{number}");
        }
        assert!((tenth(21_954.649) - 21_954.6).abs() < 1e-9);
    }
}
