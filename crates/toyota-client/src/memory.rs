//! What is remembered of cars from call to call: by which routes they are asked, and what is not
//! theirs.

mod file;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use ring::digest;
use serde::{Deserialize, Serialize};

use self::file::MemoryFile;
use crate::Vin;
use crate::routes::Feature;
use crate::wake::{Spent, Wake, WakeQuotas, WakeRecord, WakeState};

/// More cars are in no account; what is remembered of the one longest unheard of goes first.
const MOST_CARS: usize = 1_000;

/// What a client remembers of its cars; clones are the same memory.
///
/// It holds no VIN and no account in clear, but digests of both.
#[derive(Clone, Default)]
pub struct Memory(Arc<Shared>);

#[derive(Default)]
struct Shared {
    remembered: Mutex<Remembered>,
    file: Option<MemoryFile>,
}

/// What was changed is known in this process only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotKept;

/// All that is remembered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Remembered {
    /// When it was found that what was remembered before is lost; in the future if just now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) lost: Option<Timestamp>,
    #[serde(default)]
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
    /// How it was woken.
    pub(crate) wakes: WakeRecord,
}

/// What is known of the routes of one feature of one car.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct RouteMemory {
    /// The route that answered last.
    pub(crate) answered: Option<String>,
    /// Routes that were refused, and until when they are not tried again.
    pub(crate) refused: BTreeMap<String, Timestamp>,
    /// How often in a row all of them were refused.
    pub(crate) strikes: u32,
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

    /// Returns a number that few other cars have.
    fn seed(&self) -> u64 {
        let digits = self.0.get(..16);
        let seed = digits.and_then(|digits| u64::from_str_radix(digits, 16).ok());
        seed.unwrap_or_default()
    }
}

impl Memory {
    /// Creates a memory that ends with the process.
    #[must_use]
    pub fn in_process() -> Self {
        Self::default()
    }

    /// Creates a memory in a file, which outlives the process, and which processes share: they know
    /// from each other how often a car was woken.
    ///
    /// The file is its owner's alone, and is replaced as a whole; beside it is one with the ending
    /// `.lock`. Both, and the folder, are created when there is something to remember. A file that cannot
    /// be read or written is told as a warning, once. The client goes on without it, but wakes no car: it
    /// could not tell the next process of it. What is no memory, or a damaged one, is moved aside (to the
    /// ending `.damaged`), and no car is woken for an hour. Needs a tokio runtime.
    ///
    /// Reads nothing yet.
    #[must_use]
    pub fn in_file(path: impl Into<PathBuf>) -> Self {
        Self(Arc::new(Shared {
            remembered: Mutex::default(),
            file: Some(MemoryFile::new(path)),
        }))
    }

    /// Looks into the memory. What other processes have changed since this one has changed anything is
    /// not in it.
    pub(crate) async fn read<R>(&self, look: impl FnOnce(&Remembered) -> R) -> R {
        if self.0.file.as_ref().is_some_and(|file| !file.was_read()) {
            self.update(|_| ()).await;
        }
        look(&self.0.remembered())
    }

    /// Changes the memory, and if it cannot be kept what this process knows.
    pub(crate) async fn update<R: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Remembered) -> R + Send + 'static,
    ) -> R {
        self.try_update(change).await.0
    }

    /// Changes the memory, as it is now for all who share it, and tells whether that is kept.
    pub(crate) async fn try_update<R: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Remembered) -> R + Send + 'static,
    ) -> (R, Result<(), NotKept>) {
        let change = |remembered: &mut Remembered| {
            let changed = change(remembered);
            remembered.bound();
            changed
        };
        let shared = Arc::clone(&self.0);
        let blocking = move || match &shared.file {
            Some(file) => shared.change_file(file, change),
            None => (change(&mut shared.remembered()), Ok(())),
        };
        if self.0.file.is_none() {
            return blocking();
        }
        match tokio::task::spawn_blocking(blocking).await {
            Ok(changed) => changed,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The runtime ends, and this with it.
                Err(_) => std::future::pending().await,
            },
        }
    }
}

impl Shared {
    fn remembered(&self) -> MutexGuard<'_, Remembered> {
        self.remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what is in the file, or if that fails what this process knows. Blocks.
    fn change_file<R>(
        &self,
        file: &MemoryFile,
        change: impl FnOnce(&mut Remembered) -> R,
    ) -> (R, Result<(), NotKept>) {
        let Ok((found, opened)) = file.open() else {
            file.set_read();
            return (change(&mut self.remembered()), Err(NotKept));
        };
        // A file that is not there any more does not make forgotten what this process knows.
        let mut remembered = found.unwrap_or_else(|| self.remembered().clone());
        let changed = change(&mut remembered);
        let kept = opened.keep(&remembered);
        // As long as nobody else of this process can have changed it since.
        *self.remembered() = remembered;
        file.set_read();
        drop(opened);
        (changed, kept)
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

    /// Returns how a car was woken.
    pub(crate) fn wakes(&self, id: &CarId) -> WakeRecord {
        let car = self.cars.get(id);
        let mut wakes = car.map(|car| car.wakes.clone()).unwrap_or_default();
        if wakes.state == WakeState::default() {
            wakes.state = WakeState::new(id.seed());
        }
        wakes
    }

    /// Returns how a car was woken, once no clock that was set back since can make that last.
    pub(crate) fn settled_wakes(&mut self, id: &CarId, now: Timestamp) -> WakeRecord {
        let mut wakes = self.wakes(id);
        if wakes.state.settle(now)
            && let Some(car) = self.cars.get_mut(id)
        {
            car.wakes.state = wakes.state;
        }
        wakes
    }

    /// Returns how a car takes being woken, to be changed.
    pub(crate) fn wake_state(&mut self, id: &CarId, now: Timestamp) -> &mut WakeState {
        let state = self.wakes(id).state;
        let known = &mut self.car(id, now).wakes.state;
        *known = state;
        known
    }

    /// Counts a wake that is about to be sent.
    pub(crate) fn spend(
        &mut self,
        id: &CarId,
        what: Wake,
        quotas: &WakeQuotas,
        now: Timestamp,
    ) -> Result<(), Spent> {
        self.lost = self.lost.map(|lost| lost.min(now));
        let lost = self.lost;
        self.car(id, now).wakes.spend(what, quotas, lost, now)
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
