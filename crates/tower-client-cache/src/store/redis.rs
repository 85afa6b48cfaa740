//! Entries in Redis or Valkey, which several processes share.
//!
//! # What is written
//!
//! All names begin with the prefix and the version of the schema: `P:1`. `b` is the first digit of
//! an entry's [name](crate::store::codec::Name), one of 16 buckets; being a hash tag it keeps the keys
//! of a bucket in one slot.
//!
//! | key | type | what |
//! | --- | --- | --- |
//! | `P:1:{b}:e:NAME` | hash | the entries of one key: for each variant a label, a head and a content; the key's fence and its leases |
//! | `P:1:{b}:x` | sorted set | the bucket's index: name, variant, a hash of the principal and of each tag, by when it expires; the bucket's incarnation and generation |
//! | `P:1:f` | channel | what is forgotten |
//!
//! The index is what selections are found by; nothing looks through the server's keys. An entry
//! carries the incarnation of its bucket: where the index was lost, as by eviction, there is another,
//! and what could no longer be forgotten is not found. Leases hang on the fence of their key and on
//! the generation of its bucket: who forgets a key removes its fence, who forgets a selection the
//! generations of all buckets, and what was asked for before is kept no more.
//!
//! No name, mark or key shows a URI, a principal or a tag. Values do, unless the [`Codec`] encrypts.
//!
//! # What it costs
//!
//! One round trip each to read, put, update, delete, lease and release; two more for a script that
//! the server does not know yet, as after a restart. Selections and sizes take one for each 500
//! entries of a bucket, all buckets at once; lists and patterns, whose heads are looked at here, one
//! for each 50 of four buckets.
//!
//! # What it needs
//!
//! - Redis 7 or Valkey. Entries expire: as soon as they are of no use, or, where they can be validated, a
//!   day later; a tenth longer at random, and after 33 days at most. Any eviction policy will do:
//!   `allkeys-lru` and `allkeys-lfu` drop what is used least, `noeviction` refuses what is new while
//!   there is no room. Losing an index loses its bucket's entries.
//! - A cluster needs something in between that knows it: the keys of each script share a slot, but
//!   this is a connection to one server, which answers for other slots with an error.
//! - Leases and expiry go by the server's clock. Which of two entries is newer is told by when they
//!   were received, by the clocks of those who put them: what is a minute ahead of both the server and
//!   what is put is replaced.

mod builder;
mod connection;
mod entries;
mod index;
mod marks;
mod peers;
mod schema;
mod scripts;
mod subscriber;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use fastrand::Rng;
use redis::{Client, Cmd, RedisError};

pub use self::builder::RedisStoreBuilder;
use self::builder::Settings;
use self::connection::Connection;
use self::schema::{INDEX_TTL, Schema, bucket, millis, times};
use self::subscriber::Subscriber;
use super::codec::{Codec, CodecError, Name};
use super::peers::{Forgotten, Peers};
use super::useful::{lengthened, useful_for};
use super::{Listed, Selection, Store, StoreError, StoreSize, Variants};
use crate::policy::Timestamp;
use crate::{Entry, Key, VariantId};

/// Keeps entries in Redis 7 or Valkey, where several processes share them.
///
/// It is raw: whatever goes wrong is an error, and it waits for seconds. A clone is the same store.
/// [The module](self) says what is written where, and what a server needs.
///
/// ```
/// use tower_client_cache::RedisStore;
///
/// let store = RedisStore::builder("redis://127.0.0.1").prefix("cars").build()?;
/// # Ok::<_, tower_client_cache::InvalidSetting>(())
/// ```
#[derive(Clone)]
pub struct RedisStore(Arc<Inner>);

struct Inner {
    connection: Connection,
    schema: Schema,
    codec: Codec,
    max_entry: usize,
    lease: Duration,
    keep_at_least: Duration,
    subscriber: Subscriber,
}

/// An entry is longer than the store keeps.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("an entry is longer than {0} bytes")]
struct TooLong(usize);

impl RedisStore {
    /// Returns a builder of a store on this server: `redis://host:port/database`, `rediss://` for
    /// TLS, or `redis+unix:///path`.
    pub fn builder(url: impl Into<String>) -> RedisStoreBuilder {
        RedisStoreBuilder::new(url.into())
    }

    fn new(client: Client, settings: Settings) -> Self {
        let schema = Schema::new(&settings.prefix);
        let codec = settings.codec;
        Self(Arc::new(Inner {
            subscriber: Subscriber::new(client.clone(), schema.channel(), codec.clone()),
            connection: Connection::new(client),
            schema,
            codec,
            max_entry: settings.max_entry,
            lease: settings.lease,
            keep_at_least: settings.keep_at_least,
        }))
    }
}

impl Inner {
    /// Returns the names of a key's hash and of its bucket's index.
    fn keys(&self, name: &Name) -> [String; 2] {
        [self.schema.entries(name), self.schema.index(bucket(name))]
    }

    /// Returns for how many milliseconds an entry is kept.
    fn ttl(&self, entry: &Entry) -> u64 {
        let useful = useful_for(entry.head(), Timestamp::of(SystemTime::now()));
        millis(lengthened(useful.max(self.keep_at_least), &mut Rng::new()))
    }

    /// Returns what tells others that something was forgotten.
    fn message(&self, forgotten: &Forgotten) -> Result<Vec<u8>, StoreError> {
        self.subscriber.message(forgotten).map_err(StoreError::new)
    }

    /// Returns the call that puts an entry; the lease's four parts follow.
    ///
    /// An entry that is too long is an error, and what it was to replace stays for now.
    fn put_call(&self, key: &Key, name: &Name, entry: &Entry) -> Result<Cmd, StoreError> {
        let too_long = || StoreError::new(TooLong(self.max_entry));
        let length = entry.content().len();
        // Before it is copied.
        if usize::try_from(length).map_or(true, |length| length > self.max_entry) {
            return Err(too_long());
        }
        let head = self
            .codec
            .encode_head(key, entry)
            .map_err(StoreError::new)?;
        let content = self.codec.encode_content(key, entry);
        let content = content.map_err(StoreError::new)?;
        if head.len().saturating_add(content.len()) > self.max_entry {
            return Err(too_long());
        }
        let [entries, index] = self.keys(name);
        let mut call = scripts::PUT.call(&[&entries, &index]);
        call.arg(name.as_bytes())
            .arg(&variant_bytes(entry.variant()))
            .arg(&times(entry))
            .arg(&length.to_be_bytes())
            .arg(marks::of(&self.codec, key, entry))
            .arg(head)
            .arg(content)
            .arg(self.ttl(entry))
            .arg(millis(INDEX_TTL))
            .arg(Variants::MOST)
            .arg(self.max_entry.saturating_mul(4))
            .arg(&fastrand::u64(..).to_be_bytes());
        Ok(call)
    }

    /// Forgets what an entry was to replace that is not kept, if that can be had. Nobody is told:
    /// what others have is as good as before.
    async fn forget_replaced(&self, name: &Name, entry: &Entry) {
        let call = self.delete_call(name, Some(entry.variant()), &[]);
        let deleted: Result<u64, RedisError> = self.connection.run(&scripts::DELETE, &call).await;
        if let Err(error) = deleted {
            tracing::debug!(%error, "what was to be replaced may still be there");
        }
    }

    fn delete_call(&self, name: &Name, variant: Option<VariantId>, message: &[u8]) -> Cmd {
        let [entries, index] = self.keys(name);
        let variant = variant.map(variant_bytes);
        let mut call = scripts::DELETE.call(&[&entries, &index]);
        call.arg(name.as_bytes())
            .arg(variant.as_ref().map_or(&[][..], |variant| variant))
            .arg(self.schema.channel())
            .arg(message);
        call
    }

    fn update_call(&self, key: &Key, name: &Name, entry: &Entry) -> Result<Cmd, CodecError> {
        let [entries, index] = self.keys(name);
        let mut call = scripts::UPDATE.call(&[&entries, &index]);
        call.arg(name.as_bytes())
            .arg(&variant_bytes(entry.variant()))
            .arg(&times(entry))
            .arg(marks::of(&self.codec, key, entry))
            .arg(self.codec.encode_head(key, entry)?)
            .arg(self.ttl(entry))
            .arg(millis(INDEX_TTL));
        Ok(call)
    }
}

/// Returns a variant as scripts find it.
fn variant_bytes(VariantId(variant): VariantId) -> [u8; 8] {
    variant.to_be_bytes()
}

impl Store for RedisStore {
    fn peers(&self) -> Option<&dyn Peers> {
        Some(&*self.0)
    }

    async fn get(&self, key: &Key) -> Result<Variants, StoreError> {
        self.0.subscriber.start();
        self.0.read(key).await.map_err(StoreError::new)
    }

    async fn put(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        self.0.subscriber.start();
        let name = self.0.codec.name(key);
        let put = match self.0.put_call(key, &name, &entry) {
            Ok(mut call) => {
                // Without a lease.
                call.arg("").arg("").arg("").arg("");
                let put = self.0.connection.run::<u64>(&scripts::PUT, &call).await;
                put.map(drop).map_err(StoreError::new)
            }
            Err(error) => Err(error),
        };
        if put.is_err() {
            self.0.forget_replaced(&name, &entry).await;
        }
        put
    }

    async fn update_headers(&self, key: &Key, entry: Arc<Entry>) -> Result<(), StoreError> {
        let name = self.0.codec.name(key);
        let call = self.0.update_call(key, &name, &entry);
        let call = call.map_err(StoreError::new)?;
        let updated = self.0.connection.run::<u64>(&scripts::UPDATE, &call).await;
        updated.map(drop).map_err(StoreError::new)
    }

    async fn delete(&self, key: &Key, variant: Option<VariantId>) -> Result<u64, StoreError> {
        let name = self.0.codec.name(key);
        let message = self.0.message(&Forgotten::Key(key.clone()))?;
        let call = self.0.delete_call(&name, variant, &message);
        let deleted = self.0.connection.run(&scripts::DELETE, &call).await;
        deleted.map_err(StoreError::new)
    }

    async fn delete_matching(&self, selection: &Selection) -> Result<u64, StoreError> {
        self.0.delete_matching(selection).await
    }

    async fn list(&self, selection: &Selection, limit: usize) -> Result<Vec<Listed>, StoreError> {
        self.0.list(selection, limit).await.map_err(StoreError::new)
    }

    async fn size(&self) -> Result<StoreSize, StoreError> {
        self.0.size().await.map_err(StoreError::new)
    }
}

/// Shows prefix and limits alone.
impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore")
            .field("prefix", &self.0.schema.prefix())
            .field("max_entry", &self.0.max_entry)
            .field("lease", &self.0.lease)
            .finish()
    }
}
