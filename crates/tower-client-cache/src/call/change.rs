//! What a request that may change something makes invalid.

use std::sync::Arc;

use http::{HeaderMap, Uri};

use crate::background::Work;
use crate::policy::targets;
use crate::shared::Shared;
use crate::{Key, Owner};

/// A request that is sent and may change something. What it may have changed is forgotten also if
/// its caller leaves.
pub(super) struct Change {
    shared: Arc<Shared>,
    /// Whose answers are invalid: the caller's, and nobody's in particular.
    owners: Vec<Owner>,
    target: Uri,
    /// Whether nobody knows yet what came of it.
    pub(super) is_open: bool,
}

impl Change {
    pub(super) fn new(shared: Arc<Shared>, owner: Option<Owner>, target: Uri) -> Self {
        let mut owners = vec![shared.owner_without_principal()];
        owners.extend(owner.filter(|owner| !owners.contains(owner)));
        Self {
            shared,
            owners,
            target,
            is_open: true,
        }
    }

    /// Forgets the target, and what the answer names: begins to now, and returns what is left to do.
    pub(super) fn forget(&self, answer: &HeaderMap) -> Work {
        self.shared.forget_all(self.keys(answer))
    }

    fn keys(&self, answer: &HeaderMap) -> Vec<Key> {
        let targets: Vec<_> = targets(&self.target, answer).collect();
        let keys = self.owners.iter().flat_map(|owner| {
            let key = |target| Key::new(owner.clone(), target).ok();
            targets.iter().filter_map(key)
        });
        keys.collect()
    }
}

impl Drop for Change {
    fn drop(&mut self) {
        if self.is_open {
            self.shared.background.soon(self.forget(&HeaderMap::new()));
        }
    }
}
