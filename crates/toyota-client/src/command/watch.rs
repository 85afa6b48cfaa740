//! What is made of what a car and the service say after a command: a decision without a clock.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::expectation::{Expectation, Sight, Source};
use crate::model::{Notification, NotificationCategory, NotificationStatus};

/// By how much what dates a notification may be late, or ahead. More would take what is said late of a
/// command before this one for what is said of this one.
const SKEW: SignedDuration = SignedDuration::from_secs(30);

/// When a command was given and accepted, by the service's clock, which dates what is said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct There {
    pub(crate) given: Timestamp,
    pub(crate) accepted: Timestamp,
}

impl There {
    /// Tells whether a date is later than the command, so long after it was accepted. What is from
    /// tomorrow is from no clock that tells anything.
    fn is_since(&self, date: Timestamp, elapsed: Duration) -> bool {
        date > self.given && !self.is_ahead(date, elapsed)
    }

    /// Tells whether a date can be of what is said of the command.
    fn is_about(&self, date: Timestamp, elapsed: Duration) -> bool {
        let since = self.given.saturating_sub(SKEW).unwrap_or(Timestamp::MIN);
        date >= since && !self.is_ahead(date, elapsed)
    }

    fn is_ahead(&self, date: Timestamp, elapsed: Duration) -> bool {
        let elapsed = SignedDuration::try_from(elapsed).unwrap_or(SignedDuration::MAX);
        let until = self.accepted.saturating_add(elapsed.saturating_add(SKEW));
        date > until.unwrap_or(Timestamp::MAX)
    }
}

/// What is known of a command since it was given.
#[derive(Debug)]
pub(crate) struct Watch {
    there: There,
    is_seen: bool,
    of_charging: bool,
    /// The list of cars and the settings are the service's own: it need not hear of a change from the car.
    is_own: bool,
    first: Option<Sight>,
    /// Whether there was nothing to be seen at first.
    has_missed: bool,
    last: Sight,
    has_moved: bool,
    /// Whether the service has said that a command was carried out: this one, or one before it.
    has_completed: bool,
    /// The notifications that were seen, by a digest: a service that says something else each time takes
    /// no more memory than there are.
    known: Option<BTreeSet<u64>>,
    digests: RandomState,
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Done,
    Refused {
        message: Option<String>,
        category: Option<String>,
    },
}

impl Watch {
    /// Watches for what a command leads to that was given at this time.
    pub(crate) fn new(expectation: &Expectation, there: There) -> Self {
        let source = expectation.source();
        Self {
            there,
            is_seen: source.is_some(),
            of_charging: source == Some(Source::Electric)
                || matches!(expectation, Expectation::Nothing),
            is_own: matches!(source, Some(Source::Vehicles | Source::ClimateSettings)),
            first: None,
            has_missed: false,
            last: Sight::default(),
            has_moved: false,
            has_completed: false,
            known: None,
            digests: RandomState::new(),
        }
    }

    /// Takes what was seen of the car, so long after the command was accepted.
    ///
    /// What is seen first may be from before the command: it is what later sights are compared to.
    /// Nothing is done that was so before, unless the car has said it again since. Where there was
    /// nothing to be seen at first, or it had no date, what is seen then counts by its date.
    pub(crate) fn see(&mut self, sight: Sight, elapsed: Duration) -> Option<Verdict> {
        if self.is_own {
            self.last = sight;
            return (sight.met == Some(true)).then_some(Verdict::Done);
        }
        if sight == Sight::default() {
            self.miss();
            return None;
        }
        let is_later = match (self.first, sight.updated) {
            (
                Some(Sight {
                    updated: Some(first),
                    ..
                }),
                Some(now),
            ) => now > first,
            (Some(_), Some(now)) => self.there.is_since(now, elapsed),
            (None, Some(now)) => self.has_missed && self.there.is_since(now, elapsed),
            (_, None) => false,
        };
        let has_changed = self.first.is_some_and(|first| first.met == Some(false));
        self.first.get_or_insert(sight);
        self.has_moved |= is_later && sight.updated > self.last.updated;
        self.last = Sight {
            updated: self.last.updated.max(sight.updated),
            ..sight
        };
        let is_news = is_later || has_changed;
        if is_news && sight.met == Some(true) {
            return Some(Verdict::Done);
        }
        self.completed()
    }

    /// Takes it that there was nothing to be seen.
    pub(crate) fn miss(&mut self) {
        self.has_missed = true;
    }

    /// Takes the car's notifications, newest first, so long after the command was accepted.
    ///
    /// Those that are there at the beginning are about what was before, unless they are dated later
    /// than the command.
    pub(crate) fn hear(
        &mut self,
        notifications: &[Notification],
        elapsed: Duration,
    ) -> Option<Verdict> {
        let news = notifications.iter().filter(|it| self.is_news(it, elapsed));
        let verdict = news.filter(|it| self.is_about(it)).find_map(verdict);
        let known = self.known.get_or_insert_default();
        let digests = &self.digests;
        known.extend(notifications.iter().map(|it| digests.hash_one(name(it))));
        if verdict == Some(Verdict::Done) {
            self.has_completed = true;
            return self.completed();
        }
        verdict
    }

    /// Returns what is left to say when there is no more time to look.
    pub(crate) fn last_word(&self) -> Option<Verdict> {
        self.has_completed.then_some(Verdict::Done)
    }

    /// What is said to be done is, as long as it is not seen to be otherwise: a word on another command
    /// can come late.
    fn completed(&self) -> Option<Verdict> {
        let is_denied = self.is_seen && self.last.met == Some(false);
        (self.has_completed && !is_denied).then_some(Verdict::Done)
    }

    /// Tells whether the car has reported anything since this was asked last.
    pub(crate) fn has_moved(&mut self) -> bool {
        std::mem::take(&mut self.has_moved)
    }

    fn is_news(&self, notification: &Notification, elapsed: Duration) -> bool {
        let date = notification.date;
        match &self.known {
            None => date.is_some_and(|date| self.there.is_since(date, elapsed)),
            Some(known) => {
                date.is_none_or(|date| self.there.is_about(date, elapsed))
                    && !known.contains(&self.digests.hash_one(name(notification)))
            }
        }
    }

    fn is_about(&self, notification: &Notification) -> bool {
        let category = notification.category.as_ref().and_then(|it| it.meaning());
        match category {
            Some(NotificationCategory::RemoteCommand) => true,
            Some(NotificationCategory::Charging) => self.of_charging,
            Some(_) | None => false,
        }
    }
}

/// What a notification says of the command, if it does: some have a number of unknown meaning.
fn verdict(notification: &Notification) -> Option<Verdict> {
    match notification.status.as_ref()?.meaning()? {
        NotificationStatus::Completed => Some(Verdict::Done),
        NotificationStatus::Interrupted => Some(Verdict::Refused {
            message: notification.message.clone(),
            category: notification.category.as_ref().map(ToString::to_string),
        }),
    }
}

/// What a notification is told from others by, and from itself before it changed.
fn name(notification: &Notification) -> String {
    let Notification {
        id,
        date,
        status,
        message,
        ..
    } = notification;
    let text = id.as_ref().or(message.as_ref());
    format!("{text:?} {date:?} {status:?}")
}

#[cfg(test)]
mod tests;
