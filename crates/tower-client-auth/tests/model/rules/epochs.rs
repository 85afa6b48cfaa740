//! What is over: epochs that have ended, and what was superseded while it waited for a lock.

use tower_client_auth::AuthErrorKind;

use super::{Check, Rule};
use crate::log::{OpEnd, OpKind, Place, What};
use crate::story::OpStory;

impl Check<'_> {
    pub(super) fn epochs(&mut self) {
        for op in &self.story.ops {
            self.ended(op);
        }
        if self.story.case.store.is_none() {
            return;
        }
        for (seq, entry) in self.story.log.iter().enumerate() {
            match &entry.what {
                What::Fetching(fetching) => self.asks(seq, fetching.place, fetching.epoch),
                What::Saved(place, token, _) => {
                    let ops = self.story.ops_at(*place);
                    let mut sets = ops.filter(|op| op.kind == OpKind::Set(*token));
                    if let Some(set) = sets.next() {
                        self.keeps(seq, set);
                    }
                }
                What::Removed(place, _) => self.removes(seq, *place),
                _ => {}
            }
        }
    }

    /// Whose epoch has ended learns it at once, and changes nothing.
    fn ended(&mut self, op: &OpStory) {
        let (epoch, _) = self.story.epoch(op.place, op.when.seq);
        let Some((when, end, _)) = op.end.as_ref().filter(|_| epoch > Some(op.epoch)) else {
            return;
        };
        let so = match op.kind {
            OpKind::Settle => return,
            OpKind::IsAuthenticated => *end == OpEnd::Is(false),
            OpKind::Logout => epoch.map(OpEnd::Epoch).as_ref() == Some(end),
            OpKind::Authenticate | OpKind::Refresh | OpKind::Set(_) => {
                *end == OpEnd::Failed(AuthErrorKind::SignedOut)
            }
        };
        self.that(so && when.at == op.when.at, Rule::Epoch, || {
            format!("{op:?} in {epoch:?}")
        });
    }

    fn asks(&mut self, seq: usize, place: Place, epoch: u64) {
        let Some(locked) = self.locked(seq, place) else {
            return;
        };
        let (current, _) = self.story.epoch(place, locked);
        self.that(current == Some(epoch), Rule::Unwanted, || {
            format!("a fetch at {seq} for {epoch}, in {current:?}")
        });
    }

    fn keeps(&mut self, seq: usize, set: &OpStory) {
        let locked = self.locked(seq, set.place).unwrap_or(seq);
        let over = self.story.superseded(set.place, set.when.seq + 1, locked);
        self.that(!over, Rule::Unwanted, || format!("{set:?} saves at {seq}"));
    }

    /// What removes is the logout that came last, and nothing was brought since.
    fn removes(&mut self, seq: usize, place: Place) {
        let story = self.story;
        let locked = self.locked(seq, place).unwrap_or(seq);
        let begun = story.epoch(place, locked).1.unwrap_or(0);
        let by_logout = story
            .ops_at(place)
            .any(|op| op.kind == OpKind::Logout && op.when.seq + 1 == begun);
        let brought = story.superseded(place, begun + 1, locked);
        self.that(by_logout && !brought, Rule::Unwanted, || {
            format!("a removal at {seq}, of the epoch from {begun}")
        });
    }

    /// When the place has got the lock that it has then.
    fn locked(&self, seq: usize, place: Place) -> Option<usize> {
        let before = &self.story.log[..seq];
        before
            .iter()
            .rposition(|entry| matches!(entry.what, What::Locked(it) if it == place))
    }
}
