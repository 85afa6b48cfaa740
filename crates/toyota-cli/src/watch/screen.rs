//! A terminal that is drawn on again and again, and left as it was.

use std::io::{self, IsTerminal, Stdout, Write, stdout};

use terminal_size::{Height, terminal_size};

use crate::chart::Canvas;
use crate::show::Paper;

/// A screen beside the one that the shell writes on, without a cursor.
const OPEN: &str = "\u{1b}[?1049h\u{1b}[?25l";
const CLOSE: &str = "\u{1b}[?25h\u{1b}[?1049l";
const HOME: &str = "\u{1b}[H";
const CLEAR_LINE: &str = "\u{1b}[2K";
/// From the cursor on. Before a line: after one that is as wide as the window, its end would go.
const CLEAR_BELOW: &str = "\u{1b}[J";

/// A terminal that is drawn on. Dropped, it is as it was before.
#[derive(Debug)]
pub(super) struct Screen<W: Write = Stdout> {
    out: W,
}

/// Returns the terminal, if stdout is one that can be drawn on.
pub(super) fn open() -> io::Result<Option<Screen>> {
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    if is_dumb || !stdout().is_terminal() {
        return Ok(None);
    }
    Screen::over(stdout()).map(Some)
}

/// Returns what there is to draw on, now: a window changes its size.
pub(super) fn paper() -> Paper {
    let canvas = Canvas::of_stdout();
    let height = terminal_size().map(|(_, Height(height))| height.into());
    Paper {
        width: canvas.width,
        height,
        unicode: canvas.blocks,
        colours: canvas.colours,
    }
}

impl<W: Write> Screen<W> {
    fn over(out: W) -> io::Result<Self> {
        let mut screen = Self { out };
        screen.write(OPEN)?;
        Ok(screen)
    }

    /// Draws these lines in the place of what was drawn before. What others have written meanwhile
    /// goes with it.
    pub(super) fn draw(&mut self, lines: &[String]) -> io::Result<()> {
        let mut drawn = HOME.to_owned();
        let (last, above) = match lines.split_last() {
            Some((last, above)) => (last.as_str(), above),
            None => ("", lines),
        };
        for line in above {
            drawn.extend([CLEAR_LINE, line, "\r\n"]);
        }
        drawn.extend([CLEAR_BELOW, last]);
        self.write(&drawn)
    }

    /// At once: half a picture is seen to flicker.
    fn write(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

impl<W: Write> Drop for Screen<W> {
    fn drop(&mut self) {
        // A terminal that is gone needs nothing put back.
        let _: io::Result<()> = self.write(CLOSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_left_as_it_was() {
        let mut written = Vec::new();
        let mut screen = Screen::over(&mut written).unwrap();

        screen.draw(&["one".to_owned(), "two".to_owned()]).unwrap();
        drop(screen);

        let written = String::from_utf8(written).unwrap();
        let written = written.replace('\u{1b}', "ESC");
        let open = "ESC[?1049hESC[?25l";
        let drawn = "ESC[HESC[2Kone\r\nESC[Jtwo";
        assert_eq!(written, format!("{open}{drawn}ESC[?25hESC[?1049l"));
    }
}
