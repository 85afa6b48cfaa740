//! How a car is at one moment.

mod climate;
mod energy;
mod openings;

pub use self::{
    climate::{Climate, ClimatePhase, ClimateSettings, Seat, Seats},
    energy::{Battery, ChargingReservation, ChargingSchedule, Plug, TimeOfDay},
    openings::{Door, Doors, Lights, Window, Windows},
};
use super::Position;

/// How a car is at one moment, whatever the service knows of it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CarState {
    /// Where it is.
    pub position: Position,
    /// How far it has ever gone, in kilometres.
    pub odometer_km: f64,
    /// How full its tank is, in per cent, if it has one.
    pub fuel: Option<f64>,
    /// Its battery, if it has one that can be plugged in.
    pub battery: Option<Battery>,
    /// Whether the driver sits on the left.
    pub left_hand_drive: bool,
    /// Its doors and its tailgate.
    pub doors: Doors,
    /// Whether the hood is open.
    pub hood_open: bool,
    /// Its windows.
    pub windows: Windows,
    /// Its lights.
    pub lights: Lights,
    /// Whether something was left on the rear seat.
    pub rear_seat_warning: bool,
    /// What its climate control does.
    pub climate: Climate,
    /// Whether it is on the road.
    pub driving: bool,
}

impl CarState {
    /// Creates a car that is parked there, locked, and was never driven.
    pub(crate) fn parked_at(position: Position) -> Self {
        Self {
            position,
            odometer_km: 0.0,
            fuel: None,
            battery: None,
            left_hand_drive: true,
            doors: Doors::default(),
            hood_open: false,
            windows: Windows::default(),
            lights: Lights::default(),
            rear_seat_warning: false,
            climate: Climate::default(),
            driving: false,
        }
    }

    /// Returns how much of what can be open or unlocked is.
    pub(crate) fn warnings(&self) -> usize {
        let doors = self.doors.all();
        let open = doors.iter().filter(|door| door.open).count();
        let unlocked = doors.iter().filter(|door| !door.locked).count();
        let windows = self.windows.all();
        let ajar = windows.iter().filter(|it| **it == Window::Open).count();
        open + unlocked + ajar + usize::from(self.hood_open) + usize::from(self.lights.any())
    }
}
