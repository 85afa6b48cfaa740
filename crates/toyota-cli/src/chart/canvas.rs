//! What a terminal can show.

use std::io::{IsTerminal, stdout};

use terminal_size::{Width, terminal_size};

/// What is not shown at a terminal is so wide.
const USUAL_WIDTH: usize = 80;
/// Wider lines are harder to read, not easier.
const WIDEST: usize = 120;

/// What pictures are drawn on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Canvas {
    /// How many characters are in a line.
    pub(crate) width: usize,
    /// Whether there is more than ASCII.
    pub(crate) blocks: bool,
    /// Whether there are colours.
    pub(crate) colours: bool,
}

impl Canvas {
    /// What stdout can show.
    pub(crate) fn of_stdout() -> Self {
        let var = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let is_terminal = stdout().is_terminal();
        let size = terminal_size().filter(|_| is_terminal);
        let width = size.map(|(Width(width), _)| width.into());
        // The first that is set says it, by POSIX.
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(var);
        let locale = locale.unwrap_or_default();
        Self {
            width: width.unwrap_or(USUAL_WIDTH).min(WIDEST),
            blocks: cfg!(windows) || has_blocks(&locale.to_string_lossy()),
            colours: is_terminal && var("NO_COLOR").is_none(),
        }
    }

    /// Colours what is drawn, where there are colours.
    pub(super) fn paint(self, drawn: &str) -> String {
        match drawn {
            drawn if self.colours && !drawn.is_empty() => format!("\u{1b}[36m{drawn}\u{1b}[0m"),
            drawn => drawn.to_owned(),
        }
    }
}

/// Tells whether a locale's characters are those of Unicode.
fn has_blocks(locale: &str) -> bool {
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_drawn_where_the_locale_has_them() {
        for (locale, blocks) in [
            ("en_GB.UTF-8", true),
            ("C.utf8", true),
            ("de_DE.ISO-8859-1", false),
            ("C", false),
            ("", false),
        ] {
            assert_eq!(has_blocks(locale), blocks, "{locale:?}");
        }
    }
}
