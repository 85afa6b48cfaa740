//! What changes something at a car.

use clap::{Subcommand, ValueEnum};
use jiff::civil::{Time, Weekday};

use crate::car::{self, CarName};

/// What is asked of a car, after a question.
#[derive(Debug, Subcommand)]
pub(crate) enum Act {
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

/// A car, and whether to ask and to wait.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct At {
    /// The car: the last characters of its VIN (at least four), or its name or how that begins; an
    /// account's only car need not be named
    #[arg(value_name = "CAR", value_parser = car::parse)]
    pub(crate) car: Option<CarName>,
    /// Does not ask before
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Does not wait until the car has done it
    #[arg(long)]
    pub(crate) no_wait: bool,
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
    /// Charges once, on a day
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
    pub(crate) day: Weekday,
    /// When to begin
    #[arg(long, value_name = "HH:MM", value_parser = time)]
    pub(crate) from: Time,
    /// When to be done
    #[arg(long, value_name = "HH:MM", value_parser = time)]
    pub(crate) until: Option<Time>,
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
