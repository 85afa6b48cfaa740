//! Lists that are short.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::MOST;
use crate::store::codec::CodecError;

/// At most [`MOST`] of something. An empty one takes a byte, and much more in memory: who can write
/// to a store must not fill ours.
#[derive(Serialize)]
pub(super) struct Few<T>(pub(super) Vec<T>);

impl<T> Few<T> {
    pub(super) fn of(all: impl Iterator<Item = T>) -> Result<Self, CodecError> {
        let few: Vec<T> = all.take(MOST + 1).collect();
        if few.len() > MOST {
            return Err(CodecError::TooLong);
        }
        Ok(Self(few))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Few<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_seq(Reader(PhantomData))
    }
}

struct Reader<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Reader<T> {
    type Value = Few<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at most {MOST}")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Few<T>, A::Error> {
        let mut few = Vec::new();
        while let Some(one) = all.next_element()? {
            if few.len() == MOST {
                return Err(A::Error::invalid_length(MOST + 1, &self));
            }
            few.push(one);
        }
        Ok(Few(few))
    }
}
