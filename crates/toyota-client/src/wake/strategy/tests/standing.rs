//! Who is not woken, for how long, and what a person's word is worth.

use proptest::prelude::*;

use super::*;

#[test]
fn who_is_woken() {
    let now = at(0);
    let state = |told: fn(&mut WakeState)| {
        let mut state = WakeState::new(0);
        told(&mut state);
        state
    };
    let until = now + (7 * 24).hours();
    let rejected = Standing::Rejected { until };
    for (case, state, expected) in [
        ("new", state(|_| {}), Standing::Active),
        (
            "one refusal",
            state(|it| it.rejected(at(0))),
            Standing::Active,
        ),
        ("two refusals", state(twice_rejected), rejected),
        (
            "accepted after two",
            state(|it| {
                twice_rejected(it);
                it.accepted(at(0));
            }),
            Standing::Active,
        ),
        ("two silences", state(|it| silent(it, 2)), Standing::Active),
        (
            "three silences",
            state(|it| silent(it, 3)),
            Standing::Silent,
        ),
        (
            "news after three",
            state(|it| {
                silent(it, 3);
                it.reports(at(0), at(0));
            }),
            Standing::Active,
        ),
        (
            "a wake accepted after three",
            state(|it| {
                silent(it, 3);
                it.accepted(at(0));
            }),
            Standing::Silent,
        ),
        (
            "both",
            state(|it| {
                silent(it, 3);
                twice_rejected(it);
            }),
            rejected,
        ),
    ] {
        assert_eq!(
            state.standing(&WakeOptions::default(), now),
            expected,
            "{case}"
        );
    }
}

#[test]
fn the_same_report_again_is_no_news() {
    let mut state = WakeState::new(0);
    state.reports(at(0), at(0));
    silent(&mut state, 3);

    state.reports(at(0), at(10));
    state.reports(at(-10), at(10));
    assert_eq!(state.silent_wakes(), 3);

    state.reports(at(1), at(10));
    assert_eq!((state.silent_wakes(), state.reported()), (0, Some(at(1))));
}

#[test]
fn a_date_that_cannot_be_does_not_hide_all_that_come_after() {
    let mut state = WakeState::new(0);
    state.reports(Timestamp::MAX, at(0));
    assert_eq!(state.reported(), None);

    // As another clock saw it.
    state.reports(at(1_000_000), at(1_000_000));
    state = state.settled(at(0));
    state.reports(at(0), at(0));

    assert_eq!(state.reported(), Some(at(0)));
}

#[test]
fn refusals_are_forgotten_after_a_week_whatever_clocks_do() {
    let options = WakeOptions::default();
    let week = 7 * 24 * 60;
    let mut state = WakeState::new(0);
    twice_rejected(&mut state);
    let standing = |minute| state.standing(&options, at(minute));

    let until = at(week);
    assert_eq!(standing(week - 1), Standing::Rejected { until });
    assert_eq!(standing(week), Standing::Active);

    // Set back by a year: a week from when that was seen.
    let mut back = state.settled(at(-52 * week));
    let until = at(-51 * week);
    let standing = |minute| back.standing(&options, at(minute));
    assert_eq!(standing(-52 * week), Standing::Rejected { until });
    assert_eq!(standing(-51 * week), Standing::Active);

    // One more refusal is enough then.
    back.rejected(at(-51 * week));
    assert_ne!(back.standing(&options, at(-51 * week)), Standing::Active);
}

#[test]
fn a_car_that_is_not_woken_is_still_read_after_a_stop() {
    for told in [twice_rejected, |it: &mut WakeState| silent(it, 3)] {
        let mut state = WakeState::new(0);
        told(&mut state);
        let cycles = [100.0, 104.0, 104.0, 104.0].map(|value| Seen {
            odometer: kilometres(value),
            ..Seen::default()
        });

        let done = run(&mut state, &WakeOptions::default(), cycles);

        assert_eq!(done[2], (Trigger::Stopped, Action::ReadOnly));
        assert!(done.iter().all(|(_, action)| *action == Action::ReadOnly));
    }
}

#[test]
fn a_person_is_told_no_only_by_the_switch() {
    let on = WakeOptions::default();
    let off = WakeOptions {
        enabled: false,
        ..on
    };
    for told in [
        twice_rejected,
        |it: &mut WakeState| silent(it, 9),
        |_: &mut WakeState| {},
    ] {
        for (options, expected) in [(on, Action::WakeThenRead), (off, Action::Disabled)] {
            let mut state = WakeState::new(0);
            told(&mut state);

            let (decision, _) = decide(&asked(), &state, &options);

            assert_eq!((decision.action, decision.why), (expected, Trigger::Asked));
        }
    }
}

#[test]
fn what_a_person_asks_for_does_not_cost_the_wakes_after_a_stop() {
    let options = WakeOptions::default();
    let mut state = WakeState::new(0);
    let drive = [100.0, 104.0].map(|value| Seen {
        odometer: kilometres(value),
        ..Seen::default()
    });
    run(&mut state, &options, drive);
    let stopped = Inputs {
        now: at(12),
        asked: true,
        seen: drive[1],
    };

    let (first, state) = decide(&stopped, &state, &options);
    let not_asked = Inputs {
        now: at(18),
        asked: false,
        ..stopped
    };
    let (second, _) = decide(&not_asked, &state, &options);

    assert_eq!(first.why, Trigger::Asked);
    assert_eq!(second.why, Trigger::FollowUp);
}

#[test]
fn options_that_make_no_sense_are_refused_by_name() {
    let good = WakeOptions::default();
    let idle = |idle| WakeOptions {
        idle: Some(idle),
        ..good
    };
    for (options, refused) in [
        (idle(HOUR / 2), "idle"),
        (idle(73 * HOUR), "idle"),
        (idle(Duration::MAX), "idle"),
        (
            WakeOptions {
                wakes_per_stop: 6,
                ..good
            },
            "wakes_per_stop",
        ),
        (
            WakeOptions {
                silent_wakes: 0,
                ..good
            },
            "silent_wakes",
        ),
        (
            WakeOptions {
                rejections: 0,
                ..good
            },
            "rejections",
        ),
    ] {
        assert_eq!(options.check().unwrap_err().name(), refused);
    }
    for options in [good, idle(HOUR), idle(72 * HOUR)] {
        assert_eq!(options.check(), Ok(()));
    }
}

#[test]
fn is_the_same_after_it_was_kept_and_part_of_it_was_not() {
    let mut state = WakeState::new(7);
    state.accepted(at(0));
    silent(&mut state, 2);

    let mut kept = serde_json::to_value(state).unwrap();
    let read: WakeState = serde_json::from_value(kept.clone()).unwrap();
    assert_eq!(read, state);

    kept.as_object_mut().unwrap().remove("silent_wakes");
    let read: WakeState = serde_json::from_value(kept).unwrap();
    assert_eq!((read.silent_wakes(), read.woken()), (0, Some(at(0))));
}

proptest! {
    /// Whatever is seen, and whatever was remembered: a car that stands is not woken without end, and
    /// never if that is switched off.
    #[test]
    fn a_car_is_not_woken_without_end(
        cycles in prop::collection::vec(seen(), 1..20),
        follow_ups in any::<u32>(),
        enabled in any::<bool>(),
    ) {
        let options = WakeOptions { enabled, ..WakeOptions::default() };
        let mut state = WakeState::new(0);
        state.follow_ups = follow_ups;
        let last = *cycles.last().unwrap();
        let parked = std::iter::repeat_n(last, 20);

        let done = run(&mut state, &options, cycles.into_iter().chain(parked));

        let wakes = |done: &[(Trigger, Action)]| {
            done.iter().filter(|(_, action)| *action == Action::WakeThenRead).count()
        };
        prop_assert!(enabled || wakes(&done) == 0);
        prop_assert!(wakes(&done[done.len() - 17..]) == 0, "{done:?}");
    }
}

/// Anything of a car that has a past.
fn seen() -> impl Strategy<Value = Seen> {
    let time = || prop::option::of((-1_000_i64..1_000).prop_map(at));
    let odometer =
        prop::option::of(0_u32..5).prop_map(|it| it.and_then(|it| kilometres(it.into())));
    (odometer, time(), time(), time()).prop_map(|(odometer, telemetry, contact, status)| Seen {
        odometer,
        telemetry,
        contact,
        status,
    })
}

fn asked() -> Inputs {
    Inputs {
        now: at(0),
        asked: true,
        seen: Seen::default(),
    }
}

fn twice_rejected(state: &mut WakeState) {
    state.rejected(at(0));
    state.rejected(at(0));
}

fn silent(state: &mut WakeState, times: u32) {
    for _ in 0..times {
        state.unanswered();
    }
}
