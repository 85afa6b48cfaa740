//! A call: what all that take part in it do, made from two numbers.

use std::sync::Arc;

use fastrand::Rng;
use http::Version;
use tower_client_call::{CacheOutcome, Operation, RetryReason, StopReason};

use crate::body::{Payload, Script};
use crate::words::{
    FAULTS, FETCHED, Fault, KEPT, KINDS, METHODS, OPERATIONS, PLACES, Place, RETRIES, STATUSES,
    STOPS, VERSIONS,
};

/// One call.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) operation: Option<Operation>,
    pub(crate) method: (&'static str, &'static str),
    pub(crate) place: Place,
    pub(crate) payload: Payload,
    pub(crate) resender: Resending,
    pub(crate) caller: Caller,
}

/// What the layers between the two that measure do.
#[derive(Clone, Debug)]
pub(crate) struct Resending {
    /// Whether the first request is made before the call is polled.
    pub(crate) eager: bool,
    pub(crate) fetch: Option<Fetch>,
    pub(crate) cache: Option<(CacheOutcome, &'static str)>,
    /// What is sent, one after the other; nothing, if there is an answer already.
    pub(crate) legs: Vec<Arc<Leg>>,
    /// The answer of the cache.
    pub(crate) kept: Answer,
    /// Whether the last answer becomes an error.
    pub(crate) refuses: bool,
    pub(crate) stop: Option<(StopReason, &'static str)>,
    /// Whether it is noted that the caller left.
    pub(crate) notes_leaving: bool,
}

/// A credential is fetched, and waited for: so many pauses, so many eighths of a second.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fetch {
    pub(crate) pauses: u32,
    pub(crate) eighths: u32,
}

/// One request that goes out, and what follows from what came of it.
#[derive(Clone, Debug)]
pub(crate) struct Leg {
    /// How often it is polled in vain.
    pub(crate) delay: u32,
    pub(crate) outcome: Outcome,
    /// When the resender gives it up.
    pub(crate) patience: Patience,
    /// What an error layer calls it.
    pub(crate) kind: Option<&'static str>,
    /// How many frames of an answer that goes no further are read; all, if none is said.
    pub(crate) drained: Option<u32>,
    pub(crate) again: Again,
}

#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    Answer(Answer),
    Fails(Fault, &'static str),
    Never,
}

#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) version: (Version, &'static str),
    pub(crate) body: Script,
}

/// Why the next request is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Again {
    /// An attempt failed; this comes after so many pauses and eighths of a second.
    Retry((RetryReason, &'static str), u32, u32),
    /// With another credential.
    Replay(Fetch),
    /// It was sent elsewhere.
    Redirect,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller {
    pub(crate) patience: Patience,
    /// How many frames are read; all, if none is said.
    pub(crate) frames: Option<u32>,
    pub(crate) leaving: Leaving,
    /// Whether a body that has ended is polled once more.
    pub(crate) asks_again: bool,
}

/// How long somebody waits.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Patience {
    /// It is never polled.
    Unpolled,
    /// It is polled in vain so many times, but not once more.
    Pauses(u32),
}

/// Longer than nearly all takes that ends at all.
const PATIENT: Patience = Patience::Pauses(40);

/// How somebody leaves who still holds a future or a body.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Leaving {
    Drop,
    Panic,
    Abort,
}

impl Plan {
    pub(crate) fn of(seed: u64, number: u64) -> Self {
        let random = &mut Rng::with_seed((seed << 32) | number);
        // An operation has a method and a place, as a rule.
        let of = random.usize(..OPERATIONS.len());
        let as_usual = often(random, 20);
        let [method, place] = [METHODS.len(), PLACES.len()].map(|all| match as_usual {
            true => of,
            false => random.usize(..all),
        });
        Self {
            operation: often(random, 6).then(|| OPERATIONS[of]),
            method: METHODS[method],
            place: PLACES[place],
            payload: Payload::of(random),
            resender: Resending::of(random),
            caller: Caller {
                patience: Patience::of(random, 3),
                frames: rarely(random, 3).then(|| random.u32(..4)),
                leaving: match random.u32(..10) {
                    0 => Leaving::Panic,
                    1 => Leaving::Abort,
                    _ => Leaving::Drop,
                },
                asks_again: random.bool(),
            },
        }
    }
}

impl Resending {
    fn of(random: &mut Rng) -> Self {
        let kept = rarely(random, 6);
        let legs: Vec<_> = match kept {
            true => Vec::new(),
            false => (0..few(random)).map(|_| Leg::of(random)).collect(),
        };
        let refuses = rarely(random, 6);
        let succeeds = match legs.last().map(|leg| &leg.outcome) {
            None => true,
            Some(Outcome::Answer(answer)) => answer.status < 400 && !refuses,
            Some(Outcome::Fails(..) | Outcome::Never) => false,
        };
        let stop = match succeeds {
            true => (StopReason::Succeeded, ""),
            false => pick(random, &STOPS),
        };
        Self {
            eager: random.bool(),
            fetch: rarely(random, 4).then(|| Fetch::of(random)),
            cache: match kept {
                true => Some(pick(random, &KEPT)),
                false => rarely(random, 3).then(|| pick(random, &FETCHED)),
            },
            legs: legs.into_iter().map(Arc::new).collect(),
            kept: Answer::of(random),
            refuses,
            stop: often(random, 4).then_some(stop),
            notes_leaving: random.bool(),
        }
    }
}

impl Fetch {
    fn of(random: &mut Rng) -> Self {
        Self {
            pauses: random.u32(..3),
            eighths: random.u32(..20),
        }
    }
}

impl Leg {
    fn of(random: &mut Rng) -> Self {
        Self {
            delay: random.u32(..4),
            outcome: match random.u32(..25) {
                0 => Outcome::Never,
                1..5 => {
                    let (fault, word) = pick(random, &FAULTS);
                    Outcome::Fails(fault, word)
                }
                _ => Outcome::Answer(Answer::of(random)),
            },
            patience: Patience::of(random, 8),
            kind: rarely(random, 6).then(|| pick(random, &KINDS)),
            drained: rarely(random, 2).then(|| random.u32(..3)),
            again: match random.u32(..5) {
                0 => Again::Redirect,
                1 => Again::Replay(Fetch::of(random)),
                _ => Again::Retry(pick(random, &RETRIES), random.u32(..3), random.u32(..40)),
            },
        }
    }
}

impl Answer {
    fn of(random: &mut Rng) -> Self {
        Self {
            status: match rarely(random, 200) {
                true => random.u16(200..=599),
                false => favour(random, &STATUSES),
            },
            version: favour(random, &VERSIONS),
            body: Script::of(random),
        }
    }
}

impl Patience {
    /// Limited once in so many times.
    fn of(random: &mut Rng, limited: u32) -> Self {
        match rarely(random, limited) {
            true if rarely(random, 6) => Self::Unpolled,
            true => Self::Pauses(random.u32(..8)),
            false => PATIENT,
        }
    }
}

/// From 1 to 4, and more often 1.
fn few(random: &mut Rng) -> usize {
    random.usize(1..=4).min(random.usize(1..=4))
}

/// Once in so many times.
pub(crate) fn rarely(random: &mut Rng, times: u32) -> bool {
    random.u32(..times) == 0
}

/// All but once in so many times.
fn often(random: &mut Rng, times: u32) -> bool {
    !rarely(random, times)
}

fn pick<T: Copy>(random: &mut Rng, from: &[T]) -> T {
    from[random.usize(..from.len())]
}

/// Picks one; the first are the most frequent, so that tasks meet at their series.
fn favour<T: Copy>(random: &mut Rng, from: &[T]) -> T {
    let [some, few] = [(); 2].map(|()| random.usize(1..=from.len()));
    from[random.usize(..some.min(few))]
}
