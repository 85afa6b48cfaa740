//! The cars themselves: what they do and how they are, and what the service has seen of it.

mod agenda;
mod album;
mod drive;
mod drives;
mod habits;
mod notice;
mod position;
mod routine;
mod spec;
mod state;
mod task;
mod twin;
mod wake;

pub(crate) use self::{
    album::{Album, STATUS, View},
    drive::Drive,
    drives::Drives,
    habits::{Habits, Powertrain},
    notice::{Notice, Notices, Outcome, Subject},
    spec::{Spec, Tank, Traction},
    task::Task,
    twin::Twin,
    wake::{Answer, Wake},
};
pub use self::{
    position::Position,
    routine::{PlannedDrive, Routine},
    state::{
        Battery, CarState, ChargingReservation, ChargingSchedule, Climate, ClimatePhase,
        ClimateSettings, Door, Doors, Lights, Plug, Seat, Seats, TimeOfDay, Window, Windows,
    },
    wake::WakeBehaviour,
};
