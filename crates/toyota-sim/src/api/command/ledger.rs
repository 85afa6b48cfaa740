//! What was carried out, and how often.

use std::fmt;

use super::Order;
use crate::bounded::BoundedMap;

/// How many commands are remembered: the oldest is forgotten for a new one.
const LENGTH: usize = 10_000;

/// A command that a car was given, and how often.
///
/// Requests for the same account, car and command with the same `x-correlationid` are the same
/// command, sent again.
#[derive(Clone, PartialEq, Eq)]
pub struct CarriedOut {
    guid: String,
    vin: String,
    command: String,
    correlation_id: String,
    times: u64,
}

impl CarriedOut {
    /// Returns the [`guid`](crate::Account::guid) of the account that gave it.
    #[must_use]
    pub fn guid(&self) -> &str {
        &self.guid
    }

    /// Returns the VIN of the car.
    #[must_use]
    pub fn vin(&self) -> &str {
        &self.vin
    }

    /// Returns the command, such as `door-lock`.
    #[must_use]
    pub fn command(&self) -> &str {
        &self.command
    }

    /// Returns the `x-correlationid` that it came with.
    #[must_use]
    pub fn correlation_id(&self) -> &str {
        &self.correlation_id
    }

    /// Returns how often the car was given it; more than once is a client's mistake.
    #[must_use]
    pub fn times(&self) -> u64 {
        self.times
    }
}

/// Shows no user, and of the car the last four characters.
impl fmt::Debug for CarriedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.vin.char_indices().rev().nth(3);
        let last = last.and_then(|(at, _)| self.vin.get(at..)).unwrap_or("");
        f.debug_struct("CarriedOut")
            .field("vin", &format_args!("…{last}"))
            .field("command", &self.command)
            .field("correlation_id", &self.correlation_id)
            .field("times", &self.times)
            .finish_non_exhaustive()
    }
}

/// The newest commands, oldest first.
pub(super) struct Ledger(BoundedMap<CarriedOut>);

impl Default for Ledger {
    fn default() -> Self {
        Self(BoundedMap::new(LENGTH))
    }
}

impl Ledger {
    /// Notes that an order was carried out, and returns how often it was by now.
    pub(super) fn note(&mut self, order: &Order) -> u64 {
        // No part but the last can hold a line break.
        let key = [
            &order.correlation_id,
            &order.vin,
            &order.guid,
            &order.wish.command,
        ]
        .map(String::as_str)
        .join("\n");
        if let Some(known) = self.0.get_mut(&key) {
            known.times += 1;
            return known.times;
        }
        let carried_out = CarriedOut {
            guid: order.guid.clone(),
            vin: order.vin.clone(),
            command: order.wish.command.clone(),
            correlation_id: order.correlation_id.clone(),
            times: 1,
        };
        self.0.insert(key, carried_out);
        1
    }

    /// Returns what was noted, and forgets it.
    pub(super) fn take(&mut self) -> Vec<CarriedOut> {
        self.0.take()
    }
}

#[cfg(test)]
mod tests {
    use ring::digest::{SHA256, digest};

    use super::*;
    use crate::{
        api::{command::Wish, envelope},
        route::Route,
    };

    #[test]
    fn a_command_that_differs_in_anything_is_another() {
        let mut ledger = Ledger::default();
        let first = order();
        let others = [
            Order {
                guid: "2".to_owned(),
                ..order()
            },
            Order {
                vin: "JTSIM00000PET0002".to_owned(),
                ..order()
            },
            Order {
                wish: Wish::new("door-unlock", None),
                ..order()
            },
            Order {
                correlation_id: "y".to_owned(),
                ..order()
            },
        ];

        let times = [ledger.note(&first), ledger.note(&first)];
        let of_others = others.each_ref().map(|other| ledger.note(other));

        assert_eq!((times, of_others), ([1, 2], [1; 4]));
        let taken = ledger.take();
        let times: Vec<u64> = taken.iter().map(CarriedOut::times).collect();
        assert_eq!(times, [2, 1, 1, 1, 1]);
        assert_eq!(ledger.take(), []);
    }

    #[test]
    fn debug_shows_neither_the_user_nor_the_whole_vin() {
        let mut ledger = Ledger::default();
        ledger.note(&Order {
            guid: "hush".to_owned(),
            ..order()
        });
        ledger.note(&Order {
            vin: "é1".to_owned(),
            ..order()
        });

        let shown = format!("{:?}", ledger.take());

        assert!(!shown.contains("hush"), "{shown}");
        assert!(!shown.contains("JTSIM"), "{shown}");
        assert!(!shown.contains('é'), "{shown}");
        assert!(shown.contains("…0001"), "{shown}");
    }

    fn order() -> Order {
        Order {
            guid: "1".to_owned(),
            vin: "JTSIM00000PET0001".to_owned(),
            route: Route::Command,
            wish: Wish::new("door-lock", None),
            body: digest(&SHA256, b""),
            envelope: envelope::remote,
            correlation_id: "x".to_owned(),
            key: None,
        }
    }
}
