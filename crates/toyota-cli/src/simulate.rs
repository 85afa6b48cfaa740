//! The simulated service for other clients, for as long as somebody wants it.

use std::path::Path;

use serde_json::{Map, Value};
use toyota_sim::{Account, Simulator, StartError};

use crate::args::Simulation;
use crate::failure::Failure;
use crate::show::{self, Show};
use crate::stopped::stopped;

/// Runs until Ctrl-C.
pub(crate) async fn run(simulation: &Simulation, show: Show) -> Result<(), Failure> {
    let mut builder = Simulator::builder()
        .port(simulation.port)
        .families(simulation.families.into())
        .account(Account::demo_with_cars(simulation.cars.into()))
        .seed(simulation.seed);
    if simulation.tls.is_some() {
        builder = builder.tls();
    }
    let failed = |error: StartError| Failure::usage(show::with_causes(&error));
    let simulator = builder.start().await.map_err(failed)?;
    if let Some(path) = &simulation.tls {
        write_certificate(&simulator, path)?;
    }
    if simulation.drive {
        simulator.drive_all();
    }
    let part = f64::from(simulation.fail_percent) / 100.0;
    let planned = simulator.fail_api_randomly(part, &simulation.fail);
    planned.map_err(Failure::internal)?;
    // Who is told where it is may end it at once.
    let stopped = stopped()?;
    tell(&simulator, show)?;
    show::note("this runs until Ctrl-C; everything about it is invented");
    stopped.await
}

/// Writes the certificate that a client has to trust, before it is told where to go.
fn write_certificate(simulator: &Simulator, path: &Path) -> Result<(), Failure> {
    let pem = simulator.certificate_pem().unwrap_or_default();
    let refused = |error| {
        let why = show::with_causes(&error);
        Failure::usage(format!("could not write {}: {why}", path.display()))
    };
    std::fs::write(path, pem).map_err(refused)
}

/// Tells what a client in another shell needs to know. Its secrets are as invented as its cars.
fn tell(simulator: &Simulator, show: Show) -> Result<(), Failure> {
    let variables = simulator.variables().into_iter();
    if show.is_json() {
        let named = variables.map(|(name, value)| (name.to_owned(), Value::String(value)));
        return show::print_json(&named.collect::<Map<_, _>>());
    }
    let lines: Vec<_> = variables
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    show::print(&lines.join("\n"))
}
