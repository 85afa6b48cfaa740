//! Between two attempts: the outcome in hand, the response that is read, the wait.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::response;
use http_body::Body;
use tokio::time::Instant;
use tower_client_call::{Capture, Delivery, Ending, Partial, PeekedBody, capture};

use crate::budget::Permit;
use crate::error::Failed;
use crate::{Decision, Outcome};

/// How much of a failed response is read so that its connection can be used again.
const DRAIN: ToRead = ToRead {
    limit: 16 * 1024,
    is_attempt: false,
    decision: None,
};
const DRAIN_TIME: Duration = Duration::from_millis(50);

/// What the last attempt brought, to be returned if there is no further one.
pub(crate) enum InHand<R: Body> {
    Answer(response::Parts, PeekedBody<R>),
    /// An answer whose body was too long, or too slow, to be read to its end.
    Head(response::Parts),
    Failure(Failed),
}

impl<R: Body> InHand<R> {
    pub(crate) fn untouched(head: response::Parts, body: R) -> Self {
        Self::Answer(head, PeekedBody::untouched(body))
    }

    pub(crate) fn outcome(&self) -> Outcome<'_> {
        match self {
            Self::Answer(head, _) | Self::Head(head) => Outcome::Response {
                status: head.status,
                headers: &head.headers,
                peek: None,
            },
            Self::Failure(failed) => Outcome::Error(&*failed.error),
        }
    }

    pub(crate) fn delivery(&self) -> Delivery {
        match self {
            Self::Answer(..) | Self::Head(_) => Delivery::Answered,
            Self::Failure(failed) => Delivery::of(&*failed.error),
        }
    }
}

/// What is to be read of a body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ToRead {
    pub(crate) limit: usize,
    /// Whether the body is a part of the attempt, and not only read to decide.
    pub(crate) is_attempt: bool,
    /// What is decided already.
    pub(crate) decision: Option<Decision>,
}

/// A response whose body is being read.
pub(crate) struct Reading<R: Body> {
    head: Option<response::Parts>,
    body: Capture<R>,
    asked: ToRead,
}

/// A response whose body was read.
pub(crate) struct Read<R: Body> {
    pub(crate) head: response::Parts,
    pub(crate) body: Partial<R>,
    pub(crate) asked: ToRead,
}

impl<R: Body> Reading<R> {
    pub(crate) fn new(head: response::Parts, body: Capture<R>, asked: ToRead) -> Self {
        let head = Some(head);
        Self { head, body, asked }
    }

    /// Reads on; ready once.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Read<R>> {
        let body = ready!(Pin::new(&mut self.body).poll(cx));
        match self.head.take() {
            Some(head) => Poll::Ready(Read {
                head,
                body,
                asked: self.asked,
            }),
            None => Poll::Pending,
        }
    }
}

/// The time before an attempt: the first, if it is held back, or a further one. Dropped, it gives
/// its permit back.
pub(crate) struct Pause<R: Body> {
    began: Instant,
    until: Instant,
    before: Before<R>,
    permit: Option<Permit>,
}

/// What was before.
enum Before<R: Body> {
    Nothing,
    Draining(Reading<R>),
    Outcome(InHand<R>),
}

impl<R: Body<Data = Bytes>> Pause<R> {
    /// Begins a pause before a further attempt, of which at most `time` goes into draining the
    /// response.
    pub(crate) fn after(
        in_hand: InHand<R>,
        until: Instant,
        permit: Permit,
        time: Duration,
    ) -> Box<Self> {
        let before = match in_hand {
            InHand::Answer(head, body) => match body.into_untouched() {
                Ok(body) => {
                    let body = capture(body, DRAIN.limit, time.min(DRAIN_TIME));
                    Before::Draining(Reading::new(head, body, DRAIN))
                }
                Err(partial) => Before::Outcome(drained(head, *partial)),
            },
            in_hand => Before::Outcome(in_hand),
        };
        let permit = Some(permit);
        Box::new(Self {
            began: Instant::now(),
            until,
            before,
            permit,
        })
    }

    /// Drains; ready with the end of the pause when there is nothing left to drain.
    pub(crate) fn poll_drained(&mut self, cx: &mut Context<'_>) -> Poll<Instant> {
        if let Before::Draining(reading) = &mut self.before {
            let read = ready!(reading.poll(cx));
            self.before = Before::Outcome(drained(read.head, read.body));
        }
        Poll::Ready(self.until)
    }
}

impl<R: Body> Pause<R> {
    /// Begins a pause before the first attempt.
    pub(crate) fn held(until: Instant) -> Box<Self> {
        Box::new(Self {
            began: Instant::now(),
            until,
            before: Before::Nothing,
            permit: None,
        })
    }

    /// Returns when it began.
    pub(crate) fn began(&self) -> Instant {
        self.began
    }

    /// Makes it longer.
    pub(crate) fn extend(&mut self, until: Instant) {
        self.until = until;
    }

    pub(crate) fn is_before_first(&self) -> bool {
        matches!(self.before, Before::Nothing)
    }

    /// Ends with an attempt, which was sent.
    pub(crate) fn spend(self) {
        if let Some(permit) = self.permit {
            permit.spend();
        }
    }

    /// Ends without an attempt: returns what the last one brought, if there was one.
    pub(crate) fn into_in_hand(self) -> Option<InHand<R>> {
        match self.before {
            Before::Outcome(in_hand) => Some(in_hand),
            // Nobody stops draining half-way but by dropping all of it.
            Before::Nothing | Before::Draining(_) => None,
        }
    }
}

/// What is left of a response that was drained: what could not be read to its end is dropped, and
/// its connection with it.
fn drained<R: Body>(head: response::Parts, partial: Partial<R>) -> InHand<R> {
    if partial.ending() == Ending::Complete {
        InHand::Answer(head, PeekedBody::from(partial))
    } else {
        InHand::Head(head)
    }
}
