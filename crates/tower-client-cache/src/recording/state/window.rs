//! What is kept of an answer that is too long: what the slowest reader has not read.

use tokio::time::Instant;

use super::{Finished, Phase, State};

impl State {
    /// It is longer than what is recorded at most.
    pub(in super::super) fn stop_recording(&mut self) {
        if matches!(self.phase, Phase::Recording) {
            self.phase = Phase::Streaming;
            self.tell(Finished::TooLong);
            self.places.track();
            self.move_window();
        }
    }

    /// Tells whether the fastest readers have to wait for the slowest.
    pub(super) fn is_full(&self) -> bool {
        let behind = self.places.slowest().map(|slowest| self.end - slowest);
        // One chunk at a time there is always room for.
        self.is_live() && behind.is_some_and(|behind| behind >= self.limit.max(1))
    }

    /// Forgets what everybody has read, once not everything is kept; lets those go on who waited
    /// for that.
    pub(super) fn move_window(&mut self) {
        if let Some(slowest) = self.places.slowest() {
            self.pieces.forget_before(slowest);
        }
        if self.held_up.is_some() && !self.is_full() {
            self.held_up = None;
            self.wake_all();
        }
    }

    /// Cuts off those who have kept others waiting for too long.
    pub(in super::super) fn lose_patience(&mut self, now: Instant) {
        let Some(held_up) = &mut self.held_up else {
            return;
        };
        if now < held_up.deadline {
            return;
        }
        let up_to = self.end.saturating_sub(self.limit.max(1));
        let check = |place: &_| held_up.check(place, now);
        if let Some(deadline) = self.places.cut_off(up_to, check) {
            held_up.deadline = deadline;
        }
        self.move_window();
    }
}
