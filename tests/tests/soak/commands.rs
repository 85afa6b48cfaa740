//! Every command that was given, what its caller was told, and how often it was carried out.

use std::sync::{Mutex, MutexGuard, PoisonError};

use toyota_sim::CarriedOut;

use crate::garage::Garage;

/// Room for as many, taken at the beginning: what is remembered here is not to look like a leak.
const ROOM: usize = 1 << 18;
const PREFIX: &str = "soak-";

/// The commands, by their numbers.
#[derive(Debug)]
pub(crate) struct Commands(Mutex<Vec<Command>>);

/// One command.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Command {
    place: u8,
    car: u8,
    pub(crate) told: Told,
    pub(crate) times: u8,
}

/// What its caller was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// Nothing: it is under way, or its caller left.
    Nothing,
    Accepted,
    /// It failed, and was not sent.
    NotSent,
    /// It failed, and may have been sent.
    Failed,
}

impl Commands {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Vec::with_capacity(ROOM)))
    }

    /// Returns the number of a command that is about to be given to this car.
    pub(crate) fn give(&self, place: usize, car: usize) -> usize {
        let mut all = self.all();
        assert!(all.len() < ROOM, "more room is needed");
        all.push(Command {
            place: u8::try_from(place).expect("few accounts"),
            car: u8::try_from(car).expect("few cars"),
            told: Told::Nothing,
            times: 0,
        });
        all.len() - 1
    }

    pub(crate) fn tell(&self, number: usize, told: Told) {
        self.all()[number].told = told;
    }

    /// Notes what the simulator has carried out: for whom it was meant, and by whom it was given.
    pub(crate) fn carried_out(&self, carried_out: &CarriedOut, garages: &[Garage]) {
        let number = carried_out.command().strip_prefix(PREFIX);
        let number: usize = number.expect("ours").parse().expect("a number");
        let command = &mut self.all()[number];
        let garage = &garages[usize::from(command.place)];
        let car = &garage.cars[usize::from(command.car)];
        assert_eq!(carried_out.guid(), garage.guid, "given by another account");
        assert_eq!(carried_out.vin(), car.vin.as_str(), "given to another car");
        let times = u8::try_from(carried_out.times()).unwrap_or(u8::MAX);
        command.times = command.times.saturating_add(times);
    }

    /// Returns all commands, while nobody adds to them.
    pub(crate) fn all(&self) -> MutexGuard<'_, Vec<Command>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the service is told to do, which no other command is.
pub(crate) fn name(number: usize) -> String {
    format!("{PREFIX}{number}")
}
