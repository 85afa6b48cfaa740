//! Bars that stand: many values in one line.

use super::{Canvas, largest, steps};

const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ASCII: [char; 8] = ['_', '.', ',', '-', '=', '+', '*', '#'];

/// Draws values beside each other. What is not known is a gap; of more values than there is room
/// for, neighbours become their mean.
pub(crate) fn sparkline(values: &[Option<f64>], canvas: Canvas) -> String {
    let together = values.len().div_ceil(canvas.width.max(1)).max(1);
    let values: Vec<_> = values.chunks(together).map(mean).collect();
    let levels = if canvas.blocks { BLOCKS } else { ASCII };
    let most = largest(values.iter().copied()).unwrap_or(1.0);
    let level = |value: &Option<f64>| {
        let step = steps(Some((*value)?), most, levels.len() - 1);
        levels.get(step).copied()
    };
    let drawn: String = values
        .iter()
        .map(|value| level(value).unwrap_or(' '))
        .collect();
    canvas.paint(&drawn)
}

fn mean(values: &[Option<f64>]) -> Option<f64> {
    let known = values.iter().flatten().filter(|value| value.is_finite());
    let (sum, count) = known.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANVAS: Canvas = Canvas {
        width: 8,
        blocks: true,
        colours: false,
    };

    #[test]
    fn zero_is_low_and_what_is_not_known_is_a_gap() {
        let values = [Some(0.0), None, Some(3.5), Some(7.0)];
        let ascii = Canvas {
            blocks: false,
            ..CANVAS
        };

        assert_eq!(sparkline(&values, CANVAS), "▁ ▅█");
        assert_eq!(sparkline(&values, ascii), "_ =#");
    }

    #[test]
    fn more_than_fits_becomes_means() {
        let values: Vec<_> = (0..16).map(|value| Some(f64::from(value))).collect();

        let drawn = sparkline(&values, CANVAS);

        assert_eq!(drawn, "▁▂▃▄▅▆▇█");
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert_eq!(sparkline(&[], CANVAS), "");
        assert_eq!(sparkline(&[None, Some(f64::NAN)], CANVAS), "  ");
    }
}
