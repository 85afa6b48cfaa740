//! What changes something at a car: a question, the command, and what became of it.

use std::time::Duration;

use toyota_client::command::{Accepted, ClimateCommand, ConfirmOptions};
use toyota_client::{Error, Vin};

use crate::args::{Act, At, Comfort, Preset};
use crate::caller::Caller;
use crate::car;
use crate::failure::Failure;
use crate::prompt;
use crate::show::Show;
use crate::target::Client;

/// Has a car do what is asked.
pub(crate) async fn obey(act: &Act, caller: &Caller, show: Show) -> Result<(), Failure> {
    match act {
        Act::Remote(remote) => {
            let (question, order) = remote.command()?;
            let call = async |client: Client, vin: &Vin| client.command(vin, order).await;
            carry_out(&question, remote.at(), caller, show, call).await
        }
        Act::Charge(charge) => {
            let (question, command) = charge.command()?;
            let call = async |client: Client, vin: &Vin| client.charge(vin, command).await;
            carry_out(question, charge.at(), caller, show, call).await
        }
        Act::Nickname { name, at } => {
            let question = format!("Give the name {name:?} to");
            let call = async |client: Client, vin: &Vin| client.set_nickname(vin, name).await;
            carry_out(&question, at, caller, show, call).await
        }
    }
}

/// Starts the climate control.
pub(crate) async fn start_climate(
    comfort: &Comfort,
    at: &At,
    caller: &Caller,
    show: Show,
) -> Result<(), Failure> {
    let start = comfort.start().map_err(Failure::usage)?;
    let command = ClimateCommand::Start(start);
    let call = async |client: Client, vin: &Vin| client.climate(vin, command).await;
    carry_out("Start the climate control of", at, caller, show, call).await
}

/// Sets the climate control, and does not start it.
pub(crate) async fn set_climate(
    preset: &Preset,
    at: &At,
    caller: &Caller,
    show: Show,
) -> Result<(), Failure> {
    let settings = preset.settings().map_err(Failure::usage)?;
    let call = async |client: Client, vin: &Vin| client.set_climate(vin, settings).await;
    carry_out("Set the climate control of", at, caller, show, call).await
}

/// Stops the climate control.
pub(crate) async fn stop_climate(at: &At, caller: &Caller, show: Show) -> Result<(), Failure> {
    let command = ClimateCommand::Stop;
    let call = async |client: Client, vin: &Vin| client.climate(vin, command).await;
    carry_out("Stop the climate control of", at, caller, show, call).await
}

/// Asks, sends a command, and waits until the car has done it or is known not to.
async fn carry_out(
    question: &str,
    at: &At,
    caller: &Caller,
    show: Show,
    call: impl AsyncFnOnce(Client, &Vin) -> Result<Accepted, Error>,
) -> Result<(), Failure> {
    let car = car::find(caller, at.car.as_ref()).await?;
    prompt::confirm(&format!("{question} {car}?"), at.yes)?;
    let sending = caller.ask("sending the command", async |client| {
        call(client, &car.vin).await
    });
    let accepted = sending.await?;
    let patience = Duration::from_secs(at.wait.into());
    if patience.is_zero() {
        return show.accepted(&car.vin, &accepted);
    }
    let waiting = caller.ask("waiting for the car", async |client| {
        let options = ConfirmOptions::default().within(patience);
        accepted.confirm(&client, &options).await
    });
    let confirmation = waiting.await?;
    show.confirmed(&car.vin, &accepted, &confirmation)
}
