//! What the climate control of a car does, and what it was told to do.

use std::time::SystemTime;

/// What the climate control does.
#[derive(Clone, Debug, PartialEq)]
pub struct Climate {
    /// How far it is.
    pub phase: ClimatePhase,
    /// When it was started, if it runs.
    pub started: Option<SystemTime>,
    /// The temperature in the cabin, in °C.
    pub cabin: f64,
    /// What it does while it runs.
    pub settings: ClimateSettings,
}

impl Default for Climate {
    fn default() -> Self {
        Self {
            phase: ClimatePhase::default(),
            started: None,
            cabin: 9.0,
            settings: ClimateSettings::default(),
        }
    }
}

/// How far a run of the climate control is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClimatePhase {
    /// It is off.
    #[default]
    Stopped,
    /// It was told to start.
    Starting,
    /// It runs.
    Running,
    /// It was told to stop.
    Stopping,
}

/// What the climate control was told to do.
#[derive(Clone, Debug, PartialEq)]
pub struct ClimateSettings {
    /// Whether these settings are used when the car is started from afar.
    pub on: bool,
    /// The temperature that is wanted, in °C.
    pub celsius: f64,
    /// How long it runs, in minutes.
    pub minutes: u32,
    /// Whether the windscreen is cleared.
    pub front_defrost: bool,
    /// Whether the rear window is cleared.
    pub rear_defog: bool,
    /// Whether the steering wheel is heated.
    pub steering: bool,
    /// Whether the mirrors are heated.
    pub mirrors: bool,
    /// What the seats do.
    pub seats: Seats,
}

impl Default for ClimateSettings {
    fn default() -> Self {
        Self {
            on: true,
            celsius: 21.0,
            minutes: 20,
            front_defrost: false,
            rear_defog: false,
            steering: false,
            mirrors: false,
            seats: Seats::default(),
        }
    }
}

/// How warm a seat is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seat {
    /// Not at all.
    #[default]
    Off,
    /// A little.
    Low,
    /// More.
    Medium,
    /// As much as can be.
    High,
}

/// How warm the seats are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seats {
    /// The driver's.
    pub driver: Seat,
    /// The front passenger's.
    pub passenger: Seat,
    /// The one behind the driver.
    pub rear_driver: Seat,
    /// The one behind the front passenger.
    pub rear_passenger: Seat,
}
