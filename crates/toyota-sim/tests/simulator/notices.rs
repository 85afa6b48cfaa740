use std::collections::BTreeSet;

use serde_json::{Value, json};
use toyota_sim::{Account, Simulator};

use crate::support::{ELECTRIC, HYBRID, Owner, PETROL};

const HISTORY: &str = "/v2/notification/history";
const COMMAND: &str = "/v1/global/remote/command";

#[tokio::test]
async fn no_two_notifications_of_a_garage_share_an_identifier() {
    for seed in [0, 1, 101, 202, 303] {
        let builder = Simulator::builder().seed(seed);
        let owner = Owner::of(builder.account(Account::demo_with_cars(7))).await;
        let vins: Vec<String> = owner.sim.account().cars().iter().map(vin).collect();
        for vin in &vins {
            for command in ["door-unlock", "door-lock"] {
                owner
                    .post(COMMAND, vin, Some(json!({"command": command})))
                    .await;
                owner.wait(30);
            }
        }

        let told = ids(&owner.payload(HISTORY, PETROL).await);

        assert!(told.len() >= 18, "{told:?}");
        assert!(told.iter().all(|id| is_id(id)), "{told:?}");
        let different: BTreeSet<&String> = told.iter().collect();
        assert_eq!(different.len(), told.len(), "seed {seed}: {told:?}");
    }
}

#[tokio::test]
async fn a_notification_keeps_its_identifier() {
    let (owner, other) = (
        Owner::new().await,
        Owner::of(Simulator::builder().seed(7)).await,
    );
    let first = ids(&owner.payload(HISTORY, PETROL).await);

    owner
        .post(COMMAND, HYBRID, Some(json!({"command": "door-lock"})))
        .await;
    owner.wait(30);
    let later = ids(&owner.payload(HISTORY, ELECTRIC).await);
    let elsewhere = ids(&other.payload(HISTORY, PETROL).await);

    assert_eq!(later.len(), first.len() + 1);
    assert!(first.iter().all(|id| later.contains(id)), "{later:?}");
    assert_eq!(elsewhere, first);
}

fn vin(car: &toyota_sim::Car) -> String {
    car.vin().to_owned()
}

/// The identifiers of a history, car by car.
fn ids(history: &Value) -> Vec<String> {
    let lists = history.as_array().unwrap().iter();
    lists
        .flat_map(|list| list["notifications"].as_array().unwrap())
        .map(|notification| notification["messageId"].as_str().unwrap().to_owned())
        .collect()
}

fn is_id(id: &str) -> bool {
    let is_digit = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
    id.len() == 24 && id.bytes().all(is_digit)
}
