//! A store of any kind.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::store::{Listed, Peers, Selection, Store, StoreError, StoreSize, Variants};
use crate::{Entry, Key, VariantId};

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// [`Store`], as it can be boxed.
pub(crate) trait AnyStore: fmt::Debug + Send + Sync {
    fn peek(&self, key: &Key) -> Option<Variants>;
    fn peeks_all(&self) -> bool;
    fn peers(&self) -> Option<&dyn Peers>;
    fn get<'a>(&'a self, key: &'a Key) -> Answer<'a, Variants>;
    fn put(self: Arc<Self>, key: Key, entry: Arc<Entry>) -> Answer<'static, ()>;
    fn update_headers(self: Arc<Self>, key: Key, entry: Arc<Entry>) -> Answer<'static, ()>;
    fn delete(self: Arc<Self>, key: Key, variant: Option<VariantId>) -> Answer<'static, u64>;
    fn delete_matching<'a>(&'a self, selection: &'a Selection) -> Answer<'a, u64>;
    fn list<'a>(&'a self, selection: &'a Selection, limit: usize) -> Answer<'a, Vec<Listed>>;
    fn size(&self) -> Answer<'_, StoreSize>;
    fn flush(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

impl<S: Store> AnyStore for S {
    fn peek(&self, key: &Key) -> Option<Variants> {
        Store::peek(self, key)
    }

    fn peeks_all(&self) -> bool {
        Store::peeks_all(self)
    }

    fn peers(&self) -> Option<&dyn Peers> {
        Store::peers(self)
    }

    fn get<'a>(&'a self, key: &'a Key) -> Answer<'a, Variants> {
        Box::pin(Store::get(self, key))
    }

    fn put(self: Arc<Self>, key: Key, entry: Arc<Entry>) -> Answer<'static, ()> {
        Box::pin(async move { Store::put(&*self, &key, entry).await })
    }

    fn update_headers(self: Arc<Self>, key: Key, entry: Arc<Entry>) -> Answer<'static, ()> {
        Box::pin(async move { Store::update_headers(&*self, &key, entry).await })
    }

    fn delete(self: Arc<Self>, key: Key, variant: Option<VariantId>) -> Answer<'static, u64> {
        Box::pin(async move { Store::delete(&*self, &key, variant).await })
    }

    fn delete_matching<'a>(&'a self, selection: &'a Selection) -> Answer<'a, u64> {
        Box::pin(Store::delete_matching(self, selection))
    }

    fn list<'a>(&'a self, selection: &'a Selection, limit: usize) -> Answer<'a, Vec<Listed>> {
        Box::pin(Store::list(self, selection, limit))
    }

    fn size(&self) -> Answer<'_, StoreSize> {
        Box::pin(Store::size(self))
    }

    fn flush(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(Store::flush(self))
    }
}
