//! One trip.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use super::behaviour::Behaviour;
use super::id::TripId;
use super::lazy::{Elements, Lazy, parse, stand_in};
use super::route::RoutePoint;
use super::scan::{Broken, Cursor};
use super::scores::{HybridCoaching, Scores};
use super::summary::TripSummary;
use crate::model::Extra;
use crate::model::decode::{Decode, OBJECT, object};
use crate::model::warning::{Path, Warnings};

/// One trip.
///
/// Its route and the driver's behaviours stay the text that they came as, until they are asked for.
/// A clone shares it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Trip {
    /// The service's name of it.
    pub id: Option<TripId>,
    /// The service's kind of trip: 0.
    pub category: Option<u32>,
    /// How far, how long and on how much fuel.
    pub summary: Option<TripSummary>,
    /// How well it was driven.
    pub scores: Option<Scores>,
    /// In what way a hybrid was driven.
    #[serde(rename = "hdc")]
    pub hybrid: Option<HybridCoaching>,
    /// When the service made it.
    pub created: Option<Timestamp>,
    /// What else the answer holds.
    #[serde(skip)]
    pub extra: Extra,
    #[serde(rename = "behaviours", skip_serializing_if = "Lazy::is_empty")]
    pub(super) behaviours: Lazy<Behaviour>,
    #[serde(rename = "route", skip_serializing_if = "Lazy::is_empty")]
    pub(super) route: Lazy<RoutePoint>,
}

impl Trip {
    /// Reads the points of its route, from start to end, one at a time; none unless the route was
    /// asked for.
    #[must_use]
    pub fn route(&self) -> Elements<'_, RoutePoint> {
        self.route.iter()
    }

    /// Reads what the driver did well or badly, one at a time.
    #[must_use]
    pub fn behaviours(&self) -> Elements<'_, Behaviour> {
        self.behaviours.iter()
    }

    /// Tells whether it came with a route.
    #[must_use]
    pub fn has_route(&self) -> bool {
        !self.route.is_empty()
    }

    /// Takes the lists that it lacks from another answer about it.
    pub(super) fn with_lists_of(mut self, other: Self) -> Self {
        if self.route.is_empty() {
            self.route = other.route;
        }
        if self.behaviours.is_empty() {
            self.behaviours = other.behaviours;
        }
        self
    }

    /// Reads the next value; what is no trip is warned of and is `None`.
    pub(super) fn read(
        cursor: &mut Cursor<'_>,
        at: &Path<'_>,
        budget: &mut Budget,
        warnings: &mut Warnings,
    ) -> Result<Option<Self>, Broken> {
        if cursor.peek() != Some(b'{') {
            warnings.add(at, OBJECT, &stand_in(cursor.skip_checked()?));
            return Ok(None);
        }
        let mut members = Map::new();
        let (mut route, mut behaviours) = (Lazy::default(), Lazy::default());
        cursor.members(|cursor, key| {
            let at = &Path::Member(at, key);
            match key {
                "route" => route = list(cursor, at, warnings)?,
                "behaviours" => behaviours = list(cursor, at, warnings)?,
                _ => {
                    if let Some(value) = budget.value(cursor, at, warnings)? {
                        members.insert(key.to_owned(), value);
                    }
                }
            }
            Ok(())
        })?;
        let trip = Self::decode(Value::Object(members), at, warnings);
        Ok(trip.map(|trip| Self {
            behaviours,
            route,
            ..trip
        }))
    }
}

/// All but the lists that are read lazily.
impl Decode for Trip {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                id: members.take("id"),
                category: members.take("category"),
                summary: members.take("summary"),
                scores: members.take("scores"),
                hybrid: members.take("hdc"),
                created: members.take("createdOn"),
                extra: members.rest(),
                ..Self::default()
            })
        })
    }
}

/// Keeps the text of a list for later.
fn list<T>(
    cursor: &mut Cursor<'_>,
    at: &Path<'_>,
    warnings: &mut Warnings,
) -> Result<Lazy<T>, Broken> {
    if cursor.peek() == Some(b'[') {
        return Ok(Lazy::copied(cursor.skip()?));
    }
    let found = stand_in(cursor.skip_checked()?);
    if !found.is_null() {
        warnings.add(at, "a list", &found);
    }
    Ok(Lazy::default())
}

/// How much text may still become JSON values, which take many times its size.
#[derive(Debug)]
pub(super) struct Budget(usize);

impl Budget {
    /// A year of summaries has a quarter of it, and fifty trips without their lists a tenth.
    const PAGE: usize = 1024 * 1024;

    pub(super) fn new() -> Self {
        Self(Self::PAGE)
    }

    /// Reads the next value whole, unless too much has been read: then it is warned of.
    pub(super) fn value(
        &mut self,
        cursor: &mut Cursor<'_>,
        at: &Path<'_>,
        warnings: &mut Warnings,
    ) -> Result<Option<Value>, Broken> {
        let text = cursor.skip()?;
        let Some(left) = self.0.checked_sub(text.len()) else {
            warnings.add(at, "less in one answer", &stand_in(text));
            return Ok(None);
        };
        self.0 = left;
        parse(text, at, warnings)
    }
}
