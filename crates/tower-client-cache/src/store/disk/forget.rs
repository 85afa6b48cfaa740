//! Forgetting entries.

use std::fs;

use super::failure::Failure;
use super::lock::Locked;
use super::temporary::length_at;
use super::{Disk, ledger, private};
use crate::store::codec::Name;
use crate::{Key, Selection, VariantId};

impl Disk {
    /// Forgets the entry of this id, or all of the key.
    pub(super) fn delete(&self, key: &Key, variant: Option<VariantId>) -> Result<u64, Failure> {
        let name = self.settings.codec.name(key);
        let has_any = self.has_folder(&name);
        // Where nothing is, nothing need be locked, nor created to be locked.
        if !has_any.map_err(Failure::to("look for entries"))? {
            return Ok(0);
        }
        let mut locked = self.lock()?;
        let variants = match variant {
            Some(variant) => vec![variant],
            None => self
                .variants(&name)
                .map_err(Failure::to("look for entries"))?,
        };
        self.remove_all(&mut locked, &name, variants)
    }

    /// Forgets all entries of a selection.
    pub(super) fn delete_matching(&self, selection: &Selection) -> Result<u64, Failure> {
        self.check_private()?;
        let mut deleted = 0;
        for name in self.names() {
            let name = name.map_err(Failure::to("look for entries"))?;
            let meant = self.meant(&name, selection)?;
            if !meant.is_empty() {
                // A lock for each key lets others in between.
                let mut locked = self.lock()?;
                deleted += self.remove_all(&mut locked, &name, meant)?;
            }
        }
        Ok(deleted)
    }

    /// Returns the entries of a key that are meant.
    fn meant(&self, name: &Name, selection: &Selection) -> Result<Vec<VariantId>, Failure> {
        let mut variants = self
            .variants(name)
            .map_err(Failure::to("look for entries"))?;
        if *selection == Selection::All {
            return Ok(variants);
        }
        let mut failed = Ok(());
        variants.retain(|variant| match self.read_head(name, *variant) {
            Ok(record) => record.is_some_and(|record| record.is_of(selection)),
            Err(failure) => {
                failed = Err(failure);
                false
            }
        });
        failed.map(|()| variants)
    }

    fn remove_all(
        &self,
        locked: &mut Locked<'_>,
        name: &Name,
        variants: Vec<VariantId>,
    ) -> Result<u64, Failure> {
        let mut removed = 0;
        for variant in variants {
            removed += u64::from(self.remove(locked, name, variant)?);
        }
        Ok(removed)
    }

    /// Removes a file, and the folders that are empty then; tells whether it was there.
    pub(super) fn remove(
        &self,
        locked: &mut Locked<'_>,
        name: &Name,
        variant: VariantId,
    ) -> Result<bool, Failure> {
        let path = self.folder.entry(name, variant);
        let length = length_at(&path).map_err(Failure::to("look at an entry"))?;
        let Some(length) = length else {
            return Ok(false);
        };
        let removed = private::present(fs::remove_file(&path));
        let removed = removed.map_err(Failure::to("remove an entry"))?;
        self.remove_if_empty(name);
        if removed.is_none() {
            return Ok(false);
        }
        locked.give_back(ledger::charge(length))?;
        Ok(true)
    }

    /// Removes the folder of a key, unless there is something in it.
    pub(super) fn remove_if_empty(&self, name: &Name) {
        drop(fs::remove_dir(self.folder.key(name)));
    }
}
