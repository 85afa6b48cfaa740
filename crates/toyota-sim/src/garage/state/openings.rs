//! What of a car can be opened, locked or lit.

/// A door, or the tailgate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Door {
    /// Whether it stands open.
    pub open: bool,
    /// Whether it is locked.
    pub locked: bool,
}

impl Default for Door {
    fn default() -> Self {
        Self {
            open: false,
            locked: true,
        }
    }
}

/// The doors of a car, closed and locked at first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Doors {
    /// The driver's door.
    pub driver: Door,
    /// The front passenger's door.
    pub passenger: Door,
    /// The left door at the back.
    pub rear_left: Door,
    /// The right door at the back.
    pub rear_right: Door,
    /// The tailgate.
    pub tailgate: Door,
}

impl Doors {
    /// Locks or unlocks all doors and the tailgate.
    pub fn set_locked(&mut self, locked: bool) {
        for door in [
            &mut self.driver,
            &mut self.passenger,
            &mut self.rear_left,
            &mut self.rear_right,
            &mut self.tailgate,
        ] {
            door.locked = locked;
        }
    }

    pub(crate) fn all(&self) -> [Door; 5] {
        [
            self.driver,
            self.passenger,
            self.rear_left,
            self.rear_right,
            self.tailgate,
        ]
    }

    /// Returns whether none is open.
    pub(crate) fn closed(&self) -> bool {
        self.all().iter().all(|door| !door.open)
    }

    /// Returns whether all are closed and locked.
    pub(crate) fn secured(&self) -> bool {
        self.closed() && self.all().iter().all(|door| door.locked)
    }
}

/// A window, as far as the car can tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Window {
    /// It is shut.
    #[default]
    Closed,
    /// It is open, if only a little.
    Open,
    /// The car cannot tell.
    Unknown,
}

/// The windows of a car, shut at first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Windows {
    /// The driver's window.
    pub driver: Window,
    /// The front passenger's window.
    pub passenger: Window,
    /// The left window at the back.
    pub rear_left: Window,
    /// The right window at the back.
    pub rear_right: Window,
}

impl Windows {
    pub(crate) fn all(&self) -> [Window; 4] {
        [self.driver, self.passenger, self.rear_left, self.rear_right]
    }
}

/// The lights of a car, off at first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lights {
    /// Whether the hazard lights flash.
    pub hazard: bool,
    /// Whether the tail lights are on.
    pub tail: bool,
    /// Whether the head lights are on.
    pub head: bool,
}

impl Lights {
    pub(crate) fn any(self) -> bool {
        self.hazard || self.tail || self.head
    }
}
