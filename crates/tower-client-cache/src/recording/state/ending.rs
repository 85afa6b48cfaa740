//! How a recording ends: at the end of its source, by an error, or since everybody left.

use std::mem;

use http_body::SizeHint;

use super::{Finished, Phase, State};
use crate::CacheError;

impl State {
    /// The source has ended already, however long it was announced: so it is with answers to HEAD.
    pub(in super::super) fn begin_ended(&mut self) {
        self.complete();
        self.end();
    }

    /// Tells `finish` that this was everything. The readers learn it afterwards: whoever has read
    /// everything finds it stored.
    pub(in super::super) fn complete(&mut self) {
        if matches!(self.phase, Phase::Recording) {
            let content = self.pieces.seal();
            self.tell(Finished::Complete(content));
        }
    }

    /// The source has ended.
    pub(in super::super) fn end(&mut self) {
        self.phase = match self.phase {
            Phase::Recording => Phase::Complete,
            _ => Phase::Over,
        };
        self.stop(SizeHint::with_exact(0));
    }

    /// The source failed.
    pub(in super::super) fn fail(&mut self, error: CacheError) {
        self.phase = Phase::Failed(Some(error));
        self.tell(Finished::Failed);
        self.stop(SizeHint::default());
    }

    /// A reader leaves.
    pub(in super::super) fn leave(&mut self, id: usize) {
        if let Some(forgotten) = self.places.leave(id) {
            self.after().forget = Some(forgotten);
        }
        if self.held_up.is_some() && !self.places.any_waiting() {
            self.held_up = None;
        }
        self.move_window();
        self.abandon_if_alone();
    }

    pub(in super::super) fn add_handle(&mut self) {
        self.handles += 1;
    }

    pub(in super::super) fn drop_handle(&mut self) {
        self.handles -= 1;
        self.abandon_if_alone();
    }

    /// Returns the error, if there was one, to a reader that has everything before it, and leaves.
    pub(super) fn last_word(&mut self, id: usize) -> Option<CacheError> {
        self.leave(id);
        let Phase::Failed(error) = &mut self.phase else {
            return None;
        };
        // So the last one has it for itself.
        match self.places.reading() {
            0 => error.take(),
            _ => error.clone(),
        }
    }

    pub(super) fn tell(&mut self, finished: Finished) {
        if let Some(finish) = self.finish.take() {
            self.after().finish = Some((finish, finished));
        }
    }

    /// Nothing comes any more, but what is kept is still read.
    fn stop(&mut self, hint: SizeHint) {
        self.hint = hint;
        self.held_up = None;
        if let Some(source) = self.source.take() {
            self.after().source = Some(source);
        }
        self.wake_all();
    }

    /// Whether everything is here that was announced.
    fn has_all(&self) -> bool {
        matches!(self.phase, Phase::Recording) && self.expected == Some(self.end)
    }

    /// Without readers nobody goes on; before the first, and after the end, there may still come
    /// one as long as there is a handle.
    fn abandon_if_alone(&mut self) {
        if self.places.reading() > 0 {
            return;
        }
        let may_join = matches!(self.phase, Phase::Complete) || !self.was_read;
        if self.handles > 0 && may_join {
            return;
        }
        if self.is_live() && self.has_all() {
            // Whoever stops at the announced length has not looked for the end.
            self.complete();
            self.end();
        } else if self.is_live() {
            self.phase = Phase::Abandoned;
            self.tell(Finished::Abandoned);
            self.stop(SizeHint::default());
        }
        // Whoever still has the source's waker would keep it.
        self.after().pieces = Some(mem::take(&mut self.pieces));
    }
}
