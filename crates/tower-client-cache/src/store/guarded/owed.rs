//! What a store was asked to forget and may still have.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::Key;
use crate::store::Selection;

/// What a store was asked to forget and may still have, since it did not say that this is done.
///
/// Bounded: of too much, everything is to be forgotten.
#[derive(Debug, Default)]
pub(super) struct Owed {
    /// So that reads need no lock while there is nothing.
    is_any: AtomicBool,
    debts: Mutex<Debts>,
}

#[derive(Debug, Default)]
struct Debts {
    all: Vec<Debt>,
    noted: u64,
}

/// Something that is to be forgotten.
#[derive(Clone, Debug)]
pub(super) struct Debt {
    pub(super) what: What,
    /// Tells it from one of the same that is noted later.
    number: u64,
}

/// What is to be forgotten.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    Key(Key),
    Matching(Selection),
}

/// Something that is being forgotten.
#[derive(Debug)]
pub(super) struct Forgetting<'a> {
    owed: &'a Owed,
    /// None when it is done.
    what: Option<What>,
}

impl Owed {
    const MOST: usize = 256;

    /// Begins to forget something. It is owed if this is dropped before it is
    /// [done](Forgetting::done).
    pub(super) fn forgetting(&self, what: What) -> Forgetting<'_> {
        Forgetting {
            owed: self,
            what: Some(what),
        }
    }

    /// Tells whether what a key has may be what is to be forgotten.
    pub(super) fn is_due(&self, key: &Key) -> bool {
        self.is_any.load(SeqCst) && self.debts().all.iter().any(|debt| debt.what.may_be_of(key))
    }

    /// Returns what is owed now.
    pub(super) fn all(&self) -> Vec<Debt> {
        self.debts().all.clone()
    }

    /// Takes a debt out, unless it was noted again since.
    pub(super) fn settle(&self, debt: &Debt) {
        let mut debts = self.debts();
        debts.all.retain(|other| other.number != debt.number);
        self.is_any.store(!debts.all.is_empty(), SeqCst);
    }

    fn note(&self, what: What) {
        let mut debts = self.debts();
        debts.noted += 1;
        let number = debts.noted;
        debts.all.retain(|debt| debt.what != what);
        debts.all.push(Debt { what, number });
        if debts.all.len() > Self::MOST {
            let what = What::Matching(Selection::All);
            debts.all = vec![Debt { what, number }];
        }
        self.is_any.store(true, SeqCst);
    }

    fn debts(&self) -> MutexGuard<'_, Debts> {
        self.debts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl What {
    fn may_be_of(&self, key: &Key) -> bool {
        match self {
            Self::Key(owed) => owed == key,
            Self::Matching(selection) => selection.may_have(key),
        }
    }
}

impl Forgetting<'_> {
    /// Says that it is forgotten.
    pub(super) fn done(mut self) {
        self.what = None;
    }
}

impl Drop for Forgetting<'_> {
    fn drop(&mut self) {
        if let Some(what) = self.what.take() {
            self.owed.note(what);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Glob, Owner};

    #[test]
    fn what_is_not_done_is_due_until_it_is_settled() {
        let owed = Owed::default();
        owed.forgetting(What::Key(key("cars"))).done();
        assert!(!owed.is_due(&key("cars")));

        drop(owed.forgetting(What::Key(key("cars"))));

        assert!(owed.is_due(&key("cars")) && !owed.is_due(&key("trips")));
        owed.settle(&owed.all()[0]);
        assert!(!owed.is_due(&key("cars")) && owed.all().is_empty());
    }

    #[test]
    fn what_is_noted_again_meanwhile_stays_due() {
        let owed = Owed::default();
        drop(owed.forgetting(What::Key(key("cars"))));
        let being_settled = owed.all();

        drop(owed.forgetting(What::Key(key("cars"))));
        owed.settle(&being_settled[0]);

        assert!(owed.is_due(&key("cars")));
        assert_eq!(owed.all().len(), 1);
    }

    #[test]
    fn a_selection_is_due_for_all_that_it_may_have() {
        for (selection, expected) in [
            (Selection::All, [true, true]),
            (Selection::Tag("any".into()), [true, true]),
            (Selection::Principal("anna".into()), [false, false]),
            (Selection::Matching(Glob::new("c*")), [true, false]),
        ] {
            let owed = Owed::default();

            drop(owed.forgetting(What::Matching(selection.clone())));

            let due = ["cars", "trips"].map(|name| owed.is_due(&key(name)));
            assert_eq!(due, expected, "{selection:?}");
        }
    }

    #[test]
    fn of_too_much_everything_is_to_be_forgotten() {
        let owed = Owed::default();
        for number in 0..=Owed::MOST {
            assert!(!owed.is_due(&key("other")), "{number}");
            drop(owed.forgetting(What::Key(key(&number.to_string()))));
        }

        assert!(owed.is_due(&key("other")));
        assert_eq!(owed.all().len(), 1);
    }

    fn key(name: &str) -> Key {
        Key::value(Owner::Everyone, name).unwrap()
    }
}
