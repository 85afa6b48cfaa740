//! Whole numbers, and sums of what may be missing.

use serde_json::Value;

use crate::model::decode::Leaf;

/// Adds what is there: what is not known counts as nothing, unless none is known. The sum is finite.
pub(super) fn add(sum: &mut Option<f64>, value: Option<f64>) {
    *sum = match (*sum, value) {
        (Some(sum), Some(value)) => Some((sum + value).clamp(f64::MIN, f64::MAX)),
        (sum, value) => sum.or(value),
    };
}

/// Takes the greater of what is there.
pub(super) fn greater(greatest: &mut Option<f64>, value: Option<f64>) {
    *greatest = match (*greatest, value) {
        (Some(greatest), Some(value)) => Some(greatest.max(value)),
        (greatest, value) => greatest.or(value),
    };
}

/// Returns the mean of those that are there.
pub(super) fn mean(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let (sum, count) = values
        .flatten()
        .fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    (count > 0.0).then(|| sum / count)
}

/// A whole number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whole(pub(super) i64);

impl Leaf for Whole {
    const EXPECTED: &'static str = "a whole number";

    fn read(value: &Value) -> Option<Self> {
        let number = match value {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.map(Self)
    }
}
