//! A store that keeps all rules, and is nothing but that.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tower_client_cache::{
    Entry, Key, Listed, Selection, Store, StoreError, StoreSize, VariantId, Variants,
};

#[derive(Debug, Default)]
pub(crate) struct Reference(Mutex<HashMap<Key, Variants>>);

impl Reference {
    fn held(&self) -> MutexGuard<'_, HashMap<Key, Variants>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets what is kept of a key, whatever it is.
    pub(crate) fn set(&self, key: &Key, variants: Variants) {
        self.held().insert(key.clone(), variants);
    }

    pub(crate) fn find(&self, key: &Key) -> Variants {
        self.held().get(key).cloned().unwrap_or_default()
    }

    /// Removes what is chosen, and returns how many these were.
    pub(crate) fn remove(&self, chosen: impl Fn(&Key, &Entry) -> bool) -> u64 {
        let mut removed = 0;
        self.held().retain(|key, variants| {
            let all = variants.as_slice().iter();
            let left: Variants = all.filter(|entry| !chosen(key, entry)).cloned().collect();
            removed += variants.as_slice().len() - left.as_slice().len();
            *variants = left;
            !variants.is_empty()
        });
        u64::try_from(removed).unwrap()
    }

    pub(crate) fn entries(&self) -> Vec<(Key, Arc<Entry>)> {
        let held = self.held();
        let entries = held.iter().flat_map(|(key, variants)| {
            let entries = variants.as_slice().iter().cloned();
            entries.map(|entry| (key.clone(), entry))
        });
        entries.collect()
    }
}

impl Store for Reference {
    fn peek(&self, key: &Key) -> Option<Variants> {
        Some(self.find(key))
    }

    async fn get(&self, key: &Key) -> Result<Variants, StoreError> {
        Ok(self.find(key))
    }

    async fn put(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        let mut held = self.held();
        let variants = held.entry(key.clone()).or_default();
        *variants = variants.with(entry);
        Ok(())
    }

    async fn update_headers(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        if let Some(variants) = self.held().get_mut(key)
            && let Some(old) = variants.find(entry.variant())
            && old.content_id() == entry.content_id()
        {
            *variants = variants.with(old.with_head(entry.head().clone()).into());
        }
        Ok(())
    }

    async fn delete(&self, key: &Key, variant: Option<VariantId>) -> Result<u64, StoreError> {
        let is_it = |entry: &Entry| variant.is_none_or(|variant| entry.variant() == variant);
        Ok(self.remove(|other, entry| other == key && is_it(entry)))
    }

    async fn delete_matching(&self, selection: &Selection) -> Result<u64, StoreError> {
        Ok(self.remove(|key, entry| selection.has(key, entry)))
    }

    async fn list(&self, selection: &Selection, limit: usize) -> Result<Vec<Listed>, StoreError> {
        let entries = self.entries().into_iter();
        let selected = entries.filter(|(key, entry)| selection.has(key, entry));
        let listed = selected.map(|(key, entry)| Listed::new(key, &entry));
        Ok(listed.take(limit).collect())
    }

    async fn size(&self) -> Result<StoreSize, StoreError> {
        let entries = self.entries();
        let bytes: usize = entries.iter().map(|(_, entry)| entry.weight()).sum();
        let [entries, bytes] = [entries.len(), bytes].map(|number| u64::try_from(number).unwrap());
        Ok(StoreSize::new(entries, bytes))
    }
}
