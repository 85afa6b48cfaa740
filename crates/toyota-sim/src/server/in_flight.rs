//! How many requests of an account are under way.

use std::sync::Arc;

use crate::world::Shared;

/// A request that is under way, for as long as this lives.
pub(super) struct InFlight {
    shared: Arc<Shared>,
    account: usize,
    is_too_many: bool,
}

impl InFlight {
    pub(super) fn begin(shared: &Arc<Shared>, account: usize) -> Self {
        let mut world = shared.world();
        let now = world.in_flight.entry(account).or_default();
        *now += 1;
        let now = *now;
        let most = world.counters.most_in_flight.entry(account).or_default();
        *most = now.max(*most);
        Self {
            shared: Arc::clone(shared),
            account,
            is_too_many: world.most_at_once.is_some_and(|bound| now > bound),
        }
    }

    /// Returns whether as many as the gateway bears were under way when this began.
    pub(super) fn is_too_many(&self) -> bool {
        self.is_too_many
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if let Some(now) = self.shared.world().in_flight.get_mut(&self.account) {
            *now = now.saturating_sub(1);
        }
    }
}
