//! Whether a car has answered.

use std::time::Duration;

use jiff::Timestamp;

use super::{Wakeable, is_plausible};

/// How long after a wake most cars have answered that can be reached.
const TYPICAL: Duration = Duration::from_secs(25);

/// What a look after a wake says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// The car has answered.
    Answer,
    /// It has not, yet.
    None,
    /// It had time to, and nothing will tell whether it has.
    Undated,
}

/// What was known before a car was woken, and when that was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Before {
    /// When the car had last reported, if that is known.
    pub(crate) reported: Option<Timestamp>,
    pub(crate) woken: Timestamp,
}

impl Before {
    /// Returns what is read `after` the wake: the car's answer if it is dated later than what was known, or
    /// if it has no date, or one that cannot be, and [says otherwise](Wakeable::says_otherwise_than) than
    /// what was read last.
    ///
    /// Where no date was known, one from after the wake is an answer, and another is known from then on.
    /// What has no date and says the same again may be the answer as well; once there was time for one,
    /// waiting longer would not tell.
    pub(crate) fn news<T: Wakeable>(&mut self, now: &T, last: Option<&T>, after: Duration) -> News {
        let woken = self.woken;
        let dated = |it: &T| it.reported().filter(|at| is_plausible(*at, woken));
        let Some(reported) = dated(now) else {
            let is_absurd = now.reported().is_some();
            // A date that cannot be takes the place of none that can.
            let last = last.filter(|last| !is_absurd || dated(last).is_none());
            return match last {
                Some(last) if now.says_otherwise_than(last) => News::Answer,
                _ if !is_absurd && after >= TYPICAL => News::Undated,
                _ => News::None,
            };
        };
        let is_answer = match self.reported {
            Some(before) => reported > before,
            None => {
                self.reported = Some(reported);
                reported >= self.woken
            }
        };
        if is_answer { News::Answer } else { News::None }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::model::ClimateStatus;

    const SOON: Duration = Duration::from_secs(24);

    #[test]
    fn a_later_date_is_an_answer_and_of_what_has_none_a_change() {
        let dated = |minute| json!({"status": "running", "updatedAt": at(minute).to_string()});
        let (on, off) = (json!({"status": 1}), json!({"status": 0}));
        let stopped = json!({"status": "stopped"});
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
            // What ran, and was dated, is stopped.
            (Some(5), Some(dated(5)), stopped.clone(), true),
            (Some(5), Some(stopped.clone()), stopped, false),
        ] {
            let mut before = Before {
                reported: known.map(at),
                woken: at(10),
            };
            let (last, read) = (last.as_ref().map(climate), climate(&now));

            let news = before.news(&read, last.as_ref(), SOON);

            let expected = if answered { News::Answer } else { News::None };
            assert_eq!(news, expected, "{known:?} {last:?} {now}");
        }
    }

    #[test]
    fn an_old_answer_that_is_read_late_is_none_and_the_next_is() {
        let mut before = Before {
            reported: None,
            woken: at(10),
        };
        let read = |minute| climate(&json!({"updatedAt": at(minute).to_string()}));

        assert_eq!(before.news(&read(5), None, SOON), News::None);
        assert_eq!(before.news(&read(5), None, SOON), News::None);
        // A car whose clock is behind: dated before the wake, and yet new.
        assert_eq!(before.news(&read(8), None, SOON), News::Answer);
    }

    #[test]
    fn what_has_no_date_and_does_not_change_is_not_waited_for_once_there_was_time() {
        let stopped = climate(&json!({"status": "stopped"}));
        let running = climate(&json!({"status": "running"}));
        let dated = climate(&json!({"status": "running", "updatedAt": at(5).to_string()}));
        for (last, now, after, expected) in [
            (Some(&stopped), &stopped, SOON, News::None),
            (Some(&stopped), &stopped, TYPICAL, News::Undated),
            (None, &stopped, TYPICAL, News::Undated),
            (Some(&dated), &running, TYPICAL, News::Undated),
            (Some(&running), &stopped, TYPICAL, News::Answer),
            // What has a date tells by it, however late it is.
            (Some(&dated), &dated, TYPICAL, News::None),
        ] {
            let mut before = Before {
                reported: Some(at(5)),
                woken: at(10),
            };

            let news = before.news(now, last, after);

            assert_eq!(news, expected, "{last:?} {now:?} {after:?}");
        }
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    fn climate(payload: &Value) -> ClimateStatus {
        let answer = json!({ "payload": payload });
        ClimateStatus::from_answer(answer).value.unwrap()
    }
}
