//! The operations that the simulator knows.

/// One operation of the simulated service.
///
/// Faults, counters and recorded requests are kept by route. More routes will come as the
/// simulator learns more of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Route {
    /// A post to the login tree.
    Authenticate,
    /// The authorize call, which hands out a one-use code.
    Authorize,
    /// The token call: the exchange of a code and the refresh.
    Token,
    /// The list of the account's cars.
    Vehicles,
    /// Where a car is parked.
    Location,
    /// A car's odometer, fuel and battery.
    Telemetry,
    /// A command to a car, which is carried out when it is read and accepted: each time anew, or
    /// once under an `Idempotency-Key`.
    ///
    /// What a [`Fault`](crate::Fault) then does to the answer leaves the effect as it is;
    /// [`Counters::commands_carried_out`](crate::Counters::commands_carried_out) tells.
    Command,
    /// Anything else, which the gateway refuses.
    Unknown,
}
