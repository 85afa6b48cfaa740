//! What follows from a story: what was failing, and how long nothing was to be tried.

use std::time::Duration;

use crate::log::{OpKind, Outcome, Place, Token, What};
use crate::story::{Answer, FetchStory, Gain, How, Story, When};

impl Story {
    /// The failures of the source at a place that count, and when they did.
    pub(crate) fn failures(&self, place: Place) -> impl Iterator<Item = Failure> {
        let failures = self.all_failures(place);
        failures.filter(move |it| !self.is_superseded(&self.fetches[it.fetch], it.when.seq))
    }

    /// All failures of the source for a place, also those that came too late.
    pub(crate) fn all_failures(&self, place: Place) -> impl Iterator<Item = Failure> {
        self.fetches_at(place).filter_map(move |fetch| {
            let (when, outcome) = fetch.end?;
            let outcome = match outcome {
                Some(Outcome::Token { late: false, .. } | Outcome::Same(_)) => return None,
                Some(Outcome::Token { .. }) | None => Outcome::Transient(None),
                Some(outcome) => outcome,
            };
            let late = matches!(fetch.end, Some((_, Some(Outcome::Token { .. }))));
            Some(Failure {
                doubtful: late && self.was_refused_during(fetch),
                fetch: fetch.fetching.fetch,
                when: self.landed(fetch).unwrap_or(when),
                outcome,
            })
        })
    }

    fn was_refused_during(&self, fetch: &FetchStory) -> bool {
        let end = self.landed(fetch).or(fetch.end.map(|(end, _)| end));
        let during = fetch.decided..end.map_or(usize::MAX, |end| end.seq);
        let mut refusals = self.refusals.iter();
        refusals.any(|it| it.place == fetch.fetching.place && during.contains(&it.from.seq))
    }

    /// Whether somebody has brought a credential that expired while it waited to be stored.
    pub(crate) fn was_set_late(&self, place: Place, when: When) -> bool {
        self.ops_at(place).any(|op| match op.kind {
            OpKind::Set(token) => self.expires(token).0.is_some_and(|it| it <= when.at),
            _ => false,
        })
    }

    /// When a credential that was fetched is put in force at the earliest: it is stored first.
    pub(crate) fn landed(&self, fetch: &FetchStory) -> Option<When> {
        let token = match fetch.end? {
            (_, Some(Outcome::Token { token, .. })) => token,
            _ => return None,
        };
        let place = fetch.fetching.place;
        let next = self
            .fetches_at(place)
            .find(|it| it.when.seq > fetch.when.seq);
        let next = next.map_or(self.log.len(), |it| it.when.seq);
        let mut saves = self.log[..next].iter().enumerate().filter(|(_, entry)| {
            matches!(entry.what, What::Saved(it, saved, _) if it == place && saved == token)
        });
        let (seq, entry) = saves.next_back()?;
        Some(When { seq, at: entry.at })
    }

    /// The last failure before this that nothing has made up for, and how many there were in a row.
    pub(crate) fn trouble(&self, place: Place, seq: usize) -> Option<(Failure, u32)> {
        let failures = self.failures(place).filter(|it| it.when.seq < seq);
        let failures: Vec<_> = failures.collect();
        let last = *failures.last()?;
        if self.reset(place, last.when.seq, seq) {
            return None;
        }
        let mut times = 1;
        if self.case.store.is_some() {
            // What it has taken from there in between is not to be seen.
            return Some((last, times));
        }
        for pair in failures.windows(2).rev() {
            let passing = pair[0].outcome != Outcome::Permanent;
            if !passing || self.reset(place, pair[0].when.seq, pair[1].when.seq) {
                break;
            }
            times += 1;
        }
        Some((last, times))
    }

    /// Whether something has happened that lets the layer try again.
    fn reset(&self, place: Place, from: usize, to: usize) -> bool {
        let between = |seq: usize| (from..to).contains(&seq);
        let changed = self.effective_ops_at(place).any(|op| match op.kind {
            OpKind::Authenticate => between(op.when.seq),
            OpKind::Logout | OpKind::Set(_) => {
                // What was brought may land much later.
                let over = op.end.as_ref().map_or(usize::MAX, |(when, ..)| when.seq);
                op.when.seq < to && over >= from
            }
            OpKind::Refresh | OpKind::IsAuthenticated | OpKind::Settle => false,
        });
        let news = self.gains_at(place).any(|gain| {
            let known = match gain.how {
                // Found again in the store, and nothing new.
                How::Loaded => self.gains_at(place).filter(|it| it.seq < from).last(),
                _ => None,
            };
            between(gain.seq)
                && !self.is_late(gain)
                && known.is_none_or(|it| it.token != gain.token)
        });
        changed || news || self.epoch_changed(place, from, to)
    }

    fn is_late(&self, gain: &Gain) -> bool {
        let How::Fetched(fetch) = gain.how else {
            return false;
        };
        let outcome = self.fetches[fetch].end.and_then(|(_, outcome)| outcome);
        matches!(outcome, Some(Outcome::Token { late: true, .. }))
    }

    /// Until when a credential's refusals are left to those who meet them, because it was refused
    /// as soon as it came.
    pub(crate) fn held_back(&self, place: Place, token: Token) -> Option<(When, Duration)> {
        let rejected = |token| {
            let refusals = self.refusals.iter();
            let refusals = refusals.filter(|it| it.place == place && it.token == token);
            let first = refusals.min_by_key(|it| it.from.seq)?;
            let since = first.from;
            let early = match first.replay {
                true => !self.served_a_replay(place, token, since.seq),
                false => first.rejects && self.is_surely_unproved(first),
            };
            (early && first.exact).then_some(since)
        };
        let since = rejected(token)?;
        let begun = self.epoch(place, since.seq).1.unwrap_or(0);
        let gains = self.gains_at(place).filter(|gain| gain.seq >= begun);
        let mut tokens: Vec<_> = gains.map(|gain| gain.token).collect();
        tokens.dedup();
        let own = tokens.iter().position(|it| *it == token)?;
        let before = tokens[..own].iter().rev();
        let times = 1 + before.take_while(|it| rejected(**it).is_some()).count();
        let times = u32::try_from(times).unwrap();
        Some((since, since.at + backoff(times)))
    }
}

impl Story {
    fn served_a_replay(&self, place: Place, token: Token, before: usize) -> bool {
        let calls = self.calls.iter().filter(|it| it.plan.place == place);
        let mut replays = calls.flat_map(|call| call.sends.iter().skip(1));
        replays.any(|send| {
            let served = |it: Answer| !it.refuses && it.when.seq < before;
            send.sent.token == Some(token) && send.answer.is_some_and(served)
        })
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Failure {
    fetch: usize,
    /// It came too late, and for what was refused meanwhile: the layer asks again anyway.
    pub(crate) doubtful: bool,
    pub(crate) when: When,
    pub(crate) outcome: Outcome,
}

impl Failure {
    /// How long nothing is tried, at least and at most.
    pub(crate) fn wait(self, times: u32) -> (Duration, Duration) {
        let asked = match self.outcome {
            Outcome::Transient(Some(asked)) => asked.min(Duration::from_secs(15 * 60)),
            _ => Duration::ZERO,
        };
        let base = backoff(times);
        (base.max(asked), (base * 5 / 4).max(asked))
    }
}

/// A second after the first, twice as long after each, and a minute at most.
pub(crate) fn backoff(times: u32) -> Duration {
    Duration::from_secs(match times {
        0 | 1 => 1,
        2..=6 => 1 << (times - 1),
        _ => 60,
    })
}
