//! What came of a command, as a car and the service let it be known.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use super::scene::{ACCEPTED, Answer, Scene, at, vin};
use crate::command::{ChargeCommand, ClimateCommand, ConfirmOptions, Confirmation, RemoteCommand};
use crate::{Error, Kind};

pub(super) const STATUS: &str = "GET /v1/vehicle/status";
const OLD_STATUS: &str = "GET /v1/global/remote/status";
const NOTIFICATIONS: &str = "GET /v2/notification/history";

pub(super) fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A car whose doors are as they are since a time.
pub(super) fn doors(lock: &str, since: i64) -> Answer {
    let door = json!({"lockStatus": {"status": lock}});
    let payload = json!({"lastUpdateTimestamp": at(since).to_string(), "doors": {"driver": door}});
    Answer::json(&json!({ "payload": payload }).to_string())
}

fn notifications(list: &serde_json::Value) -> Answer {
    Answer::json(&json!({"payload": [{"vin": vin().as_str(), "notifications": list}]}).to_string())
}

fn interrupted(of: &str, since: i64) -> serde_json::Value {
    json!({
        "messageId": "m1", "vin": of, "notificationDate": at(since).to_string(), "category": "RemoteCommand",
        "status": "interrupted", "message": "A door is open.",
    })
}

/// A service that takes commands, has no notifications, and cars by this script.
pub(super) fn scene(script: impl Fn(&str, u64) -> Option<Answer> + Send + Sync + 'static) -> Scene {
    Scene::new(move |what, passed| {
        script(what, passed).unwrap_or_else(|| match what {
            NOTIFICATIONS => notifications(&json!([])),
            _ if what.starts_with("POST") => Answer::json(ACCEPTED),
            _ => Answer::fenced(),
        })
    })
}

async fn lock(scene: &Scene) -> Result<Confirmation, Error> {
    let client = scene.client();
    let accepted = client.command(&vin(), RemoteCommand::Lock).await.unwrap();
    let options = ConfirmOptions::default().without_wake();
    accepted.confirm(&client, &options).await
}

#[tokio::test(start_paused = true)]
async fn a_car_that_reports_a_changed_state_has_done_it() {
    let scene = scene(|what, passed| {
        let now = if passed < 10 {
            doors("unlocked", -600)
        } else {
            doors("locked", 8)
        };
        (what == STATUS).then_some(now)
    });

    let confirmation = lock(&scene).await.unwrap();

    assert_eq!(confirmation, Confirmation::Done { after: seconds(10) });
    assert_eq!(scene.times(STATUS), [0, 5, 10]);
    // They come late, and cost a request.
    assert_eq!(scene.times(NOTIFICATIONS), [0]);
    assert_eq!(scene.count("POST /v1/global/remote/command"), 1);
}

#[tokio::test(start_paused = true)]
async fn what_was_so_before_is_done_when_the_car_says_so_again() {
    let scene = scene(|what, passed| {
        let now = doors("locked", if passed < 20 { -600 } else { 18 });
        (what == STATUS).then_some(now)
    });

    let confirmation = lock(&scene).await.unwrap();

    assert_eq!(confirmation, Confirmation::Done { after: seconds(20) });
}

#[tokio::test(start_paused = true)]
async fn a_car_that_says_nothing_is_not_seen() {
    for state in ["locked", "unlocked", "unknown"] {
        let scene = scene(move |what, _| (what == STATUS).then(|| doors(state, -600)));

        let confirmation = lock(&scene).await.unwrap();

        assert_eq!(confirmation, Confirmation::NotSeen);
        assert_eq!(scene.times(STATUS), [0, 5, 10, 15, 20, 25, 30, 35, 40]);
        assert_eq!(scene.times(NOTIFICATIONS), [0, 10, 20, 30, 40]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_notification_explains_a_refusal() {
    let scene = scene(|what, passed| match what {
        STATUS => Some(doors("unlocked", -600)),
        NOTIFICATIONS if passed >= 20 => {
            Some(notifications(&json!([interrupted(vin().as_str(), 14)])))
        }
        _ => None,
    });

    let confirmation = lock(&scene).await.unwrap();

    let refused = Confirmation::Refused {
        message: Some("A door is open.".to_owned()),
        category: Some("RemoteCommand".to_owned()),
    };
    assert_eq!(confirmation, refused);
    assert_eq!(scene.times(NOTIFICATIONS), [0, 10, 20]);
}

#[tokio::test(start_paused = true)]
async fn what_another_car_was_refused_explains_nothing() {
    let scene = scene(|what, passed| match what {
        STATUS => Some(doors("unlocked", -600)),
        NOTIFICATIONS if passed >= 20 => Some(notifications(&json!([interrupted("OTHER", 14)]))),
        _ => None,
    });

    assert_eq!(lock(&scene).await.unwrap(), Confirmation::NotSeen);
}

#[tokio::test(start_paused = true)]
async fn refusals_to_read_are_normal_while_a_car_wakes_up() {
    let scene = scene(|what, passed| match (what, passed) {
        (STATUS, 5) => Some(Answer::status(StatusCode::TOO_MANY_REQUESTS)),
        (STATUS, 10) => Some(Answer::Broken),
        (STATUS, 15) => Some(Answer::json("<html>")),
        (STATUS, 20) => Some(Answer::json("{}")),
        (STATUS, 0) => Some(doors("unlocked", -600)),
        (STATUS, _) => Some(doors("locked", 24)),
        (NOTIFICATIONS, _) => Some(Answer::status(StatusCode::INTERNAL_SERVER_ERROR)),
        _ => None,
    });

    let confirmation = lock(&scene).await.unwrap();

    assert_eq!(confirmation, Confirmation::Done { after: seconds(25) });
}

#[tokio::test(start_paused = true)]
async fn a_first_look_that_fails_leaves_the_next_one_to_compare_with() {
    let scene = scene(|what, passed| match (what, passed) {
        (STATUS, 0) => Some(Answer::status(StatusCode::TOO_MANY_REQUESTS)),
        (STATUS, 1..15) => Some(doors("locked", -600)),
        (STATUS, _) => Some(doors("locked", 14)),
        _ => None,
    });

    let confirmation = lock(&scene).await.unwrap();

    assert_eq!(confirmation, Confirmation::Done { after: seconds(15) });
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_much_longer_than_was_asked_for() {
    let scene = scene(|what, passed| match what {
        STATUS if passed < 35 => Some(doors("unlocked", -600)),
        STATUS => Some(Answer::Never),
        _ => None,
    });
    let begun = tokio::time::Instant::now();

    let confirmation = lock(&scene).await.unwrap();

    assert_eq!(confirmation, Confirmation::NotSeen);
    assert_eq!(begun.elapsed(), seconds(45));
}

#[tokio::test(start_paused = true)]
async fn a_look_that_hangs_is_given_up_for_the_next() {
    let scene = scene(|what, passed| match (what, passed) {
        (STATUS, 5) => Some(Answer::Never),
        (STATUS, 0) => Some(doors("unlocked", -600)),
        (STATUS, _) => Some(doors("locked", 9)),
        _ => None,
    });

    let confirmation = lock(&scene).await.unwrap();

    assert_eq!(confirmation, Confirmation::Done { after: seconds(20) });
}

#[tokio::test(start_paused = true)]
async fn what_could_never_be_read_is_a_failure() {
    let scene = scene(|what, _| {
        let reads = what.starts_with("GET");
        reads.then(|| Answer::status(StatusCode::INTERNAL_SERVER_ERROR))
    });

    let error = lock(&scene).await.unwrap_err();

    assert_eq!(error.kind(), Kind::Server);
}

#[tokio::test(start_paused = true)]
async fn an_account_that_is_signed_out_ends_it_at_once() {
    let scene = scene(|what, passed| match (what, passed) {
        (STATUS, 0) => Some(doors("unlocked", -600)),
        (STATUS, _) => Some(Answer::status(StatusCode::UNAUTHORIZED)),
        _ => None,
    });

    let error = lock(&scene).await.unwrap_err();

    assert!(error.is(Kind::Authentication));
    assert_eq!(scene.times(STATUS), [0, 5]);
}

#[tokio::test(start_paused = true)]
async fn the_older_route_tells_as_well() {
    let status = |status: u8, since: i64| {
        let (section, value) = ("carstatus_item_driver_door", "carstatus_locked");
        let values = json!([{"value": value, "status": status}]);
        Answer::json(
            &json!({"payload": {"occurrenceDate": at(since).to_string(), "vehicleStatus": [{
                "category": "carstatus_category_driver",
                "sections": [{"section": section, "values": values}],
            }]}})
            .to_string(),
        )
    };
    let scene = scene(move |what, passed| {
        let now = if passed < 10 {
            status(1, -600)
        } else {
            status(0, 9)
        };
        (what == OLD_STATUS).then_some(now)
    });

    let confirmation = lock(&scene).await.unwrap();

    assert_eq!(confirmation, Confirmation::Done { after: seconds(10) });
}

#[tokio::test(start_paused = true)]
async fn each_command_is_looked_for_where_it_shows() {
    let payload =
        |payload: serde_json::Value| Some(Answer::json(&json!({ "payload": payload }).to_string()));
    let scene = scene(move |what, passed| {
        let is_done = passed % 60 >= 10;
        let name = if is_done { "Blue" } else { "Red" };
        match what {
            "GET /v1/vehicle/climate-status" => {
                payload(json!({"status": if is_done { "running" } else { "stopped" }}))
            }
            "GET /v1/vehicle/electric/status" => {
                payload(json!({"chargingStatus": if is_done { "charging" } else { "plugged" }}))
            }
            "GET /v2/vehicle/guid" => payload(json!([
                {"vin": "OTHER", "nickName": "Blue"}, {"vin": vin().as_str(), "nickName": name},
            ])),
            "PUT /v1/vehicle-association/vehicle" => Some(Answer::json("{}")),
            _ => None,
        }
    });
    let client = scene.client();
    let options = ConfirmOptions::default();
    let start = ClimateCommand::Start(crate::command::ClimateStart::new());

    let climate = client.climate(&vin(), start).await.unwrap();
    let climate = climate.confirm(&client, &options).await.unwrap();
    tokio::time::sleep(seconds(50)).await;
    let charge = client.charge(&vin(), ChargeCommand::Now).await.unwrap();
    let charge = charge.confirm(&client, &options).await.unwrap();
    tokio::time::sleep(seconds(50)).await;
    let name = client.set_nickname(&vin(), "Blue").await.unwrap();
    let name = name.confirm(&client, &options).await.unwrap();

    let done = Confirmation::Done { after: seconds(10) };
    assert_eq!([climate, charge, name], [done.clone(), done.clone(), done]);
    assert_eq!(scene.count(STATUS), 0);
}

#[tokio::test(start_paused = true)]
async fn what_shows_nowhere_is_told_by_a_notification() {
    for (status, done) in [("completed", true), ("interrupted", false)] {
        let scene = scene(move |what, passed| {
            let mut list = json!([interrupted(vin().as_str(), 9)]);
            list[0]["status"] = status.into();
            (what == NOTIFICATIONS && passed >= 10).then(|| notifications(&list))
        });
        let client = scene.client();
        let horn = client.command(&vin(), RemoteCommand::Horn).await.unwrap();

        let confirmation = horn.confirm(&client, &ConfirmOptions::default()).await;

        assert_eq!(confirmation.unwrap().is_done(), done);
        assert_eq!(scene.count(STATUS), 0);
    }
}
