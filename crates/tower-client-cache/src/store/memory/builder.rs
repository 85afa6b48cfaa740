//! How much a store in memory may hold.

use super::MemoryStore;
use super::room::Limits;

/// Builds a [`MemoryStore`].
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "builds nothing before `build`"]
pub struct MemoryStoreBuilder(Limits);

/// A size that a store cannot have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} is {value}; allowed is {allowed}")]
pub struct InvalidSize {
    name: &'static str,
    value: usize,
    allowed: &'static str,
}

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
    /// [`InvalidSize`] if one cannot be used.
    pub fn build(self) -> Result<MemoryStore, InvalidSize> {
        let Limits { entries, bytes } = self.0;
        let good = (1..=MOST_ENTRIES).contains(&entries);
        InvalidSize::unless(good, "max_entries", entries, "from 1 to 2^30")?;
        InvalidSize::unless(bytes > 0, "max_bytes", bytes, "more than zero")?;
        Ok(MemoryStore::with(self.0))
    }
}

impl InvalidSize {
    fn unless(
        good: bool,
        name: &'static str,
        value: usize,
        allowed: &'static str,
    ) -> Result<(), Self> {
        if good {
            return Ok(());
        }
        Err(Self {
            name,
            value,
            allowed,
        })
    }

    /// Returns the setting's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
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
