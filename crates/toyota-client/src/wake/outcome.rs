//! What comes of the wish to wake a car.

use jiff::Timestamp;

use crate::model::Acknowledgement;
use crate::text::excerpt;
use crate::{Error, Kind};

/// The service's code for what a car or its modem does not do; at times for a fault of its own.
const NOT_EXECUTED: &str = "ONE-GLOBAL-RS-40000";

/// What came of the wish to wake a car.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WakeOutcome {
    /// The gateway has taken it; nothing has happened yet.
    Accepted,
    /// Nothing was sent: it was woken often enough.
    QuotaSpent { until: Option<Timestamp> },
    /// It is not woken.
    Refused(WakeRefusal),
}

/// Why a car is not woken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WakeRefusal {
    /// The service does not wake this car.
    Rejected {
        /// The service's own code, if it gave one: at most 64 printable characters.
        code: Option<String>,
    },
    /// The service has not woken this car several times; it is not asked to for some days, unless by a
    /// person.
    RejectedBefore {
        /// When it is asked again.
        until: Timestamp,
    },
    /// The car has not answered several times; it is not woken until it gives news, unless by a person.
    Silent,
    /// The wake could not be written down where processes count them, so it was not sent. The log says
    /// why.
    NotCounted,
}

impl WakeOutcome {
    /// What the gateway's word means. Where it says nothing it has taken it.
    pub(crate) fn of_answer(said: Option<&Acknowledgement>) -> Self {
        let code = said.and_then(|said| said.return_code.as_deref());
        match (said, code) {
            (Some(said), Some(code)) if !said.is_accepted() => Self::rejected(Some(excerpt(code))),
            _ => Self::Accepted,
        }
    }

    /// What a failure means, if it is the service's way to say that it does not wake this car.
    pub(crate) fn of_error(error: Error) -> Result<Self, Error> {
        let code = error.response_code();
        let is_rejection = error.is_moved()
            || error.is(Kind::ActionNotSupported)
            || code.is_some_and(|code| code == NOT_EXECUTED);
        if is_rejection {
            return Ok(Self::rejected(code.map(str::to_owned)));
        }
        Err(error)
    }

    fn rejected(code: Option<String>) -> Self {
        Self::Refused(WakeRefusal::Rejected { code })
    }
}
