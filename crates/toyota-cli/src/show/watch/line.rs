//! Lines of text that fit what they are drawn on.

use unicode_width::UnicodeWidthChar;

use crate::show::printable;

/// What pictures are drawn on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paper {
    /// How many columns there are.
    pub(crate) width: usize,
    /// How many lines there are, if they are counted.
    pub(crate) height: Option<usize>,
    /// Whether there is more than ASCII.
    pub(crate) unicode: bool,
    /// Whether there are colours.
    pub(crate) colours: bool,
}

/// What a text is like, for those who see colours. Nothing is told by colours alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Title,
    Quiet,
    Good,
    Warn,
    Bad,
}

/// A text of one tone, on one line.
#[derive(Clone, Debug)]
pub(super) struct Span {
    text: String,
    tone: Tone,
}

/// One line.
#[derive(Clone, Debug, Default)]
pub(super) struct Line(Vec<Span>);

impl Paper {
    /// Paper without end, for what is no terminal.
    pub(super) fn endless(unicode: bool) -> Self {
        Self {
            width: usize::MAX,
            height: None,
            unicode,
            colours: false,
        }
    }

    /// What is drawn for what does not fit.
    fn ellipsis(&self) -> &'static str {
        if self.unicode { "…" } else { ".." }
    }
}

impl Tone {
    fn code(self) -> Option<&'static str> {
        Some(match self {
            Self::Plain => return None,
            Self::Title => "1",
            Self::Quiet => "2",
            Self::Good => "32",
            Self::Warn => "33",
            Self::Bad => "31",
        })
    }
}

impl Span {
    /// Takes any text: names come from the service.
    pub(super) fn new(tone: Tone, text: &str, paper: &Paper) -> Self {
        let text = printable(text).replace('\n', " ");
        let text = if paper.unicode { text } else { ascii(&text) };
        Self { text, tone }
    }

    pub(super) fn width(&self) -> usize {
        width(&self.text)
    }

    /// Cuts it to a width, or fills it up.
    pub(super) fn fit(mut self, width: usize, paper: &Paper) -> Self {
        self.cut(width, paper);
        let missing = width.saturating_sub(self.width());
        self.text.extend(std::iter::repeat_n(' ', missing));
        self
    }

    fn cut(&mut self, width: usize, paper: &Paper) {
        if self.width() <= width {
            return;
        }
        let mark = paper.ellipsis();
        let mark = if mark.chars().count() <= width {
            mark
        } else {
            ""
        };
        let mut left = width - mark.chars().count();
        let kept = self.text.chars().take_while(|c| {
            let taken = c.width().unwrap_or_default();
            let fits = taken <= left;
            left = left.saturating_sub(taken);
            fits
        });
        self.text = kept.collect::<String>() + mark;
    }
}

impl Line {
    pub(super) fn of(spans: impl IntoIterator<Item = Span>) -> Self {
        Self(spans.into_iter().collect())
    }

    pub(super) fn width(&self) -> usize {
        self.0.iter().map(Span::width).sum()
    }

    pub(super) fn push(&mut self, span: Span) {
        self.0.push(span);
    }

    /// Returns the text of the line: no wider than the paper, without spaces at its end.
    pub(super) fn render(self, paper: &Paper) -> String {
        let mut left = paper.width;
        let mut drawn = String::new();
        let is_cut = self.width() > left;
        let last = self.0.len().saturating_sub(1);
        for (index, mut span) in self.0.into_iter().enumerate() {
            span.cut(left, paper);
            left -= span.width();
            // What is cut off ends there: not each of the others begins again.
            let is_end = index == last || (is_cut && left == 0);
            let text = if is_end {
                span.text.trim_end()
            } else {
                &span.text
            };
            match span.tone.code() {
                Some(code) if paper.colours && !text.trim().is_empty() => {
                    drawn.push_str(&format!("\u{1b}[{code}m{text}\u{1b}[0m"));
                }
                _ => drawn.push_str(text),
            }
            if is_end {
                break;
            }
        }
        drawn
    }
}

/// Sets texts one after the other, and begins a new line where the next has no place.
pub(super) fn flow(texts: Vec<Span>, paper: &Paper) -> Vec<Line> {
    const GAP: &str = "  ";
    let mut lines: Vec<Line> = Vec::new();
    for text in texts {
        let needed = GAP.len() + text.width();
        match lines.last_mut() {
            Some(line) if line.width().saturating_add(needed) <= paper.width => {
                line.push(Span::new(Tone::Plain, GAP, paper));
                line.push(text);
            }
            Some(_) => {
                let indent = Span::new(Tone::Plain, GAP, paper);
                lines.push(Line::of([indent, text]));
            }
            None => lines.push(Line::of([text])),
        }
    }
    lines
}

/// Returns how many columns a text takes: letter by letter, as terminals count.
fn width(text: &str) -> usize {
    text.chars().filter_map(UnicodeWidthChar::width).sum()
}

/// The same in the letters that every terminal has.
fn ascii(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '…' => plain.push_str(".."),
            '°' => {}
            c if c.is_ascii() => plain.push(c),
            c if c.width().unwrap_or_default() > 0 => plain.push('?'),
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, proptest};

    use super::*;

    fn paper(width: usize, unicode: bool) -> Paper {
        Paper {
            width,
            height: None,
            unicode,
            colours: false,
        }
    }

    #[test]
    fn a_text_is_cut_and_filled_up_by_what_its_letters_take() {
        for (text, width, unicode, expected) in [
            ("Runabout", 8, true, "Runabout"),
            ("Runabout", 10, true, "Runabout  "),
            ("Runabout", 5, true, "Runa…"),
            ("Runabout", 5, false, "Run.."),
            ("Runabout", 1, false, "R"),
            ("Runabout", 0, true, ""),
            ("車車車", 5, true, "車車…"),
            ("車車車", 4, true, "車… "),
            ("車 21 °C…", 20, false, "? 21 C..            "),
            (
                "two\nlines\u{1b}[2J",
                20,
                true,
                "two lines\u{fffd}[2J       ",
            ),
        ] {
            let paper = paper(80, unicode);

            let fitted = Span::new(Tone::Plain, text, &paper).fit(width, &paper);

            assert_eq!(fitted.text, expected, "{text:?} in {width}");
        }
    }

    #[test]
    fn a_line_has_colours_where_there_are_some_and_no_spaces_at_its_end() {
        let coloured = Paper {
            colours: true,
            ..paper(9, true)
        };
        for (paper, expected) in [
            (paper(80, true), "fine, failed"),
            (paper(9, true), "fine, fa…"),
            (coloured, "\u{1b}[32mfine, \u{1b}[0m\u{1b}[31mfa…\u{1b}[0m"),
        ] {
            let line = Line::of([
                Span::new(Tone::Good, "fine, ", &paper),
                Span::new(Tone::Bad, "failed", &paper),
                Span::new(Tone::Plain, "   ", &paper),
            ]);

            assert_eq!(line.render(&paper), expected);
        }
    }

    #[test]
    fn what_has_no_place_on_a_line_begins_another() {
        let paper = paper(12, true);
        let texts = ["requests 3", "retries 1", "a", "errors 0"];
        let texts = texts.map(|text| Span::new(Tone::Plain, text, &paper));

        let lines = flow(texts.into(), &paper).into_iter();

        let lines: Vec<_> = lines.map(|line| line.render(&paper)).collect();
        assert_eq!(lines, ["requests 3", "  retries 1", "  a", "  errors 0"]);
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_its_paper(
            texts: Vec<String>,
            width in 0..60_usize,
            unicode in any::<bool>(),
        ) {
            let paper = paper(width, unicode);
            let spans = texts.iter().map(|text| Span::new(Tone::Warn, text, &paper));

            let line = Line::of(spans).render(&paper);

            prop_assert!(super::width(&line) <= width, "{line:?}");
            prop_assert!(unicode || line.is_ascii(), "{line:?}");
        }
    }
}
