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
        let exact = match value {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        exact.or_else(|| of_float(f64::read(value)?)).map(Self)
    }
}

/// `50.0` is as whole as `50`.
fn of_float(number: f64) -> Option<i64> {
    // A float is written without an exponent; `as` would make something of anything.
    let whole = (number.fract() == 0.0).then(|| number.to_string());
    whole?.parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_whole_number_is_one_in_any_spelling() {
        for (value, number) in [
            (json!(50), Some(50)),
            (json!(50.0), Some(50)),
            (json!("50"), Some(50)),
            (json!(" 50.0 "), Some(50)),
            (json!(-1.0), Some(-1)),
            (json!(i64::MAX), Some(i64::MAX)),
            (json!(50.5), None),
            (json!(1e300), None),
            (json!(u64::MAX), None),
            (json!("NaN"), None),
            (json!(true), None),
        ] {
            assert_eq!(Whole::read(&value).map(|Whole(it)| it), number, "{value}");
        }
    }
}
