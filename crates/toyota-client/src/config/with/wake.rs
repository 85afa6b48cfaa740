//! What code sets of wakes, and of how programs show what they tell.

use super::{Draft, set};
use crate::wake::WakeQuotas;
use crate::{Config, ConfigError, Units};

impl Config {
    /// Sets how often a car may be woken for what.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when it is more than 96 times.
    pub fn with_wake_quotas(self, quotas: WakeQuotas) -> Result<Self, ConfigError> {
        let WakeQuotas {
            status,
            climate,
            electric,
        } = quotas;
        let mut draft = Draft::of(self);
        for (path, most) in [
            ("wake.status_per_hour", status.per_hour),
            ("wake.status_per_day", status.per_day),
            ("wake.climate_per_hour", climate.per_hour),
            ("wake.climate_per_day", climate.per_day),
            ("wake.electric_per_hour", electric.per_hour),
            ("wake.electric_per_day", electric.per_day),
        ] {
            set(&mut draft, "with_wake_quotas", path, &most.to_string());
        }
        draft.finish()
    }

    /// Sets the units in which a program tells numbers.
    pub fn with_units(self, units: Units) -> Self {
        self.by_code("display.units", |it| it.display.units = units)
    }
}
