//! How much tiers may have to write.

use tower_client_call::InvalidSetting;

use super::Tiered;
use crate::store::Store;

/// Builds a [`Tiered`] store.
#[derive(Clone, Debug)]
#[must_use = "builds nothing before `build`"]
pub struct TieredBuilder<U, L> {
    upper: U,
    lower: L,
    max_pending: usize,
}

/// More would not be a bound.
const MOST_PENDING: usize = 1 << 20;

impl<U: Store, L: Store> TieredBuilder<U, L> {
    pub(super) fn new(upper: U, lower: L) -> Self {
        Self {
            upper,
            lower,
            max_pending: 256,
        }
    }

    /// Sets how many writes to the lower tier may be under way; what comes then is written to the
    /// upper one alone. 1 to 2^20. 256.
    pub fn max_pending(mut self, writes: usize) -> Self {
        self.max_pending = writes;
        self
    }

    /// Builds the store.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] if the number cannot be used.
    pub fn build(self) -> Result<Tiered<U, L>, InvalidSetting> {
        let good = (1..=MOST_PENDING).contains(&self.max_pending);
        let pending = self.max_pending;
        InvalidSetting::unless(good, "max_pending", pending, "from 1 to 2^20")?;
        Ok(self.build_as_is())
    }

    /// Builds the store with a number that is known to be good.
    pub(super) fn build_as_is(self) -> Tiered<U, L> {
        Tiered::with(self.upper, self.lower, self.max_pending)
    }
}

#[cfg(all(test, feature = "memory"))]
mod tests {
    use super::*;
    use crate::MemoryStore;

    #[test]
    fn what_cannot_be_used_is_refused() {
        let builder = Tiered::builder(MemoryStore::new(), MemoryStore::new());

        let refused = builder.clone().max_pending(0).build();

        assert_eq!(
            refused.unwrap_err().to_string(),
            "max_pending is 0; allowed is from 1 to 2^20"
        );
        assert!(builder.clone().max_pending((1 << 20) + 1).build().is_err());
        assert!(builder.max_pending(1 << 20).build().is_ok());
    }
}
