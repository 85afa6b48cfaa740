//! What `logging.level` says: a level, or levels by target.

use std::str::FromStr;

/// Nobody's filter is longer, in bytes.
pub(super) const MAX_FILTER: usize = 1000;

/// How much is logged, from nothing to everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Nothing.
    Off,
    /// What failed.
    Error,
    /// What may be wrong, and the above.
    Warn,
    /// What happens rarely, and the above.
    Info,
    /// What each call does, and the above.
    Debug,
    /// Everything.
    Trace,
}

/// What is logged: a level, or a list of levels by target such as `warn,toyota_client=debug`.
///
/// ```
/// use toyota_client::config::{LogFilter, LogLevel};
///
/// let filter: LogFilter = "warn,toyota_client=debug".parse()?;
///
/// let parts: Vec<_> = filter.directives().collect();
/// assert_eq!(parts, [(None, LogLevel::Warn), (Some("toyota_client"), LogLevel::Debug)]);
/// # Ok::<_, toyota_client::config::InvalidLogFilter>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFilter {
    text: String,
}

/// A text that is no [`LogFilter`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither a level nor a list such as warn,toyota_client=debug")]
#[non_exhaustive]
pub struct InvalidLogFilter;

impl LogFilter {
    /// `INFO`, of this project's own.
    pub(super) fn info() -> Self {
        Self {
            text: "INFO".to_owned(),
        }
    }

    /// Returns it as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns its parts in order: what begins the paths of modules, or `None` for those that no
    /// other part is about; and how much is logged of them.
    pub fn directives(&self) -> impl Iterator<Item = (Option<&str>, LogLevel)> {
        self.text.split(',').filter_map(directive)
    }
}

impl FromStr for LogFilter {
    type Err = InvalidLogFilter;

    fn from_str(text: &str) -> Result<Self, InvalidLogFilter> {
        let is_directive = |part| directive(part).is_some();
        if text.len() > MAX_FILTER || !text.split(',').all(is_directive) {
            return Err(InvalidLogFilter);
        }
        let text = text.to_owned();
        Ok(Self { text })
    }
}

fn directive(text: &str) -> Option<(Option<&str>, LogLevel)> {
    match text.split_once('=') {
        Some((target, text)) => Some((Some(module(target)?), level(text)?)),
        None => Some((None, level(text)?)),
    }
}

fn level(text: &str) -> Option<LogLevel> {
    let levels = [
        ("off", LogLevel::Off),
        ("error", LogLevel::Error),
        ("warn", LogLevel::Warn),
        ("info", LogLevel::Info),
        ("debug", LogLevel::Debug),
        ("trace", LogLevel::Trace),
    ];
    let mut levels = levels.into_iter();
    let found = levels.find(|(name, _)| name.eq_ignore_ascii_case(trim(text)));
    found.map(|(_, level)| level)
}

/// The path of a module, or what it begins with.
fn module(text: &str) -> Option<&str> {
    let text = trim(text);
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"_-:".contains(&b);
    (!text.is_empty() && text.bytes().all(fits)).then_some(text)
}

fn trim(text: &str) -> &str {
    text.trim_matches(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_a_level_or_levels_by_target() {
        for (text, expected) in [
            (" Debug ", vec![(None, LogLevel::Debug)]),
            (
                "warn, toyota_client = DEBUG,h2::a-b=off",
                vec![
                    (None, LogLevel::Warn),
                    (Some("toyota_client"), LogLevel::Debug),
                    (Some("h2::a-b"), LogLevel::Off),
                ],
            ),
        ] {
            let filter: LogFilter = text.parse().unwrap();

            assert_eq!(filter.directives().collect::<Vec<_>>(), expected);
            assert_eq!(filter.as_str(), text);
        }
        assert_eq!("INFO".parse(), Ok(LogFilter::info()));
    }

    #[test]
    fn what_is_neither_is_none() {
        for text in [
            "",
            "inf",
            "3",
            "warn,toyota",
            "warn,",
            "warn,h2=loud",
            "=info",
            "h2=",
            "a=b=debug",
            "[span]=debug",
            "a b=debug",
            "x\u{1b}[2J",
            "größer=info",
            "info\n",
        ] {
            assert_eq!(text.parse::<LogFilter>(), Err(InvalidLogFilter), "{text:?}");
        }
    }
}
