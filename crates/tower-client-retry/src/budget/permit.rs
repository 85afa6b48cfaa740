//! A retry that is paid for and not sent yet.

use std::sync::Arc;

use super::Budget;
use crate::RetryKind;

/// A retry that is paid for and not sent yet: dropped before it is spent, it is refunded.
#[derive(Debug)]
pub(crate) struct Permit {
    budget: Option<Arc<dyn Budget>>,
    kind: RetryKind,
}

impl Permit {
    /// Pays for a retry; `None` if the budget cannot.
    pub(crate) fn pay(budget: Option<&Arc<dyn Budget>>, kind: RetryKind) -> Option<Self> {
        let paid = budget.is_none_or(|budget| budget.withdraw(kind));
        paid.then(|| Self {
            budget: budget.cloned(),
            kind,
        })
    }

    /// The retry is sent.
    pub(crate) fn spend(mut self) {
        self.budget = None;
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(budget) = &self.budget {
            budget.refund(self.kind);
        }
    }
}
