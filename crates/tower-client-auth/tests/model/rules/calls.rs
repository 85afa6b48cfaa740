//! How calls end, and what they are told.

use std::time::Duration;

use tower_client_auth::AuthErrorKind;
use tower_client_call::Delivery;

use super::{Check, Rule, TICK};
use crate::log::{AuthEnd, End, Outcome, Place, Token, What};
use crate::story::{CallStory, When};

/// The store is looked at no more often, after a lasting failure.
const MINUTE: Duration = Duration::from_secs(60);

impl Check<'_> {
    pub(super) fn calls(&mut self) {
        for call in &self.story.calls {
            let over = call
                .end
                .as_ref()
                .is_some_and(|(_, end)| !matches!(end, End::Stuck | End::NotReady));
            self.that(over || call.left.is_some(), Rule::Endless, || {
                format!("{call:?}")
            });
            self.record(call);
            self.of_old(call);
            if let Some((when, End::Auth(auth))) = &call.end {
                self.told(call, *when, auth);
            }
        }
        self.looks();
    }

    fn record(&mut self, call: &CallStory) {
        let record = call.record;
        let replays = u32::try_from(call.sends.len().saturating_sub(1)).unwrap();
        let more = u32::from(call.left.is_some());
        let counted = (replays..=replays + more).contains(&record.replays);
        let holds = counted && record.attempts == 1 && record.backoff.is_zero();
        self.that(holds, Rule::Record, || format!("{call:?}"));
        if let Some(wait) = self.wait(call) {
            let holds = record.credential_wait == wait;
            self.that(holds, Rule::Record, || format!("not {wait:?}: {call:?}"));
        }
    }

    /// How long the call waited for credentials, if that can be told.
    fn wait(&self, call: &CallStory) -> Option<Duration> {
        let (Some((ended, end)), Some(polled)) = (&call.end, call.polled) else {
            return None;
        };
        if call.plan.elsewhere {
            return Some(Duration::ZERO);
        }
        let first = match call.sends.first() {
            Some(first) if first.direct => Duration::ZERO,
            Some(first) => first.given.at - polled.at,
            None if matches!(end, End::Auth(_)) => return Some(ended.at - polled.at),
            None => return None,
        };
        let [refused] = &call.sends[..] else {
            let seen = call.sends[0].answer?.read?;
            return Some(first + (call.sends[1].given.at - seen.at));
        };
        let answer = refused.answer?;
        match end {
            _ if !answer.refuses => Some(first),
            End::Auth(_) => Some(first + (ended.at - answer.read?.at)),
            _ if !call.plan.payload.repeatable() => Some(first),
            _ => None,
        }
    }

    /// A call of an epoch that is over fails at once.
    fn of_old(&mut self, call: &CallStory) {
        let (Some(polled), Some(own)) = (call.polled, call.epoch) else {
            return;
        };
        let (epoch, _) = self.story.epoch(call.plan.place, polled.seq);
        if call.plan.elsewhere || epoch.is_none_or(|epoch| epoch <= own) {
            return;
        }
        let direct = call.sends.first().is_some_and(|it| it.direct);
        let failed = call.end.as_ref().is_some_and(|(when, end)| {
            let signed_out = matches!(
                end,
                End::Auth(AuthEnd {
                    kind: AuthErrorKind::SignedOut,
                    ..
                })
            );
            signed_out && when.at == polled.at && call.sends.is_empty()
        });
        let holds = direct || failed || call.left.is_some();
        self.that(holds, Rule::Epoch, || format!("{call:?}"));
    }

    fn told(&mut self, call: &CallStory, when: When, auth: &AuthEnd) {
        let story = self.story;
        let place = call.plan.place;
        let (epoch, _) = story.epoch(place, when.seq);
        let passing = matches!(
            auth.kind,
            AuthErrorKind::Unavailable | AuthErrorKind::Timeout | AuthErrorKind::Deadline
        );
        let so = match auth.kind {
            AuthErrorKind::SignedOut => story.own_epoch(call).is_some_and(|own| Some(own) < epoch),
            AuthErrorKind::Elsewhere => call.plan.elsewhere && story.case.refuse_elsewhere,
            AuthErrorKind::Deadline => call.plan.deadline.is_some(),
            AuthErrorKind::Store => story.case.store.is_some_and(|it| it.can_fail()),
            AuthErrorKind::Refused => story.all_failures(place).any(|failure| {
                failure.outcome == Outcome::Permanent && failure.when.seq < when.seq
            }),
            AuthErrorKind::Unavailable | AuthErrorKind::Timeout => self.waits(call, when, auth),
            _ => false,
        };
        let holds = so && auth.delivery == Delivery::NotSent && auth.permanent != passing;
        self.that(holds, Rule::Told, || format!("{call:?}"));
    }

    /// Whoever fails because of an earlier failure is told how long nothing is tried.
    fn waits(&self, call: &CallStory, when: When, auth: &AuthEnd) -> bool {
        let (story, place) = (self.story, call.plan.place);
        let began = call.sends.last().and_then(|it| it.answer?.read);
        let began = began.or(call.polled).map_or(0, |it| it.seq);
        let failures = story.all_failures(place);
        let failed = failures
            .filter(|it| (began..when.seq).contains(&it.when.seq))
            .count();
        let limited = auth.kind == AuthErrorKind::Timeout && story.case.store.is_some();
        if failed > 0
            || limited
            || story.was_set_late(place, when)
            || story.case.store.is_some_and(|it| it.can_fail())
        {
            return true;
        }
        let Some((failure, times)) = story.trouble(place, when.seq) else {
            // Somebody has let the layer try again meanwhile: what is told is of before.
            return story.all_failures(place).any(|it| it.when.seq < when.seq);
        };
        // One that may have come too late may count.
        let doubtful = story.all_failures(place).count() > story.failures(place).count();
        let (least, most) = match story.case.store {
            None if !doubtful => failure.wait(times),
            // Whether what it had counts as news is not to be seen: the count may go on.
            _ => (failure.wait(times).0, failure.wait(u32::MAX).1),
        };
        auth.wait.is_some_and(|wait| {
            let all = when.at - failure.when.at + wait;
            !wait.is_zero() && all + TICK >= least && all <= most + TICK
        })
    }

    /// After a lasting failure the store is looked at once a minute, when somebody calls.
    fn looks(&mut self) {
        let story = self.story;
        for (seq, entry) in story.log.iter().enumerate() {
            let What::Loaded {
                place,
                began,
                token,
                by_caller: false,
            } = &entry.what
            else {
                continue;
            };
            let Some((failure, _)) = story.trouble(*place, seq) else {
                continue;
            };
            let other = *began < failure.when.at;
            if other || failure.outcome != Outcome::Permanent {
                continue;
            }
            let before = story.log[failure.when.seq..seq].iter().rev();
            let looked = before.filter_map(|entry| match entry.what {
                What::Loaded {
                    place: it,
                    by_caller: false,
                    ..
                } if it == *place => Some(entry.at),
                _ => None,
            });
            let last = looked.max().unwrap_or(failure.when.at);
            self.that(*began >= last + MINUTE, Rule::Looks, || {
                format!("{seq} {entry:?}")
            });
            if let Ok(Some(token)) = token {
                self.finds(*place, *token, seq, failure.when.seq);
            }
        }
        for call in &story.calls {
            self.looked(call);
        }
    }

    /// What another process has stored since is tried.
    fn finds(&mut self, place: Place, token: Token, seq: usize, failed: usize) {
        let story = self.story;
        let known = story.gains_at(place).filter(|it| it.seq < failed).last();
        let news = known.is_none_or(|it| it.token != token);
        let tried = story.case.store.is_some_and(|it| it.can_fail())
            || story.fetches_at(place).any(|it| it.when.seq > seq)
            // What is stored may be of an epoch that is over.
            || story.epoch(place, seq).1.is_some()
            || story.superseded(place, failed, story.log.len());
        let refused = story.calls.iter().any(|call| match &call.end {
            Some((when, End::Auth(auth))) => {
                let same = call.plan.place == place && auth.kind == AuthErrorKind::Refused;
                same && when.seq > seq
            }
            _ => false,
        });
        self.that(!news || tried || !refused, Rule::Looks, || {
            format!("{token} at {seq}")
        });
    }

    fn looked(&mut self, call: &CallStory) {
        let (story, place) = (self.story, call.plan.place);
        let (Some((when, End::Auth(auth))), Some(polled)) = (&call.end, call.polled) else {
            return;
        };
        let lasting = story.trouble(place, when.seq).filter(|(failure, _)| {
            let before = failure.when.at + MINUTE + TICK < polled.at;
            before && failure.outcome == Outcome::Permanent
        });
        let (Some((failure, _)), Some(_)) = (lasting, story.case.store) else {
            return;
        };
        let looked = story.log[failure.when.seq..when.seq].iter().any(|entry| {
            matches!(entry.what, What::Loaded { place: it, by_caller: false, .. } if it == place)
        });
        let holds = looked || auth.kind != AuthErrorKind::Refused;
        self.that(holds, Rule::Looks, || format!("{call:?}"));
    }
}
