//! What changes something at a car.

use clap::{Subcommand, ValueEnum, ValueHint};
use jiff::civil::{Time, Weekday};
use toyota_client::command::{ChargeCommand, ChargingTime, RemoteCommand, RemoteOrder};

use crate::car::{self, CarName};
use crate::failure::Failure;

/// What is asked of a car, after a question.
#[derive(Debug, Subcommand)]
pub(crate) enum Act {
    #[command(flatten)]
    Remote(Remote),
    /// Charges a battery now, or says when to
    #[command(subcommand)]
    Charge(Charge),
    /// Names a car, as the app shows it
    Nickname {
        /// The new name
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        at: At,
    },
}

/// What a car does at once.
#[derive(Debug, Subcommand)]
pub(crate) enum Remote {
    /// Locks the doors
    Lock {
        /// The trunk alone
        #[arg(long)]
        trunk: bool,
        #[command(flatten)]
        at: At,
    },
    /// Unlocks the doors
    Unlock {
        /// The trunk alone
        #[arg(long)]
        trunk: bool,
        #[command(flatten)]
        at: At,
    },
    /// Sounds the horn
    Horn {
        /// The buzzer, which is less loud
        #[arg(long)]
        buzzer: bool,
        #[command(flatten)]
        at: At,
    },
    /// Switches the hazard lights; few cars let them be switched off
    Hazard {
        #[arg(value_name = "on|off")]
        switch: Switch,
        #[command(flatten)]
        at: At,
    },
    /// Closes the windows, or opens them where the car lets itself be told
    Windows {
        #[arg(value_name = "close|open")]
        movement: Movement,
        #[command(flatten)]
        at: At,
    },
    /// Sends a command by its name at the service, for those that cars of Europe refuse, and new ones
    Command {
        /// Its name, such as headlight-on
        #[arg(value_name = "NAME")]
        name: RemoteCommand,
        /// Has the car beep so often with it; few cars count
        #[arg(long, value_name = "N")]
        beeps: Option<u8>,
        #[command(flatten)]
        at: At,
    },
}

/// A car, and whether to ask and to wait.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct At {
    /// The car: the last characters of its VIN (at least four), or its name or how that begins; an
    /// account's only car need not be named
    #[arg(value_name = "CAR", value_parser = car::parse, value_hint = ValueHint::Other)]
    pub(crate) car: Option<CarName>,
    /// Does not ask before
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Waits so many seconds at most until the car is seen to have done it; 0 does not wait
    #[arg(long, value_name = "SECONDS", default_value_t = 40)]
    #[arg(value_parser = clap::value_parser!(u16).range(0..=600))]
    pub(crate) wait: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    On,
    Off,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Movement {
    Close,
    Open,
}

/// When a battery is to be charged.
#[derive(Debug, Subcommand)]
pub(crate) enum Charge {
    /// Begins at once
    Now {
        #[command(flatten)]
        at: At,
    },
    /// Waits for the schedule, or for a time that is said
    Reserve {
        #[command(flatten)]
        when: When,
        #[command(flatten)]
        at: At,
    },
    /// Sets when the next charge is
    Schedule {
        #[command(flatten)]
        when: When,
        #[command(flatten)]
        at: At,
    },
}

/// A time of charging, by the clock of the car's place.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct When {
    /// The day of the week, such as monday
    #[arg(long, value_name = "DAY", value_parser = weekday)]
    pub(crate) day: Option<Weekday>,
    /// When to begin; without, the car decides
    #[arg(long, value_name = "HH:MM", value_parser = time, requires = "day")]
    pub(crate) from: Option<Time>,
    /// When to end; without, when it is full
    #[arg(long, value_name = "HH:MM", value_parser = time, requires = "day")]
    pub(crate) until: Option<Time>,
}

impl Remote {
    pub(crate) fn at(&self) -> &At {
        match self {
            Self::Lock { at, .. }
            | Self::Unlock { at, .. }
            | Self::Horn { at, .. }
            | Self::Hazard { at, .. }
            | Self::Windows { at, .. }
            | Self::Command { at, .. } => at,
        }
    }

    /// How it is asked, before the name of the car, and what is sent.
    pub(crate) fn command(&self) -> Result<(String, RemoteOrder), Failure> {
        let (question, command) = match self {
            Self::Lock { trunk: false, .. } => ("Lock", RemoteCommand::Lock),
            Self::Lock { trunk: true, .. } => ("Lock the trunk of", RemoteCommand::TrunkLock),
            Self::Unlock { trunk: false, .. } => ("Unlock", RemoteCommand::Unlock),
            Self::Unlock { trunk: true, .. } => ("Unlock the trunk of", RemoteCommand::TrunkUnlock),
            Self::Horn { buzzer: false, .. } => ("Sound the horn of", RemoteCommand::Horn),
            Self::Horn { buzzer: true, .. } => ("Sound the buzzer of", RemoteCommand::Buzzer),
            Self::Hazard { switch, .. } => match switch {
                Switch::On => ("Switch on the hazard lights of", RemoteCommand::HazardOn),
                Switch::Off => ("Switch off the hazard lights of", RemoteCommand::HazardOff),
            },
            Self::Windows { movement, .. } => match movement {
                Movement::Close => ("Close the windows of", RemoteCommand::WindowsClose),
                Movement::Open => ("Open the windows of", RemoteCommand::WindowsOpen),
            },
            Self::Command { name, beeps, .. } => return other(name, *beeps),
        };
        Ok((question.to_owned(), command.into()))
    }
}

/// How a command is asked that has no other name than the service's.
fn other(name: &RemoteCommand, beeps: Option<u8>) -> Result<(String, RemoteOrder), Failure> {
    let order = match beeps {
        Some(beeps) => name.clone().with_beeps(beeps).map_err(Failure::usage)?,
        None => name.clone().into(),
    };
    Ok((format!("Send {name} to"), order))
}

impl Charge {
    pub(crate) fn at(&self) -> &At {
        match self {
            Self::Now { at } | Self::Reserve { at, .. } | Self::Schedule { at, .. } => at,
        }
    }

    /// How it is asked, before the name of the car, and what is sent.
    pub(crate) fn command(&self) -> Result<(&'static str, ChargeCommand), Failure> {
        Ok(match self {
            Self::Now { .. } => ("Charge", ChargeCommand::Now),
            Self::Reserve { when, .. } => (
                "Put off the charge of",
                ChargeCommand::Reserve(when.time()?),
            ),
            Self::Schedule { when, .. } => {
                let incomplete = || Failure::usage("say --day, and --from or --until or both");
                let time = when.time()?.ok_or_else(incomplete)?;
                ("Set the next charge of", ChargeCommand::SetTime(time))
            }
        })
    }
}

impl When {
    /// The time, if one is said.
    fn time(&self) -> Result<Option<ChargingTime>, Failure> {
        let time = match (self.day, self.from, self.until) {
            (None, ..) => return Ok(None),
            (Some(day), Some(from), None) => ChargingTime::from(day, from),
            (Some(day), Some(from), Some(until)) => ChargingTime::between(day, from, until),
            (Some(day), None, Some(until)) => ChargingTime::until(day, until),
            (Some(_), None, None) => {
                return Err(Failure::usage("--day needs --from or --until, or both"));
            }
        };
        time.map(Some).map_err(Failure::usage)
    }
}

fn time(text: &str) -> Result<Time, &'static str> {
    Time::strptime("%H:%M", text).map_err(|_| "a time of day is such as 22:30")
}

fn weekday(text: &str) -> Result<Weekday, &'static str> {
    let text = text.to_ascii_lowercase();
    let days = Weekday::Monday.cycle_forward().take(7);
    let named = days.map(|day| (format!("{day:?}").to_ascii_lowercase(), day));
    let mut found = named.filter(|(name, _)| text.len() >= 2 && name.starts_with(&text));
    let found = found.next().map(|(_, day)| day);
    found.ok_or("a day is monday to sunday, or how that begins")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_may_be_shortened() {
        for (text, day) in [
            ("monday", Some(Weekday::Monday)),
            ("SUN", Some(Weekday::Sunday)),
            ("th", Some(Weekday::Thursday)),
            ("t", None),
            ("", None),
            ("today", None),
        ] {
            assert_eq!(weekday(text).ok(), day, "{text:?}");
        }
    }

    #[test]
    fn a_time_has_hours_and_minutes() {
        for (text, fits) in [
            ("22:30", true),
            ("00:00", true),
            ("24:00", false),
            ("9", false),
            ("09:60", false),
            ("09:30:15", false),
        ] {
            assert_eq!(time(text).is_ok(), fits, "{text}");
        }
    }
}
