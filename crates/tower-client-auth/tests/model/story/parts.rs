//! The parts of a story.

use tower_client_call::CallSnapshot;

use super::When;
use crate::case::CallPlan;
use crate::log::{End, Fetching, OpEnd, OpKind, Outcome, Place, Sent, Token};

#[derive(Clone, Debug)]
pub(crate) struct CallStory {
    pub(crate) id: usize,
    pub(crate) plan: CallPlan,
    pub(crate) epoch: Option<u64>,
    pub(crate) called: Option<When>,
    pub(crate) returned: Option<When>,
    pub(crate) polled: Option<When>,
    pub(crate) sends: Vec<SendStory>,
    pub(crate) end: Option<(When, End)>,
    pub(crate) left: Option<When>,
    pub(crate) record: CallSnapshot,
}

#[derive(Clone, Debug)]
pub(crate) struct SendStory {
    pub(crate) sent: Sent,
    /// When it was given its credential.
    pub(crate) given: When,
    /// Before the layer had returned a future.
    pub(crate) direct: bool,
    pub(crate) answer: Option<Answer>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer {
    pub(crate) when: When,
    pub(crate) status: u16,
    pub(crate) refuses: bool,
    pub(crate) read: Option<When>,
}

#[derive(Clone, Debug)]
pub(crate) struct FetchStory {
    pub(crate) when: When,
    /// How much had happened when it was decided upon, at the least: it may have waited for a lock.
    pub(crate) decided: usize,
    pub(crate) fetching: Fetching,
    /// `None` is one that was cut off, at that time.
    pub(crate) end: Option<(When, Option<Outcome>)>,
}

#[derive(Clone, Debug)]
pub(crate) struct OpStory {
    pub(crate) when: When,
    pub(crate) place: Place,
    pub(crate) epoch: u64,
    pub(crate) kind: OpKind,
    pub(crate) end: Option<(When, OpEnd, Option<Token>)>,
}

/// The API has refused a credential.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refusal {
    pub(crate) call: usize,
    pub(crate) place: Place,
    pub(crate) token: Token,
    pub(crate) replay: bool,
    /// It may tell that another credential would hardly be better.
    pub(crate) rejects: bool,
    /// The layer may know it from here on, and does from there on unless its caller has left.
    pub(crate) from: When,
    pub(crate) sure: Option<When>,
    /// The layer knows it then, and not before.
    pub(crate) exact: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Gain {
    pub(crate) seq: usize,
    pub(crate) place: Place,
    pub(crate) token: Token,
    pub(crate) how: How,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum How {
    Fetched(usize),
    Again(usize),
    Loaded,
    Set,
}
