//! What holds in every case, and who broke it.

mod ends;
mod sends;
mod shared;

use std::time::Duration;

use crate::caller::{End, Story};
use crate::case::{Case, Plan};
use crate::log::Log;

/// The clock's own resolution.
const TICK: Duration = Duration::from_millis(1);

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Rule {
    /// What may have been received and may not be received twice is not sent again.
    SentAgain,
    /// And is not done twice.
    DoneTwice,
    Attempts,
    Deadline,
    Delay,
    /// Nothing is left behind.
    LeftBehind,
    Budget,
    Record,
    /// Every attempt sends the same.
    Changed,
    /// A call ends and goes on for the reason that is documented.
    Reason,
    /// What the caller is told is true.
    Told,
    /// Only a service that is ready is called.
    NotReady,
    /// New calls stay away from an origin that asked for fewer.
    CoolDown,
    /// A call takes for ever only if the server does.
    Endless,
}

#[derive(Debug)]
pub(crate) struct Broken {
    pub(crate) rule: Rule,
    #[expect(dead_code, reason = "read by people")]
    call: usize,
    #[expect(dead_code, reason = "read by people")]
    what: String,
}

pub(crate) fn broken(story: &Story) -> Vec<Broken> {
    let mut all = Vec::new();
    for (id, (plan, log, end)) in story.calls().enumerate() {
        let mut check = Check {
            story,
            case: &story.case,
            id,
            plan,
            log,
            end,
            broken: &mut all,
        };
        check.all();
    }
    let mut break_rule = |rule, what| {
        let call = usize::MAX;
        all.push(Broken { rule, call, what });
    };
    if story.permits_out > 0 {
        let what = format!("{} permits are out", story.permits_out);
        break_rule(Rule::LeftBehind, what);
    }
    if story.misused > 0 {
        break_rule(Rule::NotReady, format!("{} times", story.misused));
    }
    if let Some(what) = shared::unbalanced(story) {
        break_rule(Rule::Budget, what);
    }
    all
}

/// One call under examination.
struct Check<'a> {
    story: &'a Story,
    case: &'a Case,
    id: usize,
    plan: &'a Plan,
    log: &'a Log,
    end: &'a End,
    broken: &'a mut Vec<Broken>,
}

impl Check<'_> {
    fn that(&mut self, holds: bool, rule: Rule, what: impl FnOnce() -> String) {
        if !holds {
            let (call, what) = (self.id, what());
            self.broken.push(Broken { rule, call, what });
        }
    }

    fn all(&mut self) {
        let sends = self.log.sends.len();
        let Some(called) = self.end.called else {
            self.that(sends == 0, Rule::NotReady, || format!("{sends} sends"));
            return;
        };
        self.once();
        let most = usize::try_from(self.case.max_attempts).unwrap();
        self.that(sends <= most, Rule::Attempts, || format!("{sends} sends"));
        self.in_time(called);
        self.delays();
        let in_flight = self.end.in_flight;
        self.that(in_flight == 0, Rule::LeftBehind, || {
            format!("{in_flight} in flight")
        });
        let readied = self.end.readied;
        self.that(readied == 0, Rule::LeftBehind, || {
            format!("{readied} ready and unused")
        });
        self.record();
        self.same();
        self.reasons();
        self.told();
        self.held(called);
        self.ends();
    }
}
