//! What a run has taken so far, from what is measured of it.

use std::time::Duration;

use serde::{Serialize, Serializer};
use toyota_client::metrics::{Registry, Sample};

/// What the cache does so that nobody else is asked.
const FROM_CACHE: [&str; 2] = ["hit", "stale"];

/// What calls lose time by.
const WAITS: [&str; 2] = ["toyota_backoff", "toyota_credential_wait"];

/// What a run has taken so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Totals {
    /// Requests that went out for calls: attempts, and those that were sent again with another token.
    pub(crate) requests: u64,
    /// Attempts after the first.
    pub(crate) retries: u64,
    /// Calls that the cache answered.
    pub(crate) from_cache: u64,
    /// Calls that waited between attempts, or for a token.
    pub(crate) waits: u64,
    /// For how long.
    #[serde(rename = "waitedSeconds", serialize_with = "seconds")]
    pub(crate) waited: Duration,
    /// Calls that failed.
    pub(crate) errors: u64,
}

impl Totals {
    /// Adds up what is measured.
    pub(crate) fn of(registry: &Registry) -> Self {
        let snapshot = registry.snapshot();
        let count = |name: &str, label: Option<(&str, &[&str])>| {
            let series = snapshot.counters.iter().filter(|it| it.name == name);
            let counted = series.filter(|it| has(it, label));
            counted.map(|it| it.value).sum::<u64>()
        };
        let waits = snapshot.histograms.iter();
        let waits = waits.filter(|it| WAITS.contains(&it.name.as_str()));
        let (waits, waited) = waits.fold((0, 0.0), |(count, sum), it| {
            (count + it.value.count, sum + it.value.sum)
        });
        Self {
            requests: count("toyota_attempts_total", None) + count("toyota_replays_total", None),
            retries: count("toyota_retries_total", None),
            from_cache: count("toyota_cache_total", Some(("outcome", &FROM_CACHE))),
            waits,
            waited: Duration::try_from_secs_f64(waited).unwrap_or_default(),
            errors: count("toyota_total", Some(("status", &["error"]))),
        }
    }
}

fn has<T>(sample: &Sample<T>, label: Option<(&str, &[&str])>) -> bool {
    label.is_none_or(|(name, values)| {
        let value = sample.labels.get(name);
        value.is_some_and(|value| values.contains(&value.as_str()))
    })
}

fn seconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_measured_is_added_up() {
        let registry = Registry::new();
        for operation in ["telemetry", "status"] {
            let count = |name, by, label: &[(&str, &str)]| {
                let labels = [&[("operation", operation)], label].concat();
                registry.increment(name, by, &labels);
            };
            count("toyota_attempts_total", 3, &[]);
            count("toyota_replays_total", 1, &[]);
            count("toyota_retries_total", 2, &[("reason", "server")]);
            count("toyota_cache_total", 4, &[("outcome", "hit")]);
            count("toyota_cache_total", 1, &[("outcome", "stale")]);
            count("toyota_cache_total", 9, &[("outcome", "miss")]);
            count("toyota_total", 9, &[("status", "success")]);
            count("toyota_total", 1, &[("status", "error")]);
            let labels = [("operation", operation)];
            registry.record_histogram("toyota_backoff", 0.5, &labels);
            registry.record_histogram("toyota_credential_wait", 0.25, &labels);
            registry.record_histogram("toyota_duration", 7.0, &labels);
        }

        let totals = Totals::of(&registry);

        assert_eq!(
            totals,
            Totals {
                requests: 8,
                retries: 4,
                from_cache: 10,
                waits: 4,
                waited: Duration::from_millis(1500),
                errors: 2,
            }
        );
        assert_eq!(Totals::of(&Registry::new()), Totals::default());
    }
}
