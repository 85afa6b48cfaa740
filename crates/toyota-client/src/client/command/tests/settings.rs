//! Climate controls that are set and not started.

use http::StatusCode;
use serde_json::json;

use super::scene::{ACCEPTED, Answer, Scene, vin};
use super::{CLIMATE, OLD_CLIMATE, PRESET, SETTINGS};
use crate::Kind;
use crate::command::{ClimateStart, ConfirmOptions, Confirmation, Heater};
use crate::model::Temperature;
use crate::routes::Family;

#[tokio::test(start_paused = true)]
async fn only_the_settings_are_sent_and_the_rest_of_them_stays() {
    let scene = Scene::new(|what, _| match what {
        SETTINGS => Answer::json(r#"{"payload": {"heatingOptions": {"rearDefogger": "on"}}}"#),
        _ => Answer::json(ACCEPTED),
    });

    let accepted = scene.client().set_climate(&vin(), warm()).await.unwrap();

    assert_eq!(accepted.family(), Family::Old);
    let asked = scene.asked();
    let sent: Vec<_> = asked.iter().map(|it| &*it.what).collect();
    assert_eq!(sent, [SETTINGS, PRESET]);
    let parameters = json!([{"enabled": true, "name": "rearDefrost"}]);
    let operations = json!([{"categoryName": "defrost", "acParameters": parameters}]);
    let expected = json!({
        "settingsOn": true, "temperature": 21.0, "temperatureUnit": "C", "acOperations": operations,
    });
    assert_eq!(asked[1].body, expected);
}

#[tokio::test(start_paused = true)]
async fn where_the_older_route_is_gone_nothing_is_started_instead() {
    let scene = Scene::new(|what, _| match what {
        PRESET => Answer::fenced(),
        _ => Answer::json(ACCEPTED),
    });
    let client = scene.client();

    for _ in 0..2 {
        let error = client.set_climate(&vin(), warm()).await.unwrap_err();

        assert_eq!(error.kind(), Kind::ActionNotSupported);
        assert_eq!(error.operation(), "climate_preset");
    }
    assert_eq!(scene.count(CLIMATE) + scene.count(OLD_CLIMATE), 0);
}

#[tokio::test(start_paused = true)]
async fn settings_are_sent_once_whatever_becomes_of_them() {
    let answers: [fn() -> Answer; 3] = [
        || Answer::status(StatusCode::INTERNAL_SERVER_ERROR),
        || Answer::status(StatusCode::TOO_MANY_REQUESTS),
        || Answer::Broken,
    ];
    for answer in answers {
        let scene = Scene::new(move |what, _| match what {
            PRESET => answer(),
            _ => Answer::json(ACCEPTED),
        });

        scene
            .client()
            .set_climate(&vin(), warm())
            .await
            .unwrap_err();

        assert_eq!(scene.count(PRESET), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_set_without_a_start_is_not_sent() {
    let scene = Scene::new(|_, _| Answer::json(ACCEPTED));
    let wheel = warm().with_heater(Heater::Steering, true);

    let error = scene.client().set_climate(&vin(), wheel).await.unwrap_err();

    assert_eq!(error.kind(), Kind::Validation);
    assert!(scene.asked().is_empty());
}

#[tokio::test(start_paused = true)]
async fn settings_are_done_once_they_are_seen() {
    for (changes_at, seen) in [(0, Some(0)), (12, Some(15)), (600, None)] {
        let scene = Scene::new(move |what, at| match what {
            SETTINGS => {
                let degrees = if at < changes_at { 18 } else { 21 };
                Answer::json(&format!(
                    r#"{{"payload": {{"temperature": {degrees}, "temperatureUnit": "C"}}}}"#
                ))
            }
            _ => Answer::json(ACCEPTED),
        });
        let client = scene.client();
        let accepted = client.set_climate(&vin(), warm()).await.unwrap();

        let options = ConfirmOptions::default();
        let found = accepted.confirm(&client, &options).await.unwrap();

        match (found, seen) {
            (Confirmation::Done { after }, Some(seen)) => assert_eq!(after.as_secs(), seen),
            (found, seen) => assert_eq!((found, seen), (Confirmation::NotSeen, None)),
        }
        assert_eq!(scene.count("POST /v1/remote/refresh-climate-status"), 0);
    }
}

fn warm() -> ClimateStart {
    let start = ClimateStart::new().with_temperature(Temperature::from_celsius(21.0));
    start.unwrap()
}
