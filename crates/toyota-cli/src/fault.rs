//! Where the faults of the simulated service are met.

use toyota_sim::Route;

use crate::args::{Act, Ask, ClimateVerb, Service, Task, TripArgs};

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
            Ask::Account(_) => Route::Account,
            Ask::Odometer(_) => Route::Odometer,
            Ask::Location(_) => Route::Location,
            // What each cycle asks for.
            Ask::Telemetry(_) | Ask::Watch(_) => Route::Telemetry,
            Ask::Electric { wake: false, .. } => Route::Electric,
            Ask::Notifications { .. } => Route::Notifications,
            Ask::Electric { wake: true, .. } => Route::ElectricWake,
            Ask::Status { wake: false, .. } => Route::Status,
            Ask::Status { wake: true, .. } => Route::StatusWake,
            Ask::Trip(TripArgs { id: Some(_), .. }) => Route::Trip,
            Ask::Trips(_) | Ask::Trip(_) => Route::Trips,
            Ask::Health(_) => Route::Health,
            Ask::ServiceHistory(_) => Route::ServiceHistory,
            Ask::Dashboard(_) | Ask::Raw(_) => return None,
        },
    })
}
