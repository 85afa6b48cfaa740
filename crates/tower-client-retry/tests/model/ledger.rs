//! A token bucket that writes down what is taken and given.

use std::sync::Mutex;

use tower_client_retry::{Budget, Costs, RetryKind, TokenBucket};

#[derive(Debug)]
pub(crate) struct Ledger {
    bucket: TokenBucket,
    entries: Mutex<Vec<Entry>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Entry {
    Taken(RetryKind),
    Refused(RetryKind),
    Refunded(RetryKind),
    Deposited,
}

impl Ledger {
    pub(crate) fn new(capacity: u32, costs: Costs) -> Self {
        Self {
            bucket: TokenBucket::new(capacity, costs).unwrap(),
            entries: Mutex::default(),
        }
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.entries.lock().unwrap().clone()
    }

    pub(crate) fn tokens(&self) -> u32 {
        self.bucket.tokens()
    }

    fn enter(&self, entry: Entry) {
        self.entries.lock().unwrap().push(entry);
    }
}

impl Budget for Ledger {
    fn withdraw(&self, kind: RetryKind) -> bool {
        let paid = self.bucket.withdraw(kind);
        self.enter(if paid {
            Entry::Taken(kind)
        } else {
            Entry::Refused(kind)
        });
        paid
    }

    fn refund(&self, kind: RetryKind) {
        self.bucket.refund(kind);
        self.enter(Entry::Refunded(kind));
    }

    fn deposit(&self) {
        self.bucket.deposit();
        self.enter(Entry::Deposited);
    }
}
