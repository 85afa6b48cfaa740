//! Patterns of URIs.

use std::fmt;
use std::sync::Arc;

/// A pattern: `*` stands for any number of characters, `?` for one; everything else is itself.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Glob(Arc<str>);

impl Glob {
    /// Creates a pattern.
    #[must_use]
    pub fn new(pattern: impl Into<Arc<str>>) -> Self {
        Self(pattern.into())
    }

    /// Returns the pattern.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Tells whether a text matches as a whole, in at most as many steps as both lengths multiplied.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let (mut pattern, mut text) = (&*self.0, text);
        // Where to go on if what follows the last `*` does not match: one character later.
        let mut again: Option<(&str, &str)> = None;
        loop {
            let mut rest = pattern.chars();
            match rest.next() {
                Some('*') => {
                    pattern = rest.as_str();
                    again = Some((pattern, text));
                    continue;
                }
                None if text.is_empty() => return true,
                wanted => {
                    let mut left = text.chars();
                    let found = left.next();
                    let same = wanted == Some('?') || wanted == found;
                    if found.is_some() && wanted.is_some() && same {
                        (pattern, text) = (rest.as_str(), left.as_str());
                        continue;
                    }
                }
            }
            let Some((after, from)) = again else {
                return false;
            };
            let mut later = from.chars();
            if later.next().is_none() {
                return false;
            }
            again = Some((after, later.as_str()));
            (pattern, text) = (after, later.as_str());
        }
    }
}

/// Hides the pattern: it may have been made of a URI that names a person or a car.
impl fmt::Debug for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Glob").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks_stand_for_others() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("*", "anything/at?all", true),
            ("**", "a", true),
            ("?", "", false),
            ("?", "\u{e4}", true),
            ("?", "ab", false),
            ("a", "a", true),
            ("a", "A", false),
            ("*/v1/*", "https://api.example/v1/trips", true),
            ("*/v1/*", "https://api.example/v2/trips", false),
            ("*/v1/trips", "https://api.example/v1/trips/7", false),
            ("*a*a?", "aaab", true),
            ("*a*a?", "aab", true),
            ("*a*a?", "ab", false),
            ("a*b", "ab", true),
            ("a*b", "acbd", false),
            ("*ab", "aab", true),
            ("[a]", "a", false),
        ] {
            assert_eq!(
                Glob::new(pattern).matches(text),
                expected,
                "{pattern} {text}"
            );
        }
    }

    #[test]
    fn a_hostile_pattern_takes_no_time() {
        let pattern = Glob::new("*a".repeat(1000));
        let text = "a".repeat(999) + "b" + &"a".repeat(999);

        assert!(pattern.matches(&text));
        assert!(!pattern.matches(&"a".repeat(999)));
    }
}
