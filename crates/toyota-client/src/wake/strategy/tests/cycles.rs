//! What is done cycle by cycle.

use super::*;
use Action::{ReadOnly, ServeCache, WakeThenRead};
use Trigger::{FollowUp, Idle, Moving, Routine, Stopped};

#[test]
fn a_stop_is_asked_about_twice() {
    let drive = [100.0, 100.0, 104.0, 109.0, 109.0, 109.0, 109.0];

    let done = run(
        &mut WakeState::new(0),
        &WakeOptions::default(),
        driven(&drive),
    );

    let expected = [
        (Routine, ServeCache),
        (Routine, ServeCache),
        (Moving, ServeCache),
        (Moving, ServeCache),
        (Stopped, WakeThenRead),
        (FollowUp, WakeThenRead),
        (Routine, ServeCache),
    ];
    assert_eq!(done, expected);
}

#[test]
fn stops_are_asked_about_as_often_as_the_options_say() {
    let drive = [100.0, 104.0, 104.0, 104.0, 104.0, 104.0, 104.0, 104.0];
    for (wakes_per_stop, expected) in [(0, 0), (1, 1), (2, 2), (5, 5)] {
        let options = WakeOptions {
            wakes_per_stop,
            ..WakeOptions::default()
        };

        let done = run(&mut WakeState::new(0), &options, driven(&drive));

        assert_eq!(wakes(&done), expected, "{wakes_per_stop}");
        let stop = done.iter().find(|(why, _)| *why == Stopped).unwrap();
        assert_ne!(stop.1, ServeCache);
    }
}

#[test]
fn a_car_that_drives_off_again_is_not_asked_about_its_last_stop() {
    let drive = [100.0, 104.0, 104.0, 108.0, 108.0, 108.0, 108.0];

    let done = run(
        &mut WakeState::new(0),
        &WakeOptions::default(),
        driven(&drive),
    );

    let why: Vec<_> = done.iter().map(|(why, _)| *why).collect();
    let expected = [Routine, Moving, Stopped, Moving, Stopped, FollowUp, Routine];
    assert_eq!(why, expected);
}

#[test]
fn a_cycle_that_sees_nothing_neither_misses_a_drive_nor_makes_a_stop() {
    let blind = Seen::default();
    let seen = |value| Seen {
        odometer: kilometres(value),
        ..Seen::default()
    };
    let why = |cycles: &[Seen]| {
        let done = run(
            &mut WakeState::new(0),
            &WakeOptions::default(),
            cycles.to_vec(),
        );
        done.into_iter().map(|(why, _)| why).collect::<Vec<_>>()
    };

    let driven_unseen = why(&[seen(100.0), blind, seen(104.0), seen(104.0)]);
    let still_driving = why(&[seen(100.0), seen(104.0), blind, seen(108.0), seen(108.0)]);
    let never_seen = why(&[blind, blind, blind]);

    assert_eq!(driven_unseen, [Routine, Routine, Moving, Stopped]);
    assert_eq!(still_driving, [Routine, Moving, Routine, Moving, Stopped]);
    assert_eq!(never_seen, [Routine; 3]);
}

#[test]
fn dates_of_reports_tell_of_a_drive_where_the_odometer_is_not_known() {
    let telemetry = |minute| Seen {
        telemetry: Some(at(minute)),
        ..Seen::default()
    };
    let contact = |minute| Seen {
        contact: Some(at(minute)),
        ..Seen::default()
    };
    for report in [telemetry, contact] {
        let cycles = [-60, -60, 8, 15, 15, 15, 15].map(report);

        let done = run(&mut WakeState::new(0), &WakeOptions::default(), cycles);

        let why: Vec<_> = done.iter().map(|(why, _)| *why).collect();
        let expected = [Routine, Routine, Moving, Moving, Stopped, FollowUp, Routine];
        assert_eq!(why, expected);
    }
}

#[test]
fn an_odometer_that_stands_still_goes_before_reports_of_a_parked_car() {
    let cycles = (0..6).map(|cycle| Seen {
        odometer: kilometres(100.0),
        telemetry: Some(at(6 * cycle)),
        contact: Some(at(6 * cycle)),
        status: Some(at(6 * cycle)),
    });

    let done = run(&mut WakeState::new(0), &WakeOptions::default(), cycles);

    assert_eq!(done, [(Routine, ServeCache); 6]);
}

#[test]
fn the_answer_to_a_wake_is_no_drive() {
    // Each wake has the car report half a minute later; the first report is that of a drive.
    let mut state = WakeState::new(0);
    let (mut report, mut wakes) = (at(-60), 0);
    for cycle in 0..50 {
        let now = at(6 * cycle);
        if cycle == 1 {
            report = now;
        }
        let seen = Seen {
            telemetry: Some(report),
            status: Some(report),
            ..Seen::default()
        };
        let inputs = Inputs {
            now,
            asked: false,
            seen,
        };
        let (decision, next) = decide(&inputs, &state, &WakeOptions::default());
        state = next;
        if decision.action == WakeThenRead {
            state.accepted(now);
            report = now + 30.seconds();
            wakes += 1;
        }
    }

    assert_eq!(wakes, 2);
}

#[test]
fn another_unit_is_no_drive() {
    let miles = Distance {
        value: 6_213.712,
        unit: LengthUnit::Mile,
    };
    let cycles = [kilometres(10_000.0), Some(miles), kilometres(10_000.0)].map(|odometer| Seen {
        odometer,
        ..Seen::default()
    });

    let done = run(&mut WakeState::new(0), &WakeOptions::default(), cycles);

    assert!(done.iter().all(|(why, _)| *why == Routine), "{done:?}");
}

#[test]
fn who_looks_a_minute_after_another_takes_a_drive_for_no_stop() {
    // Two programs, each in cycles of six minutes; the car reports as seldom, and parks after 12.
    for apart in [1, 2, 3] {
        let odometer =
            |minute: i64| [100.0, 104.0, 108.0][usize::try_from(minute.min(12) / 6).unwrap()];
        let mut state = WakeState::new(0);
        let mut done = Vec::new();
        for cycle in 0..5 {
            for minute in [6 * cycle, 6 * cycle + apart] {
                let seen = Seen {
                    odometer: kilometres(odometer(minute)),
                    status: Some(at(minute)),
                    ..Seen::default()
                };
                let inputs = Inputs {
                    now: at(minute),
                    asked: false,
                    seen,
                };
                let (decision, next) = decide(&inputs, &state, &WakeOptions::default());
                state = next;
                done.push(decision.why);
            }
        }

        let moving = [Moving, Routine, Moving, Routine];
        assert_eq!(done[..2], [Routine, Routine], "{apart}");
        assert_eq!(done[2..6], moving, "{apart}");
        assert_eq!(done[6..], [Stopped, FollowUp, Routine, Routine], "{apart}");
    }
}

#[test]
fn a_clock_that_was_set_back_hides_no_stop_for_long() {
    let mut state = WakeState::new(0);
    let mut why = Vec::new();
    for (minute, kilometres) in [(1_000, 100.0), (1_006, 104.0), (3, 104.0), (9, 104.0)] {
        let seen = Seen {
            odometer: super::kilometres(kilometres),
            ..Seen::default()
        };
        let inputs = Inputs {
            now: at(minute),
            asked: false,
            seen,
        };
        let (decision, next) = decide(&inputs, &state, &WakeOptions::default());
        state = next;
        why.push(decision.why);
    }

    assert_eq!(why, [Routine, Moving, Routine, Stopped]);
}

#[test]
fn numbers_that_are_no_distance_are_not_seen() {
    let drive = [100.0, f64::NAN, f64::INFINITY, 104.0, 104.0];

    let done = run(
        &mut WakeState::new(0),
        &WakeOptions::default(),
        driven(&drive),
    );

    let why: Vec<_> = done.iter().map(|(why, _)| *why).collect();
    assert_eq!(why, [Routine, Routine, Routine, Moving, Stopped]);
}

#[test]
fn what_is_old_is_read_and_what_is_not_known_too() {
    let cycle = |status| Seen {
        odometer: kilometres(100.0),
        status,
        ..Seen::default()
    };
    for (status, expected) in [
        (None, ReadOnly),
        (Some(at(-31)), ReadOnly),
        (Some(at(-30)), ServeCache),
        (Some(at(0)), ServeCache),
        // The car's clock is ahead.
        (Some(at(5)), ServeCache),
        (Some(at(1_000_000)), ReadOnly),
    ] {
        let done = run(
            &mut WakeState::new(0),
            &WakeOptions::default(),
            [cycle(status)],
        );

        assert_eq!(done, [(Routine, expected)], "{status:?}");
    }
}

#[test]
fn a_silent_car_is_asked_after_a_time_and_a_little() {
    let parked = Seen {
        odometer: kilometres(100.0),
        status: Some(at(0)),
        ..Seen::default()
    };
    let mut state = WakeState::new(7);

    let done = run(&mut state, &with_idle(), [parked; 40]);

    let first = done.iter().position(|(why, _)| *why == Idle).unwrap();
    assert!((10..=11).contains(&first), "{first}");
    // 40 cycles are four hours: each hour and up to a tenth more.
    assert_eq!(wakes(&done), 3, "{done:?}");
}

#[test]
fn a_car_of_which_nothing_is_known_is_not_asked_before_the_time_is_over() {
    let done = run(&mut WakeState::new(7), &with_idle(), [Seen::default(); 12]);

    let first = done.iter().position(|(why, _)| *why == Idle);
    assert!(first.is_some_and(|first| first >= 10), "{done:?}");
}

#[test]
fn cars_are_not_all_asked_at_the_same_time_and_none_too_early() {
    let tenth = HOUR / 10;
    let waits: std::collections::BTreeSet<_> = (0..100)
        .map(|seed| WakeState::new(seed).jitter(at(0), tenth))
        .collect();

    assert!(waits.len() > 50, "{}", waits.len());
    assert!(waits.iter().all(|wait| *wait <= tenth));
    assert_eq!(
        WakeState::new(5).jitter(at(0), tenth),
        WakeState::new(5).jitter(at(0), tenth)
    );
}

fn driven(kilometres: &[f64]) -> Vec<Seen> {
    let seen = |(cycle, value): (usize, &f64)| Seen {
        odometer: super::kilometres(*value),
        status: Some(at(6 * i64::try_from(cycle).unwrap())),
        ..Seen::default()
    };
    kilometres.iter().enumerate().map(seen).collect()
}

fn wakes(done: &[(Trigger, Action)]) -> usize {
    let is_wake = |(_, action): &&(Trigger, Action)| *action == WakeThenRead;
    done.iter().filter(is_wake).count()
}
