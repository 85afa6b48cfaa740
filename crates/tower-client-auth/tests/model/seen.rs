//! What happened in all cases together: rules about what never happens prove nothing.

use std::collections::BTreeMap;

use crate::facts::Freshness;
use crate::log::{AuthEnd, End, Fetching, OpEnd, Outcome, What};
use crate::story::{CallStory, How, Story};

/// How often each of these has to happen at the least.
const OFTEN: u32 = 20;

const ALL: [&str; 27] = [
    "answered",
    "sent twice",
    "refused twice",
    "not repeatable",
    "left in wait",
    "went at once in the soft window",
    "waited in the hard window",
    "made do",
    "held back",
    "fails: Refused",
    "fails: Unavailable",
    "fails: Timeout",
    "fails: Store",
    "fails: SignedOut",
    "fails: Elsewhere",
    "fails: Deadline",
    "source: late",
    "source: same",
    "source: panic",
    "source: cut off",
    "source: asked again while calls were refused",
    "took from the store",
    "looked at the store",
    "provider: failed",
    "settled in a while",
    "rejected, and not repeatable",
    "store: found empty",
];

#[derive(Debug, Default)]
pub(crate) struct Seen(BTreeMap<&'static str, u32>);

impl Seen {
    pub(crate) fn check(&self) {
        for what in ALL {
            let times = self.0.get(what).copied().unwrap_or_default();
            assert!(times >= OFTEN, "{what}: {times} times of {self:#?}");
        }
    }

    fn count(&mut self, what: &'static str, times: usize) {
        *self.0.entry(what).or_default() += u32::try_from(times).unwrap();
    }

    pub(crate) fn look_at(&mut self, story: &Story) {
        for call in story.calls.iter().filter(|call| !call.plan.elsewhere) {
            self.look_at_sends(story, call);
        }
        for call in &story.calls {
            match &call.end {
                Some((_, End::Answer { .. })) => self.count("answered", 1),
                Some((_, End::Auth(AuthEnd { kind, .. }))) => {
                    let fails = format!("fails: {kind:?}");
                    if let Some(what) = ALL.iter().find(|it| **it == fails) {
                        self.count(what, 1);
                    }
                }
                _ => {}
            }
        }
        for fetch in &story.fetches {
            match fetch.end {
                Some((_, Some(Outcome::Token { late: true, .. }))) => self.count("source: late", 1),
                Some((_, Some(Outcome::Same(_)))) => self.count("source: same", 1),
                Some((_, Some(Outcome::Panic))) => self.count("source: panic", 1),
                Some((_, None)) => self.count("source: cut off", 1),
                _ => {}
            }
        }
        let overtaken = story.gains.iter().filter(|gain| {
            let next = story
                .fetches_at(gain.place)
                .any(|it| it.when.seq == gain.seq + 1);
            next && matches!(gain.how, How::Fetched(_))
        });
        self.count(
            "source: asked again while calls were refused",
            overtaken.count(),
        );
        let failed = story
            .ops
            .iter()
            .filter(|op| matches!(op.end, Some((_, OpEnd::Failed(_), _))));
        self.count("provider: failed", failed.count());
        let settled = story
            .ops
            .iter()
            .filter(|op| matches!(op.end, Some((when, OpEnd::Settled, _)) if when.at > op.when.at));
        self.count("settled in a while", settled.count());
        let rejected = story.refusals.iter().filter(|it| !it.replay && it.rejects);
        self.count("rejected, and not repeatable", rejected.count());
        let empty = story.fetches.iter().filter(|it| {
            let Fetching {
                place, previous, ..
            } = it.fetching;
            if previous.is_some() {
                return false;
            }
            let begun = story.epoch(place, it.when.seq).1.unwrap_or(0);
            let mut had = story.gains_at(place);
            had.any(|gain| {
                let since = (begun..it.when.seq).contains(&gain.seq);
                since && story.is_stored(place, gain.token, it.when.seq)
            })
        });
        self.count("store: found empty", empty.count());
        self.look_at_store(story);
    }

    fn look_at_sends(&mut self, story: &Story, call: &CallStory) {
        let refused = |nth: usize| {
            let answer = call.sends.get(nth).and_then(|send| send.answer);
            answer.is_some_and(|answer| answer.refuses)
        };
        self.count("sent twice", usize::from(call.sends.len() == 2));
        self.count("refused twice", usize::from(refused(1)));
        let once = refused(0) && !call.plan.payload.repeatable();
        self.count("not repeatable", usize::from(once));
        let left = call.left.is_some() && call.polled.is_some() && call.sends.is_empty();
        self.count("left in wait", usize::from(left));
        let ended = matches!(call.end, Some((_, End::Answer { .. })));
        let held = refused(0) && call.sends.len() == 1 && call.plan.payload.repeatable() && ended;
        self.count("held back", usize::from(held));
        let (Some(first), Some(called)) = (call.sends.first(), call.called) else {
            return;
        };
        let Some(token) = first.sent.token else {
            return;
        };
        match (story.freshness(token, called.at), first.direct) {
            (Freshness::Soft, true) => self.count("went at once in the soft window", 1),
            (Freshness::Hard, false) if first.given.seq > called.seq => self.count("made do", 1),
            _ => {}
        }
        let hard = story.in_force(call.plan.place, called.seq);
        let hard = hard.filter(|it| story.freshness(*it, called.at) == Freshness::Hard);
        let waited = hard.is_some_and(|it| it != token);
        self.count("waited in the hard window", usize::from(waited));
    }

    fn look_at_store(&mut self, story: &Story) {
        let took = story.gains.iter().filter(|gain| {
            let before = story
                .gains_at(gain.place)
                .any(|it| it.seq < gain.seq && it.token == gain.token);
            let mut sends = story.calls.iter().filter(|it| it.plan.place == gain.place);
            let sent = sends.any(|it| it.sends.iter().any(|it| it.sent.token == Some(gain.token)));
            gain.how == How::Loaded && !before && sent
        });
        self.count("took from the store", took.count());
        let looked = story
            .log
            .iter()
            .enumerate()
            .filter(|(seq, entry)| match entry.what {
                What::Loaded {
                    place,
                    by_caller: false,
                    ..
                } => {
                    let trouble = story.trouble(place, *seq);
                    trouble.is_some_and(|(failure, _)| failure.outcome == Outcome::Permanent)
                }
                _ => false,
            });
        self.count("looked at the store", looked.count());
    }
}
