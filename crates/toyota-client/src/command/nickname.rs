//! What the owner calls a car.

use std::fmt;

use serde_json::{Value, json};

use super::InvalidCommand;
use crate::Vin;

const MAX_CHARS: usize = 64;

/// A name for a car. `Debug` does not show it: owners call their cars by names of people.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Nickname(Box<str>);

impl Nickname {
    pub(crate) fn new(name: &str) -> Result<Self, InvalidCommand> {
        let name = name.trim();
        let fits = (1..=MAX_CHARS).contains(&name.chars().count());
        if !fits || name.contains(char::is_control) {
            return Err(InvalidCommand::Nickname);
        }
        Ok(Self(name.into()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns what is sent for a user and a car.
    pub(crate) fn body(&self, user: &str, vin: &Vin) -> Value {
        json!({"guid": user, "vin": vin.as_str(), "nickName": &*self.0})
    }
}

impl fmt::Debug for Nickname {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nickname(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nickname_can_be_shown_and_is_not_shown_by_accident() {
        let name = Nickname::new(" Štěpánka 🚗 ").unwrap();
        let vin = Vin::new("JTSIM00000PET0001").unwrap();

        assert_eq!(format!("{name:?}"), "Nickname(…)");
        assert_eq!(
            name.body("u-1", &vin),
            json!({"guid": "u-1", "vin": "JTSIM00000PET0001", "nickName": "Štěpánka 🚗"})
        );
        let long = "ä".repeat(MAX_CHARS + 1);
        for name in ["", " ", "a\u{1b}[2J", "a\nb", &long] {
            assert_eq!(Nickname::new(name), Err(InvalidCommand::Nickname));
        }
        assert!(Nickname::new(&"ä".repeat(MAX_CHARS)).is_ok());
    }
}
