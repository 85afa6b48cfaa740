//! Between two attempts: the outcome in hand, the response that is read, the wait.

use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, response};
use http_body::Body;
use tokio::time::Instant;
use tower_client_call::{Capture, Delivery, Ending, Partial, PeekedBody, RetryReason, capture};

use crate::budget::Permit;
use crate::error::Failed;
use crate::{Decision, Outcome};

/// How much of a failed response is read so that its connection can be used again.
const DRAIN_LIMIT: usize = 16 * 1024;
const DRAIN_TIME: Duration = Duration::from_millis(50);

/// What the last attempt brought, to be returned if there is no further one.
pub(crate) enum InHand<R: Body> {
    Answer(response::Parts, PeekedBody<R>),
    /// An answer whose body is being read to its end.
    Draining(response::Parts, Capture<R>),
    /// An answer whose body was too long, or too slow, for that: it is dropped.
    Head(response::Parts),
    Failure(Failed),
}

impl<R: Body> InHand<R> {
    pub(crate) fn untouched(head: response::Parts, body: R) -> Self {
        Self::Answer(head, PeekedBody::untouched(body))
    }

    /// Why there is another attempt after this.
    pub(crate) fn reason(&self) -> RetryReason {
        match self.outcome() {
            Outcome::Response { status, .. } => RetryReason::of_status(status),
            Outcome::Error(error) => RetryReason::of_error(error),
        }
    }

    pub(crate) fn outcome(&self) -> Outcome<'_> {
        match self {
            Self::Answer(head, _) | Self::Draining(head, _) | Self::Head(head) => {
                Outcome::Response {
                    status: head.status,
                    headers: &head.headers,
                    peek: None,
                }
            }
            Self::Failure(failed) => Outcome::Error(&*failed.error),
        }
    }

    pub(crate) fn delivery(&self) -> Delivery {
        match self {
            Self::Answer(..) | Self::Draining(..) | Self::Head(_) => Delivery::Answered,
            Self::Failure(failed) => Delivery::of(&*failed.error),
        }
    }

    /// Begins to read a response to its end, within this time.
    fn drain(self, time: Duration) -> Self
    where
        R: Body<Data = Bytes>,
    {
        let Self::Answer(head, body) = self else {
            return self;
        };
        let body = match body.into_untouched() {
            Ok(body) => capture(body, DRAIN_LIMIT, time),
            Err(partial) => partial.read_on(DRAIN_LIMIT, time),
        };
        Self::Draining(head, body)
    }

    /// Drains. What cannot be read to its end is dropped, and its connection with it.
    fn poll_drained(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Self::Draining(head, body) = self else {
            return Poll::Ready(());
        };
        let body = ready!(Pin::new(body).poll(cx));
        let nothing = Response::new(()).into_parts().0;
        let head = mem::replace(head, nothing);
        *self = if body.ending() == Ending::Complete {
            Self::Answer(head, PeekedBody::from(body))
        } else {
            Self::Head(head)
        };
        Poll::Ready(())
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

/// The time before an attempt: the first, if it is held back, or a further one.
pub(crate) struct Pause<B, R: Body> {
    began: Instant,
    until: Instant,
    before: Before<B, R>,
}

/// What was before.
pub(crate) enum Before<B, R: Body> {
    /// Nothing: the first attempt has yet to be sent.
    First(Request<B>),
    /// An attempt. Dropped, the permit for the next one gives back what it took.
    Attempt(InHand<R>, Permit),
}

impl<B, R: Body> Pause<B, R> {
    /// Begins a pause before the first attempt.
    pub(crate) fn held(request: Request<B>, until: Instant) -> Box<Self> {
        Self::new(until, Before::First(request))
    }

    /// Begins a pause before a further attempt, of which at most `time` goes into draining the
    /// response.
    pub(crate) fn after(
        in_hand: InHand<R>,
        until: Instant,
        permit: Permit,
        time: Duration,
    ) -> Box<Self>
    where
        R: Body<Data = Bytes>,
    {
        let in_hand = in_hand.drain(time.min(DRAIN_TIME));
        Self::new(until, Before::Attempt(in_hand, permit))
    }

    fn new(until: Instant, before: Before<B, R>) -> Box<Self> {
        Box::new(Self {
            began: Instant::now(),
            until,
            before,
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
        matches!(self.before, Before::First(_))
    }

    /// Ends the pause.
    pub(crate) fn into_before(self) -> Before<B, R> {
        self.before
    }

    /// Drains; ready with the end of the pause when there is nothing left to drain.
    pub(crate) fn poll_drained(&mut self, cx: &mut Context<'_>) -> Poll<Instant> {
        if let Before::Attempt(in_hand, _) = &mut self.before {
            ready!(in_hand.poll_drained(cx));
        }
        Poll::Ready(self.until)
    }
}
