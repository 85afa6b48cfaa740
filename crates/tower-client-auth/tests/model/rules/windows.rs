//! Who waits, and who does not.

use super::{Check, Rule, TICK};
use crate::facts::Freshness;
use crate::log::{AuthEnd, End, OpEnd, OpKind, Outcome, Token};
use crate::story::{CallStory, How};
use tower_client_auth::AuthErrorKind;

impl Check<'_> {
    pub(super) fn windows(&mut self) {
        for call in self.story.calls.iter().filter(|call| !call.plan.elsewhere) {
            self.first(call);
            self.left_in_force(call);
            self.second(call);
            self.made_do(call);
            self.at_once(call);
            self.begun(call);
        }
    }

    /// With a credential that is good the request goes at once, and with one that is about to
    /// expire only if there is no other.
    fn first(&mut self, call: &CallStory) {
        let (story, place) = (self.story, call.plan.place);
        let Some(called) = call.called.filter(|it| self.is_own(call, it.seq)) else {
            return;
        };
        let Some(token) = story.in_force(place, called.seq) else {
            return;
        };
        let first = call.sends.first();
        let freshness = story.freshness(token, called.at);
        if matches!(freshness, Freshness::Fresh | Freshness::Soft) {
            let at_once = first.is_some_and(|it| it.direct && it.sent.token == Some(token));
            self.that(at_once, Rule::Waited, || format!("{freshness:?}: {call:?}"));
        }
        if freshness == Freshness::Hard {
            self.waits_half(call, token);
        }
        if freshness == Freshness::Hard && first.is_some_and(|it| it.given.at == called.at) {
            let same = first.is_some_and(|it| it.sent.token == Some(token));
            let failed = self.has_failed(call, first.map_or(0, |it| it.given.seq));
            self.that(!same || failed, Rule::Hard, || format!("{call:?}"));
        }
        if freshness == Freshness::Soft && story.case.store.is_none() {
            let renewing = story.fetches_at(place).any(|fetch| {
                let running = fetch.end.is_none_or(|(end, _)| end.seq > called.seq);
                let begins = fetch.when.at == called.at;
                running && (fetch.when.seq < called.seq || begins)
            });
            let holds = renewing || self.has_failed(call, called.seq);
            let over = story.superseded(place, called.seq, story.log.len());
            self.that(holds || over, Rule::NotRenewed, || format!("{call:?}"));
        }
    }

    /// What was refused as soon as it came serves until there is another.
    fn left_in_force(&mut self, call: &CallStory) {
        let (story, place) = (self.story, call.plan.place);
        let Some(called) = call.called.filter(|it| self.is_own(call, it.seq)) else {
            return;
        };
        let last = story
            .gains_at(place)
            .filter(|it| it.seq < called.seq)
            .last();
        let Some(last) = last.filter(|it| matches!(it.how, How::Fetched(_))) else {
            return;
        };
        let since = story
            .held_back(place, last.token)
            .map(|(since, _)| since.seq);
        let held = since
            .is_some_and(|it| it < called.seq && !story.superseded(place, last.seq, called.seq));
        let freshness = story.freshness(last.token, called.at);
        if !held || !matches!(freshness, Freshness::Fresh | Freshness::Soft) {
            return;
        }
        let first = call.sends.first();
        let at_once = first.is_some_and(|it| it.direct && it.sent.token == Some(last.token));
        let told = || format!("{} stays: {call:?}", last.token);
        self.that(at_once || story.case.store.is_some(), Rule::Waited, told);
    }

    /// Who has one that is about to expire waits for no more than half of what is left.
    fn waits_half(&mut self, call: &CallStory, token: Token) {
        let (story, place) = (self.story, call.plan.place);
        let (Some(called), Some(expires)) = (call.called, story.expires(token).0) else {
            return;
        };
        let left = expires.saturating_sub(called.at);
        let given = call.sends.first().map(|it| it.given);
        let Some(over) = given.or(call.end.as_ref().map(|(end, _)| *end)) else {
            return;
        };
        let refused = story.refusals.iter().any(|it| {
            let during = (called.seq..over.seq).contains(&it.from.seq);
            it.place == place && it.token == token && during
        });
        let another = refused || story.superseded(place, called.seq, over.seq);
        let soon = over.at <= called.at + left / 2 + TICK;
        self.that(soon || another, Rule::Hard, || {
            format!("{left:?}: {call:?}")
        });
    }

    /// What is refused to a request that cannot be sent again is replaced all the same.
    fn begun(&mut self, call: &CallStory) {
        let (story, place) = (self.story, call.plan.place);
        let mut refusals = story.refusals.iter().filter(|it| it.call == call.id);
        let Some(refusal) = refusals.find(|it| it.exact && !it.replay) else {
            return;
        };
        let Some(sure) = refusal.sure.filter(|_| !call.plan.payload.repeatable()) else {
            return;
        };
        let left = call.left.is_some_and(|left| left.seq < sure.seq);
        let own = story.own_epoch(call) == story.epoch(place, sure.seq).0;
        let current = story.in_force(place, refusal.from.seq) == Some(refusal.token);
        let gained = |seq: usize| (refusal.from.seq..sure.seq).contains(&seq);
        let other = story.gains_at(place).any(|it| gained(it.seq));
        // A generation that is not the current one does not matter.
        let again = story.freshness(refusal.token, sure.at) == Freshness::Unclear;
        let hindered = again || refusal.rejects || self.has_failed(call, sure.seq);
        if left || !own || !current || other || hindered || story.case.store.is_some() {
            return;
        }
        let begun = story.fetches_at(place).any(|fetch| {
            let runs = fetch.end.is_none_or(|(end, _)| end.seq > sure.seq);
            runs && (fetch.when.seq < sure.seq || fetch.when.at == sure.at)
        });
        let over = story.superseded(place, sure.seq, story.log.len());
        self.that(begun || over, Rule::Begun, || format!("{call:?}"));
    }

    /// Where there is another credential already, who is refused does not wait.
    fn second(&mut self, call: &CallStory) {
        let (story, place) = (self.story, call.plan.place);
        let Some(refusal) = story
            .refusals
            .iter()
            .find(|it| it.call == call.id && !it.replay)
        else {
            return;
        };
        let Some(sure) = refusal.sure.filter(|it| story.log.len() > it.seq) else {
            return;
        };
        let read = call.sends[0]
            .answer
            .is_some_and(|answer| answer.read.is_some());
        let own = story.own_epoch(call) == story.epoch(place, sure.seq).0;
        // Perhaps before the service below was ready for it.
        let left = call.left.is_some() && call.sends.len() == 1;
        if !read || !own || left || !call.plan.payload.repeatable() || self.is_late(call) {
            return;
        }
        let newer = story
            .in_force(place, sure.seq)
            .filter(|it| *it != refusal.token);
        let good = newer.filter(|it| {
            let freshness = story.freshness(*it, sure.at);
            matches!(freshness, Freshness::Fresh | Freshness::Soft)
        });
        let known = good.and_then(|it| story.gains_at(place).find(|gain| gain.token == it));
        // A secret that was refused may have come again.
        let again = story.gains_at(place).filter(|it| it.token == refusal.token);
        if known.is_none_or(|it| it.seq < call.sends[0].given.seq) || again.count() > 1 {
            return;
        }
        let at_once = call.sends.get(1).is_some_and(|it| it.given.at == sure.at);
        self.that(at_once, Rule::Waited, || format!("{refusal:?}: {call:?}"));
    }

    /// Nobody fails for want of another while there is one that is still good.
    fn made_do(&mut self, call: &CallStory) {
        let story = self.story;
        let Some((when, End::Auth(auth))) = &call.end else {
            return;
        };
        let others = matches!(
            auth.kind,
            AuthErrorKind::Deadline | AuthErrorKind::SignedOut | AuthErrorKind::Elsewhere
        );
        let token = story.in_force(call.plan.place, when.seq);
        let Some(token) = token.filter(|_| !others) else {
            return;
        };
        let good = story.expires(token).0.is_none_or(|it| it > when.at + TICK);
        let own = self.is_own(call, when.seq);
        self.that(!good || !own, Rule::MadeDo, || format!("{token}: {call:?}"));
    }

    /// While nothing is tried, nobody waits.
    fn at_once(&mut self, call: &CallStory) {
        let (story, place) = (self.story, call.plan.place);
        let (Some(polled), None) = (call.polled, call.left) else {
            return;
        };
        let Some((failure, times)) = story.trouble(place, polled.seq) else {
            return;
        };
        let lasting = failure.outcome == Outcome::Permanent;
        let hindered = if failure.doubtful {
            false
        } else if lasting {
            story.case.store.is_none()
        } else {
            polled.at < failure.when.at + failure.wait(times).0
        };
        let given = call.sends.first().map(|it| it.given.at);
        let ended = call.end.as_ref().map(|(when, _)| when.at);
        let at_once = given.or(ended) == Some(polled.at);
        let over = story.superseded(place, polled.seq, story.log.len())
            || story
                .effective_ops_at(place)
                .any(|op| op.kind == OpKind::Authenticate);
        self.that(!hindered || at_once || over, Rule::AtOnce, || {
            format!("{failure:?}: {call:?}")
        });
    }

    pub(super) fn is_own(&self, call: &CallStory, seq: usize) -> bool {
        let (epoch, _) = self.story.epoch(call.plan.place, seq);
        call.epoch.is_none_or(|own| epoch == Some(own))
    }

    fn is_late(&self, call: &CallStory) -> bool {
        matches!(
            call.end,
            Some((
                _,
                End::Auth(AuthEnd {
                    kind: AuthErrorKind::Deadline,
                    ..
                })
            ))
        )
    }

    /// Whether anything about this place's credentials has ever failed.
    pub(super) fn has_failed(&self, call: &CallStory, seq: usize) -> bool {
        let (story, place) = (self.story, call.plan.place);
        let source = story
            .all_failures(place)
            .any(|failure| failure.when.seq < seq);
        let set = story
            .ops_at(place)
            .any(|op| matches!(op.end, Some((_, OpEnd::Failed(_), _))));
        source || set || story.case.store.is_some_and(|it| it.can_fail())
    }
}
