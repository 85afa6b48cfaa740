//! What follows from a story: what was in force, and in which epoch.

mod doubt;
mod trouble;

use std::time::Duration;

use crate::log::{Fetching, OpEnd, OpKind, Place, Token};
use crate::story::{CallStory, FetchStory, Gain, OpStory, Story};

/// The windows of a lifetime, as documented: soft, with and without all of its jitter, and hard.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Windows {
    pub(crate) least_soft: Duration,
    pub(crate) most_soft: Duration,
    pub(crate) least_hard: Duration,
    pub(crate) most_hard: Duration,
}

impl Windows {
    pub(crate) fn of(life: Duration) -> Self {
        let base = Duration::from_secs(60).max(life / 10);
        let [least_soft, most_soft] = [base, base * 5 / 4].map(|soft| soft.min(life / 2));
        let [least_hard, most_hard] =
            [least_soft, most_soft].map(|soft| Duration::from_secs(5).min(soft / 2));
        Self {
            least_soft,
            most_soft,
            least_hard,
            most_hard,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Freshness {
    Fresh,
    Soft,
    Hard,
    Expired,
    /// Within the jitter, or the clock's resolution.
    Unclear,
}

const TICK: Duration = Duration::from_millis(3);

impl Story {
    /// When a credential is good no longer: at the least and at the most.
    pub(crate) fn expires(&self, token: Token) -> (Option<Duration>, Option<Duration>) {
        let ends = self.issued[token].lives.iter().map(|life| life.expires);
        let far = |end: &Option<Duration>| end.unwrap_or(Duration::MAX);
        let (least, most) = (ends.clone().min_by_key(far), ends.max_by_key(far));
        (least.flatten(), most.flatten())
    }

    pub(crate) fn freshness(&self, token: Token, at: Duration) -> Freshness {
        let [life] = self.issued[token].lives[..] else {
            return Freshness::Unclear;
        };
        let (Some(life), Some(expires)) = (life.whole, life.expires) else {
            return Freshness::Fresh;
        };
        let left = expires.saturating_sub(at);
        let windows = Windows::of(life);
        // Both clocks are looked at: a busy machine may see a little more time pass.
        if left > windows.most_soft + TICK {
            Freshness::Fresh
        } else if left <= windows.least_soft && left > windows.most_hard + TICK {
            Freshness::Soft
        } else if !left.is_zero() && left <= windows.least_hard {
            Freshness::Hard
        } else if left.is_zero() {
            Freshness::Expired
        } else {
            Freshness::Unclear
        }
    }

    /// The epoch of a place, and when it began if it is not the first.
    pub(crate) fn epoch(&self, place: Place, seq: usize) -> (Option<u64>, Option<usize>) {
        let changes = self.epochs.iter();
        let mut changes = changes
            .filter(|(at, it, _)| *at < seq && *it == place)
            .rev();
        match (changes.next(), changes.next()) {
            (Some((_, _, epoch)), None) if place.who > 0 => (Some(*epoch), None),
            (Some((seq, _, epoch)), _) => (Some(*epoch), Some(*seq)),
            (None, _) => ((place.who == 0).then_some(0), None),
        }
    }

    /// The epoch that a call belongs to: the one that it names, or that of what it was sent with.
    pub(crate) fn own_epoch(&self, call: &CallStory) -> Option<u64> {
        let sent = call.sends.first().map(|send| send.given.seq);
        let sent = sent.and_then(|seq| self.epoch(call.plan.place, seq).0);
        call.epoch.or(sent)
    }

    /// Whether an epoch has ended in between. The first of somebody who was not known ends none.
    pub(crate) fn epoch_changed(&self, place: Place, from: usize, to: usize) -> bool {
        self.epoch(place, to).1.is_some_and(|begun| begun >= from)
    }

    pub(crate) fn ops_at(&self, place: Place) -> impl Iterator<Item = &OpStory> {
        self.ops.iter().filter(move |op| op.place == place)
    }

    /// What was done at a place in an epoch that had not ended: what else is asked for is nothing.
    pub(crate) fn effective_ops_at(&self, place: Place) -> impl Iterator<Item = &OpStory> {
        let ops = self.ops_at(place);
        ops.filter(move |op| self.epoch(place, op.when.seq).0 == Some(op.epoch))
    }

    pub(crate) fn gains_at(&self, place: Place) -> impl Iterator<Item = &Gain> {
        self.gains.iter().filter(move |gain| gain.place == place)
    }

    pub(crate) fn fetches_at(&self, place: Place) -> impl Iterator<Item = &FetchStory> {
        let fetches = self.fetches.iter();
        fetches.filter(move |fetch| fetch.fetching.place == place)
    }

    /// The credential that is in force before this, where that is certain: the last of which the
    /// place has learnt was seen in use since, nobody has refused it, and no epoch has ended.
    pub(crate) fn in_force(&self, place: Place, seq: usize) -> Option<Token> {
        let before: Vec<_> = self.gains_at(place).filter(|it| it.seq < seq).collect();
        let token = before.last()?.token;
        let same = before.iter().rev().take_while(|it| it.token == token);
        let gained = same.last()?.seq;
        let used = |at: usize| (gained..seq).contains(&at);
        let sent = self.calls.iter().filter(|it| it.plan.place == place);
        let sent = sent
            .flat_map(|call| &call.sends)
            .any(|send| send.sent.token == Some(token) && used(send.given.seq));
        let returned = self.ops_at(place).any(|op| match (&op.end, op.kind) {
            (Some((when, OpEnd::Token(it), _)), _) => *it == Some(token) && used(when.seq),
            (Some((when, OpEnd::Set, _)), OpKind::Set(it)) => it == token && used(when.seq),
            _ => false,
        });
        let refused = |it: &crate::story::Refusal| {
            it.place == place && it.token == token && it.from.seq < seq
        };
        let certain = (sent || returned)
            && !self.refusals.iter().any(refused)
            && !self.epoch_changed(place, gained, seq);
        certain.then_some(token)
    }

    /// Whether the current epoch has ended, or another credential was brought, in between.
    pub(crate) fn superseded(&self, place: Place, from: usize, to: usize) -> bool {
        let brought = self
            .effective_ops_at(place)
            .any(|op| matches!(op.kind, OpKind::Set(_)) && (from..to).contains(&op.when.seq));
        brought || self.epoch_changed(place, from, to)
    }

    /// Whether what a fetch brings at this time may not be wanted any more.
    pub(crate) fn is_superseded(&self, fetch: &FetchStory, to: usize) -> bool {
        let Fetching { place, epoch, .. } = fetch.fetching;
        let brought = self.effective_ops_at(place).any(|op| {
            matches!(op.kind, OpKind::Set(_)) && (fetch.decided..to).contains(&op.when.seq)
        });
        brought || self.epoch(place, to).0 != Some(epoch)
    }
}
