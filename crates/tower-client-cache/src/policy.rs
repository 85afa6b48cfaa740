//! The decisions of a cache: what may be stored, what may be served, what has to be asked first.
//!
//! Plain functions on header fields and points in time, in the order in which a cache needs them:
//!
//! 1. [`Stored::of`] says whether a response may be stored, and keeps what later decisions need in
//!    a few integers and flags. [`storable_fields`], [`is_complete`] and [`Vary::of`] say what is
//!    kept beside them.
//! 2. [`cache_key_uri`] and [`Vary::matches`] find it again. [`Stored::decide`] is what a request
//!    gets, [`Chosen::answer`] what its own conditions and ranges make of that, and
//!    [`served_fields`] are the fields that it is served with.
//! 3. [`revalidation_headers`] ask whether it is still good; [`after_validation`], [`to_update`],
//!    [`update_fields`] and [`Stored::freshened`] are what follows from the answer, [`on_head`] from
//!    one to `HEAD`, [`Stored::may_serve_on_error`] from none.
//! 4. [`invalidates`] and [`targets`] are what is forgotten after a request that changes something.
//!
//! [`Rules`] are those of a private cache unless they are said to be of a shared one: a private cache
//! has one user, and whoever serves several has to make the user a part of the key. A stored
//! response that cannot answer a request's conditions ([`Answer::Origin`]) is as good as none.
//! Where fields
//! contradict each other or cannot be read, the stricter reading counts.
//!
//! ```
//! use http::{HeaderMap, HeaderValue, Method, StatusCode};
//! use tower_client_cache::policy::{
//!     Decision, Exchange, RequestDirectives, Rules, Served, Stored, Timestamp,
//! };
//!
//! let mut headers = HeaderMap::new();
//! headers.insert("cache-control", HeaderValue::from_static("Max-Age=60"));
//! headers.insert("age", HeaderValue::from_static("10"));
//! let now = Timestamp(1_700_000_000);
//! let stored = Stored::of(
//!     &Exchange {
//!         method: &Method::GET,
//!         request_headers: &HeaderMap::new(),
//!         status: StatusCode::OK,
//!         headers: &headers,
//!         requested: now,
//!         received: now,
//!         authenticated: false,
//!     },
//!     &Rules::new(),
//! )?;
//!
//! let anybody = RequestDirectives::default();
//! assert_eq!(stored.decide(&anybody, now.plus(49), true), Decision::Serve(Served::Fresh));
//! assert_eq!(stored.decide(&anybody, now.plus(50), true), Decision::Revalidate);
//! # Ok::<_, tower_client_cache::policy::NotStored>(())
//! ```

mod conditional;
mod directives;
mod fields;
mod invalidation;
mod range;
mod rules;
mod stored;
mod time;
mod update;
mod validators;
mod vary;

pub use self::conditional::{Answer, Chosen, not_modified_fields};
pub use self::directives::{RequestDirectives, ResponseDirectives};
pub use self::fields::{Announced, is_complete, served_fields, storable_fields};
pub use self::invalidation::{cache_key_uri, invalidates, targets};
pub use self::range::{ByteRange, ContentRange, RangeRequest};
pub use self::rules::Rules;
#[cfg(feature = "codec")]
pub(crate) use self::stored::StoredParts;
pub use self::stored::{
    Decision, Exchange, NotStored, Served, StaleReason, Stored, is_error_for_stale,
};
pub use self::time::{FOREVER, Timestamp, age_field, delta_seconds};
pub use self::update::{
    Candidate, HeadOutcome, Validation, after_validation, is_for_client, on_head, to_update,
    update_fields,
};
pub use self::validators::{EntityTag, EntityTags, Validators, revalidation_headers};
pub(crate) use self::vary::Fnv;
pub use self::vary::Vary;
