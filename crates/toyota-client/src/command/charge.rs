//! Charging: now, or at a time.

use jiff::civil::{Time, Weekday};
use serde_json::{Map, Value, json};

use super::InvalidCommand;

/// What a car's charger can be told to do.
///
/// ```
/// use jiff::civil::{Weekday, time};
/// use toyota_client::command::{ChargeCommand, ChargingTime};
///
/// let nightly = ChargingTime::between(Weekday::Monday, time(22, 30, 0, 0), time(6, 0, 0, 0))?;
/// assert_eq!(ChargeCommand::SetTime(nightly).body(), serde_json::json!({
///     "command": "SET_CHARGING_TIME",
///     "reservationCharge": {
///         "chargeType": "startEnd",
///         "day": "MONDAY",
///         "startTime": {"hour": 22, "minute": 30},
///         "endTime": {"hour": 6, "minute": 0},
///     },
/// }));
/// # Ok::<_, toyota_client::command::InvalidCommand>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChargeCommand {
    /// Charges now, whatever the schedule.
    Now,
    /// Charges by the schedule, or at this time.
    Reserve(Option<ChargingTime>),
    /// Charges at this time next.
    SetTime(ChargingTime),
}

/// When to charge, in the car's local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChargingTime {
    day: Weekday,
    start: Option<Time>,
    end: Option<Time>,
}

impl ChargeCommand {
    /// Returns what is sent.
    #[must_use]
    pub fn body(&self) -> Value {
        let command = match self {
            Self::Now => "CHARGE_NOW",
            Self::Reserve(_) => "RESERVE_CHARGE",
            Self::SetTime(_) => "SET_CHARGING_TIME",
        };
        match self.time() {
            None => json!({ "command": command }),
            Some(time) => json!({"command": command, "reservationCharge": time.body()}),
        }
    }

    /// Returns the time, if it names one.
    #[must_use]
    pub fn time(&self) -> Option<ChargingTime> {
        match self {
            Self::Now => None,
            Self::Reserve(time) => *time,
            Self::SetTime(time) => Some(*time),
        }
    }
}

impl ChargingTime {
    /// Starts at this time, and ends when the battery is full.
    ///
    /// # Errors
    ///
    /// [`InvalidCommand`] unless it is a whole minute.
    pub fn from(day: Weekday, start: Time) -> Result<Self, InvalidCommand> {
        Self::checked(day, Some(start), None)
    }

    /// Starts and ends at these times; ends on the next day, if that is the earlier one.
    ///
    /// # Errors
    ///
    /// [`InvalidCommand`] unless these are whole minutes, and not the same.
    pub fn between(day: Weekday, start: Time, end: Time) -> Result<Self, InvalidCommand> {
        Self::checked(day, Some(start), Some(end))
    }

    /// Ends at this time, and starts when the car thinks best.
    ///
    /// # Errors
    ///
    /// [`InvalidCommand`] unless it is a whole minute.
    pub fn until(day: Weekday, end: Time) -> Result<Self, InvalidCommand> {
        Self::checked(day, None, Some(end))
    }

    /// Returns the day on which it starts, or ends if no start is said.
    #[must_use]
    pub fn day(&self) -> Weekday {
        self.day
    }

    /// Returns when it starts.
    #[must_use]
    pub fn start(&self) -> Option<Time> {
        self.start
    }

    /// Returns when it ends.
    #[must_use]
    pub fn end(&self) -> Option<Time> {
        self.end
    }

    fn checked(
        day: Weekday,
        start: Option<Time>,
        end: Option<Time>,
    ) -> Result<Self, InvalidCommand> {
        let whole = |time: Time| time.second() == 0 && time.subsec_nanosecond() == 0;
        if start == end || !start.iter().chain(&end).all(|time| whole(*time)) {
            return Err(InvalidCommand::ChargingTime);
        }
        Ok(Self { day, start, end })
    }

    fn body(&self) -> Value {
        let kind = if self.end.is_some() {
            "startEnd"
        } else {
            "startOnly"
        };
        let mut body = Map::new();
        body.insert("chargeType".to_owned(), kind.into());
        body.insert("day".to_owned(), name(self.day).into());
        for (key, time) in [("startTime", self.start), ("endTime", self.end)] {
            if let Some(time) = time {
                let time = json!({"hour": time.hour(), "minute": time.minute()});
                body.insert(key.to_owned(), time);
            }
        }
        body.into()
    }
}

fn name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "MONDAY",
        Weekday::Tuesday => "TUESDAY",
        Weekday::Wednesday => "WEDNESDAY",
        Weekday::Thursday => "THURSDAY",
        Weekday::Friday => "FRIDAY",
        Weekday::Saturday => "SATURDAY",
        Weekday::Sunday => "SUNDAY",
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;

    #[test]
    fn what_is_not_said_is_left_out() {
        let seven = time(7, 5, 0, 0);
        let from = ChargingTime::from(Weekday::Sunday, seven).unwrap();
        let until = ChargingTime::until(Weekday::Tuesday, seven).unwrap();
        for (command, body) in [
            (ChargeCommand::Now, json!({"command": "CHARGE_NOW"})),
            (
                ChargeCommand::Reserve(None),
                json!({"command": "RESERVE_CHARGE"}),
            ),
            (
                ChargeCommand::Reserve(Some(from)),
                json!({"command": "RESERVE_CHARGE", "reservationCharge": {
                    "chargeType": "startOnly", "day": "SUNDAY", "startTime": {"hour": 7, "minute": 5},
                }}),
            ),
            (
                ChargeCommand::SetTime(until),
                json!({"command": "SET_CHARGING_TIME", "reservationCharge": {
                    "chargeType": "startEnd", "day": "TUESDAY", "endTime": {"hour": 7, "minute": 5},
                }}),
            ),
        ] {
            assert_eq!(command.body(), body);
        }
    }

    #[test]
    fn a_time_is_a_whole_minute_and_a_span_is_not_empty() {
        let noon = time(12, 0, 0, 0);
        let day = Weekday::Friday;
        for time in [
            ChargingTime::from(day, time(12, 0, 1, 0)),
            ChargingTime::until(day, time(12, 0, 0, 1)),
            ChargingTime::between(day, noon, time(13, 0, 30, 0)),
            ChargingTime::between(day, noon, noon),
        ] {
            assert_eq!(time, Err(InvalidCommand::ChargingTime));
        }
        assert!(ChargingTime::between(day, noon, time(11, 0, 0, 0)).is_ok());
    }
}
