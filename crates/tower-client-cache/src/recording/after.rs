//! What is done once the state of a recording is unlocked.

use std::task::Waker;

use super::Finished;
use super::pieces::Pieces;
use super::source::Source;

pub(super) type Finish = Box<dyn FnOnce(Finished) + Send>;

/// What follows from a change: calls into others' code, which may come back, and so must not find
/// the state locked.
#[derive(Default)]
pub(super) struct After {
    pub(super) finish: Option<(Finish, Finished)>,
    // From here on in the order in which they are dropped; also if `finish` panics.
    pub(super) wake: Wakers,
    /// Replaced, or of a reader that left. Its task may hold another reader.
    pub(super) forget: Option<Waker>,
    pub(super) source: Option<Source>,
    pub(super) pieces: Option<Pieces>,
}

impl After {
    pub(super) fn run(mut self) {
        if let Some((finish, finished)) = self.finish.take() {
            finish(finished);
        }
    }
}

/// Readers' wakers, woken when dropped: nobody is forgotten if `finish` panics.
#[derive(Default)]
pub(super) struct Wakers {
    /// Most recordings have one reader, and need no list.
    first: Option<Waker>,
    others: Vec<Waker>,
}

impl Extend<Waker> for Wakers {
    fn extend<I: IntoIterator<Item = Waker>>(&mut self, wakers: I) {
        for waker in wakers {
            match &self.first {
                None => self.first = Some(waker),
                Some(_) => self.others.push(waker),
            }
        }
    }
}

impl Drop for Wakers {
    fn drop(&mut self) {
        if let Some(first) = self.first.take() {
            first.wake();
            self.others.drain(..).for_each(Waker::wake);
        }
    }
}
