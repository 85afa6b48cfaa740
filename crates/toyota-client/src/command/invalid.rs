//! What cannot be sent.

/// A command that no car could carry out. It was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidCommand {
    /// The name of a command is none.
    #[error("a command has 1 to 64 lower case letters, digits and hyphens")]
    Name,
    /// So many beeps are none, or a nuisance.
    #[error("a car beeps 1 to 20 times")]
    Beeps,
    /// Climate control cannot run so long.
    #[error("climate control runs for 1 to 20 whole minutes")]
    Duration,
    /// Climate control cannot be set to it.
    #[error("the temperature is out of the car's range, which is 18 to 29 °C if it tells none")]
    Temperature,
    /// Climate control is set in steps, and this is between two.
    #[error(
        "the temperature is between two of the car's steps, which are of 1 degree if it tells none"
    )]
    Step,
    /// Without a start, climate control can be set to less.
    #[error("without a start only the temperature and the heaters of the two windows can be set")]
    Settings,
    /// Charging is set by the minute, and has to end at another time than it starts.
    #[error("charging starts and ends at whole minutes, which are not the same")]
    ChargingTime,
    /// It is no name for a car.
    #[error("a nickname has 1 to 64 characters, and none that controls a terminal")]
    Nickname,
}
