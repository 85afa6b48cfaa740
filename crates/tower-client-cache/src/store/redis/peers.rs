//! Leases, and what processes tell each other.

use std::sync::Arc;

use redis::Cmd;

use super::entries::Fields;
use super::schema::{INDEX_TTL, millis};
use super::{Inner, scripts};
use crate::store::StoreError;
use crate::store::peers::{Forgotten, Lease, Leased, Peers, PeersFuture};
use crate::{Entry, Key};

/// What the script answers: whether somebody has the lease; fence, generation and token; the
/// bucket's incarnation; and what the key has.
type Answer = (u8, Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>, Fields);

/// An answer is none of the script's.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the server answered something else than was asked for")]
struct Malformed;

/// A lease's words: the key's fence, the bucket's generation, the flight, and a token. There is none
/// where the lease is nobody's alone.
#[derive(Clone, Copy, Debug)]
struct Words {
    fence: u64,
    generation: u64,
    flight: u64,
    token: u64,
}

/// Not the store's own, whose `put` would be two.
impl Peers for Inner {
    fn lease<'a>(&'a self, key: &'a Key, flight: Option<u64>) -> PeersFuture<'a, Leased> {
        self.subscriber.start();
        Box::pin(self.take(key, flight))
    }

    fn put<'a>(
        &'a self,
        key: &'a Key,
        entry: Arc<Entry>,
        lease: Option<Lease>,
    ) -> PeersFuture<'a, bool> {
        Box::pin(async move {
            let Some(lease) = lease else {
                return Ok(false);
            };
            self.put_under(key, &entry, Words::of(lease)).await
        })
    }

    fn release<'a>(&'a self, key: &'a Key, lease: Lease) -> PeersFuture<'a, ()> {
        Box::pin(self.give_back(key, Words::of(lease)))
    }

    fn watch(&self, watcher: Arc<dyn Fn(Forgotten) + Send + Sync>) {
        self.subscriber.add(watcher);
        self.subscriber.start();
    }
}

impl Inner {
    async fn take(&self, key: &Key, flight: Option<u64>) -> Result<Leased, StoreError> {
        let name = self.codec.name(key);
        let [entries, index] = self.keys(&name);
        let mut call = scripts::LEASE.call(&[&entries, &index]);
        match flight {
            Some(flight) => call.arg(&word(flight)).arg(&word(fastrand::u64(1..))),
            None => call.arg("").arg(""),
        };
        call.arg(millis(self.lease)).arg(millis(INDEX_TTL));
        // What is new of fence, generation and incarnation if there is none.
        for _ in 0..3 {
            call.arg(&word(fastrand::u64(..)));
        }
        let answer: Answer = self
            .connection
            .run(&scripts::LEASE, &call)
            .await
            .map_err(StoreError::new)?;
        let (held, fence, generation, token, incarnation, fields) = answer;
        let incarnation = incarnation.try_into().ok();
        let variants = self.variants(key, &name, fields, incarnation);
        if held == 1 {
            return Ok(Leased::Held(variants));
        }
        let words = Words::read(&fence, &generation, flight, &token);
        let words = words.ok_or_else(|| StoreError::new(Malformed))?;
        Ok(Leased::Granted(words.lease(), variants))
    }

    async fn put_under(&self, key: &Key, entry: &Entry, words: Words) -> Result<bool, StoreError> {
        let name = self.codec.name(key);
        let put = match self.put_call(key, &name, entry) {
            Ok(mut call) => {
                words.add_to(&mut call);
                let put = self.connection.run::<u64>(&scripts::PUT, &call).await;
                put.map(|kept| kept == 1).map_err(StoreError::new)
            }
            Err(error) => Err(error),
        };
        if put.is_err() {
            self.forget_replaced(&name, entry).await;
        }
        put
    }

    async fn give_back(&self, key: &Key, words: Words) -> Result<(), StoreError> {
        if words.token == 0 {
            return Ok(());
        }
        let mut call = scripts::RELEASE.call(&[&self.schema.entries(&self.codec.name(key))]);
        call.arg(&word(words.flight)).arg(&word(words.token));
        let released = self.connection.run::<u64>(&scripts::RELEASE, &call).await;
        released.map(drop).map_err(StoreError::new)
    }
}

impl Words {
    fn of(lease: Lease) -> Self {
        let [fence, generation, flight, token] = lease.words();
        Self {
            fence,
            generation,
            flight,
            token,
        }
    }

    fn read(fence: &[u8], generation: &[u8], flight: Option<u64>, token: &[u8]) -> Option<Self> {
        let number = |bytes: &[u8]| bytes.try_into().ok().map(u64::from_be_bytes);
        Some(Self {
            fence: number(fence)?,
            generation: number(generation)?,
            flight: flight.unwrap_or_default(),
            token: number(token).unwrap_or_default(),
        })
    }

    fn lease(self) -> Lease {
        Lease::new([self.fence, self.generation, self.flight, self.token])
    }

    fn add_to(self, call: &mut Cmd) {
        call.arg(&word(self.fence)).arg(&word(self.generation));
        if self.token == 0 {
            call.arg("").arg("");
        } else {
            call.arg(&word(self.flight)).arg(&word(self.token));
        }
    }
}

/// Returns a word as scripts compare it.
fn word(word: u64) -> [u8; 8] {
    word.to_be_bytes()
}
