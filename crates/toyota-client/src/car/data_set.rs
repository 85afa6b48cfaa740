//! What there is to know of a car, by kind.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// A kind of data of a car: what one question to the service brings.
///
/// The order is the one in which a car is asked for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DataSet {
    /// Where it was parked last.
    Location,
    /// Warning lights.
    Health,
    /// Battery, ranges and charging.
    Electric,
    /// Odometer, fuel and battery.
    Telemetry,
    /// Notifications.
    Notifications,
    /// Doors, locks, windows and lights.
    Status,
    /// What workshops did to it.
    ServiceHistory,
    /// What the climate control is set to.
    ClimateSettings,
    /// What the climate control does.
    ClimateStatus,
    /// Trips of today, and of this week, month and year.
    Trips,
}

/// A text that names no [`DataSet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no data set has this name")]
pub struct UnknownDataSet;

impl DataSet {
    /// All of them, in the order in which a car is asked.
    pub const ALL: [Self; 10] = [
        Self::Location,
        Self::Health,
        Self::Electric,
        Self::Telemetry,
        Self::Notifications,
        Self::Status,
        Self::ServiceHistory,
        Self::ClimateSettings,
        Self::ClimateStatus,
        Self::Trips,
    ];

    /// Returns the name, such as `service_history`: that of the [feature](crate::routes::Feature)
    /// which is asked for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Location => "location",
            Self::Health => "health",
            Self::Electric => "electric",
            Self::Telemetry => "telemetry",
            Self::Notifications => "notifications",
            Self::Status => "status",
            Self::ServiceHistory => "service_history",
            Self::ClimateSettings => "climate_settings",
            Self::ClimateStatus => "climate_status",
            Self::Trips => "trips",
        }
    }
}

impl fmt::Display for DataSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// By its name, also with hyphens.
impl FromStr for DataSet {
    type Err = UnknownDataSet;

    fn from_str(text: &str) -> Result<Self, UnknownDataSet> {
        let name = text.replace('-', "_");
        let mut all = Self::ALL.into_iter();
        all.find(|it| it.name() == name).ok_or(UnknownDataSet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::{Feature, RouteTable};

    #[test]
    fn each_has_the_name_of_a_feature_with_a_route() {
        let table = RouteTable::default();
        for data_set in DataSet::ALL {
            let feature = Feature::ALL
                .into_iter()
                .find(|it| it.name() == data_set.name());

            assert!(!table.routes(feature.unwrap()).is_empty(), "{data_set}");
            assert_eq!(data_set.name().parse(), Ok(data_set));
            assert_eq!(serde_json::to_value(data_set).unwrap(), data_set.name());
        }
        assert_eq!("service-history".parse(), Ok(DataSet::ServiceHistory));
        assert_eq!("engine".parse::<DataSet>(), Err(UnknownDataSet));
    }

    #[test]
    fn the_order_is_that_of_asking() {
        let mut sorted = DataSet::ALL;

        sorted.sort();

        assert_eq!(sorted, DataSet::ALL);
    }
}
