//! How often cars may be woken, and how long their answers are waited for.

use std::time::Duration;

use tower_client::call::InvalidSetting;

use super::WakeQuotas;

/// How often cars may be woken, and how long a client waits for their answers.
///
/// A car that can be reached answers 10 to 25 seconds after it was woken, some take a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WakeSettings {
    /// How often a car may be woken for what.
    pub quotas: WakeQuotas,
    /// How long to wait before looking whether the car has answered, and again each time; from 1 to 60
    /// seconds. 10 s.
    pub poll_every: Duration,
    /// How long to wait for an answer that nobody sits and waits for, at most 3 minutes. 25 s.
    pub patience: Duration,
    /// How long to wait for an answer that a person asked for, at most 3 minutes. 60 s.
    pub patience_asked: Duration,
}

impl Default for WakeSettings {
    fn default() -> Self {
        Self {
            quotas: WakeQuotas::default(),
            poll_every: Duration::from_secs(10),
            patience: Duration::from_secs(25),
            patience_asked: Duration::from_secs(60),
        }
    }
}

impl WakeSettings {
    /// Tells whether these can be followed.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] names the first that cannot.
    pub fn check(&self) -> Result<(), InvalidSetting> {
        self.quotas.check()?;
        let every = self.poll_every;
        let good = (Duration::from_secs(1)..=Duration::from_secs(60)).contains(&every);
        InvalidSetting::unless(good, "poll_every", every, "from 1 to 60 seconds")?;
        for (name, patience) in [
            ("patience", self.patience),
            ("patience_asked", self.patience_asked),
        ] {
            let good = patience <= Duration::from_secs(180);
            InvalidSetting::unless(good, name, patience, "at most 3 minutes")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Change = fn(&mut WakeSettings);

    #[test]
    fn settings_that_cannot_be_followed_are_refused_by_name() {
        let changes: [(&str, Change); 5] = [
            ("poll_every", |it| it.poll_every = Duration::ZERO),
            ("poll_every", |it| it.poll_every = Duration::MAX),
            ("patience", |it| it.patience = Duration::MAX),
            ("patience_asked", |it| {
                it.patience_asked = Duration::from_secs(181);
            }),
            ("wakes.status", |it| it.quotas.status.per_hour = 97),
        ];
        for (name, change) in changes {
            let mut settings = WakeSettings::default();
            change(&mut settings);

            assert_eq!(settings.check().unwrap_err().name(), name);
        }
        assert_eq!(WakeSettings::default().check(), Ok(()));
    }
}
