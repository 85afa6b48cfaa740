//! One answer about trips: a page of them, and summaries by month.

use bytes::Bytes;
use serde_json::{Map, Value};

use super::lazy::stand_in;
use super::number::Whole;
use super::period::Month;
use super::scan::{Broken, Cursor, check};
use super::trip::{Budget, Trip};
use crate::envelope::{Message, NoAnswer};
use crate::model::Decoded;
use crate::model::decode::{Decode, OBJECT, object};
use crate::model::warning::{Path, Warnings};

/// Twenty times what the service puts on one.
const MAX_TRIPS: usize = 1000;

/// What is read of one answer about trips.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Page {
    /// Those that could be read.
    pub(crate) trips: Vec<Trip>,
    /// How many there were.
    pub(super) found: usize,
    /// The months of the summary.
    pub(super) months: Vec<Month>,
    /// Where the next page begins.
    pub(super) next_offset: Option<u64>,
}

impl Page {
    /// Reads the body of `GET /v1/trips`. Without a payload there is no page.
    pub(crate) fn read(body: Bytes) -> Result<Decoded<Option<Self>>, NoAnswer> {
        Reader::new().answer(&body, Reader::page)
    }
}

/// Reads the body of `GET /v1/trips/{id}`: the trip is the payload, or in it, alone or in a list.
pub(crate) fn read_trip(body: Bytes) -> Result<Decoded<Option<Trip>>, NoAnswer> {
    Reader::new().answer(&body, Reader::trip)
}

/// Reads one answer, and keeps what is amiss in it.
struct Reader {
    budget: Budget,
    warnings: Warnings,
}

impl Reader {
    fn new() -> Self {
        Self {
            budget: Budget::new(),
            warnings: Warnings::default(),
        }
    }

    /// Reads an envelope, and its payload by `read`.
    fn answer<T>(
        mut self,
        body: &[u8],
        read: fn(&mut Self, &mut Cursor<'_>) -> Result<Option<T>, Broken>,
    ) -> Result<Decoded<Option<T>>, NoAnswer> {
        let mut envelope = Map::new();
        let mut payload = None;
        let mut cursor = Cursor::new(body);
        let mut walk = || match cursor.peek() {
            None => Ok(()),
            Some(b'{') => {
                cursor.members(|cursor, key| {
                    if key == "payload" {
                        payload = read(&mut self, cursor)?;
                        return Ok(());
                    }
                    let at = Path::Root("answer");
                    let value = self.budget.value(cursor, &at, &mut self.warnings)?;
                    envelope.extend(value.map(|value| (key.to_owned(), value)));
                    Ok(())
                })?;
                cursor.end()
            }
            Some(_) => check(body),
        };
        walk().map_err(|Broken| NoAnswer::NotJson)?;
        let envelope = Value::Object(envelope);
        if payload.is_none() && Message::of(&envelope).is_hidden_error(&envelope) {
            return Err(NoAnswer::Error(envelope));
        }
        Ok(self.warnings.into_decoded(payload))
    }

    fn page(&mut self, cursor: &mut Cursor<'_>) -> Result<Option<Page>, Broken> {
        let at = Path::Root("payload");
        if cursor.peek() != Some(b'{') {
            self.warn_unless_null(cursor, &at, OBJECT)?;
            return Ok(None);
        }
        let mut page = Page::default();
        cursor.members(|cursor, key| {
            let at = Path::Member(&at, key);
            match key {
                "trips" => self.trips(cursor, &at, &mut page)?,
                "summary" => page.months = self.decode(cursor, &at)?.unwrap_or_default(),
                "_metadata" => {
                    let metadata: Option<Metadata> = self.decode(cursor, &at)?;
                    page.next_offset = metadata.and_then(|metadata| metadata.next_offset);
                }
                _ => drop(cursor.skip_checked()?),
            }
            Ok(())
        })?;
        Ok(Some(page))
    }

    fn trips(
        &mut self,
        cursor: &mut Cursor<'_>,
        at: &Path<'_>,
        page: &mut Page,
    ) -> Result<(), Broken> {
        // Of two lists the last is taken, even if it is none.
        (page.trips, page.found) = (Vec::new(), 0);
        if cursor.peek() != Some(b'[') {
            return self.warn_unless_null(cursor, at, "a list");
        }
        cursor.elements(|cursor, index| {
            page.found += 1;
            let at = Path::Element(at, index);
            if index >= MAX_TRIPS {
                let text = cursor.skip_checked()?;
                if index == MAX_TRIPS {
                    self.warnings.add(&at, "fewer trips", &stand_in(text));
                }
                return Ok(());
            }
            let trip = Trip::read(cursor, &at, &mut self.budget, &mut self.warnings)?;
            page.trips.extend(trip);
            Ok(())
        })
    }

    fn trip(&mut self, cursor: &mut Cursor<'_>) -> Result<Option<Trip>, Broken> {
        let at = Path::Root("payload");
        if cursor.peek() != Some(b'{') {
            self.warn_unless_null(cursor, &at, OBJECT)?;
            return Ok(None);
        }
        let mut inner = None;
        cursor.clone().members(|cursor, key| {
            let text = cursor.skip()?;
            match key {
                "trip" => inner = Some((text, "trip")),
                "trips" => inner = Some((text, "trips")),
                _ => {}
            }
            Ok(())
        })?;
        let Some((text, key)) = inner else {
            return Trip::read(cursor, &at, &mut self.budget, &mut self.warnings);
        };
        cursor.members(|cursor, key| {
            let is_read = matches!(key, "trip" | "trips");
            let text = cursor.skip()?;
            if is_read { Ok(()) } else { check(text) }
        })?;
        let at = Path::Member(&at, key);
        let mut page = Page::default();
        if key == "trips" {
            self.trips(&mut Cursor::new(text), &at, &mut page)?;
            return Ok(page.trips.into_iter().next());
        }
        Trip::read(
            &mut Cursor::new(text),
            &at,
            &mut self.budget,
            &mut self.warnings,
        )
    }

    /// Reads the next value whole; `null` is none.
    fn decode<T: Decode>(
        &mut self,
        cursor: &mut Cursor<'_>,
        at: &Path<'_>,
    ) -> Result<Option<T>, Broken> {
        let value = self.budget.value(cursor, at, &mut self.warnings)?;
        let value = value.filter(|value| !value.is_null());
        Ok(value.and_then(|value| T::decode(value, at, &mut self.warnings)))
    }

    fn warn_unless_null(
        &mut self,
        cursor: &mut Cursor<'_>,
        at: &Path<'_>,
        expected: &'static str,
    ) -> Result<(), Broken> {
        let found = stand_in(cursor.skip_checked()?);
        if !found.is_null() {
            self.warnings.add(at, expected, &found);
        }
        Ok(())
    }
}

/// The member `_metadata`.
struct Metadata {
    next_offset: Option<u64>,
}

impl Decode for Metadata {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            let pagination: Option<Pagination> = members.take("pagination");
            let next_offset = pagination.and_then(|pagination| pagination.next_offset);
            Some(Self { next_offset })
        })
    }
}

/// The member `pagination`.
struct Pagination {
    next_offset: Option<u64>,
}

impl Decode for Pagination {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            let offset: Option<Whole> = members.take("nextOffset");
            let next_offset = offset.and_then(|Whole(offset)| offset.try_into().ok());
            Some(Self { next_offset })
        })
    }
}

#[cfg(test)]
mod tests;
