//! The climate control.

use std::time::Duration;

use clap::{Subcommand, ValueEnum};
use toyota_client::command::{ClimateStart, Heater, InvalidCommand, Seat};
use toyota_client::model::{SeatHeat, Temperature, TemperatureUnit};

use super::act::At;
use super::ask::Of;

const MINUTE: u32 = 60;

/// What it does, or is to do.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Climate {
    #[command(subcommand)]
    pub(crate) command: Option<ClimateVerb>,
    #[command(flatten)]
    pub(crate) look: ClimateLook,
}

/// What it does is looked at.
#[derive(Debug, clap::Args)]
pub(crate) struct ClimateLook {
    /// Wakes the car for it, which costs its starter battery
    #[arg(long)]
    pub(crate) wake: bool,
    #[command(flatten)]
    pub(crate) of: Of,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ClimateVerb {
    /// Tells what it does, and what it is set to
    Status(ClimateLook),
    /// Starts it; the car has to be locked
    Start {
        #[command(flatten)]
        comfort: Comfort,
        #[command(flatten)]
        at: At,
    },
    /// Sets how it runs when it is started next, and does not start it; cars of the newer routes
    /// take that only as they are started: `climate start --save`
    Set {
        #[command(flatten)]
        preset: Preset,
        #[command(flatten)]
        at: At,
    },
    /// Stops it
    Stop {
        #[command(flatten)]
        at: At,
    },
}

/// How it is to be in the car.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Comfort {
    /// The temperature, such as 21, 21C or 70F
    #[arg(long, value_name = "DEGREES", value_parser = temperature)]
    pub(crate) temperature: Option<Temperature>,
    /// How long it runs, at most 20
    #[arg(long, value_name = "N")]
    pub(crate) minutes: Option<u8>,
    /// Heats this too; may be given several times
    #[arg(long, value_name = "WHAT")]
    pub(crate) heat: Vec<HeaterArg>,
    /// Heats a seat: driver, passenger, rear-driver or rear-passenger, = and off, low, medium or
    /// high; may be given several times
    #[arg(long, value_name = "SEAT=HEAT", value_parser = seat)]
    pub(crate) seat: Vec<(Seat, SeatHeat)>,
    /// Keeps this for the next time
    #[arg(long)]
    pub(crate) save: bool,
}

/// What a car keeps for when it is started.
#[derive(Clone, Debug, clap::Args)]
#[group(required = true, multiple = true)]
pub(crate) struct Preset {
    /// The temperature, such as 21, 21C or 70F
    #[arg(long, value_name = "DEGREES", value_parser = temperature)]
    pub(crate) temperature: Option<Temperature>,
    /// Heats this window too; may be given several times
    #[arg(long, value_name = "WHAT")]
    pub(crate) heat: Vec<WindowArg>,
    /// Does not heat this window; may be given several times
    #[arg(long, value_name = "WHAT")]
    pub(crate) no_heat: Vec<WindowArg>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum WindowArg {
    FrontWindow,
    RearWindow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum HeaterArg {
    FrontWindow,
    RearWindow,
    Wheel,
    Mirrors,
}

impl Comfort {
    /// What is asked of the car.
    pub(crate) fn start(&self) -> Result<ClimateStart, InvalidCommand> {
        let mut start = ClimateStart::new();
        if let Some(temperature) = self.temperature {
            start = start.with_temperature(temperature)?;
        }
        if let Some(minutes) = self.minutes {
            let time = Duration::from_secs((u32::from(minutes) * MINUTE).into());
            start = start.with_duration(time)?;
        }
        for heater in &self.heat {
            start = start.with_heater((*heater).into(), true);
        }
        for (seat, heat) in &self.seat {
            start = start.with_seat(*seat, *heat);
        }
        Ok(if self.save { start.saved() } else { start })
    }
}

impl Preset {
    /// What the car is to be set to.
    pub(crate) fn settings(&self) -> Result<ClimateStart, InvalidCommand> {
        let mut settings = ClimateStart::new();
        if let Some(temperature) = self.temperature {
            settings = settings.with_temperature(temperature)?;
        }
        let off = self.no_heat.iter().map(|window| (*window, false));
        let on = self.heat.iter().map(|window| (*window, true));
        for (window, heated) in off.chain(on) {
            settings = settings.with_heater(window.into(), heated);
        }
        Ok(settings)
    }
}

impl From<WindowArg> for Heater {
    fn from(window: WindowArg) -> Self {
        match window {
            WindowArg::FrontWindow => Self::FrontDefroster,
            WindowArg::RearWindow => Self::RearDefogger,
        }
    }
}

impl From<HeaterArg> for Heater {
    fn from(heater: HeaterArg) -> Self {
        match heater {
            HeaterArg::FrontWindow => Self::FrontDefroster,
            HeaterArg::RearWindow => Self::RearDefogger,
            HeaterArg::Wheel => Self::Steering,
            HeaterArg::Mirrors => Self::Mirror,
        }
    }
}

fn temperature(text: &str) -> Result<Temperature, &'static str> {
    const ALLOWED: &str = "a temperature is such as 21, 21C or 70F";
    let text = text.trim();
    let (number, unit) = match text.strip_suffix(['F', 'f']) {
        Some(number) => (number, TemperatureUnit::Fahrenheit),
        None => {
            let number = text.strip_suffix(['C', 'c']).unwrap_or(text);
            (number, TemperatureUnit::Celsius)
        }
    };
    let value: f64 = number.trim_end_matches('°').parse().map_err(|_| ALLOWED)?;
    Ok(Temperature { value, unit })
}

fn seat(text: &str) -> Result<(Seat, SeatHeat), &'static str> {
    let (seat, heat) = text.split_once('=').ok_or("such as driver=high")?;
    let seat = match seat {
        "driver" => Seat::Driver,
        "passenger" => Seat::Passenger,
        "rear-driver" => Seat::RearDriver,
        "rear-passenger" => Seat::RearPassenger,
        _ => return Err("a seat is driver, passenger, rear-driver or rear-passenger"),
    };
    let heat = match heat {
        "off" => SeatHeat::Off,
        "low" => SeatHeat::Low,
        "medium" => SeatHeat::Medium,
        "high" => SeatHeat::High,
        _ => return Err("a seat is heated off, low, medium or high"),
    };
    Ok((seat, heat))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temperature_may_say_its_unit() {
        for (text, expected) in [
            ("21", Some((21.0, TemperatureUnit::Celsius))),
            ("21.5C", Some((21.5, TemperatureUnit::Celsius))),
            ("21°C", Some((21.0, TemperatureUnit::Celsius))),
            ("70f", Some((70.0, TemperatureUnit::Fahrenheit))),
            ("warm", None),
            ("", None),
        ] {
            let temperature = temperature(text).ok();
            assert_eq!(
                temperature.map(|it| (it.value, it.unit)),
                expected,
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_seat_is_named_with_its_heat() {
        assert_eq!(
            seat("rear-driver=low"),
            Ok((Seat::RearDriver, SeatHeat::Low))
        );
        for text in ["driver", "driver=", "driver=hot", "sofa=low", "=low"] {
            assert!(seat(text).is_err(), "{text}");
        }
    }
}
