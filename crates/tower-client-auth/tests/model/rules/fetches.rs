//! What is asked of the source, and when.

use std::time::Duration;

use super::{Check, Rule, TICK};
use crate::facts::Freshness;
use crate::log::{Fetching, OpKind, Outcome, What};
use crate::story::{FetchStory, How};

/// The layer's own limit.
const LIMIT: Duration = Duration::from_secs(30);

impl Check<'_> {
    pub(super) fn fetches(&mut self) {
        let mut counted = 0;
        for fetch in &self.story.fetches {
            self.one_at_a_time(fetch);
            self.cut_off(fetch);
            self.taken(fetch);
            self.dropped(fetch);
            self.needed(fetch);
            self.goes_on(fetch);
            self.backs_off(fetch);
            self.counted(fetch, counted);
            counted = fetch.fetching.counted;
            if let Some((_, Some(Outcome::Token { reused, .. }))) = fetch.end {
                let excused = reused.is_none_or(|by| self.is_lost_elsewhere(fetch, by));
                self.that(excused, Rule::Reused, || format!("{fetch:?}"));
            }
        }
        let calls = self.story.calls.iter();
        let all: u32 = calls.map(|call| call.record.token_fetches).sum();
        self.that(all == counted, Rule::Counted, || {
            format!("{all} in all, not {counted}")
        });
    }

    fn one_at_a_time(&mut self, fetch: &FetchStory) {
        let (story, place) = (self.story, fetch.fetching.place);
        let before = story.fetches.iter().filter(|other| {
            let began = other.when.seq < fetch.when.seq;
            began && other.end.is_none_or(|(end, _)| end.seq > fetch.when.seq)
        });
        for other in before {
            let it = other.fetching.place;
            let together = match story.case.store {
                Some(_) => it.who == place.who,
                // A fetch of what is over is not waited for.
                None => it == place && !story.is_superseded(other, fetch.when.seq),
            };
            self.that(!together, Rule::OneFetch, || {
                format!("{fetch:?} and {other:?}")
            });
        }
    }

    fn cut_off(&mut self, fetch: &FetchStory) {
        let holds = match fetch.end {
            Some((_, Some(_))) => true,
            Some((end, None)) => end.at >= fetch.when.at + LIMIT,
            None => false,
        };
        self.that(holds, Rule::CutOff, || format!("{fetch:?}"));
    }

    /// What another process has stored is taken.
    fn taken(&mut self, fetch: &FetchStory) {
        let (story, place) = (self.story, fetch.fetching.place);
        let before = story.log[..fetch.when.seq].last();
        let Some(What::Loaded {
            token: Ok(Some(token)),
            place: it,
            ..
        }) = before.map(|it| &it.what)
        else {
            return;
        };
        let freshness = story.freshness(*token, fetch.when.at);
        let good = matches!(freshness, Freshness::Fresh | Freshness::Soft);
        let mut known = story.gains_at(place).filter(|gain| gain.token == *token);
        let first = known.next().map(|gain| gain.seq) == Some(fetch.when.seq - 1);
        // Of an epoch that is over it is not taken.
        let usable = !story.case.saves_fail()
            && *it == place
            && story.epoch(place, fetch.when.seq).1.is_none();
        self.that(!good || !first || !usable, Rule::NotNeeded, || {
            format!("{fetch:?} in place of {token}")
        });
    }

    /// What comes after its principal has signed out is not stored.
    fn dropped(&mut self, fetch: &FetchStory) {
        let (story, Fetching { place, epoch, .. }) = (self.story, &fetch.fetching);
        let Some((when, Some(Outcome::Token { token, .. }))) = fetch.end else {
            return;
        };
        let over = story.epoch(*place, when.seq).0 != Some(*epoch);
        let saved = story.log[when.seq..].iter().any(|entry| {
            matches!(entry.what, What::Saved(it, saved, _) if it == *place && saved == token)
        });
        self.that(!over || !saved, Rule::Overwritten, || format!("{fetch:?}"));
    }

    fn needed(&mut self, fetch: &FetchStory) {
        let (story, place, when) = (self.story, fetch.fetching.place, fetch.when);
        if story.epoch(place, when.seq).0 != Some(fetch.fetching.epoch) {
            return;
        }
        // Decided upon before it waited for the lock.
        let since = |seq: usize| story.case.store.is_some() && when.seq > seq;
        let last = story.gains_at(place).filter(|it| it.seq < when.seq).last();
        let Some(last) = last.filter(|it| it.how != How::Set || !since(it.seq)) else {
            return;
        };
        let asked = story.ops_at(place).any(|op| {
            let after = op.when.seq > last.seq || story.case.store.is_some();
            op.kind == OpKind::Refresh && op.when.seq < when.seq && after
        });
        let fresh = story.freshness(last.token, when.at) == Freshness::Fresh;
        if asked || !fresh {
            return;
        }
        let unneeded = story.in_force(place, when.seq) == Some(last.token);
        self.that(!unneeded, Rule::NotNeeded, || format!("{fetch:?}"));
        if let (Some((since, until)), How::Fetched(_)) =
            (story.held_back(place, last.token), last.how)
        {
            let hammers = when.seq > since.seq && when.at + TICK < until;
            let brought = story.superseded(place, since.seq, when.seq);
            self.that(!hammers || brought, Rule::Hammering, || {
                format!("{fetch:?}, not before {until:?}")
            });
        }
    }

    /// What came last is what it goes on from, also if it was never used.
    fn goes_on(&mut self, fetch: &FetchStory) {
        let story = self.story;
        let (place, previous) = (fetch.fetching.place, fetch.fetching.previous);
        let (epoch, begun) = story.epoch(place, fetch.when.seq);
        if epoch != Some(fetch.fetching.epoch) {
            return;
        }
        let since = begun.unwrap_or(0)..fetch.when.seq;
        let mut fits = Vec::new();
        let mut certain = false;
        for gain in story.gains_at(place).collect::<Vec<_>>().into_iter().rev() {
            let came = match gain.how {
                _ if !since.contains(&gain.seq) => Came::Never,
                How::Fetched(it) | How::Again(it) => self.came(&story.fetches[it], gain.seq),
                How::Set if story.case.store.is_none() && gain.seq < fetch.decided => Came::Surely,
                How::Set | How::Loaded => Came::Perhaps,
            };
            if came != Came::Never {
                fits.push(gain.token);
            }
            if came == Came::Surely {
                certain = true;
                break;
            }
        }
        let gone = self.is_gone(fetch);
        let saved = fits
            .last()
            .is_some_and(|last| story.is_stored(place, *last, fetch.when.seq));
        let holds = match previous {
            None => !certain || gone && saved,
            // Somebody has signed out elsewhere.
            Some(_) if certain && fits.len() == 1 && gone && saved => false,
            Some(previous) => fits.contains(&previous),
        };
        self.that(holds, Rule::Previous, || format!("{fetch:?}, not {fits:?}"));
    }

    /// Whether the store has just been found empty.
    fn is_gone(&self, fetch: &FetchStory) -> bool {
        let before = self.story.log[..fetch.when.seq].last();
        let looked = before.map(|it| &it.what);
        let place = fetch.fetching.place;
        matches!(looked, Some(What::Loaded { place: it, token: Ok(None), .. }) if *it == place)
    }

    fn came(&self, fetch: &FetchStory, seq: usize) -> Came {
        let story = self.story;
        let place = fetch.fetching.place;
        if story.epoch(place, seq).0 != Some(fetch.fetching.epoch)
            || story.superseded(place, fetch.when.seq, seq)
        {
            return Came::Never;
        }
        let landed = story.landed(fetch).map_or(seq, |when| when.seq);
        match story.is_superseded(fetch, landed.max(seq)) {
            true => Came::Perhaps,
            false => Came::Surely,
        }
    }

    fn backs_off(&mut self, fetch: &FetchStory) {
        let (story, place) = (self.story, fetch.fetching.place);
        if story.epoch(place, fetch.when.seq).0 != Some(fetch.fetching.epoch) {
            return;
        }
        let Some((failure, times)) = story.trouble(place, fetch.when.seq) else {
            return;
        };
        let late = fetch.when.at >= failure.when.at + failure.wait(times).0;
        let holds = failure.doubtful || late && failure.outcome != Outcome::Permanent;
        self.that(holds, Rule::Backoff, || {
            format!("{fetch:?} after {failure:?}, {times} times")
        });
    }

    fn counted(&mut self, fetch: &FetchStory, before: u32) {
        let more = fetch.fetching.counted - before;
        let asked = || {
            let mut ops = self.story.ops_at(fetch.fetching.place);
            ops.any(|op| {
                let gets = matches!(op.kind, OpKind::Authenticate | OpKind::Refresh);
                gets && op.when.seq < fetch.when.seq
            })
        };
        let holds = more == 1 || more == 0 && asked();
        self.that(holds, Rule::Counted, || format!("{fetch:?}: {more} more"));
    }

    /// A rotated token is lost with what it came with: it could not be saved, or another process
    /// did not want it any more, or has removed what was stored and with it what came last.
    fn is_lost_elsewhere(&self, fetch: &FetchStory, by: usize) -> bool {
        let story = self.story;
        let (place, user) = (fetch.fetching.place, &story.fetches[by]);
        let removed = story.log[..fetch.when.seq].iter().any(|entry| {
            matches!(entry.what, What::Removed(it, true) if it.who == place.who && it != place)
        });
        let end = user.end.map_or(fetch.when.seq, |(end, _)| end.seq);
        let other = user.fetching.place != place;
        other && (story.case.saves_fail() || removed || story.is_superseded(user, end))
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Came {
    Never,
    Perhaps,
    Surely,
}
