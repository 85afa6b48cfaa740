//! One car of several, by what is said of it.

use std::fmt;

use toyota_client::model::Vehicle;

use crate::show::on_one_line;

/// So much of a VIN's end tells cars apart; less would be anything's.
const SHORTEST_END: usize = 4;

/// Why no car is chosen, and which there are to choose from.
#[derive(Clone, Debug)]
pub(super) struct NoChoice<'a> {
    why: Why,
    cars: Vec<&'a Vehicle>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    /// The account has none.
    NoCars,
    /// It has several, and nothing is said.
    NotSaid,
    /// None is called so.
    Unknown,
    /// Several are.
    Several,
}

/// How well a name can fit: what fits better goes before all that fits less.
const FITS: [fn(&Vehicle, &str) -> bool; 4] = [
    |car, part| nickname(car).is_some_and(|name| name == part) || vin(car) == part,
    |car, part| names(car).any(|name| name == part),
    |car, part| ends(car, part) || nickname(car).is_some_and(|name| name.starts_with(part)),
    |car, part| names(car).any(|name| name.starts_with(part)),
];

/// Chooses a car.
pub(super) fn choose<'a>(
    cars: &'a [Vehicle],
    part: Option<&str>,
) -> Result<&'a Vehicle, NoChoice<'a>> {
    let cars: Vec<_> = cars.iter().collect();
    let found = match part {
        Some(part) => fitting(&cars, part),
        None => cars.clone(),
    };
    let (why, cars) = match found.as_slice() {
        [only] => return Ok(only),
        _ if cars.is_empty() => (Why::NoCars, cars),
        [] => (Why::Unknown, cars),
        _ if part.is_none() => (Why::NotSaid, cars),
        _ => (Why::Several, found),
    };
    Err(NoChoice { why, cars })
}

/// Returns those that fit best.
fn fitting<'a>(cars: &[&'a Vehicle], part: &str) -> Vec<&'a Vehicle> {
    let part = part.to_lowercase();
    let found = FITS.map(|fits| {
        let found = cars.iter().filter(|car| fits(car, &part));
        found.copied().collect::<Vec<_>>()
    });
    let best = found.into_iter().find(|found| !found.is_empty());
    best.unwrap_or_default()
}

/// What its owner calls a car, in lower case.
fn nickname(car: &Vehicle) -> Option<String> {
    car.nickname.as_deref().map(lower)
}

/// What its maker calls a car, in lower case.
fn names(car: &Vehicle) -> impl Iterator<Item = String> {
    let names = [&car.carline, &car.model_name];
    names.into_iter().flatten().map(|name| lower(name))
}

fn ends(car: &Vehicle, part: &str) -> bool {
    part.len() >= SHORTEST_END && vin(car).ends_with(part)
}

fn vin(car: &Vehicle) -> String {
    lower(car.vin.as_str())
}

fn lower(text: &str) -> String {
    text.trim().to_lowercase()
}

impl<'a> NoChoice<'a> {
    /// Tells whether the owner can choose: not after a name that was wrong.
    pub(super) fn can_be_asked(&self) -> bool {
        matches!(self.why, Why::NotSaid | Why::Several)
    }

    /// Tells whether there is nothing to choose from.
    pub(super) fn are_none(&self) -> bool {
        self.why == Why::NoCars
    }

    /// Returns the car of a number in the list, or of a name.
    pub(super) fn pick(&self, answer: &str) -> Option<&'a Vehicle> {
        let place = answer.parse::<usize>().ok();
        let listed = place.and_then(|place| self.cars.get(place.checked_sub(1)?));
        listed
            .copied()
            .or_else(|| match fitting(&self.cars, answer)[..] {
                [only] => Some(only),
                _ => None,
            })
    }
}

/// One line for the reason, and one for each car.
impl fmt::Display for NoChoice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.why {
            Why::NoCars => return f.write_str("this account has no cars"),
            Why::NotSaid => "this account has several cars: say which",
            Why::Unknown => "no car of this account is called so, or has a VIN that ends so",
            Why::Several => "several cars are called so: say more",
        })?;
        for (place, car) in self.cars.iter().enumerate() {
            let (name, vin) = (on_one_line(car.name().unwrap_or("-")), &car.vin);
            write!(f, "\n  {}  {name} ({vin})", place + 1)?;
        }
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;
    use toyota_client::model::Vehicle;

    use super::*;

    /// Three cars, two of which are called alike.
    pub(in super::super) fn garage() -> Vec<Vehicle> {
        let answer = json!({"payload": [
            {"vin": "JTSIM00000PET0001", "nickName": "Runabout", "modelName": "Yaris"},
            {"vin": "JTSIM00000PHV0002", "nickName": "RAV4", "modelName": "RAV4 Plug-in"},
            {"vin": "JTSIM00000PHV1002", "nickName": "RAV4 of Anna", "modelName": "RAV4"},
        ]});
        Vehicle::list_from_answer(answer).value
    }

    #[test]
    fn a_car_is_found_by_name_and_by_the_end_of_its_vin() {
        let cars = garage();
        for (part, expected) in [
            ("run", Some("Runabout")),
            ("RUNABOUT", Some("Runabout")),
            ("yaris", Some("Runabout")),
            ("0001", Some("Runabout")),
            ("pet0001", Some("Runabout")),
            ("rav4 of", Some("RAV4 of Anna")),
            ("1002", Some("RAV4 of Anna")),
            // Two cars' VINs end so, or less is said than tells cars apart.
            ("002", None),
            ("01", None),
            ("beetle", None),
            ("abou", None),
        ] {
            let found = choose(&cars, Some(part)).ok();
            assert_eq!(found.and_then(Vehicle::name), expected, "{part}");
        }
    }

    #[test]
    fn the_only_car_need_not_be_named() {
        let cars = garage();

        let only = choose(&cars[..1], None).unwrap();

        assert_eq!(only.name(), Some("Runabout"));
        assert_eq!(
            choose(&cars[..1], Some("other")).unwrap_err().why,
            Why::Unknown
        );
        assert_eq!(choose(&[], None).unwrap_err().why, Why::NoCars);
        assert_eq!(choose(&[], Some("other")).unwrap_err().why, Why::NoCars);
    }

    #[test]
    fn the_choices_are_listed_by_name_and_end_of_vin() {
        let cars = garage();

        insta::assert_snapshot!(choose(&cars, None).unwrap_err(), @r"
        this account has several cars: say which
          1  Runabout (…0001)
          2  RAV4 (…0002)
          3  RAV4 of Anna (…1002)
        ");
        insta::assert_snapshot!(choose(&cars, Some("ra")).unwrap_err(), @r"
        several cars are called so: say more
          1  RAV4 (…0002)
          2  RAV4 of Anna (…1002)
        ");
    }

    #[test]
    fn a_name_of_two_lines_is_no_other_choice() {
        let two = json!({"payload": [
            {"vin": "JTSIM00000PET0001", "nickName": "Bob"},
            {"vin": "JTSIM00000PHV0002", "nickName": "Bo\n  9  Bob"},
        ]});
        let cars = Vehicle::list_from_answer(two).value;

        let choices = choose(&cars, None).unwrap_err().to_string();

        assert_eq!(choices.lines().count(), 3, "{choices}");
    }

    #[test]
    fn what_fits_better_goes_before_what_fits_less() {
        let cars = garage();
        for (part, expected) in [
            // One is called so by its owner, another only by its maker.
            ("rav4", "RAV4"),
            ("rav4 p", "RAV4"),
            ("rav4 o", "RAV4 of Anna"),
        ] {
            assert_eq!(choose(&cars, Some(part)).unwrap().name(), Some(expected));
        }
    }
}
