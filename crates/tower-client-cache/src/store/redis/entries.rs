//! The entries of one key, as the server has them.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use redis::RedisError;

use super::Inner;
use super::schema::{Label, bucket, incarnation};
use crate::store::Variants;
use crate::store::codec::{CodecError, Name, Record};
use crate::{Entry, Key};

/// The fields of a key's hash, and their values.
pub(super) type Fields = Vec<(Vec<u8>, Vec<u8>)>;

/// The parts of a variant, each with its length told by the server.
#[derive(Debug, Default)]
struct Parts {
    label: Option<Label>,
    head: Vec<u8>,
    content: Bytes,
}

impl Inner {
    /// Reads all entries of a key, and whether its bucket still knows them, in one round trip.
    ///
    /// Not at once: an index that is lost in between makes for entries that are not found.
    pub(super) async fn read(&self, key: &Key) -> Result<Variants, RedisError> {
        let name = self.codec.name(key);
        let mut pipe = redis::pipe();
        pipe.cmd("HGETALL").arg(self.schema.entries(&name));
        pipe.cmd("ZRANGE").arg(self.schema.index(bucket(&name)));
        pipe.arg("+inf").arg("+inf").arg("BYSCORE");
        let (fields, specials): (Fields, Vec<Vec<u8>>) = self.connection.pipe(&pipe).await?;
        Ok(self.variants(key, &name, fields, incarnation(&specials)))
    }

    /// Returns the entries that can be read, and could be forgotten by the index of the bucket's
    /// incarnation.
    pub(super) fn variants(
        &self,
        key: &Key,
        name: &Name,
        fields: Fields,
        incarnation: Option<[u8; 8]>,
    ) -> Variants {
        let Some(incarnation) = incarnation else {
            return Variants::default();
        };
        let entries = by_variant(fields)
            .into_iter()
            .filter_map(|(variant, parts)| {
                let label = parts.label?;
                if label.incarnation != incarnation {
                    return None;
                }
                match self.entry(key, name, variant, label, parts) {
                    Ok(entry) => Some(Arc::new(entry)),
                    Err(error) => {
                        tracing::debug!(%error, "an entry cannot be read");
                        None
                    }
                }
            });
        entries.collect()
    }

    fn entry(
        &self,
        key: &Key,
        name: &Name,
        variant: u64,
        label: Label,
        parts: Parts,
    ) -> Result<Entry, CodecError> {
        let record = self.record(name, variant, label, &parts.head)?;
        if record.key != *key {
            return Err(CodecError::Malformed);
        }
        let content = self.codec.decode_content(name, &record, &parts.content)?;
        Ok(record.into_entry(content))
    }

    /// Reads a head, which has the content that the label tells: an update may not have known it.
    pub(super) fn record(
        &self,
        name: &Name,
        variant: u64,
        label: Label,
        head: &[u8],
    ) -> Result<Record, CodecError> {
        let record = self.codec.decode_head(name, head)?;
        if record.variant().0 != variant {
            return Err(CodecError::Malformed);
        }
        Ok(Record {
            length: label.length,
            ..record
        })
    }
}

/// Puts the parts of each variant together. What is no part of any is left out.
fn by_variant(fields: Fields) -> BTreeMap<u64, Parts> {
    let mut variants: BTreeMap<u64, Parts> = BTreeMap::new();
    for (field, value) in fields {
        let Some((kind @ (b'l' | b'h' | b'c'), variant)) = split(&field) else {
            continue;
        };
        let parts = variants.entry(variant).or_default();
        match kind {
            b'l' => parts.label = Label::read(&value),
            b'h' => parts.head = value,
            _ => parts.content = value.into(),
        }
    }
    variants
}

fn split(field: &[u8]) -> Option<(u8, u64)> {
    let (kind, variant) = field.split_first()?;
    Some((*kind, u64::from_be_bytes(variant.try_into().ok()?)))
}
