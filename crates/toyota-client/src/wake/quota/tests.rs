use jiff::ToSpan;
use proptest::prelude::*;

use super::*;

const FOUR: WakeQuota = WakeQuota {
    per_hour: 4,
    per_day: 24,
};

#[test]
fn an_hour_and_a_day_have_their_wakes_and_no_more() {
    // Minutes at which somebody wants a wake, and of each when there may be one.
    let quota = WakeQuota {
        per_hour: 2,
        per_day: 3,
    };
    let hour_later = |minute: i64| Err(at(minute + 60));
    let mut ledger = WakeLedger::default();
    for (minute, expected) in [
        (0, Ok(())),
        (10, Ok(())),
        (20, hour_later(0)),
        (59, hour_later(0)),
        (60, Ok(())),
        (65, Err(at(24 * 60))),
        (71, Err(at(24 * 60))),
        (24 * 60 - 1, Err(at(24 * 60))),
        (24 * 60, Ok(())),
        (24 * 60 + 1, Err(at(24 * 60 + 10))),
        (24 * 60 + 10, Ok(())),
        (24 * 60 + 11, Err(at(25 * 60))),
    ] {
        let spent = ledger.spend(quota, at(minute));

        let expected = expected.map_err(|until| Spent { until: Some(until) });
        assert_eq!(spent, expected, "minute {minute}");
    }
}

#[test]
fn a_refused_wake_is_not_counted() {
    let mut ledger = spent(FOUR, 0);

    for minute in 1..60 {
        assert!(ledger.spend(FOUR, at(minute)).is_err());
    }

    assert_eq!(ledger, spent(FOUR, 0));
    assert_eq!(ledger.left(FOUR, at(60)), 4);
}

#[test]
fn nothing_is_ever_spent_of_a_quota_of_zero() {
    for (per_hour, per_day) in [(0, 0), (0, 24), (4, 0)] {
        let mut ledger = WakeLedger::default();
        let quota = WakeQuota { per_hour, per_day };

        assert_eq!(ledger.spend(quota, at(0)), Err(Spent { until: None }));
        assert_eq!((ledger.left(quota, at(0)), ledger.last()), (0, None));
    }
}

#[test]
fn a_clock_that_is_set_back_blocks_for_an_hour_and_not_until_it_has_caught_up() {
    let year = 365 * 24 * 60;
    let mut ledger = spent(FOUR, year);

    let refused = ledger.spend(FOUR, at(0));

    let until = Some(at(60));
    assert_eq!(refused, Err(Spent { until }));
    assert_eq!(ledger.spend(FOUR, at(59)), Err(Spent { until }));
    assert_eq!(ledger.spend(FOUR, at(60)), Ok(()));
}

#[test]
fn a_clock_that_runs_ahead_for_a_while_does_not_wipe_out_what_was_spent() {
    let year = 365 * 24 * 60;
    let mut ledger = spent(FOUR, 0);
    ledger.spend(FOUR, at(year)).unwrap();

    let refused = ledger.spend(FOUR, at(5));

    // The wake of the wrong clock, which was just now, is within the hour longest.
    assert_eq!(
        refused,
        Err(Spent {
            until: Some(at(60))
        })
    );
    assert_eq!(ledger.left(FOUR, at(60)), 3);
}

#[test]
fn a_smaller_quota_than_was_spent_by_waits_for_all_that_is_too_much() {
    let mut ledger = WakeLedger::default();
    for minute in [0, 5, 10, 15] {
        ledger.spend(FOUR, at(minute)).unwrap();
    }
    let one = WakeQuota {
        per_hour: 1,
        per_day: 24,
    };

    let refused = ledger.spend(one, at(20));

    assert_eq!(
        refused,
        Err(Spent {
            until: Some(at(75))
        })
    );
    assert_eq!(ledger.left(one, at(20)), 0);
}

#[test]
fn a_ledger_that_others_have_filled_is_put_in_order_and_bounded() {
    let wakes = (0..500).rev().map(at).collect();
    let mut ledger = WakeLedger { wakes };
    let much = WakeQuota {
        per_hour: 96,
        per_day: 96,
    };

    assert_eq!(ledger.left(FOUR, at(500)), 0);
    assert!(ledger.spend(much, at(500)).is_err());
    assert_eq!(ledger.spend(much, at(500 + 24 * 60)), Ok(()));
    assert_eq!(ledger.wakes.len(), MOST_PER_DAY);
    assert!(ledger.wakes.is_sorted());
}

#[test]
fn no_quota_is_larger_than_what_is_remembered() {
    let endless = WakeQuota {
        per_hour: usize::MAX,
        per_day: usize::MAX,
    };

    let ledger = spent(endless, 0);

    assert_eq!(ledger.wakes.len(), MOST_PER_DAY);
    assert_eq!(ledger.left(endless, at(0)), 0);
}

#[test]
fn the_ends_of_time_are_no_trouble() {
    for wakes in [
        vec![Timestamp::MIN; 4],
        vec![Timestamp::MAX; 4],
        vec![Timestamp::MAX, Timestamp::MIN],
    ] {
        for now in [Timestamp::MIN, at(0), Timestamp::MAX] {
            let mut ledger = WakeLedger {
                wakes: wakes.clone(),
            };

            let left = ledger.left(FOUR, now);

            assert_eq!(left > 0, ledger.spend(FOUR, now).is_ok());
        }
    }
}

#[test]
fn is_kept_as_a_list_of_times() {
    let ledger = spent(FOUR, 0);

    let text = serde_json::to_string(&ledger).unwrap();

    assert!(text.starts_with(r#"["2026-03-01T12:00:00Z","#), "{text}");
    assert_eq!(serde_json::from_str::<WakeLedger>(&text).unwrap(), ledger);
}

#[test]
fn quotas_that_no_battery_bears_are_refused_by_name() {
    let much = WakeQuota {
        per_hour: 4,
        per_day: 97,
    };
    let quotas = WakeQuotas {
        climate: much,
        ..WakeQuotas::default()
    };

    assert_eq!(quotas.check().unwrap_err().name(), "wakes.climate");
    assert_eq!(WakeQuotas::default().check(), Ok(()));
}

#[test]
fn nothing_is_older_than_it_can_be_nor_younger_than_now() {
    assert_eq!(age(at(0), at(2)), Duration::from_secs(120));
    assert_eq!(age(at(2), at(0)), Duration::ZERO);
    assert!(age(Timestamp::MIN, Timestamp::MAX) > Duration::from_secs(1 << 35));
}

proptest! {
    /// Whatever is asked for at whatever time of a clock that goes forward: in no hour and in no day are
    /// there more wakes than the quota has, and one that is told to wait until then is let through then.
    #[test]
    fn no_hour_and_no_day_has_more(
        steps in prop::collection::vec(0_i64..90, 1..150),
        per_hour in 0_usize..6,
        per_day in 0_usize..12,
    ) {
        let quota = WakeQuota { per_hour, per_day };
        let mut ledger = WakeLedger::default();
        let (mut minute, mut sent) = (0, Vec::new());
        for step in steps {
            minute += step;
            let left = ledger.left(quota, at(minute));
            match ledger.spend(quota, at(minute)) {
                Ok(()) => {
                    prop_assert!(left > 0);
                    sent.push(minute);
                }
                Err(Spent { until: Some(until) }) => {
                    prop_assert!(left == 0 && until > at(minute));
                    prop_assert!(ledger.left(quota, until) > 0);
                    prop_assert_eq!(ledger.left(quota, until - 1.nanosecond()), 0);
                }
                Err(Spent { until: None }) => prop_assert!(per_hour == 0 || per_day == 0),
            }
        }
        for (window, most) in [(60, per_hour), (24 * 60, per_day)] {
            for start in &sent {
                let within = |it: &&i64| (*start..*start + window).contains(*it);
                prop_assert!(sent.iter().filter(within).count() <= most);
            }
        }
    }

    /// Whatever clocks do, nobody waits for longer than a day.
    #[test]
    fn nobody_waits_for_longer_than_a_day(minutes in prop::collection::vec(-90_000_i64..90_000, 1..60)) {
        let mut ledger = WakeLedger::default();
        for minute in minutes {
            if let Err(Spent { until }) = ledger.spend(FOUR, at(minute)) {
                prop_assert!(until.unwrap() <= at(minute) + 24.hours());
            }
        }
    }
}

fn at(minute: i64) -> Timestamp {
    let start: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    start + minute.minutes()
}

/// A ledger with nothing left for an hour.
fn spent(quota: WakeQuota, minute: i64) -> WakeLedger {
    let mut ledger = WakeLedger::default();
    while ledger.spend(quota, at(minute)).is_ok() {}
    ledger
}
