//! The routes that are built in.

use std::borrow::Cow;

use http::Method;

use tower_client::call::Operation;

use super::{Family, Feature, Route};

/// What a call of a feature does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Reads what the service knows.
    Read,
    /// Has the car report, which costs its battery.
    Wake,
    /// Changes something.
    Command,
}

/// The methods that there are.
#[derive(Clone, Copy)]
enum Verb {
    Get,
    Post,
    Put,
}

impl Verb {
    const fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Post => Method::POST,
            Self::Put => Method::PUT,
        }
    }
}

/// What is built in for one feature.
#[derive(Clone, Copy)]
pub(crate) struct BuiltIn {
    name: &'static str,
    pub(crate) deed: Deed,
    verb: Verb,
    new: Option<&'static str>,
    old: Option<&'static str>,
}

impl BuiltIn {
    const fn new(name: &'static str, deed: Deed, verb: Verb, path: &'static str) -> Self {
        Self {
            name,
            deed,
            verb,
            new: Some(path),
            old: None,
        }
    }

    const fn read(name: &'static str, path: &'static str) -> Self {
        Self::new(name, Deed::Read, Verb::Get, path)
    }

    const fn wake(name: &'static str, path: &'static str) -> Self {
        Self::new(name, Deed::Wake, Verb::Post, path)
    }

    const fn command(name: &'static str, path: &'static str) -> Self {
        Self::new(name, Deed::Command, Verb::Post, path)
    }

    const fn before(self, path: &'static str) -> Self {
        Self {
            old: Some(path),
            ..self
        }
    }

    /// Returns the operation of its newest route.
    pub(crate) const fn operation(&self) -> Operation {
        let template = match (self.new, self.old) {
            (Some(path), _) | (None, Some(path)) => path,
            (None, None) => "",
        };
        Operation::new(self.name, template)
    }

    /// Returns the built-in routes, newest first.
    pub(super) fn routes(&self) -> Vec<Route> {
        let families = [Family::New, Family::Old];
        let routes = families.into_iter().filter_map(|family| self.of(family));
        routes.collect()
    }

    /// Returns the built-in route of a generation.
    pub(super) fn of(&self, family: Family) -> Option<Route> {
        let template = match family {
            Family::New => self.new?,
            Family::Old => self.old?,
        };
        Some(Route {
            method: self.verb.method(),
            path: Cow::Borrowed(template),
            template,
            family,
        })
    }

    /// Returns a route by another path, which takes what the newest built-in one does.
    pub(super) fn at(&self, path: String) -> Route {
        Route {
            method: self.verb.method(),
            path: Cow::Owned(path),
            template: "{path}",
            family: match self.new {
                Some(_) => Family::New,
                None => Family::Old,
            },
        }
    }
}

impl Feature {
    /// All features.
    pub const ALL: [Self; 22] = [
        Self::Vehicles,
        Self::Nickname,
        Self::Location,
        Self::Health,
        Self::Telemetry,
        Self::Electric,
        Self::ElectricWake,
        Self::ChargeCommand,
        Self::Status,
        Self::StatusWake,
        Self::ClimateStatus,
        Self::ClimateSettings,
        Self::ClimateWake,
        Self::ClimateControl,
        Self::ClimatePreset,
        Self::RemoteCommand,
        Self::Trips,
        Self::Trip,
        Self::Notifications,
        Self::ServiceHistory,
        Self::Account,
        Self::Odometer,
    ];

    /// Returns its name, which is that of its [operation](crate::operations) too.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.built_in().name
    }

    /// Returns the feature of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Tells whether it only reads what the service knows.
    #[must_use]
    pub fn reads(self) -> bool {
        self.built_in().deed == Deed::Read
    }

    /// Returns what is built in for it.
    pub(crate) const fn built_in(self) -> BuiltIn {
        match self {
            Self::Vehicles => BuiltIn::read("vehicles", "/v2/vehicle/guid"),
            Self::Nickname => BuiltIn::new(
                "nickname",
                Deed::Command,
                Verb::Put,
                "/v1/vehicle-association/vehicle",
            ),
            Self::Location => BuiltIn::read("location", "/v1/location"),
            Self::Health => BuiltIn::read("health", "/v1/vehiclehealth/status"),
            Self::Telemetry => BuiltIn::read("telemetry", "/v3/telemetry"),
            Self::Electric => BuiltIn::read("electric", "/v1/vehicle/electric/status")
                .before("/v1/global/remote/electric/status"),
            Self::ElectricWake => BuiltIn::wake(
                "electric_wake",
                "/v1/global/remote/electric/realtime-status",
            ),
            Self::ChargeCommand => {
                BuiltIn::command("charge_command", "/v1/global/remote/electric/command")
            }
            Self::Status => {
                BuiltIn::read("status", "/v1/vehicle/status").before("/v1/global/remote/status")
            }
            Self::StatusWake => BuiltIn::wake("status_wake", "/v1/remote/status")
                .before("/v1/global/remote/refresh-status"),
            Self::ClimateStatus => BuiltIn::read("climate_status", "/v1/vehicle/climate-status")
                .before("/v1/global/remote/climate-status"),
            Self::ClimateSettings => {
                BuiltIn::read("climate_settings", "/v1/vehicle/climate-settings")
                    .before("/v1/global/remote/climate-settings")
            }
            Self::ClimateWake => BuiltIn::wake("climate_wake", "/v1/remote/refresh-climate-status")
                .before("/v1/global/remote/refresh-climate-status"),
            Self::ClimateControl => {
                BuiltIn::command("climate_control", "/v2/remote/climate-control")
                    .before("/v1/global/remote/climate-control")
            }
            Self::ClimatePreset => BuiltIn {
                name: "climate_preset",
                deed: Deed::Command,
                verb: Verb::Put,
                new: None,
                old: Some("/v1/global/remote/climate-settings"),
            },
            Self::RemoteCommand => BuiltIn::command("remote_command", "/v1/global/remote/command"),
            Self::Trips => BuiltIn::read("trips", "/v1/trips"),
            Self::Trip => BuiltIn::read("trip", "/v1/trips/{id}"),
            Self::Notifications => BuiltIn::read("notifications", "/v2/notification/history"),
            Self::ServiceHistory => {
                BuiltIn::read("service_history", "/v1/servicehistory/vehicle/summary")
            }
            Self::Account => BuiltIn::read("account", "/v4/account"),
            Self::Odometer => BuiltIn::read("odometer", "/v1/odometer"),
        }
    }
}
