//! How much a store in memory may hold.

use tower_client_call::InvalidSetting;

use super::MemoryStore;
use super::room::Limits;

/// Builds a [`MemoryStore`].
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "builds nothing before `build`"]
pub struct MemoryStoreBuilder(Limits);

/// More would not be found by the 32 bits that places have.
const MOST_ENTRIES: usize = 1 << 30;

impl MemoryStoreBuilder {
    /// Sets how many entries it may hold, several of one key counted as several; 1 to 2^30.
    /// 10,000.
    pub fn max_entries(self, entries: usize) -> Self {
        Self(Limits { entries, ..self.0 })
    }

    /// Sets how many bytes of memory it may take, with all that belongs to it; more than zero.
    /// 64 MiB.
    pub fn max_bytes(self, bytes: usize) -> Self {
        Self(Limits { bytes, ..self.0 })
    }

    /// Builds the store.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] if one cannot be used.
    pub fn build(self) -> Result<MemoryStore, InvalidSetting> {
        let Limits { entries, bytes } = self.0;
        let good = (1..=MOST_ENTRIES).contains(&entries);
        InvalidSetting::unless(good, "max_entries", entries, "from 1 to 2^30")?;
        InvalidSetting::unless(bytes > 0, "max_bytes", bytes, "more than zero")?;
        Ok(MemoryStore::with(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_used_is_refused() {
        let builder = MemoryStore::builder();
        for (builder, expected) in [
            (
                builder.max_entries(0),
                "max_entries is 0; allowed is from 1 to 2^30",
            ),
            (
                builder.max_entries((1 << 30) + 1),
                "max_entries is 1073741825; allowed is from 1 to 2^30",
            ),
            (
                builder.max_bytes(0),
                "max_bytes is 0; allowed is more than zero",
            ),
        ] {
            assert_eq!(builder.build().unwrap_err().to_string(), expected);
        }
        assert!(builder.max_entries(1).max_bytes(1).build().is_ok());
        assert!(
            builder
                .max_entries(1 << 30)
                .max_bytes(usize::MAX)
                .build()
                .is_ok()
        );
    }
}
