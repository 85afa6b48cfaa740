//! What the layer's handle returns, and what it leaves behind.

use tower_client_auth::AuthErrorKind;

use super::{Check, Rule, TICK};
use crate::log::{OpEnd, OpKind, Token, What};
use crate::story::{How, OpStory, When};

impl Check<'_> {
    pub(super) fn provider(&mut self) {
        for op in &self.story.ops {
            let Some((when, end, kept)) = &op.end else {
                continue;
            };
            match (op.kind, end) {
                (_, OpEnd::Stuck) => self.that(false, Rule::Endless, || format!("{op:?}")),
                (OpKind::Logout, OpEnd::Epoch(epoch)) => self.logout(op, *when, *epoch, *kept),
                (OpKind::Refresh, OpEnd::Token(Some(token))) => self.refreshed(op, *token),
                (OpKind::IsAuthenticated, OpEnd::Is(is)) => self.is(op, *when, *is),
                (_, OpEnd::Settled) => self.settled(op, *when),
                (_, OpEnd::Failed(kind)) => self.failed(op, *when, *kind),
                _ => {}
            }
        }
    }

    /// The next epoch begins, and the store has nothing of the last one.
    fn logout(&mut self, op: &OpStory, when: When, epoch: u64, kept: Option<Token>) {
        let (story, place) = (self.story, op.place);
        let (before, _) = story.epoch(place, op.when.seq);
        let later = story.epoch_changed(place, op.when.seq + 2, when.seq);
        if before > Some(op.epoch) {
            let still = Some(epoch) >= before;
            return self.that(still, Rule::Logout, || format!("{op:?} in {before:?}"));
        }
        let next = before.map(|before| before + 1);
        let holds = Some(epoch) == next || later && Some(epoch) > next;
        self.that(holds, Rule::Logout, || format!("{op:?} from {before:?}"));
        if story.case.store.is_none() || later {
            return;
        }
        let removed = story.log[op.when.seq..when.seq]
            .iter()
            .position(|entry| matches!(entry.what, What::Removed(it, true) if it == place));
        let brought = story.superseded(place, op.when.seq + 2, when.seq);
        self.that(removed.is_some() || brought, Rule::Logout, || {
            format!("{op:?}")
        });
        let removed = op.when.seq + removed.unwrap_or(0);
        let since = |token| {
            story.log[removed..when.seq].iter().any(|entry| {
                matches!(entry.what, What::Saved(it, saved, true)
                    if it.who == place.who && saved == token)
            })
        };
        let holds = kept.is_none_or(since) || brought;
        self.that(holds, Rule::Logout, || format!("{op:?}"));
        for entry in &story.log[removed..] {
            if let What::Saved(it, token, _) = entry.what
                && it == place
                && let Some(fetch) = story.issued[token].fetch
            {
                let fetch = &story.fetches[fetch];
                let holds = fetch.when.seq > op.when.seq || fetch.fetching.place != place;
                self.that(holds, Rule::Overwritten, || format!("{op:?}: {fetch:?}"));
            }
        }
    }

    /// A credential that is newer than the one that was in force.
    fn refreshed(&mut self, op: &OpStory, token: Token) {
        let before = self.story.in_force(op.place, op.when.seq);
        let gains = self.story.gains_at(op.place);
        let mut gains = gains.filter(|it| it.seq > op.when.seq && it.token == token);
        let again = gains.any(|gain| matches!(gain.how, How::Again(_)));
        let holds = before != Some(token) || again;
        self.that(holds, Rule::Provider, || {
            format!("{op:?} in place of {before:?}")
        });
    }

    fn is(&mut self, op: &OpStory, when: When, is: bool) {
        let (story, place) = (self.story, op.place);
        let (epoch, begun) = story.epoch(place, op.when.seq);
        let in_force = story.in_force(place, op.when.seq);
        let good = in_force.map(|token| {
            let (least, most) = story.expires(token);
            let surely = least.is_none_or(|it| it > op.when.at + TICK);
            (surely, most.is_none_or(|it| it > op.when.at))
        });
        let holds = match good {
            _ if epoch != Some(op.epoch) => !is,
            // Where it has expired, the store may have another.
            Some((surely, perhaps)) => {
                is >= surely && (is <= perhaps || story.case.store.is_some())
            }
            None => {
                let mut known = story
                    .issued
                    .iter()
                    .enumerate()
                    .filter(|(_, issued)| issued.who == place.who && !issued.lives.is_empty());
                let mut gains = story.gains_at(place);
                let had = gains.any(|gain| (begun.unwrap_or(0)..when.seq).contains(&gain.seq));
                !is || had || story.case.store.is_some() && known.next().is_some()
            }
        };
        self.that(holds, Rule::Provider, || {
            format!("{op:?}, {in_force:?} in force")
        });
    }

    /// Nothing is fetched, kept or removed but what nobody expects any more.
    fn settled(&mut self, op: &OpStory, when: When) {
        let (story, place) = (self.story, op.place);
        for fetch in story.fetches_at(place) {
            let ended = story.landed(fetch).or(fetch.end.map(|(end, _)| end));
            let runs = fetch.when.seq < when.seq && ended.is_none_or(|end| end.seq > when.seq);
            let wanted = !story.is_superseded(fetch, when.seq);
            self.that(!(runs && wanted), Rule::Settled, || {
                format!("{op:?}: {fetch:?}")
            });
        }
        for other in story.ops_at(place) {
            let brings = matches!(other.kind, OpKind::Set(_) | OpKind::Logout);
            let over = other.end.as_ref().is_none_or(|(end, ..)| end.at <= when.at);
            let runs = brings && other.when.seq < when.seq && !over;
            self.that(!runs, Rule::Settled, || format!("{op:?}: {other:?}"));
        }
    }

    fn failed(&mut self, op: &OpStory, when: When, kind: AuthErrorKind) {
        let (story, place) = (self.story, op.place);
        let (epoch, _) = story.epoch(place, when.seq);
        let source = || story.all_failures(place).any(|it| it.when.seq < when.seq);
        let store = story.case.store.is_some_and(|it| it.can_fail());
        let holds = match kind {
            AuthErrorKind::SignedOut => epoch > Some(op.epoch),
            AuthErrorKind::Store => store,
            AuthErrorKind::Refused => source(),
            AuthErrorKind::Unavailable => source() || story.was_set_late(place, when),
            AuthErrorKind::Timeout => source() || story.case.store.is_some(),
            _ => false,
        };
        self.that(holds, Rule::Provider, || format!("{op:?}"));
    }
}
