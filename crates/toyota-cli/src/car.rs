//! Which car is meant: by a VIN or its end, by its name, or because there is only one.

mod choice;

use std::fmt;
use std::io;

use toyota_client::Vin;
use toyota_client::model::Vehicle;

use self::choice::{NoChoice, choose};
use crate::caller::Caller;
use crate::failure::Failure;
use crate::prompt;
use crate::show::on_one_line;

/// Somebody who was asked this often does not want to say.
const MAX_QUESTIONS: usize = 3;
/// Longer than any name that the app takes.
const LONGEST_NAME: usize = 100;
const VIN: usize = 17;

/// What is said of a car on the command line.
#[derive(Clone, Debug)]
pub(crate) enum CarName {
    /// A whole VIN, which need not be looked up.
    Whole(Vin),
    /// The end of a VIN, or a name or how it begins.
    Part(String),
}

/// The car that is meant.
#[derive(Clone, Debug)]
pub(crate) struct Chosen {
    pub(crate) vin: Vin,
    /// Not known of a whole VIN.
    pub(crate) name: Option<String>,
}

/// Takes a name from the command line.
pub(crate) fn parse(text: &str) -> Result<CarName, &'static str> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST_NAME {
        return Err("a car is named by the end of its VIN, or by its name or how that begins");
    }
    let is_whole = text.len() == VIN
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && text.bytes().any(|byte| byte.is_ascii_digit());
    match Vin::new(text.to_ascii_uppercase()) {
        Ok(vin) if is_whole => Ok(CarName::Whole(vin)),
        _ => Ok(CarName::Part(text.to_owned())),
    }
}

/// Returns the car that is meant, after a question where that is possible. A whole VIN is not looked
/// up.
pub(crate) async fn find(caller: &Caller, name: Option<&CarName>) -> Result<Chosen, Failure> {
    if let Some(CarName::Whole(vin)) = name {
        return Ok(Chosen {
            vin: vin.clone(),
            name: None,
        });
    }
    let car = find_vehicle(caller, name).await?;
    Ok(Chosen {
        name: car.name().map(on_one_line),
        vin: car.vin,
    })
}

/// Returns the car that is meant, with all that the list of cars tells of it.
pub(crate) async fn find_vehicle(
    caller: &Caller,
    name: Option<&CarName>,
) -> Result<Vehicle, Failure> {
    let part = match name {
        Some(CarName::Whole(vin)) => Some(vin.as_str()),
        Some(CarName::Part(part)) => Some(part.as_str()),
        None => None,
    };
    let looking = caller.ask("looking for the car", async |client| {
        client.vehicles().await
    });
    let cars = looking.await?.value;
    match choose(&cars, part) {
        Ok(car) => Ok(car.clone()),
        Err(choices) if choices.can_be_asked() && prompt::is_possible() => {
            let asked = ask(&choices, &mut io::stdin().lock(), &mut io::stderr());
            let chosen = asked.map_err(Failure::internal)?;
            let chosen = chosen.ok_or_else(|| not_chosen(&choices))?;
            Ok(chosen.clone())
        }
        Err(choices) => Err(not_chosen(&choices)),
    }
}

fn not_chosen(choices: &NoChoice<'_>) -> Failure {
    let next = if choices.are_none() {
        "add the car to this account in the app, or sign in as its owner"
    } else {
        "name a car by the end of its VIN (four characters or more), or by its name"
    };
    Failure::usage(choices).but(next)
}

/// Asks which of several cars is meant.
fn ask<'a>(
    choices: &NoChoice<'a>,
    input: &mut impl io::BufRead,
    output: &mut impl io::Write,
) -> io::Result<Option<&'a Vehicle>> {
    writeln!(output, "{}", crate::show::printable(&choices.to_string()))?;
    for _ in 0..MAX_QUESTIONS {
        let answer = prompt::line("Which one (a number, or its name)", input, output)?;
        if answer.is_empty() {
            break;
        }
        if let Some(car) = choices.pick(&answer) {
            return Ok(Some(car));
        }
    }
    Ok(None)
}

/// As a question calls it: of the VIN no more than its end.
impl fmt::Display for Chosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{name} ({})", self.vin),
            None => write!(f, "the car {}", self.vin),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_vin_needs_no_look_up_and_anything_else_does() {
        for (text, whole) in [
            ("JTSIM00000PET0001", true),
            ("jtsim00000pet0001", true),
            ("0001", false),
            ("Grandmothersyaris", false),
            ("My 2nd best Yaris", false),
        ] {
            let name = parse(text).unwrap();
            assert_eq!(matches!(name, CarName::Whole(_)), whole, "{text}");
        }
    }

    #[test]
    fn nothing_and_a_novel_name_no_car() {
        assert!(parse(" ").is_err());
        assert!(parse(&"x".repeat(101)).is_err());
    }

    #[test]
    fn who_is_asked_answers_with_a_number_or_a_name() {
        let cars = choice::tests::garage();
        let choices = choose(&cars, None).unwrap_err();
        for (answers, expected) in [
            ("2\n", Some("RAV4")),
            ("rav4\n", Some("RAV4")),
            ("0\n9\nrunabout\n", Some("Runabout")),
            ("9\n9\n9\n1\n", None),
            ("\n1\n", None),
            ("", None),
        ] {
            let chosen = ask(&choices, &mut answers.as_bytes(), &mut Vec::new());

            let name = chosen.unwrap().and_then(Vehicle::name);
            assert_eq!(name, expected, "{answers:?}");
        }
    }
}
