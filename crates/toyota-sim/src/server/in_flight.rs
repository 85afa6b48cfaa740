//! How many requests of an account are under way.

use std::sync::Arc;

use crate::world::Shared;

/// A request that is under way, for as long as this lives.
pub(super) struct InFlight {
    shared: Arc<Shared>,
    account: usize,
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
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if let Some(now) = self.shared.world().in_flight.get_mut(&self.account) {
            *now = now.saturating_sub(1);
        }
    }
}
