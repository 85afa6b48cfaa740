//! What sights and notifications are taken for.

use serde_json::{Value, json};

use super::*;

const BEFORE: Option<i64> = Some(-600);
const AFTER: Option<i64> = Some(12);

fn given() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

fn at(seconds: i64) -> Timestamp {
    given() + SignedDuration::from_secs(seconds)
}

/// A minute after the command was accepted.
const NOW: Duration = Duration::from_secs(60);

fn there() -> There {
    There {
        given: given(),
        accepted: given(),
    }
}

fn watch() -> Watch {
    Watch::new(&Expectation::Locked(true), there())
}

fn sight(met: Option<bool>, updated: Option<i64>) -> Sight {
    let updated = updated.map(at);
    Sight { met, updated }
}

#[test]
fn done_is_what_has_changed_or_was_said_again() {
    let (yes, no, unknown) = (Some(true), Some(false), None);
    for (first, then, done) in [
        // The car reports anew, and it is so.
        ((no, BEFORE), (yes, AFTER), true),
        ((yes, BEFORE), (yes, AFTER), true),
        ((unknown, None), (yes, AFTER), true),
        ((unknown, BEFORE), (yes, AFTER), true),
        // It has changed, whatever the dates.
        ((no, BEFORE), (yes, BEFORE), true),
        ((no, None), (yes, None), true),
        // It was so before, for all that is known.
        ((yes, BEFORE), (yes, BEFORE), false),
        ((yes, None), (yes, None), false),
        ((unknown, BEFORE), (yes, BEFORE), false),
        ((yes, AFTER), (yes, BEFORE), false),
        ((yes, None), (yes, BEFORE), false),
        // The car reports anew, and it is not so, or it does not say.
        ((no, BEFORE), (no, AFTER), false),
        ((yes, BEFORE), (no, AFTER), false),
        ((no, BEFORE), (unknown, AFTER), false),
    ] {
        let mut watch = watch();
        assert_eq!(watch.see(sight(first.0, first.1), NOW), None);

        let verdict = watch.see(sight(then.0, then.1), NOW);

        let expected = done.then_some(Verdict::Done);
        assert_eq!(verdict, expected, "{first:?} {then:?}");
    }
}

#[test]
fn a_later_report_that_it_is_not_so_yet_is_waited_out() {
    let mut watch = watch();
    watch.see(sight(Some(false), BEFORE), NOW);
    watch.see(sight(Some(false), BEFORE), NOW);
    assert!(!watch.has_moved());

    assert_eq!(watch.see(sight(Some(false), Some(5)), NOW), None);
    assert!(watch.has_moved());
    watch.see(sight(Some(false), Some(5)), NOW);
    assert!(!watch.has_moved());
    assert_eq!(
        watch.see(sight(Some(true), Some(15)), NOW),
        Some(Verdict::Done)
    );
}

#[test]
fn what_is_seen_late_counts_by_its_date() {
    for (first, updated, done) in [
        (true, AFTER, true),
        (true, BEFORE, false),
        (true, None, false),
        (false, AFTER, false),
    ] {
        let mut watch = watch();
        if first {
            assert_eq!(watch.see(Sight::default(), NOW), None);
        }

        let verdict = watch.see(sight(Some(true), updated), NOW);

        assert_eq!(verdict.is_some(), done, "{updated:?}");
        assert_eq!(watch.has_moved(), done);
    }
}

#[test]
fn the_service_s_own_list_is_believed_at_once() {
    let name = crate::command::Nickname::new("Blue").unwrap();
    let mut watch = Watch::new(&Expectation::of_nickname(name), there());

    assert_eq!(watch.see(sight(Some(false), None), NOW), None);
    assert_eq!(watch.see(sight(Some(true), None), NOW), Some(Verdict::Done));
}

#[test]
fn a_date_is_of_a_command_from_then_until_now_and_a_little_more() {
    // Two seconds until it was accepted, and ten more until it is looked for.
    let (accepted, elapsed) = (at(2), Duration::from_secs(10));
    let given = given();
    let there = There { given, accepted };
    for (seconds, since, about) in [
        (-600, false, false),
        (-31, false, false),
        (-30, false, true),
        (0, false, true),
        (1, true, true),
        (42, true, true),
        (43, false, false),
        (600, false, false),
    ] {
        let date = at(seconds);

        assert_eq!(there.is_since(date, elapsed), since, "{seconds}");
        assert_eq!(there.is_about(date, elapsed), about, "{seconds}");
    }
    let last = there.is_since(Timestamp::MAX, Duration::MAX);
    assert!(last, "no time is too long to be waited");
}

#[test]
fn what_is_dated_in_the_future_is_of_no_command() {
    for seconds in [200, 86_400] {
        let one = list(&[told("1", seconds, "RemoteCommand", &json!("interrupted"))]);
        let mut late = watch();
        late.hear(&[], NOW);

        assert_eq!(watch().hear(&one, NOW), None);
        assert_eq!(late.hear(&one, NOW), None);
    }
}

fn told(id: &str, seconds: i64, category: &str, status: &Value) -> Value {
    json!({
        "messageId": id, "notificationDate": at(seconds).to_string(), "status": status,
        "category": category, "message": "The door was open.",
    })
}

fn list(notifications: &[Value]) -> Vec<Notification> {
    let answer = json!({"payload": [{"vin": "V1", "notifications": notifications}]});
    Notification::list_from_answer(answer).value
}

#[test]
fn a_notification_that_comes_after_the_command_explains_it() {
    let refused = |category: &str| {
        Some(Verdict::Refused {
            message: Some("The door was open.".to_owned()),
            category: Some(category.to_owned()),
        })
    };
    let interrupted = json!("interrupted");
    for (notification, expected) in [
        (
            told("2", 10, "RemoteCommand", &interrupted),
            refused("RemoteCommand"),
        ),
        (
            told("2", 10, "RemoteControl", &json!("Interrupted")),
            refused("RemoteControl"),
        ),
        // The service's clock is late.
        (
            told("2", -20, "RemoteCommand", &interrupted),
            refused("RemoteCommand"),
        ),
        (
            told("2", 10, "RemoteCommand", &json!("completed")),
            Some(Verdict::Done),
        ),
        (told("2", 10, "RemoteCommand", &json!(0)), None),
        (told("2", 10, "RemoteCommand", &json!("pending")), None),
        (told("2", 10, "VehicleStatusAlert", &interrupted), None),
        (told("2", 10, "ChargingAlert", &interrupted), None),
        // It comes late, and is about something else.
        (told("2", -500, "RemoteCommand", &interrupted), None),
        // It was there before.
        (told("1", -500, "RemoteCommand", &interrupted), None),
    ] {
        let first = told("1", -500, "RemoteCommand", &interrupted);
        let mut watch = watch();
        assert_eq!(watch.hear(&list(std::slice::from_ref(&first)), NOW), None);

        let verdict = watch.hear(&list(&[first, notification.clone()]), NOW);

        assert_eq!(verdict, expected, "{notification}");
    }
}

#[test]
fn one_that_is_there_at_the_beginning_counts_only_if_it_is_later_than_the_command() {
    for (seconds, counts) in [(-1, false), (0, false), (1, true)] {
        let one = told("1", seconds, "RemoteCommand", &json!("interrupted"));

        assert_eq!(
            watch().hear(&list(&[one]), NOW).is_some(),
            counts,
            "{seconds}"
        );
    }
}

#[test]
fn the_newest_of_several_decides() {
    let mut watch = watch();
    watch.hear(&[], NOW);

    let verdict = watch.hear(
        &list(&[
            told("3", 9, "RemoteCommand", &json!("interrupted")),
            told("4", 20, "RemoteCommand", &json!("completed")),
            told("5", 30, "VehicleStatusAlert", &json!(0)),
        ]),
        NOW,
    );

    assert_eq!(verdict, Some(Verdict::Done));
}

#[test]
fn what_is_said_to_be_done_is_unless_it_is_seen_to_be_otherwise() {
    let completed = list(&[told("2", 9, "RemoteCommand", &json!("completed"))]);
    for (met, done) in [(Some(false), false), (Some(true), true), (None, true)] {
        let mut watch = watch();
        watch.see(sight(met, BEFORE), NOW);
        watch.hear(&[], NOW);

        assert_eq!(watch.hear(&completed, NOW).is_some(), done, "{met:?}");
        assert_eq!(watch.last_word(), Some(Verdict::Done));
        assert_eq!(
            watch.see(sight(Some(true), AFTER), NOW),
            Some(Verdict::Done)
        );
    }
    assert_eq!(watch().last_word(), None);
}

#[test]
fn what_is_new_about_one_is_its_identifier_its_date_its_status_or_its_text() {
    let first = told("1", 10, "RemoteCommand", &json!(0));
    let with = |key: &str, value: Value| {
        let mut other = first.clone();
        other["status"] = "interrupted".into();
        other[key] = value;
        other
    };
    for other in [
        with("messageId", json!("2")),
        with("messageId", json!(null)),
        with("notificationDate", json!(at(11).to_string())),
        with("status", json!("completed")),
    ] {
        let mut watch = watch();
        assert_eq!(watch.hear(&list(std::slice::from_ref(&first)), NOW), None);

        assert!(
            watch
                .hear(&list(std::slice::from_ref(&other)), NOW)
                .is_some(),
            "{other}"
        );
        assert_eq!(watch.hear(&list(std::slice::from_ref(&first)), NOW), None);
    }
}

#[test]
fn what_is_about_charging_is_about_a_command_to_charge() {
    let mut watch = Watch::new(&Expectation::Charging, there());
    watch.hear(&[], NOW);

    let one = told("1", 10, "ChargingAlert", &json!("interrupted"));

    assert!(matches!(
        watch.hear(&list(&[one]), NOW),
        Some(Verdict::Refused { .. })
    ));
}
