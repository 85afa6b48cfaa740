//! What a client knows of each operation, as data: how long answers are good, what may be repeated,
//! what goes first, how long it may take.

use std::fmt;
use std::time::Duration;

use http::{Extensions, Method};
use tower_client::call::{Idempotency, InvalidSetting, Operation};

use crate::pace::Urgency;
use crate::routes::{Deed, Feature};

/// The names in the table of [`Operations`].
const NAMES: &str = "vehicles, nickname, location, health, telemetry, electric, electric_wake, \
                     charge_command, status, status_wake, climate_status, climate_settings, \
                     climate_wake, climate_control, climate_preset, remote_command, trips, trip, \
                     notifications, service_history, account, odometer, request or command";
/// A day: nobody takes what is older for news.
pub(crate) const LONGEST_TTL_SECS: u32 = 24 * 60 * 60;
/// An hour: longer than any answer is of use, short enough that no deadline overflows.
pub(crate) const LONGEST_TIMEOUT_SECS: u32 = 60 * 60;

/// Any request that has no method of its own, to read.
pub(crate) const REQUEST: Operation = Operation::new("request", "{path}");
/// Any request that has no method of its own, to change something.
pub(crate) const COMMAND: Operation = Operation::new("command", "{path}");

/// How the calls of one operation are treated.
///
/// Its [name and route template](Self::operation), by which metrics know it, are fixed; the rest can
/// be changed by [`Operations::with`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperationRules {
    operation: Operation,
    /// How long its answers are good.
    pub caching: Caching,
    /// Whether it may be sent twice; `None` is what the method says (RFC 9110 section 9.2.2).
    pub idempotency: Option<Idempotency>,
    /// What of an account's calls goes first.
    pub urgency: Urgency,
    /// How long a call may take in all; `None` is the configured time.
    pub timeout: Option<Duration>,
}

/// How long answers are good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Caching {
    /// They are not stored.
    Off,
    /// For the configured time.
    Usual,
    /// For this time, in whole seconds.
    For(Duration),
}

/// The rules of all operations.
///
/// | operation | cached | repeated | goes first | takes at most |
/// | --- | --- | --- | --- | --- |
/// | each [feature](Feature) that reads, such as `telemetry` | as configured | yes | no | as configured |
/// | each that wakes a car, such as `status_wake` | no | never | yes | as configured |
/// | each that changes something, such as `remote_command` | no | never | yes | as configured |
/// | `request`: any, to read | no | by its method | no | as configured |
/// | `command`: any, to change | no | never | yes | as configured |
///
/// A 429 of `status` is not repeated: the service says so too that it knows nothing of the car, and only
/// waking it helps.
///
/// ```
/// use std::time::Duration;
///
/// use toyota_client::operations::{Caching, Operations};
///
/// let operations = Operations::default().with("telemetry", |rules| {
///     rules.caching = Caching::For(Duration::from_secs(60));
///     rules.timeout = Some(Duration::from_secs(10));
/// })?;
/// # assert_eq!(operations.of("telemetry").unwrap().timeout, Some(Duration::from_secs(10)));
/// # Ok::<_, toyota_client::call::InvalidSetting>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Operations(Vec<OperationRules>);

impl OperationRules {
    /// A read: cached, repeated if that helps, after commands.
    const fn read(operation: Operation) -> Self {
        Self {
            operation,
            caching: Caching::Usual,
            idempotency: None,
            urgency: Urgency::Poll,
            timeout: None,
        }
    }

    const fn of_feature(feature: Feature) -> Self {
        let built_in = feature.built_in();
        match built_in.deed {
            Deed::Read => Self::read(built_in.operation()),
            Deed::Wake | Deed::Command => Self::command(built_in.operation()),
        }
    }

    /// A command: it is sent once, and before what only reads.
    const fn command(operation: Operation) -> Self {
        Self {
            operation,
            caching: Caching::Off,
            idempotency: Some(Idempotency::Once),
            urgency: Urgency::Command,
            timeout: None,
        }
    }

    /// Returns its name and route template.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    pub(crate) const fn name(&self) -> &'static str {
        self.operation.name()
    }

    /// Puts on a request what the layers below have to know.
    pub(crate) fn tell(&self, facts: &mut Extensions) {
        // What is as it is by default need not be said: facts are copied.
        if self.urgency != Urgency::default() {
            facts.insert(self.urgency);
        }
        if let Some(idempotency) = self.idempotency {
            facts.insert(idempotency);
        }
    }

    /// Fails if there is no such time to wait, or to keep an answer.
    pub(crate) fn check(&self) -> Result<(), InvalidSetting> {
        let longest = Duration::from_secs(LONGEST_TIMEOUT_SECS.into());
        let timeout = self.timeout.unwrap_or(longest);
        let good = !timeout.is_zero() && timeout <= longest;
        InvalidSetting::unless(good, "timeout", timeout, "more than zero, at most an hour")?;
        let feature = Feature::of_name(self.name());
        let reads = feature.map_or(self.operation != COMMAND, Feature::reads);
        match self.caching {
            Caching::For(_) | Caching::Usual if !reads => {
                InvalidSetting::unless(false, "caching", self.caching, "off, for a command")
            }
            Caching::For(ttl) => check_ttl("caching", ttl),
            Caching::Off | Caching::Usual => Ok(()),
        }
    }
}

/// Fails if answers cannot be good for so long.
pub(crate) fn check_ttl(name: &'static str, ttl: Duration) -> Result<(), InvalidSetting> {
    let good = ttl.subsec_nanos() == 0 && ttl.as_secs() <= u64::from(LONGEST_TTL_SECS);
    InvalidSetting::unless(good, name, ttl, "whole seconds, at most a day")
}

impl Default for Operations {
    fn default() -> Self {
        let raw = OperationRules {
            caching: Caching::Off,
            ..OperationRules::read(REQUEST)
        };
        let features = Feature::ALL.into_iter().map(OperationRules::of_feature);
        let others = [raw, OperationRules::command(COMMAND)];
        Self(features.chain(others).collect())
    }
}

impl Operations {
    /// Changes the rules of the operation with this name.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] when there is no operation of that name, or a time cannot be used.
    pub fn with(
        mut self,
        name: &str,
        change: impl FnOnce(&mut OperationRules),
    ) -> Result<Self, InvalidSetting> {
        match self.0.iter_mut().find(|rules| rules.name() == name) {
            Some(rules) => {
                change(rules);
                rules.check()?;
            }
            None => InvalidSetting::unless(false, "operation", name, NAMES)?,
        }
        Ok(self)
    }

    /// Returns the rules of the operation with this name.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<&OperationRules> {
        self.0.iter().find(|rules| rules.name() == name)
    }

    /// Returns all rules.
    pub fn iter(&self) -> impl Iterator<Item = &OperationRules> {
        self.0.iter()
    }

    /// Returns the operation of a request that has no method of its own.
    pub(crate) fn raw(method: &Method) -> Operation {
        if method.is_safe() { REQUEST } else { COMMAND }
    }
}

/// The names: the rest is a page long.
impl fmt::Debug for Operations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.iter().map(OperationRules::name);
        f.debug_list().entries(names).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Change = fn(&mut OperationRules);

    #[test]
    fn every_name_is_told_to_who_gives_another() {
        let operations = Operations::default();
        let names: Vec<_> = operations.iter().map(OperationRules::name).collect();
        let told: Vec<_> = NAMES.split(", ").flat_map(|it| it.split(" or ")).collect();

        assert_eq!(names, told);
    }

    #[test]
    fn no_feature_that_does_something_is_cached_or_sent_twice() {
        let operations = Operations::default();
        for feature in Feature::ALL {
            let rules = operations.of(feature.name()).unwrap();

            let once = rules.idempotency == Some(Idempotency::Once);
            assert_eq!(once, !feature.reads(), "{feature:?}");
            assert_eq!(rules.caching == Caching::Off, once, "{feature:?}");
            assert_eq!(rules.urgency == Urgency::Command, once, "{feature:?}");
        }
        let cached = operations.with("status_wake", |rules| rules.caching = Caching::Usual);
        assert_eq!(cached.unwrap_err().name(), "caching");
    }

    #[test]
    fn what_changes_something_is_sent_once_and_goes_first() {
        let operations = Operations::default();
        for (method, name, once) in [
            (Method::GET, "request", false),
            (Method::HEAD, "request", false),
            (Method::POST, "command", true),
            (Method::PUT, "command", true),
            (Method::DELETE, "command", true),
        ] {
            let operation = Operations::raw(&method);
            let rules = operations.of(operation.name()).unwrap();
            let mut facts = Extensions::new();
            rules.tell(&mut facts);

            assert_eq!(operation.name(), name, "{method}");
            let idempotency = facts.get::<Idempotency>().copied();
            assert_eq!(idempotency, once.then_some(Idempotency::Once), "{method}");
            let urgent = facts.get() == Some(&Urgency::Command);
            assert_eq!(urgent, once, "{method}");
            assert_eq!(rules.caching, Caching::Off, "{method}");
        }
    }

    #[test]
    fn rules_that_cannot_be_kept_are_refused_by_name() {
        let day = Duration::from_secs(24 * 60 * 60);
        let changes: [(&str, &str, Change); 6] = [
            ("vehicles", "timeout", |rules| {
                rules.timeout = Some(Duration::ZERO);
            }),
            ("vehicles", "timeout", |rules| {
                rules.timeout = Some(Duration::MAX);
            }),
            ("vehicles", "caching", |rules| {
                rules.caching = Caching::For(Duration::from_millis(1999));
            }),
            ("vehicles", "caching", |rules| {
                rules.caching = Caching::For(Duration::MAX);
            }),
            ("command", "caching", |rules| rules.caching = Caching::Usual),
            ("vehicle", "operation", |_| {}),
        ];
        for (name, refused, change) in changes {
            let changed = Operations::default().with(name, change);

            assert_eq!(changed.unwrap_err().name(), refused);
        }
        let longer = Operations::default().with("location", |rules| {
            rules.caching = Caching::For(day);
        });
        let rules = longer.unwrap();
        assert_eq!(rules.of("location").unwrap().caching, Caching::For(day));
        assert_eq!(rules.of("vehicles").unwrap().caching, Caching::Usual);
    }
}
