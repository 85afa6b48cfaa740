//! Pictures made of text. They are plain functions: what a terminal can show is told to them.

mod bars;
mod canvas;
mod sparkline;

pub(crate) use self::bars::{Bar, bars, gauge};
pub(crate) use self::canvas::Canvas;
pub(crate) use self::sparkline::sparkline;

/// Returns how many of so many steps a value fills, where `most` fills them all. What is not known,
/// not finite or below zero fills none.
fn steps(value: Option<f64>, most: f64, steps: usize) -> usize {
    let Some(all) = u32::try_from(steps).ok().map(f64::from) else {
        return 0;
    };
    let share = value.unwrap_or_default() / most;
    // Counted, because a number with a fraction becomes a whole one by no conversion that is safe.
    let reached = |step: &u32| f64::from(*step) - 0.5 <= share * all;
    (1..=u32::MAX).take(steps).take_while(reached).count()
}

/// Returns the largest of the values that are known, or none if nothing is above zero.
fn largest(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let known = values.flatten().filter(|value| value.is_finite());
    let largest = known.fold(0.0, f64::max);
    (largest > 0.0).then_some(largest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, proptest};

    use super::*;

    #[test]
    fn a_value_fills_its_share_of_the_steps() {
        for (value, filled) in [
            (Some(0.0), 0),
            (Some(0.4), 0),
            (Some(0.5), 1),
            (Some(5.0), 5),
            (Some(10.0), 10),
            (Some(11.0), 10),
            (Some(-1.0), 0),
            (Some(f64::NAN), 0),
            (Some(f64::INFINITY), 10),
            (None, 0),
        ] {
            assert_eq!(steps(value, 10.0, 10), filled, "{value:?}");
        }
    }

    proptest! {
        #[test]
        fn no_value_fills_more_than_there_is(value: f64, most: f64, all in 0..200_usize) {
            prop_assert!(steps(Some(value), most, all) <= all);
        }

        #[test]
        fn whatever_the_values_a_picture_is_no_wider_than_its_canvas(
            values: Vec<Option<f64>>,
            width in 0..120_usize,
            blocks in any::<bool>(),
        ) {
            let canvas = Canvas { width, blocks, colours: false };

            let line = sparkline(&values, canvas);

            prop_assert!(line.chars().count() <= width.max(1));
        }
    }
}
