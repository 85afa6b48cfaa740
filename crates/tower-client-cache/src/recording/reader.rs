//! A reader of a recording: a body that gets what is recorded, and polls the source for more.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep, sleep_until};
use tower::BoxError;

use super::Shared;
use super::source::Source;
use super::state::Next;
use crate::CacheError;

type Item = Option<Result<Frame<Bytes>, CacheError>>;

/// One of those who read a recording, from its first byte on.
pub(crate) struct Reader {
    shared: Arc<Shared>,
    id: usize,
    /// It has returned the end, or an error, and left.
    done: bool,
    /// Runs while it waits for a slower reader.
    patience: Option<Pin<Box<Sleep>>>,
}

/// The body panicked while another reader polled it.
#[derive(Debug, thiserror::Error)]
#[error("the body panicked")]
struct Panicked;

impl Reader {
    pub(super) fn new(shared: Arc<Shared>, id: usize) -> Self {
        Self {
            shared,
            id,
            done: false,
            patience: None,
        }
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Item> {
        loop {
            match self.shared.with(|state| state.next(self.id, cx.waker())) {
                Next::Return(item) => return Poll::Ready(item),
                Next::Drive(source) => match self.drive(source) {
                    Driven::Returned(item) => return Poll::Ready(item),
                    Driven::Ended => {}
                    Driven::Pending => return Poll::Pending,
                },
                Next::Wait => return Poll::Pending,
                Next::WaitUntil(deadline) => {
                    ready!(self.wait_until(deadline, cx));
                    let now = Instant::now();
                    self.shared.with(|state| state.lose_patience(now));
                }
            }
        }
    }

    /// Polls the source for all.
    fn drive(&self, source: Source) -> Driven {
        let mut driving = Driving {
            shared: &self.shared,
            source: Some(source),
        };
        driving.poll(self.id)
    }

    fn wait_until(&mut self, deadline: Instant, cx: &mut Context<'_>) -> Poll<()> {
        // Elsewhere there are no timers; it is woken when there is room.
        if Handle::try_current().is_err() {
            return Poll::Pending;
        }
        let new = || Box::pin(sleep_until(deadline));
        let sleep = self.patience.get_or_insert_with(new);
        if sleep.deadline() != deadline {
            sleep.as_mut().reset(deadline);
        }
        sleep.as_mut().poll(cx)
    }
}

impl Body for Reader {
    type Data = Bytes;
    type Error = CacheError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Item> {
        if self.done {
            return Poll::Ready(None);
        }
        let item = ready!(self.poll_item(cx));
        self.patience = None;
        self.done = !matches!(item, Some(Ok(_)));
        Poll::Ready(item)
    }

    fn is_end_stream(&self) -> bool {
        self.done || self.shared.view(|state| state.is_end(self.id))
    }

    fn size_hint(&self) -> SizeHint {
        if self.done {
            return SizeHint::with_exact(0);
        }
        self.shared.view(|state| state.size_hint(self.id))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if !self.done {
            self.shared.with(|state| state.leave(self.id));
        }
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

/// A reader polls the source.
struct Driving<'a> {
    shared: &'a Arc<Shared>,
    source: Option<Source>,
}

enum Driven {
    Returned(Item),
    /// By its end, or an error: the state knows.
    Ended,
    Pending,
}

impl Driving<'_> {
    fn poll(&mut self, id: usize) -> Driven {
        let Some(source) = &mut self.source else {
            return Driven::Ended;
        };
        // Not this reader's: it may be gone when the source wakes.
        let waker = Waker::from(Arc::clone(self.shared));
        let polled = source.as_mut().poll_frame(&mut Context::from_waker(&waker));
        match polled {
            Poll::Ready(Some(Ok(frame))) => {
                if source.is_end_stream() {
                    self.end(id, Some(&frame));
                } else {
                    self.go_on(id, &frame);
                }
                Driven::Returned(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => {
                self.fail(id, error);
                Driven::Ended
            }
            Poll::Ready(None) => {
                self.end(id, None);
                Driven::Ended
            }
            Poll::Pending => {
                if let Some(source) = self.source.take() {
                    self.shared.with(|state| state.park(source));
                }
                Driven::Pending
            }
        }
    }

    fn go_on(&mut self, id: usize, frame: &Frame<Bytes>) {
        let hint = self.source.as_ref().map(|source| source.size_hint());
        let back = self.source.take().zip(hint);
        self.shared.with(|state| {
            state.stop_waiting(id);
            state.keep(frame);
            state.show(id, frame);
            if let Some((source, hint)) = back {
                state.go_on(source, hint);
            }
        });
    }

    /// Ends the recording. `finish` is told before anybody sees the end.
    fn end(&mut self, id: usize, last: Option<&Frame<Bytes>>) {
        self.shared.with(|state| {
            state.stop_waiting(id);
            if let Some(frame) = last {
                state.keep(frame);
            }
            state.complete();
        });
        let source = self.source.take();
        self.shared.with(|state| {
            if let Some(frame) = last {
                state.show(id, frame);
            }
            state.end();
        });
        drop(source);
    }

    fn fail(&mut self, id: usize, error: BoxError) {
        let source = self.source.take();
        self.shared.with(|state| {
            state.stop_waiting(id);
            state.fail(CacheError::body(error));
        });
        drop(source);
    }
}

/// The source, or what was told of its end, panicked: the others must not wait for ever.
impl Drop for Driving<'_> {
    fn drop(&mut self) {
        if self.source.is_some() {
            self.shared
                .with(|state| state.fail(CacheError::body(Panicked.into())));
        }
    }
}
