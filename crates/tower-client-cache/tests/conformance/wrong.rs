//! Stores that have one defect each.

mod defect;

use std::collections::{HashMap, HashSet};
use std::future::pending;
use std::sync::{Arc, Mutex};

use tokio::task::yield_now;
use tower_client_cache::policy::Timestamp;
use tower_client_cache::{
    Entry, Key, Listed, Owner, Selection, Store, StoreError, StoreSize, VariantId, Variants,
};

pub(crate) use self::defect::Defect;
use crate::reference::Reference;

#[derive(Debug)]
pub(crate) struct Wrong {
    defect: Defect,
    inner: Reference,
    /// What was seen of each key first.
    old: Mutex<HashMap<Key, Variants>>,
}

impl Wrong {
    pub(crate) fn new(defect: Defect) -> Self {
        Self {
            defect,
            inner: Reference::default(),
            old: Mutex::default(),
        }
    }

    fn is(&self, defect: Defect) -> bool {
        self.defect == defect
    }

    fn selects(&self, selection: &Selection, key: &Key, entry: &Entry) -> bool {
        let all = self.inner.find(key);
        self.defect.selects(selection, key, entry, &all)
    }
}

impl Store for Wrong {
    fn peek(&self, key: &Key) -> Option<Variants> {
        if self.is(Defect::PeeksOld) {
            return self.old.lock().unwrap().get(key).cloned();
        }
        self.inner.peek(&self.defect.key(key))
    }

    async fn get(&self, key: &Key) -> Result<Variants, StoreError> {
        if self.is(Defect::HangsInGet) {
            pending::<()>().await;
        }
        let found = self.inner.get(&self.defect.key(key)).await?;
        let mut old = self.old.lock().unwrap();
        old.entry(key.clone()).or_insert_with(|| found.clone());
        Ok(found)
    }

    async fn put(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        let key = &self.defect.key(key);
        let before = self.inner.find(key);
        match self.defect {
            Defect::FailsToPut => return Err(StoreError::new("the disk is full")),
            Defect::KeepsOneVariant => self.inner.set(key, Variants::default().with(entry)),
            Defect::KeepsAllVariants => {
                // The oldest are found no more, and still there.
                if before.as_slice().len() == Variants::MOST {
                    let oldest = before.as_slice().last().unwrap();
                    let aside = format!("{}/{}", key.to_text(), oldest.variant().0);
                    let aside = Key::value(Owner::Layer(0), &aside).unwrap();
                    self.inner.put(&aside, Arc::clone(oldest)).await?;
                }
                self.inner.put(key, entry).await?;
            }
            Defect::TearsEntries if before.find(entry.variant()).is_some() => {
                let old = before.find(entry.variant()).unwrap();
                self.inner
                    .set(key, before.with(old.with_head(entry.head().clone()).into()));
                yield_now().await;
                self.inner.set(key, before.with(entry));
            }
            Defect::LosesEntries => {
                yield_now().await;
                self.inner.set(key, before.with(entry));
            }
            _ => {
                self.inner
                    .put(key, self.defect.entry(&entry, &before))
                    .await?;
            }
        }
        Ok(())
    }

    async fn update_headers(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        let key = &self.defect.key(key);
        let before = self.inner.find(key);
        let old = before.find(entry.variant());
        match (self.defect, old) {
            (Defect::UpdatesContent, Some(_)) | (Defect::UpdatesWhatIsGone, _) => {
                self.inner.put(key, entry).await
            }
            (Defect::UpdatesOthers, Some(_)) => {
                self.inner.set(key, Variants::default().with(entry));
                Ok(())
            }
            (Defect::UpdatesWhatIsReplaced, Some(old)) => {
                let new = old.with_head(entry.head().clone());
                self.inner.put(key, new.into()).await
            }
            (Defect::UpdatesWhatIsDeleted, Some(old)) => {
                yield_now().await;
                let new = old.with_head(entry.head().clone());
                self.inner.put(key, new.into()).await
            }
            _ => {
                let entry = self.defect.entry(&entry, &Variants::default());
                self.inner.update_headers(key, entry).await
            }
        }
    }

    async fn delete(&self, key: &Key, variant: Option<VariantId>) -> Result<u64, StoreError> {
        let key = &self.defect.key(key);
        match (self.defect, variant) {
            (Defect::DeletesAll, Some(id)) if self.inner.find(key).find(id).is_some() => {
                self.inner.delete(key, None).await?;
                Ok(1)
            }
            (Defect::DeletesOne, None) => {
                let latest = self
                    .inner
                    .find(key)
                    .as_slice()
                    .first()
                    .map(|it| it.variant());
                match latest {
                    Some(latest) => self.inner.delete(key, Some(latest)).await,
                    None => Ok(0),
                }
            }
            (Defect::CountsOne, Some(_)) => self.inner.delete(key, variant).await.map(|_| 1),
            _ => self.inner.delete(key, variant).await,
        }
    }

    async fn delete_matching(&self, selection: &Selection) -> Result<u64, StoreError> {
        let all = self.inner.entries().into_iter();
        let mut chosen: Vec<_> = all
            .filter(|(key, entry)| self.selects(selection, key, entry))
            .map(|(key, entry)| (key, entry.variant()))
            .collect();
        if self.is(Defect::DeletesHalf) {
            chosen.truncate(chosen.len().div_ceil(2));
        }
        let chosen = |key: &Key, entry: &Entry| chosen.contains(&(key.clone(), entry.variant()));
        let removed = self.inner.remove(chosen);
        if self.is(Defect::DeletesUncounted) {
            return Ok(0);
        }
        Ok(removed)
    }

    async fn list(&self, selection: &Selection, limit: usize) -> Result<Vec<Listed>, StoreError> {
        let all = self.inner.entries().into_iter();
        let selected = all.filter(|(key, entry)| self.selects(selection, key, entry));
        let mut listed: Vec<_> = selected
            .map(|(key, entry)| Listed::new(key, &entry))
            .collect();
        if self.is(Defect::ListsNoTimes) {
            for item in &mut listed {
                item.info.expires = Timestamp(0);
            }
        }
        if !self.is(Defect::ListsAll) {
            listed.truncate(limit);
        }
        Ok(listed)
    }

    async fn size(&self) -> Result<StoreSize, StoreError> {
        let size = self.inner.size().await?;
        let keys = self.inner.entries().into_iter().map(|(key, _)| key);
        let keys: HashSet<_> = keys.collect();
        Ok(match self.defect {
            Defect::CountsKeys => StoreSize::new(u64::try_from(keys.len()).unwrap(), size.bytes),
            Defect::CountsFewBytes => StoreSize::new(size.entries, size.bytes / 4),
            Defect::CountsSameBytes => StoreSize::new(size.entries, 1 << 24),
            Defect::CountsNoBytes => StoreSize::new(size.entries, size.entries),
            Defect::CountsItself => StoreSize::new(size.entries + 1, size.bytes),
            Defect::CountsReplaced => size.with_evictions(size.entries),
            _ => size,
        })
    }
}
