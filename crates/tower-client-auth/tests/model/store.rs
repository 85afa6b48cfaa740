//! The model store: shared by layers, slow and failing by chance, and never loses a lock.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};
use tokio::time::sleep;
use tower_client_auth::{Credential, CredentialKey, Persist, PersistError};

use crate::chance;
use crate::log::{Model, Place, Token, What, token_of};

tokio::task_local! {
    /// Set where the store is asked by a caller's own task and not by the layer's.
    pub(crate) static BY_CALLER: ();
}

/// What all layers share.
pub(crate) struct Shelves(Vec<Shelf>);

#[derive(Default)]
struct Shelf {
    kept: Mutex<Option<Credential>>,
    lock: Arc<AsyncMutex<()>>,
}

impl Shelves {
    pub(crate) fn new(people: usize) -> Arc<Self> {
        Arc::new(Self((0..people).map(|_| Shelf::default()).collect()))
    }

    pub(crate) fn kept(&self, who: usize) -> Option<Token> {
        self.0[who].kept.lock().unwrap().as_ref().map(token_of)
    }
}

/// How a store is, or is wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct StoreMood {
    pub(crate) slow: bool,
    /// In a hundred.
    pub(crate) loads_fail: u32,
    pub(crate) locks_fail: u32,
    pub(crate) saves_fail: u32,
    pub(crate) flaw: Option<StoreFlaw>,
}

impl StoreMood {
    pub(crate) fn can_fail(self) -> bool {
        self.loads_fail + self.locks_fail + self.saves_fail > 0
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum StoreFlaw {
    /// Its lock keeps nobody out.
    NoLock,
    /// It says that it has kept what it has not.
    Forgetful,
}

/// One layer's way to it.
pub(crate) struct Store {
    pub(crate) model: Arc<Model>,
    pub(crate) shelves: Arc<Shelves>,
    pub(crate) layer: usize,
    pub(crate) mood: StoreMood,
}

impl Store {
    /// Takes some time; tells whether it fails then.
    async fn takes_time(&self, fails: u32) -> Result<(), PersistError> {
        let slow = self.mood.slow;
        let pause = self.model.random(|random| match slow {
            true => chance::delay(random, false),
            false => Duration::ZERO,
        });
        if !pause.is_zero() {
            sleep(pause).await;
        }
        if self.model.random(|random| random.u32(..100) < fails) {
            return Err(PersistError::new("the disk is full"));
        }
        Ok(())
    }

    fn place(&self, key: &CredentialKey) -> Place {
        Place {
            layer: self.layer,
            who: chance::who(key.principal()),
        }
    }

    fn shelf(&self, key: &CredentialKey) -> &Shelf {
        &self.shelves.0[chance::who(key.principal())]
    }
}

impl Persist for Store {
    type Lock = Option<OwnedMutexGuard<()>>;

    async fn load(&self, key: &CredentialKey) -> Result<Option<Credential>, PersistError> {
        let began = self.model.now();
        let taken = self.takes_time(self.mood.loads_fail).await;
        let kept = self.shelf(key).kept.lock().unwrap().clone();
        let loaded = taken.map(|()| kept);
        self.model.note(What::Loaded {
            place: self.place(key),
            began,
            token: match &loaded {
                Ok(kept) => Ok(kept.as_ref().map(token_of)),
                Err(_) => Err(()),
            },
            by_caller: BY_CALLER.try_with(|()| ()).is_ok(),
        });
        loaded
    }

    async fn lock(&self, key: &CredentialKey) -> Result<Self::Lock, PersistError> {
        if let Err(error) = self.takes_time(self.mood.locks_fail).await {
            self.model.note(What::LockFailed);
            return Err(error);
        }
        if self.mood.flaw == Some(StoreFlaw::NoLock) {
            return Ok(None);
        }
        let lock = Arc::clone(&self.shelf(key).lock).lock_owned().await;
        self.model.note(What::Locked(self.place(key)));
        Ok(Some(lock))
    }

    async fn save(&self, key: &CredentialKey, credential: &Credential) -> Result<(), PersistError> {
        let taken = self.takes_time(self.mood.saves_fail).await;
        let kept = taken.is_ok() && self.mood.flaw != Some(StoreFlaw::Forgetful);
        if kept {
            *self.shelf(key).kept.lock().unwrap() = Some(credential.clone());
        }
        let token = token_of(credential);
        let saved = What::Saved(self.place(key), token, kept);
        self.model.note(saved);
        taken
    }

    async fn remove(&self, key: &CredentialKey) -> Result<(), PersistError> {
        let taken = self.takes_time(self.mood.saves_fail).await;
        if taken.is_ok() {
            *self.shelf(key).kept.lock().unwrap() = None;
        }
        self.model
            .note(What::Removed(self.place(key), taken.is_ok()));
        taken
    }
}
