//! Commands to a car: what can be asked of one, and what shows that it was done.
//!
//! A command is sent once. No layer repeats one, whatever became of it: a door that was unlocked twice
//! is a door that somebody has locked in between. That a command was [accepted](Accepted) says that the
//! gateway will pass it on; whether the car did it, [`Accepted::confirm`] finds out: from what the car
//! reports of itself then, or from the notification in which the service says why it was not done.
//!
//! ```no_run
//! use toyota_client::command::{ConfirmOptions, Confirmation, RemoteCommand};
//! # use toyota_client::{Error, ToyotaClient, Vin};
//!
//! # async fn lock(client: &ToyotaClient, vin: &Vin) -> Result<(), Error> {
//! let accepted = client.command(vin, RemoteCommand::Lock).await?;
//! match accepted.confirm(client, &ConfirmOptions::default()).await? {
//!     Confirmation::Done { after } => println!("locked after {} s", after.as_secs()),
//!     Confirmation::Refused { message, .. } => println!("not locked: {message:?}"),
//!     _ => println!("sent; the car has said nothing"),
//! }
//! # Ok(())
//! # }
//! ```

mod accepted;
mod charge;
mod climate;
mod confirm;
mod expectation;
mod invalid;
mod nickname;
mod remote;
mod watch;

pub use self::accepted::Accepted;
pub use self::charge::{ChargeCommand, ChargingTime};
pub use self::climate::{ClimateCommand, ClimateStart, Heater, Seat};
pub use self::confirm::{ConfirmOptions, Confirmation};
pub use self::expectation::{Expectation, Name};
pub(crate) use self::expectation::{Sight, Source};
pub use self::invalid::InvalidCommand;
pub(crate) use self::nickname::Nickname;
pub use self::remote::{OtherCommand, RemoteCommand, RemoteOrder};
pub(crate) use self::watch::{There, Verdict, Watch};
