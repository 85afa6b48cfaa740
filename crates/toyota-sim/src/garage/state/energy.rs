//! The battery that drives a car, and how it is charged.

/// A battery that can be plugged in.
#[derive(Clone, Debug, PartialEq)]
pub struct Battery {
    /// How full it is, in per cent.
    pub percent: f64,
    /// What its plug does.
    pub plug: Plug,
    /// The weekly times at which the driver lets it charge.
    pub schedules: Vec<ChargingSchedule>,
    /// What a command put before them.
    pub reserved: Option<ChargingReservation>,
}

impl Battery {
    /// Creates a battery that is not plugged in.
    #[must_use]
    pub fn new(percent: f64) -> Self {
        Self {
            percent,
            plug: Plug::default(),
            schedules: Vec::new(),
            reserved: None,
        }
    }
}

/// What the plug of a battery does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Plug {
    /// It hangs on its wall.
    #[default]
    Out,
    /// It is in, and waits.
    Waiting,
    /// The battery is being charged.
    Charging,
    /// The battery is full.
    Full,
}

/// A time of a day, by the clock of the car.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeOfDay {
    /// The hour, 0 to 23.
    pub hour: u8,
    /// The minute, 0 to 59.
    pub minute: u8,
}

/// A weekly time at which a battery is charged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargingSchedule {
    /// Its number.
    pub id: u32,
    /// Whether it is heeded.
    pub enabled: bool,
    /// When charging begins.
    pub start: TimeOfDay,
    /// When it ends; none means when the battery is full.
    pub end: Option<TimeOfDay>,
    /// The days, Monday first.
    pub days: [bool; 7],
}

/// When the next charge is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChargingReservation {
    /// The day of the week; Monday is 1.
    pub weekday: u8,
    /// When charging begins, if that was said.
    pub start: Option<TimeOfDay>,
    /// When it has to be done, if that was said.
    pub end: Option<TimeOfDay>,
}
