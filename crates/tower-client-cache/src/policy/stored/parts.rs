//! What a [`Stored`] is made of, to be written and read back.

use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{Stored, status};
use crate::policy::{FOREVER, Timestamp};

/// The parts of a [`Stored`], as they are written. Their order and types are a version of the
/// schema.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct StoredParts {
    received: i64,
    date: i64,
    initial_age: u32,
    lifetime: u32,
    stale_while_revalidate: u32,
    stale_if_error: u32,
    status: u16,
    flags: u8,
}

const NO_CACHE: u8 = 1;
const WITHOUT_NO_CACHE_FIELDS: u8 = 1 << 1;
const MUST_REVALIDATE: u8 = 1 << 2;
const IMMUTABLE: u8 = 1 << 3;
const ALL: u8 = NO_CACHE | WITHOUT_NO_CACHE_FIELDS | MUST_REVALIDATE | IMMUTABLE;

impl Stored {
    pub(crate) fn to_parts(self) -> StoredParts {
        let flag = |is_set: bool, flag: u8| if is_set { flag } else { 0 };
        StoredParts {
            received: self.received.0,
            date: self.date.0,
            initial_age: self.initial_age,
            lifetime: self.lifetime,
            stale_while_revalidate: self.stale_while_revalidate,
            stale_if_error: self.stale_if_error,
            status: self.status.as_u16(),
            flags: flag(self.no_cache, NO_CACHE)
                | flag(self.without_no_cache_fields, WITHOUT_NO_CACHE_FIELDS)
                | flag(self.must_revalidate, MUST_REVALIDATE)
                | flag(self.immutable, IMMUTABLE),
        }
    }
}

impl StoredParts {
    /// Returns what they were parts of; `None` if they were of nothing.
    pub(crate) fn check(self) -> Option<Stored> {
        let times = [
            self.initial_age,
            self.lifetime,
            self.stale_while_revalidate,
            self.stale_if_error,
        ];
        let status = StatusCode::from_u16(self.status).ok()?;
        let is_possible = times.iter().all(|time| *time <= FOREVER)
            && status::is_storable(status)
            && self.flags & !ALL == 0;
        let is_set = |flag| self.flags & flag != 0;
        is_possible.then_some(Stored {
            received: Timestamp(self.received),
            date: Timestamp(self.date),
            initial_age: self.initial_age,
            lifetime: self.lifetime,
            stale_while_revalidate: self.stale_while_revalidate,
            stale_if_error: self.stale_if_error,
            status,
            no_cache: is_set(NO_CACHE),
            without_no_cache_fields: is_set(WITHOUT_NO_CACHE_FIELDS),
            must_revalidate: is_set(MUST_REVALIDATE),
            immutable: is_set(IMMUTABLE),
        })
    }
}
