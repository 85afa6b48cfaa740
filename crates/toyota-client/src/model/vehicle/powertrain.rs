//! What moves a car.

use serde::Serialize;

use super::Vehicle;
use crate::model::word::{Vocabulary, Word};

/// What a car is registered to run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fuel {
    /// `B`: a full hybrid.
    Hybrid,
    /// `E`: electric.
    Electric,
    /// `I`: a plug-in hybrid.
    PlugInHybrid,
}

impl Vocabulary for Fuel {
    fn recognise(word: &str) -> Option<Self> {
        match word {
            "b" => Some(Self::Hybrid),
            "e" => Some(Self::Electric),
            "i" => Some(Self::PlugInHybrid),
            _ => None,
        }
    }
}

/// What moves a car, concluded from several hints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Powertrain {
    /// Fuel only.
    Fuel,
    /// A hybrid that cannot be plugged in.
    Hybrid,
    /// A hybrid that can.
    PlugInHybrid,
    /// Electric only.
    Electric,
}

impl Vehicle {
    /// Returns what moves it. The registry alone is sometimes wrong: a plug-in hybrid can be
    /// registered as electric, which the feature `hybridPulse` gives away.
    #[must_use]
    pub fn powertrain(&self) -> Powertrain {
        let hybrid_pulse = [&self.features, &self.extended_capabilities]
            .into_iter()
            .flatten()
            .any(|flags| flags.is_set("hybridPulse"));
        match self.fuel_type.as_ref().and_then(Word::meaning) {
            Some(Fuel::Electric) if hybrid_pulse => Powertrain::PlugInHybrid,
            Some(Fuel::Electric) => Powertrain::Electric,
            Some(Fuel::PlugInHybrid) => Powertrain::PlugInHybrid,
            Some(Fuel::Hybrid) => Powertrain::Hybrid,
            None if self.ev_vehicle == Some(true) => Powertrain::Electric,
            None => Powertrain::Fuel,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn car(members: Value) -> Vehicle {
        let mut members = members;
        members["vin"] = "JTSIM00000PET0001".into();
        let answer = json!({"payload": [members]});
        Vehicle::list_from_answer(answer).value.remove(0)
    }

    #[test]
    fn the_powertrain_follows_from_several_hints() {
        for (members, powertrain) in [
            (json!({"fuelType": "B"}), Powertrain::Hybrid),
            (json!({"fuelType": "i"}), Powertrain::PlugInHybrid),
            (
                json!({"fuelType": "E", "evVehicle": false}),
                Powertrain::Electric,
            ),
            (
                json!({"fuelType": "E", "features": {"hybridPulse": 1}}),
                Powertrain::PlugInHybrid,
            ),
            (json!({"evVehicle": true}), Powertrain::Electric),
            (json!({"fuelType": "G"}), Powertrain::Fuel),
            (json!({}), Powertrain::Fuel),
        ] {
            assert_eq!(car(members.clone()).powertrain(), powertrain, "{members}");
        }
    }
}
