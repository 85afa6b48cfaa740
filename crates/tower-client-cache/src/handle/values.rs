//! Values that are no responses.

use std::error::Error;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::CacheHandle;
use crate::flight::{FlightKey, Landed, Leader, Nothing, Role};
use crate::lease::{HeldLease, Leasing};
use crate::policy::{Decision, Exchange, NotStored, RequestDirectives, Vary};
use crate::store::Variants;
use crate::{Entry, Fields, Head, Key, Rule};

/// A value could not be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError<E: Error + 'static> {
    /// It could not be made.
    #[error("the value could not be made")]
    Make(#[source] E),
    /// The key is that of a resource, whose responses are not values.
    #[error("the key of a resource is no key of a value")]
    Key,
    /// It cannot be written as JSON, which is how values are stored.
    #[error("the value cannot be written as JSON")]
    Encode(#[source] serde_json::Error),
}

impl CacheHandle {
    /// Returns the value of a [key](CacheHandle::value_key), or makes it and keeps it for
    /// `lifetime`, in whole seconds.
    ///
    /// Calls that want it meanwhile wait for the first to make it; if that fails they make it
    /// themselves. What is stored and is no such value is replaced. A store that fails is no error:
    /// the value is made each time. Values are kept also while the cache is switched off for calls,
    /// and however long they are; what makes one must not ask for the same.
    ///
    /// ```
    /// use std::time::Duration;
    /// use tower_client_cache::{CacheLayer, MemoryStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let handle = CacheLayer::new(MemoryStore::new()).handle();
    /// let key = handle.value_key(None, "rates")?;
    /// let hour = Duration::from_secs(3600);
    ///
    /// for _ in 0..2 {
    ///     // Made once.
    ///     let rates: Vec<f64> = handle
    ///         .get_or_set(&key, hour, || async { Ok::<_, std::io::Error>(vec![1.5, 2.0]) })
    ///         .await?;
    ///     assert_eq!(rates, [1.5, 2.0]);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ValueError`] if it is not stored, and cannot be made or written; or if the key is that of a
    /// resource.
    ///
    /// # Cancellation
    ///
    /// Dropping the future drops what makes the value; another call that waits for it makes it
    /// instead.
    pub async fn get_or_set<T, E, F>(
        &self,
        key: &Key,
        lifetime: Duration,
        make: impl FnOnce() -> F,
    ) -> Result<T, ValueError<E>>
    where
        T: Serialize + DeserializeOwned,
        E: Error + 'static,
        F: Future<Output = Result<T, E>>,
    {
        if key.name().is_none() {
            return Err(ValueError::Key);
        }
        // What is at hand is enough if it is fresh.
        let at_hand = self.shared.store.peek(key);
        if let Some(value) = at_hand.and_then(|found| self.stored_value(&found)) {
            return Ok(value);
        }
        let until = self.shared.patience(None);
        let leader = loop {
            let epoch = self.shared.epochs.of(key);
            if let Some(value) = self.stored_value(&self.shared.get(key).await) {
                return Ok(value);
            }
            let flight = FlightKey {
                key: key.clone(),
                selection: 0,
            };
            let follower = match self.shared.flights.join(flight, epoch) {
                Role::Leads(leader) => match self.lease(key, until, &leader).await {
                    Ok(lease) => break Some((leader, lease, epoch)),
                    Err(value) => return Ok(value),
                },
                Role::Follows(follower) => follower,
            };
            match follower.landing(until).await {
                Ok(Landed::Stored(entry)) => match decode(&entry) {
                    Some(value) => return Ok(value),
                    None => break None,
                },
                Err(Nothing::Abandoned) => {}
                Ok(_) | Err(Nothing::TooLong) => break None,
            }
        };
        let made = make().await;
        let Some((leader, lease, epoch)) = leader else {
            return made.map_err(ValueError::Make);
        };
        let value = made
            .inspect_err(|_| leader.land(Landed::Unshared))
            .map_err(ValueError::Make)?;
        let written = serde_json::to_vec(&value)
            .inspect_err(|_| leader.land(Landed::Unshared))
            .map_err(ValueError::Encode)?;
        match self.entry_of(written, lifetime) {
            Ok(entry) => {
                leader.land(Landed::Stored(Arc::clone(&entry)));
                self.shared.keep(key.clone(), entry, epoch, lease, leader);
            }
            Err(_) => leader.land(Landed::Unshared),
        }
        Ok(value)
    }

    /// Takes the lease to make a value, where other processes have the store too; an error is the
    /// value that one of these has made.
    async fn lease<T: DeserializeOwned>(
        &self,
        key: &Key,
        until: Instant,
        leader: &Leader,
    ) -> Result<Option<Arc<HeldLease>>, T> {
        if !self.shared.has_peers() {
            return Ok(None);
        }
        let found = |variants: &Variants| {
            let value = self.stored_value(variants)?;
            if let Some(entry) = variants.as_slice().first() {
                leader.land(Landed::Stored(Arc::clone(entry)));
            }
            Some(value)
        };
        match self.shared.lease(key, Some(0), until, found).await {
            Leasing::Found(value) => Err(value),
            Leasing::Granted(lease, _) => Ok(Some(lease)),
            Leasing::Held | Leasing::Unknown => Ok(None),
        }
    }

    /// Returns the value that is stored, if it is fresh.
    fn stored_value<T: DeserializeOwned>(&self, variants: &Variants) -> Option<T> {
        let now = self.shared.now();
        let entry = variants.as_slice().first()?;
        let decision = entry
            .stored()
            .decide(&RequestDirectives::default(), now, false);
        let value = matches!(decision, Decision::Serve(_)).then(|| decode(entry))??;
        entry.note_use(now);
        Some(value)
    }

    fn entry_of(&self, written: Vec<u8>, lifetime: Duration) -> Result<Arc<Entry>, NotStored> {
        let now = self.shared.now();
        let none = HeaderMap::new();
        let exchange = Exchange {
            method: &Method::GET,
            request_headers: &none,
            status: StatusCode::OK,
            headers: &none,
            requested: now,
            received: now,
            authenticated: false,
        };
        let head = Head {
            stored: Rule::fixed(lifetime).read(&exchange, false)?,
            vary: Vary::default(),
            fields: Fields::default(),
        };
        let written = written.into_boxed_slice();
        let content = bytes::Bytes::from(written).into();
        Ok(Arc::new(Entry::new(head, content, now, None)))
    }
}

fn decode<T: DeserializeOwned>(entry: &Entry) -> Option<T> {
    serde_json::from_slice(&entry.content().to_bytes()).ok()
}
