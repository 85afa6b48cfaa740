//! Bodies: of requests, whose size may be known, and of answers, which follow a script.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use fastrand::Rng;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};

use crate::plan::rarely;

/// The body of a request. Nobody reads it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Payload {
    /// Of a known size.
    Whole(u16),
    /// Of a size that only a header tells.
    Announced(u16),
    Streamed,
}

impl Payload {
    pub(crate) fn of(random: &mut Rng) -> Self {
        match random.u32(..6) {
            0 | 1 => Self::Whole(0),
            2 | 3 => Self::Whole(random.u16(..5000)),
            4 => Self::Announced(random.u16(..5000)),
            _ => Self::Streamed,
        }
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        Poll::Ready(None)
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact((*bytes).into()),
            Self::Announced(_) | Self::Streamed => SizeHint::new(),
        }
    }
}

/// What the body of an answer does, and what it knows of itself.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) items: VecDeque<Item>,
    /// Whether it knows that nothing is left.
    pub(crate) knows_end: bool,
    /// Whether it knows how many bytes are left.
    pub(crate) knows_length: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Item {
    Data(u16),
    Trailers,
    /// It is polled in vain.
    Pause,
    Breaks,
    /// Nothing comes any more.
    Stuck,
}

/// What is missing when it breaks or gets stuck.
const MISSING: u16 = 7;

impl Script {
    pub(crate) fn of(random: &mut Rng) -> Self {
        let mut items = VecDeque::new();
        for _ in 0..random.u32(..4) {
            if rarely(random, 3) {
                items.push_back(Item::Pause);
            }
            let large = rarely(random, 20);
            items.push_back(match rarely(random, 10) {
                true => Item::Data(0),
                false => Item::Data(random.u16(1..if large { 60_000 } else { 600 })),
            });
        }
        match random.u32(..10) {
            0 => items.push_back(Item::Trailers),
            1 => items.push_back(Item::Breaks),
            2 if rarely(random, 3) => items.push_back(Item::Stuck),
            2 | 3 => items.push_back(Item::Pause),
            _ => {}
        }
        Self {
            items,
            knows_end: random.bool(),
            knows_length: random.bool(),
        }
    }

    /// How many bytes are to come, as far as is known to whoever wrote it.
    pub(crate) fn bytes_left(&self) -> u64 {
        let items = self.items.iter();
        items
            .map(|item| match item {
                Item::Data(bytes) => u64::from(*bytes),
                Item::Breaks | Item::Stuck => MISSING.into(),
                Item::Trailers | Item::Pause => 0,
            })
            .sum()
    }
}

impl Body for Script {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        static ZEROS: [u8; 65_536] = [0; 65_536];
        if self.items.front() == Some(&Item::Stuck) {
            return Poll::Pending;
        }
        Poll::Ready(match self.items.pop_front() {
            Some(Item::Data(bytes)) => {
                let data = Bytes::from_static(&ZEROS[..bytes.into()]);
                Some(Ok(Frame::data(data)))
            }
            Some(Item::Trailers) => Some(Ok(Frame::trailers(HeaderMap::new()))),
            Some(Item::Breaks) => Some(Err(io::ErrorKind::ConnectionReset.into())),
            Some(Item::Pause | Item::Stuck) => return Poll::Pending,
            None => None,
        })
    }

    fn is_end_stream(&self) -> bool {
        self.knows_end && self.items.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        match self.knows_length {
            true => SizeHint::with_exact(self.bytes_left()),
            false => SizeHint::new(),
        }
    }
}
