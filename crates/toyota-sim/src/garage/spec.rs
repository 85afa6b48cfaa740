//! What a car is made of, which does not change.

/// What a car is made of, and what its modem can be asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Spec {
    pub(crate) tank: Option<Tank>,
    pub(crate) traction: Option<Traction>,
    /// The word for it in the old climate status; none if the climate cannot be reached from afar.
    pub(crate) climate: Option<&'static str>,
    /// Whether its windows can be closed from afar.
    pub(crate) windows: bool,
    /// Whether its tailgate can be locked apart from its doors.
    pub(crate) tailgate: bool,
}

/// A tank and the engine behind it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tank {
    pub(crate) litres: f64,
    /// How far a full one goes.
    pub(crate) range_km: f64,
}

/// A battery that can be plugged in, and the motor behind it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Traction {
    /// How far a full one goes.
    pub(crate) range_km: f64,
    pub(crate) minutes_per_percent: f64,
    /// What is said in place of a time while nothing is charged.
    pub(crate) no_time: u32,
}

impl Spec {
    /// Returns how far the fuel goes.
    pub(crate) fn fuel_range(&self, percent: Option<f64>) -> Option<f64> {
        Some(self.tank?.range_km * percent? / 100.0)
    }

    /// Returns how far the battery goes.
    pub(crate) fn electric_range(&self, percent: Option<f64>) -> Option<f64> {
        Some(self.traction?.range_km * percent? / 100.0)
    }
}
