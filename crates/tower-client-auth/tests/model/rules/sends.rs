//! What requests carry, and how often they are sent.

use super::{Check, Rule, TICK};
use crate::log::{End, OpEnd, OpKind, Place, Token, What};
use crate::story::{CallStory, How, Refusal, SendStory, When};

impl Check<'_> {
    pub(super) fn sends(&mut self) {
        for call in &self.story.calls {
            self.times(call);
            for send in &call.sends {
                let holds =
                    send.sent.body == call.plan.payload.bytes() || !call.plan.payload.repeatable();
                self.that(holds || send.answer.is_none(), Rule::AsItCame, || {
                    format!("{send:?}")
                });
                match send.sent.token {
                    _ if call.plan.elsewhere => {
                        let bare = send.sent.token.is_none();
                        self.that(bare, Rule::Elsewhere, || format!("{send:?}"));
                    }
                    None => self.that(false, Rule::Owner, || format!("{send:?}")),
                    Some(token) => self.carries(call, send, token),
                }
            }
        }
        for op in &self.story.ops {
            if let Some((when, OpEnd::Token(Some(token)), _)) = op.end {
                let began = op.when;
                self.given(op.place, (began, when), token, Some(op.epoch));
            }
        }
    }

    fn times(&mut self, call: &CallStory) {
        let most = match call.plan {
            ref plan if plan.elsewhere && self.story.case.refuse_elsewhere => 0,
            ref plan if plan.elsewhere || !plan.payload.repeatable() => 1,
            _ => 2,
        };
        let holds = call.sends.len() <= most;
        self.that(holds, Rule::Replays, || format!("{call:?}"));
        if let [first, second, ..] = &call.sends[..] {
            let refused = first.answer.is_some_and(|answer| answer.refuses);
            let other = first.sent.token != second.sent.token;
            self.that(refused && other, Rule::Replays, || format!("{call:?}"));
        }
        let (Some((ended, End::Answer { status, nth })), Some(last)) =
            (&call.end, call.sends.last())
        else {
            return;
        };
        let same = last.answer.is_some_and(|answer| answer.status == *status);
        let whole = *nth == Some(call.sends.len() - 1);
        self.that(same && whole, Rule::AsItCame, || format!("{call:?}"));
        self.replayed(call, *ended);
    }

    /// Who is refused, and could be sent again, is.
    fn replayed(&mut self, call: &CallStory, ended: When) {
        let (story, place) = (self.story, call.plan.place);
        let [only] = &call.sends[..] else { return };
        let (Some(answer), Some(token)) = (only.answer, only.sent.token) else {
            return;
        };
        if !answer.refuses || call.plan.elsewhere || !call.plan.payload.repeatable() {
            return;
        }
        let again = story.gains_at(place).any(|gain| {
            gain.token == token && matches!(gain.how, How::Again(_)) && gain.seq > only.given.seq
        });
        let refusal = Refusal {
            call: call.id,
            place,
            token,
            replay: false,
            rejects: false,
            from: answer.when,
            sure: Some(ended),
            exact: false,
        };
        let held = || {
            let until = story.held_back_at_most(place, token, ended.seq);
            until.is_some_and(|it| answer.when.at <= it + TICK)
        };
        let left_so = again || self.is_held(&refusal) && held();
        self.that(left_so, Rule::Replays, || format!("{call:?}"));
    }

    fn carries(&mut self, call: &CallStory, send: &SendStory, token: Token) {
        let Some(began) = call.called else { return };
        let place = call.plan.place;
        let replay = call.sends[0].sent.token != Some(token);
        let own = match replay {
            // It belongs to the epoch of the first.
            true => self.story.own_epoch(call),
            false => call.epoch,
        };
        self.given(place, (began, send.given), token, own);
        let saved = self.is_saved(place, token, send.given.seq);
        self.that(saved, Rule::Saved, || format!("{send:?}"));
        let overtaken = self.is_overtaken(place, token, send.given.seq);
        self.that(!overtaken, Rule::Overtaken, || format!("{send:?}"));
    }

    /// Somebody who began then is given this.
    fn given(
        &mut self,
        place: Place,
        (began, given): (When, When),
        token: Token,
        epoch: Option<u64>,
    ) {
        let story = self.story;
        let issued = &story.issued[token];
        let told = || format!("{token} at {place:?}, {given:?}, epoch {epoch:?}");
        let expired = story.expires(token).1.is_some_and(|it| it <= given.at);
        self.that(!expired, Rule::Expired, told);
        self.that(issued.who == place.who, Rule::Owner, told);
        self.that(
            self.is_of_epoch(place, token, (began, given), epoch),
            Rule::Epoch,
            told,
        );
        let refused = story.refusals.iter().find(|it| {
            let before = it.sure.is_some_and(|sure| {
                // Who waits is told in the same moment.
                let at_once = sure.at == given.at && began.seq < sure.seq;
                sure.seq < given.seq && !at_once
            });
            before && it.place == place && it.token == token && !it.replay
        });
        let excused =
            refused.is_none_or(|refusal| self.is_held(refusal) || self.is_back(refusal, given.seq));
        self.that(excused, Rule::Refused, || {
            format!("{}: {refused:?}", told())
        });
        let over = story.ops_at(place).find(|op| {
            let done = matches!(op.end, Some((when, OpEnd::Set, _)) if when.seq < given.seq);
            let fetched = issued.fetch.map(|it| &story.fetches[it]);
            let before = fetched.is_some_and(|it| {
                let own = it.fetching.place == place;
                own && it.when.seq < op.when.seq
                    && it.end.is_none_or(|(end, _)| end.seq > op.when.seq)
            });
            done && before && matches!(op.kind, OpKind::Set(_))
        });
        self.that(over.is_none(), Rule::Overwritten, || {
            format!("{}: {over:?}", told())
        });
    }

    /// It was refused as soon as it came before, and so is left where it is until there is another.
    fn is_held(&self, refusal: &Refusal) -> bool {
        self.story.refusals.iter().any(|it| {
            let same = it.place == refusal.place && it.token == refusal.token;
            let before = it.from.seq < refusal.sure.unwrap_or(refusal.from).seq;
            same && before && it.rejects
        }) || self
            .story
            .gains_at(refusal.place)
            .any(|gain| gain.token == refusal.token && matches!(gain.how, How::Again(_)))
    }

    /// It was refused, and the source or somebody else has brought it again.
    fn is_back(&self, refusal: &Refusal, seq: usize) -> bool {
        self.story.gains_at(refusal.place).any(|gain| {
            let again = matches!(gain.how, How::Again(_) | How::Set);
            let between = (refusal.from.seq..seq).contains(&gain.seq);
            gain.token == refusal.token && again && between
        })
    }

    fn is_of_epoch(
        &self,
        place: Place,
        token: Token,
        (began, given): (When, When),
        own: Option<u64>,
    ) -> bool {
        let story = self.story;
        let (_, begun) = story.epoch(place, given.seq);
        // Who waits is told in the same moment.
        let just = begun.filter(|it| began.seq < *it && story.log[*it].at == given.at);
        let mut moments = [Some(given.seq), just].into_iter().flatten();
        moments.any(|seq| self.is_of_epoch_at(place, token, seq, own))
    }

    fn is_of_epoch_at(&self, place: Place, token: Token, seq: usize, own: Option<u64>) -> bool {
        let story = self.story;
        let (epoch, begun) = story.epoch(place, seq);
        let begun = begun.unwrap_or(0);
        if own.is_some_and(|own| Some(own) != epoch) {
            return false;
        }
        let stored_since = || {
            story.log[begun..seq].iter().any(|entry| {
                matches!(entry.what, What::Saved(it, saved, true)
                    if it.who == place.who && saved == token)
            })
        };
        let mut gains = story.gains_at(place).filter(|it| it.token == token);
        gains.any(|gain| {
            let since = (begun..seq).contains(&gain.seq);
            since
                && match gain.how {
                    How::Fetched(fetch) | How::Again(fetch) => {
                        Some(story.fetches[fetch].fetching.epoch) == epoch
                    }
                    How::Loaded => begun == 0 || stored_since(),
                    How::Set => true,
                }
        })
    }

    /// What the source has returned to this layer is in its store, if that can be.
    fn is_saved(&self, place: Place, token: Token, seq: usize) -> bool {
        let Some(store) = self.story.case.store else {
            return true;
        };
        let saves = self.story.log[..seq]
            .iter()
            .filter_map(|entry| match entry.what {
                What::Saved(it, saved, done) if it.who == place.who && saved == token => Some(done),
                _ => None,
            });
        let saves: Vec<_> = saves.collect();
        saves.contains(&true) || saves.len() >= 3 && store.saves_fail > 0
    }

    /// What was in force was refused while this was being fetched.
    fn is_overtaken(&self, place: Place, token: Token, seq: usize) -> bool {
        let story = self.story;
        let mut gains = story
            .gains_at(place)
            .filter(|it| it.token == token && it.seq < seq);
        let (Some(gain), None) = (gains.next(), gains.next()) else {
            return false;
        };
        let How::Fetched(fetch) = gain.how else {
            return false;
        };
        let began = story.fetches[fetch].when.seq;
        story.refusals.iter().any(|it| {
            let during = it
                .sure
                .is_some_and(|sure| (began..gain.seq).contains(&sure.seq));
            let current = || story.in_force(place, it.from.seq) == Some(it.token);
            it.place == place && during && it.exact && !it.replay && current() && !self.is_held(it)
        })
    }
}
