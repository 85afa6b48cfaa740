//! What becomes of a delivery, and how long things take: both by chance.

use std::io;
use std::time::Duration;

use fastrand::Rng;
use tower::BoxError;
use tower_client_call::Delivery;

use crate::body::Reply;

const ROUND: u64 = 500;

/// What becomes of a delivery.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Act {
    /// It is not sent, and the error says so.
    Refuse(Refusal),
    /// It fails when it may have been sent.
    Break { effect: bool, how: Breakage },
    Answer {
        status: u16,
        retry_after: Option<u64>,
        effect: bool,
        reply: Reply,
        /// A layer below makes an error of it.
        as_error: bool,
    },
    /// Nothing is ever heard.
    Hang { effect: bool },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Refusal {
    Said,
    Connection,
    /// It took too long to connect.
    Late,
    /// It would be refused again.
    Lasting,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Breakage {
    /// An error that says nothing.
    Silent,
    Said,
    Reset,
    Late,
    /// A refused connection of which somebody knows better.
    Overruled,
}

impl Act {
    pub(crate) fn choose(random: &mut Rng, opted_in: bool) -> Self {
        let effect = random.bool();
        match random.u32(..100) {
            0..15 => Self::Refuse(match random.u32(..8) {
                0..3 => Refusal::Said,
                3..6 => Refusal::Connection,
                6 => Refusal::Late,
                _ => Refusal::Lasting,
            }),
            15..30 => Self::Break {
                effect,
                how: match random.u32(..5) {
                    0 => Breakage::Silent,
                    1 => Breakage::Said,
                    2 => Breakage::Reset,
                    3 => Breakage::Late,
                    _ => Breakage::Overruled,
                },
            },
            30..36 => Self::Hang { effect },
            36..58 => Self::Answer {
                status: 200,
                retry_after: None,
                effect: true,
                reply: reply(random),
                as_error: false,
            },
            _ => {
                let statuses = [500, 502, 503, 503, 504, 408, 429, 404];
                let status = statuses[random.usize(..statuses.len())];
                let retry_after = random.bool().then(|| [0, 1, 2, 4, 9][random.usize(..5)]);
                let rejected = opted_in && matches!(status, 429 | 503) && retry_after.is_some();
                Self::Answer {
                    status,
                    retry_after,
                    effect: effect && !rejected,
                    reply: reply(random),
                    as_error: random.u32(..5) == 0,
                }
            }
        }
    }

    pub(crate) fn effect(self) -> bool {
        match self {
            Self::Refuse(_) => false,
            Self::Break { effect, .. } | Self::Answer { effect, .. } | Self::Hang { effect } => {
                effect
            }
        }
    }
}

fn reply(random: &mut Rng) -> Reply {
    match random.u32(..10) {
        0 => Reply::Slow,
        1 => Reply::Long,
        2 => Reply::Stuck,
        3 | 4 => Reply::Broken,
        _ => Reply::Whole,
    }
}

impl Refusal {
    pub(crate) fn error(self) -> BoxError {
        match self {
            Self::Said => Delivery::NotSent.because("no credential for now").into(),
            Self::Connection => io::Error::from(io::ErrorKind::ConnectionRefused).into(),
            Self::Late => {
                let late = io::Error::from(io::ErrorKind::TimedOut);
                Delivery::NotSent.because(late).into()
            }
            Self::Lasting => Delivery::NotSent.because("bad password").permanent().into(),
        }
    }
}

impl Breakage {
    pub(crate) fn error(self) -> BoxError {
        match self {
            Self::Silent => "something went wrong".into(),
            Self::Said => Delivery::MaybeSent.because("cut off").into(),
            Self::Reset => io::Error::from(io::ErrorKind::ConnectionReset).into(),
            Self::Late => io::Error::from(io::ErrorKind::TimedOut).into(),
            Self::Overruled => {
                let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
                io::Error::other(Delivery::MaybeSent.because(refused)).into()
            }
        }
    }
}

/// Mostly none.
pub(crate) fn pause(random: &mut Rng, most: u64) -> Duration {
    if random.u32(..4) == 0 {
        millis(random, most)
    } else {
        Duration::ZERO
    }
}

/// Whole milliseconds, as the clock has them; often round, so that things happen at once.
pub(crate) fn millis(random: &mut Rng, most: u64) -> Duration {
    let millis = random.u64(1..=most);
    let round = most > ROUND && random.bool();
    Duration::from_millis(if round {
        millis.next_multiple_of(ROUND)
    } else {
        millis
    })
}
