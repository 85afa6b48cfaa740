//! How something was come by that a car has to be woken for.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use toyota_client::Vin;
use toyota_client::model::{ClimateStatus, Electric, Status};
use toyota_client::wake::{How, Reading, WakeRefusal};

use super::{
    Facts, Show, note, note_warnings, print, print_json, print_lines, status, when, with_age,
};
use crate::failure::Failure;

impl Show {
    /// Tells of doors, windows and lights.
    pub(crate) fn status(
        self,
        vin: &Vin,
        reading: &Reading<Status>,
        now: Timestamp,
    ) -> Result<(), Failure> {
        if self.is_json() {
            return self.reading_document(vin, "status", reading);
        }
        let mut facts = come_by(reading, now);
        if let Some(status) = &reading.value.value {
            facts.extend(status::facts(status, self));
        }
        print_lines(&facts)?;
        if let Some(status) = &reading.value.value {
            print(&format!("\n{}", status::table(status)))?;
        }
        note_warnings(reading.value.warnings.len());
        Ok(())
    }

    /// Tells of a battery whose car was woken.
    pub(crate) fn woken_electric(
        self,
        vin: &Vin,
        reading: &Reading<Electric>,
        now: Timestamp,
    ) -> Result<(), Failure> {
        if self.is_json() {
            return self.reading_document(vin, "electric", reading);
        }
        note(&format!("the car {}", how(&reading.how)));
        self.electric(vin, &reading.value, now)
    }

    /// Tells of a climate control whose car was woken.
    pub(crate) fn woken_climate(
        self,
        vin: &Vin,
        reading: &Reading<ClimateStatus>,
    ) -> Result<(), Failure> {
        if self.is_json() {
            return self.reading_document(vin, "climateStatus", reading);
        }
        note(&format!("the car {}", how(&reading.how)));
        self.climate(vin, &reading.value, None)
    }

    fn reading_document<T: Serialize>(
        self,
        vin: &Vin,
        name: &str,
        reading: &Reading<T>,
    ) -> Result<(), Failure> {
        let mut document = json!({
            "vin": vin,
            "comeBy": how_document(&reading.how),
            "reported": reading.reported,
            "ageSeconds": reading.age.map(|age| age.as_secs()),
            "warnings": reading.value.warnings,
        });
        let value = serde_json::to_value(&reading.value.value);
        document[name] = value.map_err(Failure::internal)?;
        print_json(&document)
    }
}

fn come_by<T>(reading: &Reading<T>, now: Timestamp) -> Facts {
    let reported = reading.reported.map(|at| with_age(at, now));
    vec![("reported", reported), ("the car", Some(how(&reading.how)))]
}

pub(super) fn how(how: &How) -> String {
    let not_woken = |why: &str| format!("was not woken: {why}");
    match how {
        How::Cached => "was not woken".to_owned(),
        How::Cold => not_woken("and the service has nothing of it now; --wake asks the car"),
        How::Woken { after } => format!("was woken, and answered after {}", super::span(*after)),
        How::NotYet => "was woken, and has not answered yet".to_owned(),
        How::Undated { after } => {
            let after = super::span(*after);
            format!(
                "was woken; whether it answered within {after} is not told, as nothing is dated"
            )
        }
        How::QuotaSpent { until: Some(until) } => {
            not_woken(&format!("often enough until {}", when(*until)))
        }
        How::QuotaSpent { until: None } => not_woken("that is never to be"),
        How::WakeRefused(refusal) => not_woken(&refused(refusal)),
        How::WakeFailed(error) => format!("could not be woken: {error}"),
        _ => not_woken("for another reason"),
    }
}

fn refused(refusal: &WakeRefusal) -> String {
    match refusal {
        WakeRefusal::Rejected { code: Some(code) } => {
            format!("the service does not do that ({code})")
        }
        WakeRefusal::Rejected { code: None } => "the service does not do that".to_owned(),
        WakeRefusal::RejectedBefore { until } => {
            format!(
                "the service has refused before; again from {}",
                when(*until)
            )
        }
        WakeRefusal::Silent => "it did not answer before; --wake tries all the same".to_owned(),
        WakeRefusal::NotCounted => "how often that was done cannot be written down".to_owned(),
        _ => "for another reason".to_owned(),
    }
}

pub(super) fn how_document(how: &How) -> Value {
    match how {
        How::Cached => json!({"how": "cached"}),
        How::Cold => json!({"how": "cold"}),
        How::Woken { after } => json!({"how": "woken", "afterSeconds": after.as_secs()}),
        How::NotYet => json!({"how": "notYet"}),
        How::Undated { after } => json!({"how": "undated", "afterSeconds": after.as_secs()}),
        How::QuotaSpent { until } => json!({"how": "quotaSpent", "until": until}),
        How::WakeRefused(refusal) => json!({"how": "wakeRefused", "why": refused(refusal)}),
        How::WakeFailed(error) => json!({"how": "wakeFailed", "why": error.to_string()}),
        _ => json!({"how": "other"}),
    }
}
