//! How it is found out what came of a command.

use std::fmt;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

/// How long, and how often, to look whether a command was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfirmOptions {
    pub(crate) every: Duration,
    pub(crate) within: Duration,
    pub(crate) wake_after: Option<Duration>,
}

/// Looks every 5 seconds for 40. A car that says nothing by itself for 15 is woken, once.
impl Default for ConfirmOptions {
    fn default() -> Self {
        Self {
            every: 5 * SECOND,
            within: 40 * SECOND,
            wake_after: Some(15 * SECOND),
        }
    }
}

impl ConfirmOptions {
    /// Gives up after this time: ten minutes at most.
    #[must_use]
    pub fn within(self, within: Duration) -> Self {
        let within = within.min(600 * SECOND);
        Self { within, ..self }
    }

    /// Looks so often: every second to every minute.
    #[must_use]
    pub fn every(self, every: Duration) -> Self {
        let every = every.clamp(SECOND, 60 * SECOND);
        Self { every, ..self }
    }

    /// Wakes a car that has said nothing by itself for so long.
    #[must_use]
    pub fn waking_after(self, silence: Duration) -> Self {
        let wake_after = Some(silence);
        Self { wake_after, ..self }
    }

    /// Does not wake the car, which costs its battery.
    #[must_use]
    pub fn without_wake(self) -> Self {
        let wake_after = None;
        Self { wake_after, ..self }
    }
}

/// What came of a command.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Confirmation {
    /// It was carried out.
    Done {
        /// So long after it was accepted, at most.
        after: Duration,
    },
    /// It was not carried out.
    Refused {
        /// Why, in the language of the account. `Debug` does not show it: it has the car's name.
        message: Option<String>,
        /// What the notification is about, such as `RemoteCommand`.
        category: Option<String>,
    },
    /// Nobody has said either. It may have been carried out, or may be later.
    NotSeen,
}

impl Confirmation {
    /// Tells whether it was carried out.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done { .. })
    }
}

impl fmt::Debug for Confirmation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done { after } => f.debug_struct("Done").field("after", after).finish(),
            Self::Refused { category, .. } => f
                .debug_struct("Refused")
                .field("category", category)
                .finish_non_exhaustive(),
            Self::NotSeen => f.write_str("NotSeen"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_bounded() {
        let options = ConfirmOptions::default()
            .within(Duration::MAX)
            .every(Duration::ZERO);
        assert_eq!((options.within, options.every), (600 * SECOND, SECOND));

        let options = options.every(Duration::MAX).without_wake();
        assert_eq!((options.every, options.wake_after), (60 * SECOND, None));
    }

    #[test]
    fn debug_shows_no_text() {
        let refused = Confirmation::Refused {
            message: Some("Anna's car is open".to_owned()),
            category: Some("RemoteCommand".to_owned()),
        };

        let shown = format!("{refused:?}");

        assert_eq!(shown, r#"Refused { category: Some("RemoteCommand"), .. }"#);
    }
}
