//! What was done to a car in workshops.

use std::fmt;

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use super::decode::{Decode, Members, OBJECT, object};
use super::untyped::Untyped;
use super::value::{Distance, Extra, LengthUnit};
use super::warning::{Decoded, Path, Warnings};
use super::word::{Vocabulary, Word};

/// What was done to a car in workshops, as far as they report it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ServiceHistory {
    /// The visits, in the order of the service.
    pub records: Vec<ServiceRecord>,
    /// What else the answer holds.
    #[serde(skip)]
    pub extra: Extra,
}

/// A visit to a workshop.
///
/// `Debug` shows neither the dealer nor what was written about it.
#[derive(Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ServiceRecord {
    /// The record's identifier.
    pub id: Option<String>,
    /// The day.
    pub date: Option<Date>,
    /// What kind of visit it was.
    pub category: Option<Word<ServiceCategory>>,
    /// Who did it.
    pub provider: Option<String>,
    /// What the odometer showed.
    pub odometer: Option<Distance>,
    /// The dealer, in a shape that is not known.
    pub dealer: Option<Untyped>,
    /// What was noted, in a shape that is not known.
    pub notes: Option<Untyped>,
    /// What was done, in a shape that is not known.
    pub operations: Option<Untyped>,
    /// The number of the repair order.
    pub ro_number: Option<String>,
    /// Whether the customer entered this, not a workshop.
    pub customer_created: Option<bool>,
    /// What else the entry holds.
    #[serde(skip)]
    pub extra: Extra,
}

/// The kinds of visits that have been seen. What the codes stand for is not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ServiceCategory {
    /// `ACC`.
    Acc,
    /// `HSC`.
    Hsc,
    /// `VDE`.
    Vde,
    /// `RPR`.
    Rpr,
}

impl Vocabulary for ServiceCategory {
    fn recognise(word: &str) -> Option<Self> {
        match word {
            "acc" => Some(Self::Acc),
            "hsc" => Some(Self::Hsc),
            "vde" => Some(Self::Vde),
            "rpr" => Some(Self::Rpr),
            _ => None,
        }
    }
}

impl ServiceHistory {
    /// Reads the answer of `GET /v1/servicehistory/vehicle/summary`, which may be `{}`. Without a
    /// list there is no history.
    #[must_use]
    pub fn from_answer(answer: Value) -> Decoded<Option<Self>> {
        super::decode::payload(answer)
    }

    /// Returns the last visit: of those of the last day, the last by category. A visit without a
    /// day is never it.
    #[must_use]
    pub fn latest(&self) -> Option<&ServiceRecord> {
        let dated = self.records.iter().filter(|record| record.date.is_some());
        dated.max_by_key(|record| (record.date, record.category.as_ref().map(Word::as_str)))
    }
}

impl Decode for ServiceHistory {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                records: members.take("serviceHistories")?,
                extra: members.rest(),
            })
        })
    }
}

impl Decode for ServiceRecord {
    const EXPECTED: &'static str = OBJECT;

    fn decode(value: Value, at: &Path<'_>, warnings: &mut Warnings) -> Option<Self> {
        object(value, at, warnings, |members| {
            Some(Self {
                id: members.take("serviceHistoryId"),
                date: members.take("serviceDate"),
                category: members.take("serviceCategory"),
                provider: members.take("serviceProvider"),
                odometer: odometer(members),
                dealer: members.take("servicingDealer"),
                notes: members.take("notes"),
                operations: members.take("operationsPerformed"),
                ro_number: members.take("roNumber"),
                customer_created: members.take("customerCreatedRecord"),
                extra: members.rest(),
            })
        })
    }
}

/// A number without a unit says nothing: both or none. Both are often `null`.
fn odometer(members: &mut Members<'_>) -> Option<Distance> {
    let value: Option<f64> = members.take("mileage");
    let unit: Option<LengthUnit> = members.take("unit");
    Some(Distance {
        value: value?,
        unit: unit?,
    })
}

impl fmt::Debug for ServiceRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceRecord")
            .field("date", &self.date)
            .field("category", &self.category)
            .field("odometer", &self.odometer)
            .field("customer_created", &self.customer_created)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn history(records: Value) -> ServiceHistory {
        let answer = json!({"payload": {"serviceHistories": records}});
        ServiceHistory::from_answer(answer).value.unwrap()
    }

    #[test]
    fn the_mileage_is_a_text_with_a_unit_beside_it() {
        for (mileage, unit, odometer) in [
            (json!("43087"), json!("km"), Some("43087 km")),
            (json!(10), json!("Mile"), Some("10 mi")),
            (json!("0"), json!("km"), Some("0 km")),
            (json!("43087"), json!(null), None),
            (json!(null), json!("km"), None),
        ] {
            let record = history(json!([{"mileage": mileage, "unit": unit}]))
                .records
                .remove(0);

            let shown = record.odometer.map(|distance| distance.to_string());
            assert_eq!(shown.as_deref(), odometer, "{mileage} {unit}");
        }
    }

    #[test]
    fn the_latest_is_by_day_and_then_by_category() {
        let history = history(json!([
            {"serviceHistoryId": "a", "serviceDate": "2025-05-01", "serviceCategory": "VDE"},
            {"serviceHistoryId": "b", "serviceDate": "2026-05-01", "serviceCategory": "ACC"},
            {"serviceHistoryId": "c", "serviceDate": "2026-05-01", "serviceCategory": "RPR"},
            {"serviceHistoryId": "d", "serviceDate": "2026-05-01"},
            {"serviceHistoryId": "e", "serviceCategory": "VDE"},
        ]));

        assert_eq!(history.latest().unwrap().id.as_deref(), Some("c"));
    }

    #[test]
    fn of_nothing_nothing_is_the_latest() {
        assert_eq!(history(json!([])).latest(), None);
        assert_eq!(history(json!([{"serviceCategory": "ACC"}])).latest(), None);
    }

    #[test]
    fn no_history_is_no_fault() {
        for answer in [
            json!({}),
            json!({"payload": {}}),
            json!({"payload": {"serviceHistories": null}}),
        ] {
            let decoded = ServiceHistory::from_answer(answer);

            assert_eq!(decoded.value, None);
            assert!(decoded.warnings.is_empty());
        }
    }

    #[test]
    fn debug_shows_no_dealer_and_no_note() {
        let record = json!({"servicingDealer": {"name": "s3cret"}, "notes": "s3cret"});

        assert!(!format!("{:?}", history(json!([record]))).contains("s3cret"));
    }
}
