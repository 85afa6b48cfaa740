//! Tower's budgets as ours.

use super::Budget;
use crate::RetryKind;

/// Any budget of tower's retry, such as its `TpsBudget`, which allows retries in proportion to
/// the calls of the last seconds.
///
/// It does not know kinds, and what it has paid for it does not take back: a retry whose caller
/// leaves while it waits counts as sent. Its `deposit` is called when a call succeeds.
///
/// ```
/// use tower::retry::budget::TpsBudget;
/// use tower_client_retry::{RetryLayer, TowerBudget};
///
/// let layer = RetryLayer::builder()
///     .budget(TowerBudget::new(TpsBudget::default()))
///     .build()?;
/// # let _: RetryLayer = layer;
/// # Ok::<_, tower_client_retry::InvalidSetting>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct TowerBudget<B>(B);

impl<B> TowerBudget<B> {
    /// Creates it from tower's.
    #[must_use]
    pub const fn new(budget: B) -> Self {
        Self(budget)
    }
}

impl<B> Budget for TowerBudget<B>
where
    B: tower::retry::budget::Budget + std::fmt::Debug + Send + Sync,
{
    fn withdraw(&self, _: RetryKind) -> bool {
        self.0.withdraw()
    }

    fn refund(&self, _: RetryKind) {}

    fn deposit(&self) {
        self.0.deposit();
    }
}
