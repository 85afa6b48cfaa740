//! What is told of things that were timed in turns.

/// The median of the ratios of rounds, and the quartiles around it.
///
/// # Panics
///
/// Where there was no round.
#[must_use]
pub fn summary(mut ratios: Vec<f64>) -> String {
    ratios.sort_by(f64::total_cmp);
    let quarter = |quarters: usize| ratios[(ratios.len() - 1) * quarters / 4];
    let (median, low, high) = (quarter(2), quarter(1), quarter(3));
    format!("{median:.3} x (quartiles {low:.3} and {high:.3})")
}
