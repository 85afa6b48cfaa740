//! A store that several have.

use std::sync::Arc;

use super::{Listed, Peers, Selection, Store, StoreError, StoreSize, Variants};
use crate::{Entry, Key, VariantId};

/// The same store.
impl<S: Store> Store for Arc<S> {
    fn peek(&self, key: &Key) -> Option<Variants> {
        S::peek(self, key)
    }

    fn peeks_all(&self) -> bool {
        S::peeks_all(self)
    }

    fn peers(&self) -> Option<&dyn Peers> {
        S::peers(self)
    }

    fn get(&self, key: &Key) -> impl Future<Output = Result<Variants, StoreError>> + Send {
        S::get(self, key)
    }

    fn put(
        &self,
        key: &Key,
        entry: Arc<Entry>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send {
        S::put(self, key, entry)
    }

    fn update_headers(
        &self,
        key: &Key,
        entry: Arc<Entry>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send {
        S::update_headers(self, key, entry)
    }

    fn delete(
        &self,
        key: &Key,
        variant: Option<VariantId>,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send {
        S::delete(self, key, variant)
    }

    fn delete_matching(
        &self,
        selection: &Selection,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send {
        S::delete_matching(self, selection)
    }

    fn list(
        &self,
        selection: &Selection,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Listed>, StoreError>> + Send {
        S::list(self, selection, limit)
    }

    fn size(&self) -> impl Future<Output = Result<StoreSize, StoreError>> + Send {
        S::size(self)
    }

    fn flush(&self) -> impl Future<Output = ()> + Send {
        S::flush(self)
    }
}
