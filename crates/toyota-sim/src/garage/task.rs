//! What a car can be told from afar, when it obeys, and what that changes.

use std::time::Duration;

use super::{
    CarState, ChargingReservation, ClimatePhase, ClimateSettings, Plug, Spec, Windows,
    notice::Subject,
};

/// How long the climate control may run from afar between two drives.
pub(crate) const CLIMATE_BUDGET: Duration = Duration::from_secs(20 * 60);

/// What a car is told to do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Task {
    Lock,
    Unlock,
    LockTailgate,
    UnlockTailgate,
    Hazard,
    Sound,
    CloseWindows,
    StartClimate(ClimateSettings),
    StopClimate,
    Charge,
    Reserve(ChargingReservation),
}

impl Task {
    /// Returns why a car does not do this now, if so.
    pub(crate) fn objection(
        &self,
        state: &CarState,
        climate_used: Duration,
    ) -> Option<&'static str> {
        let plug = state.battery.as_ref().map(|battery| battery.plug);
        match self {
            _ if state.driving => Some("the car is being driven"),
            Self::Lock if !state.doors.closed() => Some("a door is open"),
            Self::LockTailgate if state.doors.tailgate.open => Some("the tailgate is open"),
            Self::StartClimate(_) if !state.doors.secured() => Some("the car is not locked"),
            Self::StartClimate(_) if climate_used >= CLIMATE_BUDGET => {
                Some("the car has to be started before")
            }
            Self::Charge if plug == Some(Plug::Out) => Some("the car is not plugged in"),
            Self::Charge if plug == Some(Plug::Full) => Some("the battery is full"),
            _ => None,
        }
    }

    /// Returns whether a car that is made like this can be told so at all.
    pub(crate) fn suits(&self, spec: &Spec) -> bool {
        match self {
            Self::Lock | Self::Unlock | Self::Hazard | Self::Sound => true,
            Self::LockTailgate | Self::UnlockTailgate => spec.tailgate,
            Self::CloseWindows => spec.windows,
            Self::StartClimate(_) | Self::StopClimate => spec.climate.is_some(),
            Self::Charge | Self::Reserve(_) => spec.traction.is_some(),
        }
    }

    /// Does what can be done at once.
    pub(crate) fn change(&self, state: &mut CarState) {
        match self {
            Self::Lock => state.doors.set_locked(true),
            Self::Unlock => state.doors.set_locked(false),
            Self::LockTailgate => state.doors.tailgate.locked = true,
            Self::UnlockTailgate => state.doors.tailgate.locked = false,
            Self::Hazard => state.lights.hazard = true,
            Self::Sound => {}
            Self::CloseWindows => state.windows = Windows::default(),
            Self::StartClimate(settings) => {
                state.climate.phase = ClimatePhase::Starting;
                state.climate.settings = settings.clone();
            }
            Self::StopClimate => {
                if state.climate.phase != ClimatePhase::Stopped {
                    state.climate.phase = ClimatePhase::Stopping;
                }
            }
            Self::Charge => {
                if let Some(battery) = &mut state.battery {
                    battery.plug = Plug::Charging;
                    battery.reserved = None;
                }
            }
            Self::Reserve(reservation) => {
                if let Some(battery) = &mut state.battery {
                    battery.reserved = Some(*reservation);
                    if battery.plug == Plug::Charging {
                        battery.plug = Plug::Waiting;
                    }
                }
            }
        }
    }

    /// Returns what the phone is told of it.
    pub(crate) fn subject(&self) -> Subject {
        match self {
            Self::StartClimate(_) | Self::StopClimate => Subject::Control,
            Self::Charge | Self::Reserve(_) => Subject::Charging,
            _ => Subject::Command,
        }
    }

    /// Returns what was done, to follow the name of the car.
    pub(crate) fn done(&self) -> &'static str {
        match self {
            Self::Lock => "the doors were locked",
            Self::Unlock => "the doors were unlocked",
            Self::LockTailgate => "the tailgate was locked",
            Self::UnlockTailgate => "the tailgate was unlocked",
            Self::Hazard => "the hazard lights were switched on",
            Self::Sound => "the horn was sounded",
            Self::CloseWindows => "the windows were closed",
            Self::StartClimate(_) => "the climate control was started",
            Self::StopClimate => "the climate control was stopped",
            Self::Charge => "charging was started",
            Self::Reserve(_) => "the charging time was set",
        }
    }

    /// Returns what was wanted, to follow "could not".
    pub(crate) fn wish(&self) -> &'static str {
        match self {
            Self::Lock => "lock the doors",
            Self::Unlock => "unlock the doors",
            Self::LockTailgate => "lock the tailgate",
            Self::UnlockTailgate => "unlock the tailgate",
            Self::Hazard => "switch the hazard lights on",
            Self::Sound => "sound the horn",
            Self::CloseWindows => "close the windows",
            Self::StartClimate(_) => "start the climate control",
            Self::StopClimate => "stop the climate control",
            Self::Charge => "start charging",
            Self::Reserve(_) => "set the charging time",
        }
    }
}
