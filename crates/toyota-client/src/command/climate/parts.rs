//! What can be heated, and what the service calls it.

use crate::model::{Heating, SeatHeat, Temperature, TemperatureUnit};

/// What can be heated besides the air and the seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Heater {
    /// The windscreen.
    FrontDefroster,
    /// The rear window.
    RearDefogger,
    /// The steering wheel.
    Steering,
    /// The mirrors.
    Mirror,
}

/// A seat that can be heated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Seat {
    /// The driver's.
    Driver,
    /// The front passenger's.
    Passenger,
    /// The one behind the driver.
    RearDriver,
    /// The one behind the front passenger.
    RearPassenger,
}

impl Heater {
    /// Tells whether the older route knows it.
    pub(super) fn is_old(self) -> bool {
        matches!(self, Self::FrontDefroster | Self::RearDefogger)
    }

    /// Returns whether it is on.
    pub(super) fn of(self, heating: &Heating) -> Option<bool> {
        match self {
            Self::FrontDefroster => heating.front_defroster,
            Self::RearDefogger => heating.rear_defogger,
            Self::Steering => heating.steering,
            Self::Mirror => heating.mirror,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::FrontDefroster => "frontDefroster",
            Self::RearDefogger => "rearDefogger",
            Self::Steering => "steeringHeater",
            Self::Mirror => "mirrorHeater",
        }
    }
}

impl Seat {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Driver => "driverSeat",
            Self::Passenger => "passengerSeat",
            Self::RearDriver => "rearDriverSeat",
            Self::RearPassenger => "rearPassengerSeat",
        }
    }
}

pub(super) fn level(heat: SeatHeat) -> &'static str {
    match heat {
        SeatHeat::Off => "off",
        SeatHeat::Low => "low",
        SeatHeat::Medium => "medium",
        SeatHeat::High => "high",
    }
}

pub(super) fn unit(temperature: Temperature) -> &'static str {
    match temperature.unit {
        TemperatureUnit::Celsius => "C",
        TemperatureUnit::Fahrenheit => "F",
    }
}
