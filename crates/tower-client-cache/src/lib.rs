//! Answers HTTP calls again with what was answered before: a private cache, as a tower layer.
//!
//! [`CacheLayer`] decides by RFC 9111, from what requests and responses say; or, for an API that
//! sends no cache headers, by a fixed lifetime for each operation ([`Rule`]). It keeps what one
//! user was answered from all others, lets calls that want the same at the same time share one
//! fetch, passes answers on while it stores them, and says in `Cache-Status` (RFC 9211), in a
//! [`CacheOutcome`](tower_client_call::CacheOutcome) and in the call's
//! [`CallRecord`](tower_client_call::CallRecord) what it did.
//!
//! Whose an answer is is said by the request's [`Principal`](tower_client_call::Principal). Without
//! one, a call that carries credentials passes by, and all others are this layer's alone
//! ([`Owner`]). A client of one user says so once
//! ([`single_principal`](CacheLayerBuilder::single_principal)). **A layer below that adds
//! credentials is not seen from here: where it acts for several users, each request needs its
//! `Principal`.**
//!
//! ```
//! use bytes::Bytes;
//! use http::{Request, Response};
//! use http_body_util::{BodyExt, Full};
//! use tower::{ServiceBuilder, ServiceExt, service_fn};
//! use tower_client_cache::{CacheLayer, MemoryStore};
//! use tower_client_call::CacheOutcome;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
//! let origin = service_fn(|_: Request<Full<Bytes>>| async {
//!     let response = Response::builder().header("cache-control", "max-age=60");
//!     response.body(Full::<Bytes>::from("a trip"))
//! });
//! let layer = CacheLayer::new(MemoryStore::new());
//! let handle = layer.handle();
//! let service = ServiceBuilder::new().layer(layer).service(origin);
//!
//! for outcome in [CacheOutcome::Miss, CacheOutcome::Hit] {
//!     let request = Request::get("https://api.example/v1/trips/7").body(Full::default())?;
//!     let response = service.clone().oneshot(request).await?;
//!     assert_eq!(response.extensions().get(), Some(&outcome));
//!     assert_eq!(response.into_body().collect().await?.to_bytes(), "a trip");
//! }
//! assert_eq!(handle.stats().hits, 1);
//! # Ok(())
//! # }
//! ```
//!
//! An answer is stored when its caller has read it to the end. The parts can be used alone:
//! [`policy`] is the pure core, without I/O and without a clock; [`Store`] is what keeps entries,
//! [`MemoryStore`] the one that is here, [`Guarded`] and [`Tiered`] make more of others, and feature
//! `conformance` has the tests that any has to pass. [`CacheHandle`] is for the owner: what is stored,
//! forgetting it, numbers, and values that are no responses.
//!
//! Calls that are not for a cache pass by: other methods than GET and HEAD (of which those that may
//! change something make stored answers invalid), GET with a body, and requests for another
//! protocol (`Upgrade`).
//!
//! Requests' bodies have to be [`RepeatBody`](tower_client_call::RepeatBody): `Full`, `Empty`, or any
//! other in a [`ReplayBody`](tower_client_call::ReplayBody). Services below must be `Clone + Send`: a stale answer is refreshed, and one that its caller left
//! may be read to its end, in tasks of their own.

pub mod policy;
pub mod store;

mod any_store;
mod background;
mod body;
mod call;
mod clock;
mod counters;
mod entry;
mod epochs;
mod error;
mod flight;
mod future;
mod glob;
mod handle;
mod key;
mod layer;
mod lease;
mod plan;
mod recording;
mod report;
mod rule;
mod serve;
mod settings;
mod shared;
mod status;
mod uncacheable;
mod warm;

pub use self::body::CacheBody;
pub use self::counters::CacheStats;
pub use self::entry::{Content, ContentId, Entry, Fields, FieldsTooLong, Head, Tags, VariantId};
pub use self::error::CacheError;
pub use self::future::ResponseFuture;
pub use self::glob::Glob;
pub use self::handle::{CacheHandle, ValueError};
pub use self::key::{Key, KeyTooLong, Owner};
pub use self::layer::{Cache, CacheLayer};
pub use self::rule::{Asked, ChooseRule, Rule, RuleTable};
pub use self::settings::{Abandoned, CacheLayerBuilder};
pub use self::status::{CacheStatus, InvalidCacheName};
pub use self::store::{
    BoxStore, EntryInfo, Guarded, GuardedBuilder, InvalidStoreUrl, Listed, Selection, Store,
    StoreError, StoreSize, StoreUrl, Tiered, TieredBuilder, Variants,
};
#[cfg(feature = "disk")]
pub use self::store::{DiskStore, DiskStoreBuilder};
#[cfg(feature = "memory")]
pub use self::store::{MemoryStore, MemoryStoreBuilder};
#[cfg(feature = "redis")]
pub use self::store::{RedisStore, RedisStoreBuilder};
pub use tower_client_call::InvalidSetting;
