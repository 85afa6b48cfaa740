//! Faults of the simulated service, by name.

use std::time::Duration;

use http::StatusCode;
use toyota_sim::{Fault, Route};

use crate::args::{Ask, Service};

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

/// The route that a command is about.
pub(crate) fn route(command: &Service) -> Route {
    match command {
        Service::Login | Service::Logout => Route::Authenticate,
        Service::Ask(Ask::Vehicles(_)) => Route::Vehicles,
        Service::Ask(Ask::Location(_)) => Route::Location,
        Service::Ask(Ask::Telemetry(_)) => Route::Telemetry,
        Service::Ask(_) => Route::Unknown,
    }
}
