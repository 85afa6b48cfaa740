//! What is remembered of cars from call to call: by which routes they are asked, and what is not
//! theirs.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use ring::digest;
use serde::{Deserialize, Serialize};

use crate::Vin;
use crate::routes::Feature;

/// More cars are in no account; what is remembered of the one longest unheard of goes first.
const MOST_CARS: usize = 1_000;

/// What a client remembers of its cars; clones are the same memory.
///
/// It holds no VIN and no account in clear, but digests of both.
#[derive(Clone, Default)]
pub struct Memory {
    remembered: Arc<Mutex<Remembered>>,
}

/// All that is remembered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Remembered {
    pub(crate) cars: BTreeMap<CarId, CarMemory>,
}

/// A car of an account, by a digest of both.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct CarId(String);

/// What is remembered of one car.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct CarMemory {
    /// When it was last heard of.
    pub(crate) touched: Option<Timestamp>,
    /// By which routes it is asked, by the name of the feature.
    pub(crate) routes: BTreeMap<String, RouteMemory>,
}

/// What is known of the routes of one feature of one car.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct RouteMemory {
    /// The route that answered last.
    pub(crate) answered: Option<String>,
    /// Routes that were refused, and until when they are not tried again.
    pub(crate) refused: BTreeMap<String, Timestamp>,
}

impl CarId {
    /// Names what belongs to an account and a car; without a car, what belongs to the account.
    pub(crate) fn new(account: &str, vin: Option<&Vin>) -> Self {
        let vin = vin.map_or("", Vin::as_str);
        let text = format!("{account}\n{vin}");
        let digest = digest::digest(&digest::SHA256, text.as_bytes());
        let digits = digest.as_ref().iter().take(16);
        Self(digits.map(|byte| format!("{byte:02x}")).collect())
    }
}

impl Memory {
    /// Creates a memory that ends with the process.
    #[must_use]
    pub fn in_process() -> Self {
        Self::default()
    }

    /// Looks into the memory.
    pub(crate) async fn read<R>(&self, look: impl FnOnce(&Remembered) -> R) -> R {
        look(
            &self
                .remembered
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    /// Changes the memory.
    pub(crate) async fn update<R: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Remembered) -> R + Send + 'static,
    ) -> R {
        let mut remembered = self
            .remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let changed = change(&mut remembered);
        remembered.bound();
        changed
    }
}

impl Remembered {
    /// Returns what is known of the routes of a feature.
    pub(crate) fn routes(&self, id: &CarId, feature: Feature) -> RouteMemory {
        let car = self.cars.get(id);
        let routes = car.and_then(|car| car.routes.get(feature.name()));
        routes.cloned().unwrap_or_default()
    }

    /// Returns what is remembered of a car, to be changed.
    pub(crate) fn car(&mut self, id: &CarId, now: Timestamp) -> &mut CarMemory {
        let car = self.cars.entry(id.clone()).or_default();
        car.touched = Some(now);
        car
    }

    fn bound(&mut self) {
        while self.cars.len() > MOST_CARS {
            let oldest = self.cars.iter().min_by_key(|(_, car)| car.touched);
            let Some(oldest) = oldest.map(|(id, _)| id.clone()) else {
                return;
            };
            self.cars.remove(&oldest);
        }
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_car_s_name_is_a_digest_of_account_and_vin() {
        let vin = Vin::new("JTSIM00000PET0001").unwrap();

        let id = CarId::new("a", Some(&vin));

        assert_eq!(id.0.len(), 32);
        assert!(!id.0.contains("JTSIM"));
        assert_eq!(id, CarId::new("a", Some(&vin)));
        assert_ne!(id, CarId::new("b", Some(&vin)));
        assert_ne!(id, CarId::new("a", None));
    }

    #[tokio::test]
    async fn the_car_longest_unheard_of_is_forgotten_for_one_too_many() {
        let memory = Memory::in_process();
        let id = |number: usize| CarId::new(&number.to_string(), None);
        for number in 0..=MOST_CARS {
            let seconds = i64::try_from(number).unwrap();
            let now = Timestamp::from_second(seconds).unwrap();
            memory
                .update(move |it| {
                    it.car(&id(number), now);
                })
                .await;
        }

        let (cars, oldest) = memory
            .read(|it| (it.cars.len(), it.cars.contains_key(&id(0))))
            .await;

        assert_eq!((cars, oldest), (MOST_CARS, false));
    }
}
