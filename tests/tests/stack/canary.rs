//! Fields vanish, turn null and change their type: nothing but the field itself may be lost.
//!
//! Every member of every payload of the simulator is changed in turn, at every depth. What the
//! client reads from the changed document must be what it reads from the whole one, less that
//! member.

use serde_json::{Map, Value, json};
use tests::{client, simulator, soon};
use toyota_client::model::{Decoded, Location, Telemetry, Vehicle};
use toyota_sim::{Account, Payload};

/// The way to one member: names and indexes.
type Path = Vec<Step>;

#[derive(Clone, Debug, PartialEq)]
enum Step {
    Name(String),
    Index(usize),
}

fn display(path: &[Step]) -> String {
    path.iter()
        .fold("payload".to_owned(), |text, step| match step {
            Step::Name(name) => format!("{text}.{name}"),
            Step::Index(index) => format!("{text}[{index}]"),
        })
}

/// Every member of every object, at any depth.
fn members(value: &Value, at: &Path, found: &mut Vec<Path>) {
    match value {
        Value::Object(object) => {
            for (name, member) in object {
                let mut path = at.clone();
                path.push(Step::Name(name.clone()));
                found.push(path.clone());
                members(member, &path, found);
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                let mut path = at.clone();
                path.push(Step::Index(index));
                members(element, &path, found);
            }
        }
        _ => {}
    }
}

fn all_members(payload: &Value) -> Vec<Path> {
    let mut found = Vec::new();
    members(payload, &Vec::new(), &mut found);
    assert!(!found.is_empty());
    found
}

fn parent<'a>(root: &'a mut Value, path: &[Step]) -> &'a mut Map<String, Value> {
    let (_, above) = path.split_last().unwrap();
    let parent = above.iter().fold(root, |value, step| match step {
        Step::Name(name) => &mut value[name.as_str()],
        Step::Index(index) => &mut value[index],
    });
    parent.as_object_mut().unwrap()
}

fn name(path: &[Step]) -> &str {
    match path.last().unwrap() {
        Step::Name(name) => name,
        Step::Index(_) => panic!("a member has a name"),
    }
}

/// A value that no reader takes for the one that is there.
fn mistyped(value: &Value) -> Value {
    match value {
        Value::Object(_) => json!("canary"),
        _ => json!({"canary": true}),
    }
}

/// What the client understood, as JSON, and the paths that it warned of.
#[derive(Debug, PartialEq)]
struct Read {
    value: Value,
    warned: Vec<String>,
}

fn read<T: serde::Serialize>(decoded: Decoded<T>) -> Read {
    Read {
        value: serde_json::to_value(decoded.value).unwrap(),
        warned: decoded
            .warnings
            .iter()
            .map(|w| w.path().to_owned())
            .collect(),
    }
}

/// Leaves that differ between two readings, as paths of the reading.
fn differences(whole: &Value, changed: &Value, at: &str, found: &mut Vec<String>) {
    match (whole, changed) {
        (Value::Object(whole), Value::Object(changed)) => {
            for (name, value) in whole {
                let at = format!("{at}.{name}");
                match changed.get(name) {
                    Some(changed) => differences(value, changed, &at, found),
                    None => found.push(at),
                }
            }
        }
        (Value::Array(whole), Value::Array(changed)) if whole.len() == changed.len() => {
            for (index, (whole, changed)) in whole.iter().zip(changed).enumerate() {
                differences(whole, changed, &format!("{at}[{index}]"), found);
            }
        }
        (whole, changed) if whole == changed => {}
        _ => found.push(at.to_owned()),
    }
}

/// Changes each member in each way, and checks what `read` makes of it. `lost` tells which parts
/// of the reading a member may take with it, by the prefix of their paths.
fn check_every_member(
    payload: &Value,
    read: impl Fn(Value) -> Read,
    lost: impl Fn(&[Step], &str) -> bool,
) {
    let whole = read(payload.clone());
    assert_eq!(
        whole.warned,
        Vec::<String>::new(),
        "the whole document is read without warning"
    );
    for path in all_members(payload) {
        let at = display(&path);
        let mut document = payload.clone();
        let member = name(&path).to_owned();

        let old = parent(&mut document, &path).remove(&member).unwrap();
        let deleted = read(document.clone());
        parent(&mut document, &path).insert(member.clone(), Value::Null);
        let nulled = read(document.clone());
        parent(&mut document, &path).insert(member.clone(), mistyped(&old));
        let mistyped = read(document.clone());

        for (how, changed) in [
            ("deleted", &deleted),
            ("nulled", &nulled),
            ("mistyped", &mistyped),
        ] {
            let mut found = Vec::new();
            differences(&whole.value, &changed.value, "", &mut found);
            for difference in &found {
                assert!(
                    lost(&path, difference),
                    "{at} {how} took {difference} along"
                );
            }
            // What the change cost in the reading is warned of, with its path, where it was
            // mistyped; null and absent are ordinary, unless the whole car depends on it.
            if how == "mistyped" && !found.is_empty() {
                assert_eq!(changed.warned, std::slice::from_ref(&at), "{at} {how}");
            }
        }
        assert_eq!(deleted.value, nulled.value, "{at}: null is like absent");
    }
}

fn vehicles_payload(account: &Account) -> Value {
    let cars = account.cars().iter();
    cars.map(|car| car.get(Payload::Vehicle).unwrap().clone())
        .collect()
}

#[test]
fn a_member_of_a_car_takes_no_other_member_and_no_other_car_along() {
    check_every_member(
        &vehicles_payload(&Account::demo()),
        |payload| read(Vehicle::list_from_answer(json!({ "payload": payload }))),
        |path, difference| {
            let (Step::Index(car), Step::Name(member)) = (&path[0], &path[1]) else {
                panic!("{path:?}");
            };
            if member == "vin" && path.len() == 2 {
                // The car is gone, and with it the length of the list: see below.
                return difference.is_empty();
            }
            difference == format!("[{car}]{}", reading_of(&path[1..]))
        },
    );
}

/// Where the reading has what a member of a car says.
fn reading_of(path: &[Step]) -> String {
    let read_as = |name: &str| match name {
        "nickName" => "nickname".to_owned(),
        "carlineName" => "carline".to_owned(),
        "katashikiCode" => "katashiki".to_owned(),
        "transmissionType" => "transmission".to_owned(),
        "dateOfFirstUse" => "firstUse".to_owned(),
        "manufacturedDate" => "manufactured".to_owned(),
        "subscriptionStartDate" => "start".to_owned(),
        "subscriptionEndDate" => "end".to_owned(),
        "subscriptionRemainingDays" => "remainingDays".to_owned(),
        same => same.to_owned(),
    };
    path.iter().fold(String::new(), |text, step| match step {
        Step::Name(name) => format!("{text}.{}", read_as(name)),
        Step::Index(index) => format!("{text}[{index}]"),
    })
}

#[test]
fn a_car_without_a_vin_is_named_and_the_others_are_whole() {
    let payload = vehicles_payload(&Account::demo());
    let whole = Vehicle::list_from_answer(json!({ "payload": payload })).value;
    for index in 0..whole.len() {
        for change in [None, Some(Value::Null), Some(json!(17)), Some(json!(""))] {
            let mut payload = payload.clone();
            let car = payload[index].as_object_mut().unwrap();
            car.remove("vin");
            car.extend(change.map(|value| ("vin".to_owned(), value)));

            let left = Vehicle::list_from_answer(json!({ "payload": payload }));

            let mut expected = whole.clone();
            expected.remove(index);
            assert_eq!(left.value, expected);
            let warned: Vec<_> = left.warnings.iter().map(|w| w.path().to_owned()).collect();
            assert_eq!(warned, [format!("payload[{index}].vin")]);
        }
    }
}

#[test]
fn a_member_of_a_location_takes_no_other_along() {
    for car in Account::demo().cars() {
        check_every_member(
            car.get(Payload::Location).unwrap(),
            |payload| read(Location::from_answer(json!({ "payload": payload }))),
            |path, difference| {
                let reading: &[&str] = match name(path) {
                    "vin" => &[".vin"],
                    "lastTimestamp" => &[".lastContact"],
                    "displayName" => &[".displayName"],
                    "locationAcquisitionDatetime" => &[".acquired"],
                    // Half a position is none.
                    "latitude" | "longitude" => &[".coordinates"],
                    "vehicleLocation" => &[".coordinates", ".displayName", ".acquired"],
                    other => panic!("an unknown member {other} was read"),
                };
                reading.contains(&difference)
            },
        );
    }
}

#[test]
fn a_member_of_the_telemetry_takes_no_other_along() {
    for car in Account::demo().cars() {
        check_every_member(
            car.get(Payload::Telemetry).unwrap(),
            |payload| read(Telemetry::from_answer(json!({ "payload": payload }))),
            // A distance without its number or its unit is none.
            |path, difference| difference == format!(".{}", name(&path[..1])),
        );
    }
}

#[tokio::test]
async fn the_canary_holds_through_the_whole_stack() {
    let sim = simulator().await;
    let client = client(&sim);
    let whole = soon(client.vehicles()).await.unwrap().value;

    for gone in [
        "remoteDisplay",
        "features",
        "extendedCapabilities",
        "fuelType",
        "subscriptions",
    ] {
        sim.edit_account(|account| {
            for car in account.cars_mut() {
                let vehicle = car.get_mut(Payload::Vehicle).as_object_mut().unwrap();
                vehicle.remove(gone);
            }
        });

        let cars = soon(client.vehicles()).await.unwrap().value;

        assert_eq!(cars.len(), whole.len(), "without {gone}");
        assert_eq!(cars[0].nickname, whole[0].nickname);
    }
}
