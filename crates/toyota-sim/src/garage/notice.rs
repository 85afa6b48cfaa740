//! What the service tells the driver's phone.

use std::{collections::VecDeque, time::SystemTime};

use crate::{clock::epoch_seconds, random::Random};

/// How many notifications the service keeps of a car.
const CAPACITY: usize = 100;
/// What sets the identifiers apart from all else that is drawn by a car's seed.
const IDENTIFIERS: u64 = 2;

/// What a notification is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Something was left open.
    Status,
    Charging,
    /// A command by its old name.
    Command,
    /// The climate control.
    Control,
}

/// How what it is about went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Told,
    Completed,
    Interrupted,
}

/// One notification.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Notice {
    /// 24 hexadecimal digits.
    pub(crate) id: String,
    pub(crate) date: SystemTime,
    pub(crate) read: Option<SystemTime>,
    pub(crate) subject: Subject,
    pub(crate) outcome: Outcome,
    /// What happened, to follow the name of the car.
    pub(crate) message: String,
}

/// The notifications of a car, newest first.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Notices {
    kept: VecDeque<Notice>,
    /// What the identifiers of this car have in common, and no other car's.
    car: u64,
    told_ever: u64,
}

impl Notices {
    /// Creates the notifications of the car of this seed, of which there are none yet.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            kept: VecDeque::new(),
            car: Random::derived(seed, IDENTIFIERS).word(),
            told_ever: 0,
        }
    }

    pub(crate) fn add(
        &mut self,
        date: SystemTime,
        about: (Subject, Outcome),
        message: impl Into<String>,
    ) {
        let (subject, outcome) = about;
        self.kept.push_front(Notice {
            id: self.id(date),
            date,
            read: None,
            subject,
            outcome,
            message: message.into(),
        });
        self.told_ever += 1;
        self.kept.truncate(CAPACITY);
    }

    /// Returns an identifier as databases make them: of the time, of who makes it, and of a count.
    fn id(&self, date: SystemTime) -> String {
        let low = |number: u64, digits: u32| number % 16_u64.pow(digits);
        format!(
            "{:08x}{:010x}{:06x}",
            low(epoch_seconds(date), 8),
            low(self.car, 10),
            low(self.told_ever, 6),
        )
    }

    /// Marks all as read.
    pub(crate) fn read_all(&mut self, at: SystemTime) {
        for notice in &mut self.kept {
            notice.read.get_or_insert(at);
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Notice> {
        self.kept.iter()
    }
}
