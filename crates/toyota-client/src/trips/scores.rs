//! How well it was driven.

use serde::Serialize;
use serde_json::Value;

use super::number::{add, mean};
use super::summary::kilometres;
use crate::model::decode::{Decode, OBJECT, object};
use crate::model::warning::{Path, Warnings};
use crate::model::{Distance, Extra};

/// How well it was driven, from 0 to 100.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Scores {
    /// All together.
    pub global: Option<f64>,
    /// Of accelerating.
    pub acceleration: Option<f64>,
    /// Of braking.
    pub braking: Option<f64>,
    /// Of following advice.
    pub advice: Option<f64>,
    /// Of keeping the speed.
    pub constant_speed: Option<f64>,
    /// What else the answer holds.
    #[serde(skip)]
    pub extra: Extra,
}

impl Scores {
    /// Returns the mean of each score of those that have it; `None` of none.
    pub(super) fn mean<'a>(scores: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let all: Vec<_> = scores.into_iter().collect();
        let of = |score: fn(&Self) -> Option<f64>| mean(all.iter().map(|scores| score(scores)));
        (!all.is_empty()).then(|| Self {
            global: of(|scores| scores.global),
            acceleration: of(|scores| scores.acceleration),
            braking: of(|scores| scores.braking),
            advice: of(|scores| scores.advice),
            constant_speed: of(|scores| scores.constant_speed),
            extra: Extra::default(),
        })
    }
}

impl Decode for Scores {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                global: members.take("global"),
                acceleration: members.take("acceleration"),
                braking: members.take("braking"),
                advice: members.take("advice"),
                constant_speed: members.take("constantSpeed"),
                extra: members.rest(),
            })
        })
    }
}

/// In what way a hybrid was driven: how many seconds and metres of each.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct HybridCoaching {
    /// Seconds on the battery alone.
    pub ev_time: Option<f64>,
    /// Metres on the battery alone.
    pub ev_distance: Option<f64>,
    /// Seconds of charging.
    pub charge_time: Option<f64>,
    /// Metres of charging.
    pub charge_distance: Option<f64>,
    /// Seconds of eco driving.
    pub eco_time: Option<f64>,
    /// Metres of eco driving.
    pub eco_distance: Option<f64>,
    /// Seconds of power driving.
    pub power_time: Option<f64>,
    /// Metres of power driving.
    pub power_distance: Option<f64>,
    /// What else the answer holds.
    #[serde(skip)]
    pub extra: Extra,
}

impl HybridCoaching {
    /// Returns the distance on the battery alone, in kilometres.
    #[must_use]
    pub fn electric_distance(&self) -> Option<Distance> {
        Some(kilometres(self.ev_distance?))
    }

    /// Adds them together; `None` of none.
    pub(super) fn sum<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let mut parts = parts.into_iter();
        let first = Self {
            extra: Extra::default(),
            ..parts.next()?.clone()
        };
        Some(parts.fold(first, |mut sum, part| {
            add(&mut sum.ev_time, part.ev_time);
            add(&mut sum.ev_distance, part.ev_distance);
            add(&mut sum.charge_time, part.charge_time);
            add(&mut sum.charge_distance, part.charge_distance);
            add(&mut sum.eco_time, part.eco_time);
            add(&mut sum.eco_distance, part.eco_distance);
            add(&mut sum.power_time, part.power_time);
            add(&mut sum.power_distance, part.power_distance);
            sum
        }))
    }
}

/// The service writes `evDistance` and `ecoDist`.
impl Decode for HybridCoaching {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                ev_time: members.take("evTime"),
                ev_distance: members.take("evDistance"),
                charge_time: members.take("chargeTime"),
                charge_distance: members.take("chargeDist"),
                eco_time: members.take("ecoTime"),
                eco_distance: members.take("ecoDist"),
                power_time: members.take("powerTime"),
                power_distance: members.take("powerDist"),
                extra: members.rest(),
            })
        })
    }
}
