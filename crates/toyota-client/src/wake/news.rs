//! Whether a car has answered.

use jiff::Timestamp;

use super::{Wakeable, is_plausible};

/// What was known before a car was woken, and when that was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Before {
    /// When the car had last reported, if that is known.
    pub(crate) reported: Option<Timestamp>,
    pub(crate) woken: Timestamp,
}

impl Before {
    /// Tells whether what was read now is the car's answer: it is dated later than what was known, or, of
    /// what has no date, or one that cannot be, it is another than was read last.
    ///
    /// Where no date was known, one from after the wake is an answer, and another is known from then on.
    pub(crate) fn is_answered_by<T: Wakeable>(&mut self, now: &T, last: Option<&T>) -> bool {
        let woken = self.woken;
        let dated = |it: &T| it.reported().filter(|at| is_plausible(*at, woken));
        let Some(reported) = dated(now) else {
            return last.is_some_and(|last| dated(last).is_none() && last != now);
        };
        if let Some(before) = self.reported {
            return reported > before;
        }
        self.reported = Some(reported);
        reported >= self.woken
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::model::ClimateStatus;

    #[test]
    fn a_later_date_is_an_answer_and_of_what_has_none_a_change() {
        let dated = |minute| json!({"status": "running", "updatedAt": at(minute).to_string()});
        let (on, off) = (json!({"status": 1}), json!({"status": 0}));
        // What was known, what was read last, what is read now, after a wake in minute 10.
        for (known, last, now, answered) in [
            (Some(5), Some(dated(5)), dated(5), false),
            (Some(5), Some(dated(5)), dated(4), false),
            (Some(5), Some(dated(5)), dated(6), true),
            (Some(20), Some(dated(20)), dated(11), false),
            (None, None, dated(9), false),
            (None, None, dated(10), true),
            (None, Some(off.clone()), dated(9), false),
            (None, Some(off.clone()), off.clone(), false),
            (None, Some(off), on.clone(), true),
            (None, None, on.clone(), false),
            (Some(5), Some(dated(5)), on, false),
        ] {
            let mut before = Before {
                reported: known.map(at),
                woken: at(10),
            };
            let (last, read) = (last.as_ref().map(climate), climate(&now));

            let is_answered = before.is_answered_by(&read, last.as_ref());

            assert_eq!(is_answered, answered, "{known:?} {last:?} {now}");
        }
    }

    #[test]
    fn an_old_answer_that_is_read_late_is_none_and_the_next_is() {
        let mut before = Before {
            reported: None,
            woken: at(10),
        };
        let read = |minute| climate(&json!({"updatedAt": at(minute).to_string()}));

        assert!(!before.is_answered_by(&read(5), None));
        assert!(!before.is_answered_by(&read(5), None));
        // A car whose clock is behind: dated before the wake, and yet new.
        assert!(before.is_answered_by(&read(8), None));
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    fn climate(payload: &Value) -> ClimateStatus {
        let answer = json!({ "payload": payload });
        ClimateStatus::from_answer(answer).value.unwrap()
    }
}
