//! The route table: by which paths each feature of the service is asked, in which order.
//!
//! The service moves functions to other paths without notice, for some cars earlier than for others.
//! So a feature has several routes, newest first. What a route refuses as unknown or fenced (403
//! `Unauthorized`, 404) is asked of the next one, once; and which ones were refused is remembered for
//! a day, by account, car and feature, before they are tried again. Nothing else is a reason to try
//! another route. When the one that answered is refused, all others are tried, whatever they did before.
//! That all are refused is believed after three times in a row: once can be a bad moment of the service.
//!
//! What moves next can be followed without a new version: the setting `api.routes` puts other paths
//! in a feature's place, by [`RouteOverride`].

mod over;
mod table;

use std::borrow::Cow;
use std::fmt;

use http::Method;
use serde::Serialize;
use tower_client::call::Operation;

pub use self::over::{InvalidRoute, RouteOverride};
pub(crate) use self::table::Deed;

/// What the service can be asked for, whatever the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Feature {
    /// The cars of the account.
    Vehicles,
    /// The owner's name for a car.
    Nickname,
    /// Where a car was parked last.
    Location,
    /// Warning lights.
    Health,
    /// Odometer, fuel and battery.
    Telemetry,
    /// Battery, ranges and charging.
    Electric,
    /// Asks the car for its battery's charge.
    ElectricWake,
    /// Charging: now, or at a time.
    ChargeCommand,
    /// Doors, locks, windows and lights.
    Status,
    /// Asks the car for its status.
    StatusWake,
    /// What the climate control does.
    ClimateStatus,
    /// What the climate control is set to.
    ClimateSettings,
    /// Asks the car what its climate control does.
    ClimateWake,
    /// Starts, stops and sets the climate control.
    ClimateControl,
    /// What the former way to start the climate control is preceded by.
    ClimatePreset,
    /// Locks, horn, lights and windows.
    RemoteCommand,
    /// Trips and their summaries.
    Trips,
    /// One trip.
    Trip,
    /// Notifications, the explanations of refused commands among them.
    Notifications,
    /// The history of services.
    ServiceHistory,
    /// The account's holder.
    Account,
    /// The odometer alone.
    Odometer,
}

/// Which of the service's two generations a route belongs to: what it takes and gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// What the app uses now.
    New,
    /// What it used before June 2026, which some cars still have.
    Old,
}

/// A way to ask for a feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    method: Method,
    path: Cow<'static, str>,
    template: &'static str,
    family: Family,
}

impl Route {
    /// Returns the method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the path, in which `{id}` stands for an identifier.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns which generation's bodies it takes.
    #[must_use]
    pub fn family(&self) -> Family {
        self.family
    }

    /// Returns the operation that metrics and rules know it by. A path of the configuration is no
    /// label: there could be any number of them.
    #[must_use]
    pub fn operation(&self, feature: Feature) -> Operation {
        Operation::new(feature.name(), self.template)
    }
}

/// The routes of all features, with what the configuration puts in their place.
///
/// ```
/// use toyota_client::routes::{Family, Feature, RouteTable};
///
/// let table = RouteTable::default();
/// let paths: Vec<_> = table.routes(Feature::Status).iter().map(|route| route.path()).collect();
/// assert_eq!(paths, ["/v1/vehicle/status", "/v1/global/remote/status"]);
///
/// let table = RouteTable::new(&["status=/v3/vehicle/status,old".parse()?]);
/// let routes = table.routes(Feature::Status);
/// assert_eq!((routes[0].path(), routes[1].family()), ("/v3/vehicle/status", Family::Old));
/// # Ok::<_, toyota_client::routes::InvalidRoute>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RouteTable(Vec<Vec<Route>>);

impl RouteTable {
    /// Creates the table with these overrides; of two for a feature the later one holds.
    #[must_use]
    pub fn new(overrides: &[RouteOverride]) -> Self {
        let routes = |feature: &Feature| {
            let mut latest = overrides.iter().rev();
            match latest.find(|it| it.feature() == *feature) {
                Some(found) => found.routes(),
                None => feature.built_in().routes(),
            }
        };
        Self(Feature::ALL.iter().map(routes).collect())
    }

    /// Returns the routes of a feature, the one that is tried first first.
    #[must_use]
    pub fn routes(&self, feature: Feature) -> &[Route] {
        let at = Feature::ALL.iter().position(|it| *it == feature);
        at.and_then(|at| self.0.get(at)).map_or(&[], Vec::as_slice)
    }
}

impl Default for RouteTable {
    fn default() -> Self {
        Self::new(&[])
    }
}

/// How many there are: they are a page long.
impl fmt::Debug for RouteTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RouteTable")
            .field("features", &self.0.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_has_a_route_and_a_name_of_its_own() {
        let table = RouteTable::default();
        for feature in Feature::ALL {
            let routes = table.routes(feature);

            assert!(!routes.is_empty(), "{feature:?}");
            assert_eq!(Feature::of_name(feature.name()), Some(feature));
            let name = serde_json::to_value(feature).unwrap();
            assert_eq!(name, feature.name());
        }
    }

    #[test]
    fn the_newest_route_is_tried_first() {
        let table = RouteTable::default();
        for (feature, families) in [
            (Feature::Status, &[Family::New, Family::Old][..]),
            (Feature::ClimateControl, &[Family::New, Family::Old]),
            (Feature::ClimatePreset, &[Family::Old]),
            (Feature::Location, &[Family::New]),
        ] {
            let routes = table.routes(feature);
            let found: Vec<_> = routes.iter().map(Route::family).collect();

            assert_eq!(found, families, "{feature:?}");
        }
    }

    #[test]
    fn the_later_override_holds_and_other_features_keep_their_routes() {
        let overrides = ["status=/a", "status=old,/b", "trip=/t/{id}"];
        let overrides = overrides.map(|text| text.parse().unwrap());

        let table = RouteTable::new(&overrides);

        let paths = |feature| -> Vec<_> {
            let routes = table.routes(feature).iter();
            routes.map(|route| route.path().to_owned()).collect()
        };
        assert_eq!(paths(Feature::Status), ["/v1/global/remote/status", "/b"]);
        assert_eq!(paths(Feature::Trip), ["/t/{id}"]);
        assert_eq!(paths(Feature::Health), ["/v1/vehiclehealth/status"]);
    }

    #[test]
    fn a_path_of_the_configuration_is_no_label() {
        let table = RouteTable::new(&["status=/secret-7,new".parse().unwrap()]);
        let routes = table.routes(Feature::Status);

        let templates = routes
            .iter()
            .map(|it| it.operation(Feature::Status).template());

        let templates: Vec<_> = templates.collect();
        assert_eq!(templates, ["{path}", "/v1/vehicle/status"]);
    }
}
