//! What the service tells the driver's phone.

use std::{collections::VecDeque, time::SystemTime};

use crate::random::Random;

/// How many notifications the service keeps of a car.
const CAPACITY: usize = 100;

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
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Notices(VecDeque<Notice>);

impl Notices {
    pub(crate) fn add(
        &mut self,
        random: &mut Random,
        date: SystemTime,
        about: (Subject, Outcome),
        message: impl Into<String>,
    ) {
        let id: String = random.hex().chars().take(24).collect();
        let (subject, outcome) = about;
        self.0.push_front(Notice {
            id,
            date,
            read: None,
            subject,
            outcome,
            message: message.into(),
        });
        self.0.truncate(CAPACITY);
    }

    /// Marks all as read.
    pub(crate) fn read_all(&mut self, at: SystemTime) {
        for notice in &mut self.0 {
            notice.read.get_or_insert(at);
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Notice> {
        self.0.iter()
    }
}
