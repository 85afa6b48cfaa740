//! Climate control: started and stopped from afar.

mod parts;
mod range;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value, json};

pub use self::parts::{Heater, Seat};
use self::parts::{level, unit};
use self::range::Range;
use super::InvalidCommand;
use crate::model::{ClimateSettings, SeatHeat, Temperature};

const MAX_MINUTES: u64 = 20;
/// Temperatures this near, in °C, are the same in another unit: less than half of the smallest step.
const SAME: f64 = 0.2;

/// What a car's climate control can be told to do.
///
/// The car has to be locked, and climate control runs for about 20 minutes in all between two times
/// that the car is started. What is not so is told later, by a notification.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ClimateCommand {
    /// Starts it, with what is said and as it was set before for what is not.
    Start(ClimateStart),
    /// Stops it.
    Stop,
}

/// How climate control is to run.
///
/// Cars that are still reached by the older route take temperature, duration and the two window
/// heaters from it, and nothing else; and what they take, they keep for the next time.
///
/// ```
/// use std::time::Duration;
///
/// use toyota_client::command::{ClimateCommand, ClimateStart, Heater, Seat};
/// use toyota_client::model::{SeatHeat, Temperature};
///
/// let start = ClimateStart::new()
///     .with_temperature(Temperature::from_celsius(21.0))?
///     .with_duration(Duration::from_secs(10 * 60))?
///     .with_heater(Heater::FrontDefroster, true)
///     .with_seat(Seat::Driver, SeatHeat::Low);
///
/// assert_eq!(ClimateCommand::Start(start).body(), serde_json::json!({
///     "command": "start",
///     "temperature": {"value": 21.0, "unit": "C"},
///     "duration": 10,
///     "heatingOptions": {"frontDefroster": "on"},
///     "seatOptions": {"driverSeat": "low"},
/// }));
/// # Ok::<_, toyota_client::command::InvalidCommand>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClimateStart {
    temperature: Option<Temperature>,
    minutes: Option<u64>,
    heaters: BTreeMap<Heater, bool>,
    seats: BTreeMap<Seat, SeatHeat>,
    save: bool,
}

/// A temperature that is not a number is refused.
impl Eq for ClimateStart {}

impl ClimateCommand {
    /// Returns what the current route takes.
    #[must_use]
    pub fn body(&self) -> Value {
        match self {
            Self::Start(start) => start.body(),
            Self::Stop => json!({"command": "stop"}),
        }
    }

    /// Returns what the older route takes.
    #[must_use]
    pub fn old_body(&self) -> Value {
        match self {
            Self::Stop => json!({"command": "engine-stop"}),
            Self::Start(start) => match start.minutes {
                None => json!({"command": "engine-start"}),
                Some(minutes) => json!({
                    "command": "engine-start",
                    "remoteHvac": {"engineStartTime": minutes},
                }),
            },
        }
    }

    /// Returns the settings that have to be there before the older route is used, if any are said. It
    /// takes all of them or none, so that what is not said comes from how the car is set.
    #[must_use]
    pub fn old_settings(&self, car: &ClimateSettings) -> Option<Value> {
        match self {
            Self::Start(start) if start.has_settings() => Some(start.old_settings(car)),
            Self::Start(_) | Self::Stop => None,
        }
    }
}

impl ClimateStart {
    /// Starts climate control as it was set before.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the temperature.
    ///
    /// # Errors
    ///
    /// [`InvalidCommand`] unless it is a whole degree from 18 to 29 °C, or from 64 to 84 °F.
    pub fn with_temperature(self, temperature: Temperature) -> Result<Self, InvalidCommand> {
        self.with_temperature_of(temperature, &ClimateSettings::default())
    }

    /// Sets the temperature, for a car with these settings.
    ///
    /// # Errors
    ///
    /// [`InvalidCommand`] unless it is in the car's range, at one of its steps.
    pub fn with_temperature_of(
        self,
        temperature: Temperature,
        car: &ClimateSettings,
    ) -> Result<Self, InvalidCommand> {
        Range::of(car).check(temperature)?;
        let temperature = Some(temperature);
        Ok(Self {
            temperature,
            ..self
        })
    }

    /// Sets how long it runs.
    ///
    /// # Errors
    ///
    /// [`InvalidCommand`] unless these are 1 to 20 whole minutes.
    pub fn with_duration(self, duration: Duration) -> Result<Self, InvalidCommand> {
        let minutes = duration.as_secs() / 60;
        let whole = Duration::from_secs(minutes * 60) == duration;
        if !whole || !(1..=MAX_MINUTES).contains(&minutes) {
            return Err(InvalidCommand::Duration);
        }
        let minutes = Some(minutes);
        Ok(Self { minutes, ..self })
    }

    /// Switches a heater on or off.
    #[must_use]
    pub fn with_heater(mut self, heater: Heater, on: bool) -> Self {
        self.heaters.insert(heater, on);
        self
    }

    /// Heats a seat, or does not.
    #[must_use]
    pub fn with_seat(mut self, seat: Seat, heat: SeatHeat) -> Self {
        self.seats.insert(seat, heat);
        self
    }

    /// Has the car keep all this for the next time.
    #[must_use]
    pub fn saved(self) -> Self {
        let save = true;
        Self { save, ..self }
    }

    /// Tells whether the older route leaves some of it out.
    #[must_use]
    pub fn is_more_than_the_older_route_takes(&self) -> bool {
        !self.seats.is_empty() || self.heaters.keys().any(|heater| !heater.is_old())
    }

    /// Tells whether it can be set without a start: whether it is a temperature or a window's heater,
    /// and nothing else.
    pub(crate) fn check_settings(&self) -> Result<(), InvalidCommand> {
        let is_less = self.minutes.is_none() && !self.is_more_than_the_older_route_takes();
        if self.has_settings() && is_less {
            Ok(())
        } else {
            Err(InvalidCommand::Settings)
        }
    }

    /// Tells whether a car is set to what is said, if that can be told.
    pub(crate) fn is_set_in(&self, car: &ClimateSettings) -> Option<bool> {
        let temperature = self.temperature.map(|wanted| {
            let off = wanted.celsius() - car.temperature?.celsius();
            Some(off.abs() < SAME)
        });
        let heating = car.heating.as_ref();
        let heaters = self.heaters.iter().map(|(heater, wanted)| {
            let is_on = heating.and_then(|it| heater.of(it));
            is_on.map(|is_on| is_on == *wanted)
        });
        let all = temperature.into_iter().chain(heaters);
        all.reduce(|all, one| match (all, one) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        })?
    }

    fn body(&self) -> Value {
        let on = |on: bool| Value::from(if on { "on" } else { "off" });
        let heaters = self.heaters.iter();
        let heaters: Map<_, _> = heaters
            .map(|(it, to)| (it.name().to_owned(), on(*to)))
            .collect();
        let seats = self.seats.iter();
        let seats: Map<_, _> = seats
            .map(|(seat, heat)| (seat.name().to_owned(), level(*heat).into()))
            .collect();
        let unless_empty = |it: Map<String, Value>| (!it.is_empty()).then(|| it.into());
        let temperature = self.temperature;
        let members = [
            ("command", Some("start".into())),
            ("duration", self.minutes.map(Value::from)),
            (
                "temperature",
                temperature.map(|it| json!({"value": it.value, "unit": unit(it)})),
            ),
            ("heatingOptions", unless_empty(heaters)),
            ("seatOptions", unless_empty(seats)),
            ("saveSettings", self.save.then_some(Value::Bool(true))),
        ];
        let said = members
            .into_iter()
            .filter_map(|(name, it)| Some((name.to_owned(), it?)));
        Value::Object(said.collect())
    }

    /// Tells whether it says anything but for how long.
    pub(crate) fn has_settings(&self) -> bool {
        let Self {
            temperature,
            heaters,
            ..
        } = self;
        temperature.is_some() || heaters.keys().any(|heater| heater.is_old())
    }

    /// Returns what the older route is to set, and how the car is set for what is not said.
    pub(crate) fn old_settings(&self, car: &ClimateSettings) -> Value {
        let heating = car.heating.as_ref();
        let parameters = [
            (
                Heater::FrontDefroster,
                "frontDefrost",
                heating.and_then(|it| it.front_defroster),
            ),
            (
                Heater::RearDefogger,
                "rearDefrost",
                heating.and_then(|it| it.rear_defogger),
            ),
        ];
        let parameters = parameters.into_iter().filter_map(|(heater, name, set)| {
            let enabled = self.heaters.get(&heater).copied().or(set)?;
            Some(json!({"enabled": enabled, "name": name}))
        });
        let parameters: Vec<_> = parameters.collect();
        let mut settings = Map::new();
        settings.insert("settingsOn".to_owned(), true.into());
        if let Some(temperature) = self.temperature.or(car.temperature) {
            settings.insert("temperature".to_owned(), temperature.value.into());
            settings.insert("temperatureUnit".to_owned(), unit(temperature).into());
        }
        if !parameters.is_empty() {
            let operation = json!({"categoryName": "defrost", "acParameters": parameters});
            settings.insert("acOperations".to_owned(), json!([operation]));
        }
        settings.into()
    }
}
