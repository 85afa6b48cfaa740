//! A case: settings, and all that is done. Made from a number.

use std::time::Duration;

use fastrand::Rng;

use crate::body::Payload;
use crate::chance::PEOPLE;
use crate::log::Place;
use crate::source::IssuerFlaw;
use crate::store::{StoreFlaw, StoreMood};

#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) seed: u64,
    pub(crate) layers: usize,
    pub(crate) store: Option<StoreMood>,
    pub(crate) mood: Mood,
    pub(crate) lifetimes: Vec<Option<Duration>>,
    pub(crate) tells_in_bodies: bool,
    pub(crate) refuse_elsewhere: bool,
    pub(crate) steps: Vec<(Duration, Event)>,
    pub(crate) flaw: Flaws,
}

/// What is wrong on purpose.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Flaws {
    pub(crate) issuer: Option<IssuerFlaw>,
    pub(crate) store: Option<StoreFlaw>,
}

/// How the issuer is; numbers are in a hundred.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mood {
    pub(crate) fails: u32,
    pub(crate) refuses: u32,
    pub(crate) same: u32,
    pub(crate) slow: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum Event {
    Call(CallPlan),
    Op(OpPlan),
    /// The API revokes all that this one has.
    Revoke(usize),
    RefuseNext(usize),
}

#[derive(Clone, Debug)]
pub(crate) struct CallPlan {
    pub(crate) place: Place,
    pub(crate) named: bool,
    pub(crate) epoch: Epoch,
    pub(crate) elsewhere: bool,
    pub(crate) never: bool,
    pub(crate) payload: Payload,
    pub(crate) deadline: Option<Duration>,
    pub(crate) leaves: Option<Leaves>,
}

#[derive(Clone, Debug)]
pub(crate) struct OpPlan {
    pub(crate) place: Place,
    pub(crate) epoch: Epoch,
    pub(crate) kind: Asked,
    pub(crate) leaves: Option<Leaves>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Asked {
    Authenticate,
    Refresh,
    Set,
    Logout,
    IsAuthenticated,
    Settle,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Epoch {
    Current,
    Older,
    Newer,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Leaves {
    AfterPolls(u32),
    After(Duration),
}

impl Case {
    pub(crate) fn of(seed: u64) -> Self {
        let random = &mut Rng::with_seed(seed);
        let store = random.bool().then(|| store(random));
        let layers = 1 + usize::from(store.is_some() && random.bool());
        let lifetimes: Vec<_> = (0..=random.usize(..2)).map(|_| lifetime(random)).collect();
        let people = random.usize(1..=PEOPLE.len());
        let chance = Chance {
            layers,
            people,
            ops: [0, 10, 40][random.usize(..3)],
            hammers: random.u32(..8) == 0,
            lifetimes: &lifetimes,
        };
        let steps = random.usize(8..26);
        let steps = (0..steps).map(|_| chance.step(random)).collect();
        Self {
            seed,
            layers,
            store,
            mood: Mood {
                fails: [0, 0, 15, 40, 80][random.usize(..5)],
                refuses: [0, 0, 0, 10, 30][random.usize(..5)],
                same: [0, 0, 0, 20, 60][random.usize(..5)],
                slow: random.bool(),
            },
            tells_in_bodies: random.u32(..3) == 0,
            refuse_elsewhere: random.u32(..4) == 0,
            steps,
            lifetimes,
            flaw: Flaws::default(),
        }
    }

    /// The same without what only the layer's own handle can do, and with no store.
    pub(crate) fn of_calls_only(seed: u64) -> Self {
        let mut case = Self::of(seed);
        (case.layers, case.store) = (1, None);
        (case.mood.fails, case.mood.refuses, case.mood.same) = (0, 0, 0);
        case.tells_in_bodies = false;
        case.refuse_elsewhere = false;
        case.steps.retain_mut(|(_, event)| match event {
            Event::Call(call) => {
                call.place.layer = 0;
                call.deadline = None;
                call.epoch = Epoch::Current;
                true
            }
            Event::Op(_) => false,
            Event::Revoke(_) | Event::RefuseNext(_) => true,
        });
        case
    }

    pub(crate) fn saves_fail(&self) -> bool {
        self.store.is_some_and(|it| it.saves_fail > 0)
    }
}

fn store(random: &mut Rng) -> StoreMood {
    let fails = random.u32(..4) == 0;
    let often = |random: &mut Rng| match fails && random.bool() {
        true => [10, 50, 90][random.usize(..3)],
        false => 0,
    };
    StoreMood {
        slow: random.bool(),
        loads_fail: often(random),
        locks_fail: often(random),
        saves_fail: often(random),
        flaw: None,
    }
}

fn lifetime(random: &mut Rng) -> Option<Duration> {
    let seconds = [0, 8, 20, 120, 300, 1000, 3600, 20_000][random.usize(..8)];
    (seconds > 0).then(|| Duration::from_secs(seconds))
}

struct Chance<'a> {
    layers: usize,
    people: usize,
    /// In a hundred.
    ops: u32,
    /// Mostly one endpoint, that refuses whatever comes.
    hammers: bool,
    lifetimes: &'a [Option<Duration>],
}

impl Chance<'_> {
    fn step(&self, random: &mut Rng) -> (Duration, Event) {
        let gap = self.gap(random);
        let place = Place {
            layer: random.usize(..self.layers),
            who: random.usize(..self.people),
        };
        let event = match random.u32(..100) {
            it if it < self.ops => Event::Op(self.op(random, place)),
            90..94 => Event::Revoke(place.who),
            94..100 => Event::RefuseNext(place.who),
            _ => Event::Call(self.call(random, place)),
        };
        (gap, event)
    }

    /// How long after the one before: often at once, or about where something ends.
    fn gap(&self, random: &mut Rng) -> Duration {
        let life = self.lifetimes[random.usize(..self.lifetimes.len())];
        let life = life.unwrap_or(Duration::from_secs(100)).as_millis();
        let life = u64::try_from(life).unwrap();
        let soft = (life / 10).max(60_000).min(life / 2);
        let millis = match random.u32(..20) {
            0..9 => 0,
            9..11 => random.u64(..300),
            11..13 => random.u64(..4000),
            13 => [1000, 2000, 5000, 60_000][random.usize(..4)] + random.u64(..1500),
            14 => life.saturating_sub(soft + random.u64(..3000)),
            15 => life.saturating_sub(soft * 5 / 4 + random.u64(..3000)),
            16 => life - soft / 2,
            17 => life.saturating_sub(random.u64(..5500)),
            18 => life + random.u64(..2000),
            _ => random.u64(..life),
        };
        Duration::from_millis(millis)
    }

    fn call(&self, random: &mut Rng, place: Place) -> CallPlan {
        CallPlan {
            place,
            named: place.who > 0 || random.u32(..4) == 0,
            epoch: epoch(random),
            elsewhere: random.u32(..20) == 0,
            never: random.u32(..100) < if self.hammers { 80 } else { 4 },
            payload: match random.u32(..20) {
                0..10 => Payload::Empty,
                10..16 => Payload::Streamed,
                16..18 => Payload::TooLong,
                _ => Payload::Lent,
            },
            deadline: (random.u32(..12) == 0).then(|| Duration::from_millis(random.u64(..8000))),
            leaves: leaves(random),
        }
    }

    fn op(&self, random: &mut Rng, place: Place) -> OpPlan {
        OpPlan {
            place,
            epoch: epoch(random),
            kind: match random.u32(..14) {
                0..2 => Asked::Authenticate,
                2..5 => Asked::Refresh,
                5..7 => Asked::Set,
                7..10 => Asked::Logout,
                10..12 => Asked::IsAuthenticated,
                _ => Asked::Settle,
            },
            leaves: leaves(random),
        }
    }
}

fn epoch(random: &mut Rng) -> Epoch {
    match random.u32(..40) {
        0..2 => Epoch::Older,
        2 => Epoch::Newer,
        _ => Epoch::Current,
    }
}

fn leaves(random: &mut Rng) -> Option<Leaves> {
    match random.u32(..10) {
        0 | 1 => Some(Leaves::AfterPolls(random.u32(..5))),
        2 => Some(Leaves::After(Duration::from_millis(random.u64(..3000)))),
        _ => None,
    }
}
