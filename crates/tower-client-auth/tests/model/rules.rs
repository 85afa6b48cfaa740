//! What holds in every case, and what broke it.

mod calls;
mod epochs;
mod fetches;
mod provider;
mod sends;
mod windows;

use std::time::Duration;

use crate::story::Story;

/// The clock's own resolution.
const TICK: Duration = Duration::from_millis(1);

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Rule {
    /// One fetch at a time.
    OneFetch,
    /// Who leaves takes no fetch along.
    CutOff,
    /// Nothing is fetched while what is there is good.
    NotNeeded,
    /// Each fetch goes on from what came last.
    Previous,
    /// A refresh token is used once.
    Reused,
    /// After a failure nothing is fetched for a while.
    Backoff,
    /// Nor while every new credential is refused as soon as it comes.
    Hammering,
    /// Records and the source count the same.
    Counted,
    Expired,
    Owner,
    Epoch,
    Refused,
    Elsewhere,
    /// What was asked for before a refusal is not used.
    Overtaken,
    /// Nor what was asked for before somebody brought another, or signed out.
    Overwritten,
    /// What is used is stored.
    Saved,
    Replays,
    /// Answers and bodies are passed on.
    AsItCame,
    /// Who can have a good credential does not wait for one.
    Waited,
    /// Nobody is given one that is about to expire.
    Hard,
    /// A credential that is about to expire is being renewed.
    NotRenewed,
    /// A credential serves to its end.
    MadeDo,
    Endless,
    Told,
    AtOnce,
    Record,
    Provider,
    Logout,
    /// The store is looked at once a minute after a lasting failure.
    Looks,
    /// What nobody expects any more asks and changes nothing, once it has the store's lock.
    Unwanted,
    /// What was refused is replaced for those who come, whether or not it is sent again.
    Begun,
    /// Who waits until nothing is under way finds nothing under way.
    Settled,
}

#[derive(Debug)]
pub(crate) struct Broken {
    pub(crate) rule: Rule,
    #[expect(dead_code, reason = "read by people")]
    what: String,
}

/// A story under examination.
pub(crate) struct Check<'a> {
    story: &'a Story,
    broken: Vec<Broken>,
}

impl Check<'_> {
    fn that(&mut self, holds: bool, rule: Rule, what: impl FnOnce() -> String) {
        if !holds {
            let what = what();
            self.broken.push(Broken { rule, what });
        }
    }
}

pub(crate) fn broken(story: &Story) -> Vec<Broken> {
    let broken = Vec::new();
    let mut check = Check { story, broken };
    check.fetches();
    check.sends();
    check.windows();
    check.calls();
    check.provider();
    check.epochs();
    check.broken
}
