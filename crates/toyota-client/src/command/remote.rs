//! Locks, horn, lights and windows.

use std::fmt;
use std::str::FromStr;

use serde_json::{Value, json};

use super::InvalidCommand;

const MAX_NAME: usize = 64;
const MAX_BEEPS: u8 = 20;

/// What a car can be told to do at once.
///
/// The service has more of these than it lets anybody use. Which ones it refused when this was written
/// is said below; a car's own list is not to be trusted, in either direction. New ones are
/// [`Other`](Self::Other).
///
/// ```
/// use toyota_client::command::RemoteCommand;
///
/// assert_eq!("Door-Lock".parse(), Ok(RemoteCommand::Lock));
/// let new: RemoteCommand = "seat-heater-on".parse()?;
/// assert_eq!(new.as_str(), "seat-heater-on");
/// # Ok::<_, toyota_client::command::InvalidCommand>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RemoteCommand {
    /// Locks the doors.
    Lock,
    /// Unlocks the doors.
    Unlock,
    /// Locks the hatch.
    TrunkLock,
    /// Unlocks the hatch.
    TrunkUnlock,
    /// Switches the hazard lights on.
    HazardOn,
    /// Switches the hazard lights off. Refused in Europe.
    HazardOff,
    /// Sounds the horn.
    Horn,
    /// Sounds the buzzer.
    Buzzer,
    /// Closes the windows.
    WindowsClose,
    /// Opens the windows. Refused in Europe.
    WindowsOpen,
    /// Stops the windows. Refused in Europe.
    WindowsStop,
    /// Switches the headlights on. Refused by most cars.
    HeadlightsOn,
    /// Switches the headlights off. Refused in Europe.
    HeadlightsOff,
    /// Makes the car tell where it is. Refused in Europe, where horn and hazard lights do that.
    Find,
    /// Ventilates the seats. Refused in Europe.
    VentilationOn,
    /// Starts the engine. Refused in Europe, where [climate control](super::ClimateCommand) does that.
    EngineStart,
    /// Stops the engine. Refused in Europe.
    EngineStop,
    /// Applies the settings of the climate control.
    ClimateSettingsOn,
    /// Any other.
    Other(OtherCommand),
}

/// The name of a command that this version does not know.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OtherCommand(Box<str>);

impl RemoteCommand {
    /// Those that have a name here.
    pub const KNOWN: [Self; 18] = [
        Self::Lock,
        Self::Unlock,
        Self::TrunkLock,
        Self::TrunkUnlock,
        Self::HazardOn,
        Self::HazardOff,
        Self::Horn,
        Self::Buzzer,
        Self::WindowsClose,
        Self::WindowsOpen,
        Self::WindowsStop,
        Self::HeadlightsOn,
        Self::HeadlightsOff,
        Self::Find,
        Self::VentilationOn,
        Self::EngineStart,
        Self::EngineStop,
        Self::ClimateSettingsOn,
    ];

    /// Returns its name at the service.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Lock => "door-lock",
            Self::Unlock => "door-unlock",
            Self::TrunkLock => "trunk-lock",
            Self::TrunkUnlock => "trunk-unlock",
            Self::HazardOn => "hazard-on",
            Self::HazardOff => "hazard-off",
            Self::Horn => "sound-horn",
            Self::Buzzer => "buzzer-warning",
            Self::WindowsClose => "power-window-close",
            Self::WindowsOpen => "power-window-on",
            Self::WindowsStop => "power-window-off",
            Self::HeadlightsOn => "headlight-on",
            Self::HeadlightsOff => "headlight-off",
            Self::Find => "find-vehicle",
            Self::VentilationOn => "ventilation-on",
            Self::EngineStart => "engine-start",
            Self::EngineStop => "engine-stop",
            Self::ClimateSettingsOn => "ac-settings-on",
            Self::Other(OtherCommand(name)) => name,
        }
    }

    /// Has the car beep so often with it. What cannot be heard does not, and few cars count.
    ///
    /// # Errors
    ///
    /// [`InvalidCommand`] unless these are 1 to 20.
    pub fn with_beeps(self, beeps: u8) -> Result<RemoteOrder, InvalidCommand> {
        if !(1..=MAX_BEEPS).contains(&beeps) {
            return Err(InvalidCommand::Beeps);
        }
        Ok(RemoteOrder {
            command: self,
            beeps: Some(beeps),
        })
    }
}

impl FromStr for RemoteCommand {
    type Err = InvalidCommand;

    /// Recognises a name at the service, in any case.
    fn from_str(name: &str) -> Result<Self, InvalidCommand> {
        let name = name.trim().to_ascii_lowercase();
        let mut known = Self::KNOWN.into_iter();
        if let Some(known) = known.find(|command| command.as_str() == name) {
            return Ok(known);
        }
        let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(is_of_name) {
            Ok(Self::Other(OtherCommand(name.into())))
        } else {
            Err(InvalidCommand::Name)
        }
    }
}

impl fmt::Display for RemoteCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A command with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteOrder {
    command: RemoteCommand,
    beeps: Option<u8>,
}

impl RemoteOrder {
    /// Returns the command.
    #[must_use]
    pub fn command(&self) -> &RemoteCommand {
        &self.command
    }

    /// Returns what is sent.
    #[must_use]
    pub fn body(&self) -> Value {
        let command = self.command.as_str();
        match self.beeps {
            None => json!({ "command": command }),
            Some(beeps) => json!({"command": command, "beepCount": beeps}),
        }
    }
}

impl From<RemoteCommand> for RemoteOrder {
    fn from(command: RemoteCommand) -> Self {
        let beeps = None;
        Self { command, beeps }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_recognised_as_its_own_command() {
        for command in RemoteCommand::KNOWN {
            let shouted = command.as_str().to_ascii_uppercase();

            assert_eq!(shouted.parse(), Ok(command));
        }
    }

    #[test]
    fn a_new_name_is_kept_and_nonsense_is_refused() {
        let new: RemoteCommand = " moonroof-2-open ".parse().unwrap();
        assert_eq!(new.to_string(), "moonroof-2-open");

        let long = "x".repeat(MAX_NAME + 1);
        for name in ["", "  ", "door lock", "a\nb", "ü", "\"", &long] {
            let parsed = name.parse::<RemoteCommand>();
            assert_eq!(parsed, Err(InvalidCommand::Name), "{name:?}");
        }
    }

    #[test]
    fn beeps_are_sent_if_there_are_any() {
        let order = RemoteOrder::from(RemoteCommand::Lock);
        assert_eq!(order.body(), json!({"command": "door-lock"}));

        let order = RemoteCommand::Buzzer.with_beeps(3).unwrap();
        let body = json!({"command": "buzzer-warning", "beepCount": 3});
        assert_eq!(order.body(), body);

        for beeps in [0, MAX_BEEPS + 1] {
            let order = RemoteCommand::Horn.with_beeps(beeps);
            assert_eq!(order, Err(InvalidCommand::Beeps));
        }
    }
}
