//! What a layer can know of a request, and of how it ended.

use std::fmt;
use std::time::Duration;

use http::{Request, StatusCode};
use tower_client::call::{
    Attempt, CacheOutcome, CallRecord, Deadline, Delivery, Operation, Principal,
};

/// The facts of a request that this layer is interested in. Each may be absent: then it means what
/// its own documentation says.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// What the call does.
    pub(crate) operation: Option<Operation>,
    /// On whose behalf.
    pub(crate) principal: Option<Principal>,
    /// Until when an answer is of use.
    pub(crate) deadline: Option<Deadline>,
    /// Which attempt it is: told by a retry layer further out.
    pub(crate) attempt: Attempt,
    /// What has happened to the call: written by all layers, and read here at the end.
    pub(crate) record: Option<CallRecord>,
}

impl Facts {
    pub(super) fn of<B>(request: &Request<B>) -> Self {
        Self {
            operation: Operation::of(request),
            principal: Principal::of(request).cloned(),
            deadline: Deadline::of(request),
            attempt: Attempt::of(request),
            record: CallRecord::find(request.extensions()).cloned(),
        }
    }
}

/// A request that has ended.
#[derive(Clone, Debug)]
pub(crate) struct Seen<'a> {
    /// What is known of it.
    pub(crate) facts: &'a Facts,
    /// How long it waited for its turn.
    pub(crate) waited: Duration,
    /// The status of the response, or how far a request has come that got none.
    pub(crate) outcome: Result<StatusCode, Delivery>,
}

/// One line: whose it is is not in there, as that may be a mail address.
impl fmt::Display for Seen<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Facts {
            operation,
            principal,
            attempt,
            record,
            ..
        } = self.facts;
        let operation = operation.map_or("a request", Operation::name);
        let whose = principal.as_ref().map_or("nobody's", |_| "somebody's");
        let (attempt, waited) = (attempt.number(), self.waited.as_millis());
        write!(
            f,
            "{operation}, {whose}, attempt {attempt}, waited {waited} ms: "
        )?;
        match self.outcome {
            Ok(status) => write!(f, "{}", status.as_u16())?,
            Err(Delivery::NotSent) => f.write_str("not sent")?,
            Err(Delivery::MaybeSent | Delivery::Answered) => f.write_str("failed")?,
        }
        if let Some(record) = record {
            let call = record.snapshot();
            let cache = call.cache.map_or("nothing", CacheOutcome::as_str);
            write!(f, "; so far attempts {}, cache {cache}", call.attempts)?;
        }
        Ok(())
    }
}
