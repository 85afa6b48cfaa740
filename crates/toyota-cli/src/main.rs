//! The `toyota` program: an owner's car data in the terminal.

mod account;
mod args;
mod failure;
mod fault;
mod show;
mod spinner;
mod target;

use std::process::ExitCode;

use clap::Parser;
use toyota_client::{Error, Vin};

use self::args::{Args, Command};
use self::failure::Failure;
use self::show::Show;
use self::spinner::Spinner;
use self::target::{Client, Target};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = Args::parse();
    let show = Show::new(args.json);
    match run(&args, &show).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

async fn run(args: &Args, show: &Show) -> Result<(), Failure> {
    let target = Target::new(args.simulated).await?;
    target.script(fault::route(&args.command), &args.fault);
    let tokens = account::sign_in(&target).await?;
    if let Command::Login = args.command {
        return show.signed_in(&tokens);
    }
    let client = target.client(tokens)?;
    match &args.command {
        Command::Login => Ok(()),
        Command::Vehicles => {
            let vehicles = ask(&target, "asking for the vehicles", client.vehicles()).await?;
            show.vehicles(&vehicles)
        }
        Command::Location { car } => {
            let vin = find_car(&target, &client, car).await?;
            let location = ask(&target, "asking for the location", client.location(&vin)).await?;
            show.location(&vin, &location)
        }
        Command::Telemetry { car } => {
            let vin = find_car(&target, &client, car).await?;
            let telemetry = client.telemetry(&vin);
            let telemetry = ask(&target, "asking for the telemetry", telemetry).await?;
            show.telemetry(&vin, &telemetry)
        }
    }
}

/// Waits for a call, with a sign of life.
async fn ask<T>(
    target: &Target,
    what: &'static str,
    call: impl Future<Output = Result<T, Error>>,
) -> Result<T, Failure> {
    let _spinner = Spinner::start(what);
    call.await.map_err(|error| target.failed(&error))
}

/// A whole VIN is taken as it is; the end of one is looked up among the account's cars.
async fn find_car(target: &Target, client: &Client, car: &str) -> Result<Vin, Failure> {
    const WHOLE: usize = 17;
    if car.len() == WHOLE {
        return Vin::new(car).map_err(|error| Failure::usage(error.to_string()));
    }
    let vehicles = ask(target, "looking for the car", client.vehicles()).await?;
    let suffix = car.to_ascii_uppercase();
    let vins = vehicles.value.into_iter().map(|vehicle| vehicle.vin);
    let mut found = vins.filter(|vin| vin.as_str().to_ascii_uppercase().ends_with(&suffix));
    match (found.next(), found.next()) {
        (Some(vin), None) => Ok(vin),
        (Some(_), Some(_)) => Err(Failure::usage(
            "several cars' VINs end like this; give more of it",
        )),
        (None, _) => Err(Failure::usage(
            "no car of this account has a VIN that ends like this; `toyota vehicles` lists them",
        )),
    }
}
