//! Bars that lie: one a line, each beside its value.

use super::{Canvas, largest, steps};
use crate::show::printable;

/// Parts of a character, an eighth more each.
const PARTS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];
const SHORTEST: usize = 4;

/// One line of a chart.
#[derive(Clone, Debug)]
pub(crate) struct Bar {
    pub(crate) label: String,
    /// What is not known has no bar.
    pub(crate) value: Option<f64>,
    /// What stands beside the bar.
    pub(crate) text: String,
}

/// Draws bars below each other, the largest as long as there is room.
pub(crate) fn bars(bars: &[Bar], canvas: Canvas) -> String {
    let widest = |text: fn(&Bar) -> &str| {
        let widths = bars.iter().map(|bar| printable(text(bar)).chars().count());
        widths.max().unwrap_or_default()
    };
    let (label, text) = (widest(|bar| &bar.label), widest(|bar| &bar.text));
    let most = largest(bars.iter().map(|bar| bar.value)).unwrap_or(1.0);
    let cells = canvas.width.saturating_sub(label + text + 2).max(SHORTEST);
    let line = |bar: &Bar| {
        let (name, beside) = (printable(&bar.label), printable(&bar.text));
        let drawn = canvas.paint(&bar_of(bar.value, most, cells, canvas));
        let line = format!("{name:<label$} {beside:>text$} {drawn}");
        line.trim_end().to_owned()
    };
    let lines: Vec<_> = bars.iter().map(line).collect();
    lines.join("\n")
}

/// Draws a share of a hundred within its frame.
pub(crate) fn gauge(percent: f64, cells: usize, canvas: Canvas) -> String {
    let bar = bar_of(Some(percent), 100.0, cells, canvas);
    let empty = " ".repeat(cells.saturating_sub(bar.chars().count()));
    let [left, right] = if canvas.blocks {
        ["▕", "▏"]
    } else {
        ["[", "]"]
    };
    format!("{left}{}{empty}{right}", canvas.paint(&bar))
}

fn bar_of(value: Option<f64>, most: f64, cells: usize, canvas: Canvas) -> String {
    if !canvas.blocks {
        return "#".repeat(steps(value, most, cells));
    }
    let eighths = steps(value, most, cells * PARTS.len());
    let (whole, rest) = (eighths / PARTS.len(), eighths % PARTS.len());
    let part = rest.checked_sub(1).and_then(|part| PARTS.get(part));
    let full = std::iter::repeat_n('█', whole);
    full.chain(part.copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANVAS: Canvas = Canvas {
        width: 40,
        blocks: true,
        colours: false,
    };

    fn week() -> Vec<Bar> {
        let days = [
            ("2026-03-02", Some(5.5)),
            ("2026-03-03", Some(0.0)),
            ("2026-03-04", None),
            ("2026-03-05", Some(11.0)),
            ("2026-03-06", Some(0.3)),
        ];
        let bar = |(day, value): (&str, Option<f64>)| Bar {
            label: day.to_owned(),
            value,
            text: value.map_or("-".to_owned(), |value| format!("{value:.1} L")),
        };
        days.map(bar).to_vec()
    }

    #[test]
    fn the_largest_bar_fills_the_line() {
        insta::assert_snapshot!(bars(&week(), CANVAS), @r"
        2026-03-02  5.5 L ███████████
        2026-03-03  0.0 L
        2026-03-04      -
        2026-03-05 11.0 L ██████████████████████
        2026-03-06  0.3 L ▋
        ");
    }

    #[test]
    fn ascii_does_without_blocks() {
        let canvas = Canvas {
            blocks: false,
            ..CANVAS
        };

        insta::assert_snapshot!(bars(&week(), canvas), @r"
        2026-03-02  5.5 L ###########
        2026-03-03  0.0 L
        2026-03-04      -
        2026-03-05 11.0 L ######################
        2026-03-06  0.3 L #
        ");
    }

    #[test]
    fn colours_are_only_where_they_are_wanted() {
        let canvas = Canvas {
            colours: true,
            ..CANVAS
        };

        let coloured = bars(&week(), canvas);

        assert_eq!(coloured.matches("\u{1b}[36m").count(), 3);
        assert_eq!(coloured.matches("\u{1b}[0m").count(), 3);
        assert!(!bars(&week(), CANVAS).contains('\u{1b}'));
    }

    #[test]
    fn what_comes_from_elsewhere_moves_no_cursor() {
        let mut week = week();
        week[0].label = "\u{1b}[2J".to_owned();

        assert!(!bars(&week, CANVAS).contains('\u{1b}'));
    }

    #[test]
    fn nothing_above_zero_draws_nothing_and_a_narrow_canvas_little() {
        let mut week = week();
        let narrow = Canvas { width: 5, ..CANVAS };
        assert!(bars(&week, narrow).contains("████"));

        for bar in &mut week {
            bar.value = bar.value.map(|_| 0.0);
        }
        assert!(!bars(&week, CANVAS).contains('█'));
        assert_eq!(bars(&[], CANVAS), "");
    }

    #[test]
    fn a_gauge_is_as_wide_as_it_is_told() {
        let ascii = Canvas {
            blocks: false,
            ..CANVAS
        };
        for (percent, blocks, hashes) in [
            (0.0, "▕          ▏", "[          ]"),
            (22.0, "▕██▎       ▏", "[##        ]"),
            (100.0, "▕██████████▏", "[##########]"),
            (130.0, "▕██████████▏", "[##########]"),
        ] {
            assert_eq!(gauge(percent, 10, CANVAS), blocks);
            assert_eq!(gauge(percent, 10, ascii), hashes);
        }
    }
}
