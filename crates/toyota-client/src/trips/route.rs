//! Where a trip went.

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::lazy::{Element, leaf, stand_in};
use super::number::Whole;
use super::scan::{Broken, Cursor};
use crate::model::Coordinates;
use crate::model::decode::{Leaf, OBJECT};
use crate::model::warning::{Path, Warnings};

/// A point of a trip's route.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RoutePoint {
    /// Where it is. `Debug` does not show it.
    #[serde(flatten)]
    pub position: Coordinates,
    /// Whether the car was above the speed limit.
    pub overspeed: Option<bool>,
    /// Whether the road is a motorway.
    pub highway: Option<bool>,
    /// Whether the car drove on the battery alone.
    pub is_ev: Option<bool>,
    /// How the hybrid was driven.
    pub mode: Option<DrivingMode>,
    /// The service's number of the point; it writes -1 too.
    pub index_in_points: Option<i64>,
}

/// How a hybrid was driven.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum DrivingMode {
    /// The battery was charged.
    Charge,
    /// With little power.
    Eco,
    /// With much power.
    Power,
    /// A number that is new.
    Other(i64),
}

impl Leaf for DrivingMode {
    const EXPECTED: &'static str = Whole::EXPECTED;

    fn read(value: &Value) -> Option<Self> {
        Some(match Whole::read(value)?.0 {
            0 => Self::Charge,
            1 => Self::Eco,
            2 => Self::Power,
            other => Self::Other(other),
        })
    }
}

/// Writes the number that was received.
impl Serialize for DrivingMode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Charge => serializer.serialize_u8(0),
            Self::Eco => serializer.serialize_u8(1),
            Self::Power => serializer.serialize_u8(2),
            Self::Other(other) => serializer.serialize_i64(*other),
        }
    }
}

/// What is read of a point, until it is known whether it has a position.
#[derive(Default)]
struct Draft {
    latitude: Option<f64>,
    longitude: Option<f64>,
    overspeed: Option<bool>,
    highway: Option<bool>,
    is_ev: Option<bool>,
    mode: Option<DrivingMode>,
    index_in_points: Option<i64>,
}

impl Draft {
    fn read(
        cursor: &mut Cursor<'_>,
        at: &Path<'_>,
        warnings: &mut Warnings,
    ) -> Result<Self, Broken> {
        let mut draft = Self::default();
        cursor.members(|cursor, key| {
            let at = &Path::Member(at, key);
            match key {
                "lat" => draft.latitude = leaf(cursor, at, warnings)?,
                "lon" => draft.longitude = leaf(cursor, at, warnings)?,
                "overspeed" => draft.overspeed = leaf(cursor, at, warnings)?,
                "highway" => draft.highway = leaf(cursor, at, warnings)?,
                "isEv" => draft.is_ev = leaf(cursor, at, warnings)?,
                "mode" => draft.mode = leaf(cursor, at, warnings)?,
                "indexInPoints" => {
                    let index: Option<Whole> = leaf(cursor, at, warnings)?;
                    draft.index_in_points = index.map(|Whole(index)| index);
                }
                _ => drop(cursor.skip()?),
            }
            Ok(())
        })?;
        Ok(draft)
    }
}

/// A point without a position is none. Members that are not known are not kept.
impl Element for RoutePoint {
    const LIST: &'static str = "route";

    fn read(
        cursor: &mut Cursor<'_>,
        at: &Path<'_>,
        warnings: &mut Warnings,
    ) -> Result<Option<Self>, Broken> {
        if cursor.peek() != Some(b'{') {
            warnings.add(at, OBJECT, &stand_in(cursor.skip_checked()?));
            return Ok(None);
        }
        let draft = Draft::read(cursor, at, warnings)?;
        let Some(position) = Coordinates::known(draft.latitude, draft.longitude) else {
            warnings.add(at, "a position", &Value::Null);
            return Ok(None);
        };
        Ok(Some(Self {
            position,
            overspeed: draft.overspeed,
            highway: draft.highway,
            is_ev: draft.is_ev,
            mode: draft.mode,
            index_in_points: draft.index_in_points,
        }))
    }
}
