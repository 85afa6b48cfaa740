//! Positions of byte offsets in a text.

use crate::config::tree::At;

/// Finds positions; all of them in one pass over the text if they are asked for in order.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    text: &'a str,
    passed: usize,
    at: At,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            passed: 0,
            at: At::START,
        }
    }

    /// Returns the position of the character that this byte is of, or of the text's end.
    pub(super) fn at(&mut self, offset: usize) -> At {
        if offset < self.passed {
            *self = Self::new(self.text);
        }
        let rest = self.text.get(self.passed..).unwrap_or_default();
        let mut chars = rest.chars().peekable();
        while let Some(c) = chars.next() {
            let next = self.passed + c.len_utf8();
            if next > offset {
                break;
            }
            self.passed = next;
            let ends_line = c == '\n' || c == '\r' && chars.peek() != Some(&'\n');
            self.at.pass(ends_line);
        }
        self.at
    }

    /// Returns the position of the text's end.
    pub(super) fn end(mut self) -> At {
        self.at(self.text.len())
    }
}

impl At {
    fn pass(&mut self, ends_line: bool) {
        if ends_line {
            self.line = self.line.saturating_add(1);
            self.column = 1;
        } else {
            self.column = self.column.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_characters_and_lines_end_as_editors_see_it() {
        let text = "ab\r\nüx\r𝄞";
        for (offset, line, column) in [
            (0, 1, 1),
            (3, 1, 4),
            (4, 2, 1),
            (5, 2, 1), // within the ü
            (6, 2, 2),
            (8, 3, 1),
            (11, 3, 1),
            (12, 3, 2),
            (99, 3, 2),
        ] {
            let expected = At { line, column };

            assert_eq!(Lines::new(text).at(offset), expected, "{offset}");
        }
    }

    #[test]
    fn the_order_of_questions_changes_no_answer() {
        let mut lines = Lines::new("a\nbc\nd");

        let asked = [6, 0, 3, 2, 6].map(|offset| lines.at(offset));

        let fresh = [6, 0, 3, 2, 6].map(|offset| Lines::new("a\nbc\nd").at(offset));
        assert_eq!(asked, fresh);
    }
}
