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
const CLEAR_BELOW: &str = "\u{1b}[J";

/// A terminal that is drawn on. Dropped, it is as it was before.
#[derive(Debug)]
pub(super) struct Screen {
    out: Stdout,
}

impl Screen {
    /// Returns the terminal, if stdout is one that can be drawn on.
    pub(super) fn open() -> io::Result<Option<Self>> {
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if is_dumb || !stdout().is_terminal() {
            return Ok(None);
        }
        let mut screen = Self { out: stdout() };
        screen.write(OPEN)?;
        Ok(Some(screen))
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

    /// Draws these lines in the place of what was drawn before. What others have written meanwhile
    /// goes with it.
    pub(super) fn draw(&mut self, lines: &[String]) -> io::Result<()> {
        let lines: Vec<_> = lines
            .iter()
            .map(|line| format!("{CLEAR_LINE}{line}"))
            .collect();
        self.write(&format!("{HOME}{}{CLEAR_BELOW}", lines.join("\r\n")))
    }

    /// At once: half a picture is seen to flicker.
    fn write(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // A terminal that is gone needs nothing put back.
        let _: io::Result<()> = self.write(CLOSE);
    }
}
