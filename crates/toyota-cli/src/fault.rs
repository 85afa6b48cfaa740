//! Faults of the simulated service, by name.

use std::time::Duration;

use http::StatusCode;
use toyota_sim::{Fault, Route};

use crate::args::{Act, Ask, ClimateVerb, Service, Task};

/// Longer than any configured timeout.
const FOR_EVER: Duration = Duration::from_secs(24 * 60 * 60);

pub(crate) fn parse(name: &str) -> Result<Fault, String> {
    Ok(match name {
        "reset" => Fault::reset_before_read(),
        "truncated" => Fault::truncated(),
        "garbage" => Fault::garbage_body(),
        "noise" => Fault::garbage_wire(),
        "html" => Fault::html(StatusCode::OK),
        "endless" => Fault::endless(Duration::from_millis(100)),
        "silence" => Fault::pass().after(FOR_EVER),
        status => {
            let status = status
                .parse()
                .ok()
                .filter(|status| (200..600).contains(status));
            let status = status.and_then(|status| StatusCode::from_u16(status).ok());
            Fault::status(status.ok_or(
                "a fault is a status from 200 to 599, reset, truncated, garbage, noise, html, \
                 endless or silence",
            )?)
        }
    })
}

/// The route that a command is about, if it is about one.
pub(crate) fn route(command: &Service) -> Option<Route> {
    Some(match command {
        Service::Login | Service::Logout => Route::Authenticate,
        Service::Task(Task::Climate(climate)) => match climate.command {
            None | Some(ClimateVerb::Status(_)) => Route::ClimateStatus,
            Some(ClimateVerb::Start { .. } | ClimateVerb::Stop { .. }) => Route::ClimateControl,
            Some(ClimateVerb::Set { .. }) => Route::OldClimateChange,
        },
        Service::Task(Task::Act(Act::Remote(_))) => Route::Command,
        Service::Task(Task::Act(Act::Charge(_))) => Route::ChargeCommand,
        Service::Task(Task::Act(Act::Nickname { .. })) => Route::Nickname,
        Service::Task(Task::Ask(ask)) => match ask {
            Ask::Vehicles(_) => Route::Vehicles,
            Ask::Location(_) => Route::Location,
            // What each cycle asks for.
            Ask::Telemetry(_) | Ask::Watch(_) => Route::Telemetry,
            Ask::Electric { wake: false, .. } => Route::Electric,
            Ask::Notifications { .. } => Route::Notifications,
            Ask::Electric { wake: true, .. } => Route::ElectricWake,
            Ask::Status { wake: false, .. } => Route::Status,
            Ask::Status { wake: true, .. } => Route::StatusWake,
            Ask::Trips(_) => Route::Trips,
            Ask::Health(_) => Route::Health,
            Ask::ServiceHistory(_) => Route::ServiceHistory,
            Ask::Dashboard(_) | Ask::Raw(_) => return None,
        },
    })
}
