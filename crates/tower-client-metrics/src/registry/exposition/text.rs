//! Texts and numbers as the formats write them.

use std::fmt::{self, Write};

use super::Format;

/// A text in which what would end it is escaped.
pub(super) struct Escaped<'a> {
    text: &'a str,
    quoted: bool,
}

impl<'a> Escaped<'a> {
    /// Escapes a text that ends with its line.
    pub(super) fn line(text: &'a str) -> Self {
        Self {
            text,
            quoted: false,
        }
    }

    /// Escapes a text that ends with a quote.
    pub(super) fn quoted(text: &'a str) -> Self {
        Self { text, quoted: true }
    }
}

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.chars().try_for_each(|char| match char {
            '\\' => f.write_str("\\\\"),
            '\n' => f.write_str("\\n"),
            '"' if self.quoted => f.write_str("\\\""),
            char => f.write_char(char),
        })
    }
}

/// A number that need not be whole. OpenMetrics wants the point also where it is.
pub(super) struct Float(pub(super) f64, pub(super) Format);

impl fmt::Display for Float {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(value, format) = *self;
        if value.is_infinite() {
            return f.write_str(if value > 0.0 { "+Inf" } else { "-Inf" });
        }
        // `Debug` is the shortest text that is the same number again, also of very large ones.
        let text = format!("{value:?}");
        let whole = text.strip_suffix(".0");
        f.write_str(match format {
            Format::Prometheus => whole.unwrap_or(&text),
            Format::OpenMetrics => &text,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_text_is_escaped() {
        let text = "a\\b\n\"c\" é";

        assert_eq!(Escaped::line(text).to_string(), "a\\\\b\\n\"c\" é");
        assert_eq!(Escaped::quoted(text).to_string(), "a\\\\b\\n\\\"c\\\" é");
    }

    #[test]
    fn numbers_are_short_and_exact() {
        let cases = [
            (1.0, "1", "1.0"),
            (-0.5, "-0.5", "-0.5"),
            (0.1, "0.1", "0.1"),
            (1e300, "1e300", "1e300"),
            (
                f64::MIN_POSITIVE,
                "2.2250738585072014e-308",
                "2.2250738585072014e-308",
            ),
            (f64::INFINITY, "+Inf", "+Inf"),
            (f64::NEG_INFINITY, "-Inf", "-Inf"),
        ];

        for (value, prometheus, open_metrics) in cases {
            assert_eq!(Float(value, Format::Prometheus).to_string(), prometheus);
            assert_eq!(Float(value, Format::OpenMetrics).to_string(), open_metrics);
        }
    }
}
