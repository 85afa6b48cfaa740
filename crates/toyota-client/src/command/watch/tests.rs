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

fn watch() -> Watch {
    Watch::new(&Expectation::Locked(true), given())
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
        assert_eq!(watch.see(sight(first.0, first.1)), None);

        let verdict = watch.see(sight(then.0, then.1));

        let expected = done.then_some(Verdict::Done);
        assert_eq!(verdict, expected, "{first:?} {then:?}");
    }
}

#[test]
fn a_later_report_that_it_is_not_so_yet_is_waited_out() {
    let mut watch = watch();
    watch.see(sight(Some(false), BEFORE));
    watch.see(sight(Some(false), BEFORE));
    assert!(!watch.has_moved());

    assert_eq!(watch.see(sight(Some(false), Some(5))), None);
    assert!(watch.has_moved());
    watch.see(sight(Some(false), Some(5)));
    assert!(!watch.has_moved());
    assert_eq!(watch.see(sight(Some(true), Some(15))), Some(Verdict::Done));
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
            assert_eq!(watch.see(Sight::default()), None);
        }

        let verdict = watch.see(sight(Some(true), updated));

        assert_eq!(verdict.is_some(), done, "{updated:?}");
        assert_eq!(watch.has_moved(), done);
    }
}

#[test]
fn the_service_s_own_list_is_believed_at_once() {
    let name = crate::command::Nickname::new("Blue").unwrap();
    let mut watch = Watch::new(&Expectation::of_nickname(name), given());

    assert_eq!(watch.see(sight(Some(false), None)), None);
    assert_eq!(watch.see(sight(Some(true), None)), Some(Verdict::Done));
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
        assert_eq!(watch.hear(&list(std::slice::from_ref(&first))), None);

        let verdict = watch.hear(&list(&[first, notification.clone()]));

        assert_eq!(verdict, expected, "{notification}");
    }
}

#[test]
fn one_that_is_there_at_the_beginning_counts_only_if_it_is_later_than_the_command() {
    for (seconds, counts) in [(-1, false), (0, false), (1, true)] {
        let one = told("1", seconds, "RemoteCommand", &json!("interrupted"));

        assert_eq!(watch().hear(&list(&[one])).is_some(), counts, "{seconds}");
    }
}

#[test]
fn the_newest_of_several_decides() {
    let mut watch = watch();
    watch.hear(&[]);

    let verdict = watch.hear(&list(&[
        told("3", 9, "RemoteCommand", &json!("interrupted")),
        told("4", 20, "RemoteCommand", &json!("completed")),
        told("5", 30, "VehicleStatusAlert", &json!(0)),
    ]));

    assert_eq!(verdict, Some(Verdict::Done));
}

#[test]
fn what_is_said_to_be_done_is_unless_it_is_seen_to_be_otherwise() {
    let completed = list(&[told("2", 9, "RemoteCommand", &json!("completed"))]);
    for (met, done) in [(Some(false), false), (Some(true), true), (None, true)] {
        let mut watch = watch();
        watch.see(sight(met, BEFORE));
        watch.hear(&[]);

        assert_eq!(watch.hear(&completed).is_some(), done, "{met:?}");
        assert_eq!(watch.last_word(), Some(Verdict::Done));
        assert_eq!(watch.see(sight(Some(true), AFTER)), Some(Verdict::Done));
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
        assert_eq!(watch.hear(&list(std::slice::from_ref(&first))), None);

        assert!(
            watch.hear(&list(std::slice::from_ref(&other))).is_some(),
            "{other}"
        );
        assert_eq!(watch.hear(&list(std::slice::from_ref(&first))), None);
    }
}

#[test]
fn what_is_about_charging_is_about_a_command_to_charge() {
    let mut watch = Watch::new(&Expectation::Charging, given());
    watch.hear(&[]);

    let one = told("1", 10, "ChargingAlert", &json!("interrupted"));

    assert!(matches!(
        watch.hear(&list(&[one])),
        Some(Verdict::Refused { .. })
    ));
}
