//! What follows from a story: which credentials nobody had accepted yet when they were refused.

use std::time::Duration;

use super::trouble::backoff;
use crate::log::{Place, Token, What};
use crate::story::{Answer, CallStory, Gain, How, Refusal, SendStory, Story, When};

impl Story {
    /// Whether a refusal may tell that another credential would hardly be better: that of a replay,
    /// or of what can have no replay where nobody has accepted what came for a refused one.
    pub(crate) fn may_reject(&self, refusal: &Refusal) -> bool {
        let call = self.calls.iter().find(|it| it.id == refusal.call).unwrap();
        let Refusal {
            place, token, from, ..
        } = *refusal;
        let once = !call.plan.payload.repeatable();
        refusal.replay || once && self.may_be_unproved(place, token, from.seq)
    }

    /// How long a credential's refusals may be left to those who meet them, if they may be at all.
    pub(crate) fn held_back_at_most(
        &self,
        place: Place,
        token: Token,
        seq: usize,
    ) -> Option<Duration> {
        let refusals = self.refusals.iter().filter(|it| it.place == place);
        let before = refusals.filter(|it| it.from.seq < seq && it.rejects);
        let before: Vec<_> = before.collect();
        let of_it = before.iter().filter(|it| it.token == token);
        let refused = of_it.map(|it| it.sure.unwrap_or(it.from).at).max();
        let again = self
            .gains_at(place)
            .filter(|it| matches!(it.how, How::Again(_)));
        let again: Vec<_> = again.filter(|it| it.seq < seq).collect();
        let came = again.iter().filter(|it| it.token == token);
        let came = came.map(|it| self.kept(it, seq)).max();
        let last = refused.max(came)?;
        let times = before.len() + again.len();
        Some(last + backoff(u32::try_from(times).unwrap()))
    }

    /// When what came was kept, at the latest.
    fn kept(&self, gain: &Gain, seq: usize) -> Duration {
        let mut saves = self.log[gain.seq..seq].iter().rev();
        let last = saves.find(|entry| {
            matches!(entry.what, What::Saved(it, token, _) if it == gain.place && token == gain.token)
        });
        last.unwrap_or(&self.log[gain.seq]).at
    }

    fn may_be_unproved(&self, place: Place, token: Token, seq: usize) -> bool {
        let mut gains = self.gains_at(place);
        let Some(gained) = gains.find(|it| it.token == token && it.seq < seq) else {
            return false;
        };
        let since = gained.seq..seq;
        let accepted = self
            .acceptances(place, token)
            .any(|it| since.contains(&it.seq));
        !accepted && self.may_replace_refused(place, token, gained.seq)
    }

    /// Whether what was refused took the place of what this place has used, and was refused, and
    /// nobody can have accepted it.
    pub(crate) fn is_surely_unproved(&self, refusal: &Refusal) -> bool {
        let Refusal {
            place, token, from, ..
        } = *refusal;
        let answers = self
            .sent_at(place, token)
            .filter_map(|(_, send)| send.answer);
        let mut accepted = answers.filter(|it| !it.refuses && it.when.seq < from.seq);
        let gains: Vec<_> = self.gains_at(place).collect();
        let Some(own) = gains.iter().position(|it| it.token == token) else {
            return false;
        };
        let Some(last) = own.checked_sub(1).map(|it| gains[it].token) else {
            return false;
        };
        let refused = self.refusals.iter().any(|it| {
            let known = it.sure.is_some_and(|sure| sure.seq < gains[own].seq);
            let current = || self.in_force(place, it.from.seq) == Some(last);
            it.place == place && it.token == last && it.exact && known && current()
        });
        self.case.store.is_none() && accepted.next().is_none() && refused
    }

    /// Whether the last credential before this of which anybody could tell may have been refused.
    fn may_replace_refused(&self, place: Place, token: Token, gained: usize) -> bool {
        let begun = self.epoch(place, gained).1.unwrap_or(0);
        let landed = self.sent_at(place, token).map(|(_, it)| it.given.seq).min();
        let landed = landed.unwrap_or(self.log.len());
        let before: Vec<_> = self.gains_at(place).collect();
        let before = before.iter().rev();
        let mut before = before.filter(|it| (begun..gained).contains(&it.seq));
        let refused = |token: Token| {
            let mut refusals = self.refusals.iter();
            refusals.any(|it| it.place == place && it.token == token && it.from.seq < landed)
        };
        let accepted = |token: Token| {
            let mut accepted = self.acceptances(place, token);
            accepted.any(|it| it.seq < gained)
        };
        let last = before.find(|it| refused(it.token) || accepted(it.token));
        last.is_some_and(|it| refused(it.token))
    }

    /// When the layer has seen for certain that a credential was accepted.
    fn acceptances(&self, place: Place, token: Token) -> impl Iterator<Item = When> {
        self.sent_at(place, token).filter_map(|(call, send)| {
            let answer: Answer = send.answer.filter(|answer| !answer.refuses)?;
            match answer.status == 403 && self.case.tells_in_bodies {
                true => self.sure(call, answer),
                false => Some(answer.when),
            }
        })
    }

    fn sent_at(
        &self,
        place: Place,
        token: Token,
    ) -> impl Iterator<Item = (&CallStory, &SendStory)> {
        let calls = self.calls.iter();
        let calls = calls.filter(move |it| it.plan.place == place && !it.plan.elsewhere);
        let sends = calls.flat_map(|call| call.sends.iter().map(move |send| (call, send)));
        sends.filter(move |(_, send)| send.sent.token == Some(token))
    }

    /// Whether this layer believes before this that the store has a credential.
    pub(crate) fn is_stored(&self, place: Place, token: Token, seq: usize) -> bool {
        let mut saves = self.log[..seq].iter().rev();
        let saved = saves.find_map(|entry| match entry.what {
            What::Saved(it, saved, done) if it == place && saved == token => Some(done),
            _ => None,
        });
        let loaded = || {
            let mut gains = self.gains_at(place);
            gains.any(|it| it.token == token && it.how == How::Loaded && it.seq < seq)
        };
        saved.unwrap_or_else(loaded)
    }
}
