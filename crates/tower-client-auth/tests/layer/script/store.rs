//! A store in memory that fails and dawdles when a test tells it to.

use std::collections::HashMap;
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;
use tokio::time::sleep;
use tower_client_auth::{Credential, CredentialKey, Persist, PersistError, Principal};

use super::{issuer, secret};

/// The store. Its clones are the same: as seen by several processes.
#[derive(Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    kept: HashMap<CredentialKey, Credential>,
    locks: HashMap<CredentialKey, Arc<tokio::sync::Mutex<()>>>,
    manners: HashMap<Op, Manner>,
    log: Vec<Op>,
}

/// What is done to it; also what a test notes between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Op {
    Load,
    Lock,
    Save,
    Remove,
    Unlock,
    Fetch,
}

#[derive(Clone, Copy, Default)]
struct Manner {
    failures: u32,
    after: Duration,
    hangs: bool,
}

/// The lock, which tells when it is given back.
pub(crate) struct Lock {
    memory: Memory,
    _guard: OwnedMutexGuard<()>,
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.memory.note(Op::Unlock);
    }
}

impl Memory {
    /// A store that has this credential for the default principal.
    pub(crate) fn with(credential: Credential) -> Self {
        let memory = Self::default();
        memory.put(credential);
        memory
    }

    /// Keeps a credential for the default principal, as another process would.
    pub(crate) fn put(&self, credential: Credential) {
        let kept = &mut self.0.lock().unwrap().kept;
        kept.insert(key(""), credential);
    }

    /// Fails so often at this.
    pub(crate) fn fail(&self, op: Op, failures: u32) {
        self.manner(op, |manner| manner.failures = failures);
    }

    /// Takes so long for this.
    pub(crate) fn delay(&self, op: Op, after: Duration) {
        self.manner(op, |manner| manner.after = after);
    }

    /// Does not answer to this any more.
    pub(crate) fn hang(&self, op: Op) {
        self.manner(op, |manner| manner.hangs = true);
    }

    fn manner(&self, op: Op, change: impl FnOnce(&mut Manner)) {
        change(self.0.lock().unwrap().manners.entry(op).or_default());
    }

    pub(crate) fn note(&self, op: Op) {
        self.0.lock().unwrap().log.push(op);
    }

    /// What was done to it.
    pub(crate) fn log(&self) -> Vec<Op> {
        self.0.lock().unwrap().log.clone()
    }

    pub(crate) fn count(&self, op: Op) -> usize {
        self.log().into_iter().filter(|it| *it == op).count()
    }

    /// The default principal's secret.
    pub(crate) fn kept(&self) -> Option<String> {
        self.kept_of("")
    }

    pub(crate) fn kept_of(&self, principal: &str) -> Option<String> {
        let state = self.0.lock().unwrap();
        let kept = state.kept.get(&key(principal))?;
        Some(secret(kept).to_owned())
    }

    async fn go(&self, op: Op) -> Result<(), PersistError> {
        self.note(op);
        let manner = self.0.lock().unwrap().manners.get(&op).copied();
        let manner = manner.unwrap_or_default();
        if manner.hangs {
            return pending().await;
        }
        sleep(manner.after).await;
        if manner.failures == 0 {
            return Ok(());
        }
        self.fail(op, manner.failures - 1);
        Err(PersistError::new("the disk is on fire"))
    }
}

fn key(principal: &str) -> CredentialKey {
    CredentialKey::new(&issuer(), &Principal::new(principal))
}

impl Persist for Memory {
    type Lock = Lock;

    async fn load(&self, key: &CredentialKey) -> Result<Option<Credential>, PersistError> {
        self.go(Op::Load).await?;
        Ok(self.0.lock().unwrap().kept.get(key).cloned())
    }

    async fn lock(&self, key: &CredentialKey) -> Result<Lock, PersistError> {
        self.go(Op::Lock).await?;
        let mutex = {
            let mut state = self.0.lock().unwrap();
            Arc::clone(state.locks.entry(key.clone()).or_default())
        };
        let memory = self.clone();
        let _guard = mutex.lock_owned().await;
        Ok(Lock { memory, _guard })
    }

    async fn save(&self, key: &CredentialKey, credential: &Credential) -> Result<(), PersistError> {
        self.go(Op::Save).await?;
        let mut state = self.0.lock().unwrap();
        state.kept.insert(key.clone(), credential.clone());
        Ok(())
    }

    async fn remove(&self, key: &CredentialKey) -> Result<(), PersistError> {
        self.go(Op::Remove).await?;
        self.0.lock().unwrap().kept.remove(key);
        Ok(())
    }
}
