//! Commands over a service that takes them as it likes, and cars that do as they like.

mod confirming;
mod once;
mod scene;
mod settings;
mod waking;

use http::StatusCode;
use jiff::civil::{Weekday, time};
use serde_json::json;

use self::scene::{ACCEPTED, Answer, CARS, Scene, vin};
use crate::command::{
    ChargeCommand, ChargingTime, ClimateCommand, ClimateStart, Heater, RemoteCommand,
};
use crate::model::Temperature;
use crate::routes::Family;
use crate::{Error, Kind};

const CLIMATE: &str = "POST /v2/remote/climate-control";
const OLD_CLIMATE: &str = "POST /v1/global/remote/climate-control";
const SETTINGS: &str = "GET /v1/vehicle/climate-settings";
const PRESET: &str = "PUT /v1/global/remote/climate-settings";

#[tokio::test(start_paused = true)]
async fn each_command_goes_to_its_route_with_the_car_and_what_is_wanted() {
    let scene = Scene::new(|_, _| Answer::json(ACCEPTED));
    let client = scene.client();
    let seven = ChargingTime::from(Weekday::Monday, time(7, 0, 0, 0)).unwrap();

    let horn = RemoteCommand::Horn.with_beeps(2).unwrap();
    let accepted = client.command(&vin(), horn).await.unwrap();
    let charge = ChargeCommand::SetTime(seven);
    client.charge(&vin(), charge).await.unwrap();
    let stop = client.climate(&vin(), ClimateCommand::Stop).await.unwrap();

    assert_eq!(
        accepted.acknowledgement().app_request_no.as_deref(),
        Some("7")
    );
    assert_eq!(stop.family(), Family::New);
    let asked = scene.asked();
    let sent: Vec<_> = asked
        .iter()
        .map(|it| (it.what.as_str(), &it.body))
        .collect();
    let reservation = json!({
        "chargeType": "startOnly", "day": "MONDAY", "startTime": {"hour": 7, "minute": 0},
    });
    assert_eq!(
        sent,
        [
            (
                "POST /v1/global/remote/command",
                &json!({"command": "sound-horn", "beepCount": 2})
            ),
            (
                "POST /v1/global/remote/electric/command",
                &json!({"command": "SET_CHARGING_TIME", "reservationCharge": reservation})
            ),
            (CLIMATE, &json!({"command": "stop"})),
        ]
    );
    assert!(asked.iter().all(|it| it.headers["vin"] == vin().as_str()));
}

#[tokio::test(start_paused = true)]
async fn a_nickname_is_sent_with_the_user_the_car_and_the_time() {
    let scene = Scene::new(|_, _| Answer::json("{}"));

    scene.client().set_nickname(&vin(), " Blue ").await.unwrap();

    let asked = scene.asked();
    assert_eq!(asked[0].what, "PUT /v1/vehicle-association/vehicle");
    let body = json!({"guid": "user-1", "vin": vin().as_str(), "nickName": "Blue"});
    assert_eq!(asked[0].body, body);
    // 2026-11-23T10:00:00Z
    assert_eq!(asked[0].headers["datetime"], "1795428000000");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_sent_is_not_sent() {
    let scene = Scene::new(|_, _| Answer::json(ACCEPTED));

    let error = scene
        .client()
        .set_nickname(&vin(), "a\nb")
        .await
        .unwrap_err();

    assert_eq!(error.kind(), Kind::Validation);
    assert_eq!(error.to_string(), "the command cannot be sent");
    assert!(scene.asked().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_gateway_s_refusal_is_an_error_of_the_car() {
    let refused = r#"{"payload": {"appRequestNo": "7", "returnCode": "118003"}}"#;
    let scene = Scene::new(move |_, _| Answer::json(refused));

    let error = scene.lock().await.unwrap_err();

    assert_eq!(error.kind(), Kind::Vehicle);
    assert_eq!(error.response_code(), Some("118003"));
    let shown = "remote_command: car …0001: the command was not accepted (118003)";
    assert_eq!(error.to_string(), shown);
    assert!(error.next_step().contains("locked"));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_says_nothing_refuses_nothing() {
    for body in [
        "",
        "{}",
        r#"{"payload": null}"#,
        r#"{"payload": {}}"#,
        r#"{"payload": [1]}"#,
    ] {
        let scene = Scene::new(move |_, _| Answer::json(body));

        let accepted = scene.lock().await.unwrap();

        assert!(accepted.acknowledgement().return_code.is_none());
    }
}

#[tokio::test(start_paused = true)]
async fn the_older_route_is_told_the_settings_first() {
    let settings = r#"{"payload": {"heatingOptions": {"rearDefogger": "on"}}}"#;
    for (answer, parameters) in [(settings, 2), ("<html>", 1)] {
        let scene = Scene::new(move |what, _| match what {
            CLIMATE => Answer::fenced(),
            SETTINGS => Answer::json(answer),
            _ => Answer::json(ACCEPTED),
        });

        let accepted = scene.client().climate(&vin(), warm()).await.unwrap();

        assert_eq!(accepted.family(), Family::Old);
        let asked = scene.asked();
        let sent: Vec<_> = asked.iter().map(|it| &*it.what).collect();
        assert_eq!(sent, [CLIMATE, SETTINGS, PRESET, OLD_CLIMATE]);
        assert_eq!(asked[2].body["temperature"], 21.0);
        let set = &asked[2].body["acOperations"][0]["acParameters"];
        assert_eq!(set.as_array().unwrap().len(), parameters);
        assert_eq!(asked[3].body, json!({"command": "engine-start"}));
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_started_whose_settings_were_refused() {
    const REFUSED: &str = r#"{"payload": {"returnCode": "200000"}}"#;
    let answers: [fn() -> Answer; 3] = [
        || Answer::json(REFUSED),
        || Answer::status(StatusCode::INTERNAL_SERVER_ERROR),
        || Answer::Broken,
    ];
    for answer in answers {
        let scene = Scene::new(move |what, _| match what {
            CLIMATE => Answer::fenced(),
            PRESET => answer(),
            _ => Answer::json(ACCEPTED),
        });

        let error = scene.client().climate(&vin(), warm()).await.unwrap_err();

        assert_eq!(error.operation(), "climate_preset");
        assert_eq!(scene.count(OLD_CLIMATE), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_command_that_the_car_never_takes_is_told_so() {
    let body = json!({"status": {"messages": [{"responseCode": "CTP-REMOTE-40041"}]}});
    let scene = Scene::new(move |_, _| Answer::Is(StatusCode::BAD_REQUEST, body.to_string()));

    let error = scene.lock().await.unwrap_err();

    assert_eq!(error.kind(), Kind::ActionNotSupported);
    assert!(error.is(Kind::Vehicle));
}

#[tokio::test(start_paused = true)]
async fn debug_of_what_was_accepted_shows_no_secret() {
    let scene = Scene::new(|_, _| Answer::json(ACCEPTED));

    let accepted = scene.client().set_nickname(&vin(), "Annabelle").await;

    let shown = format!("{:?}", accepted.unwrap());
    assert!(
        !shown.contains("Annabelle") && !shown.contains(vin().as_str()),
        "{shown}"
    );
}

fn warm() -> ClimateCommand {
    let start = ClimateStart::new().with_temperature(Temperature::from_celsius(21.0));
    let start = start.unwrap().with_heater(Heater::FrontDefroster, true);
    ClimateCommand::Start(start)
}

impl Scene {
    async fn lock(&self) -> Result<crate::command::Accepted, Error> {
        self.client().command(&vin(), RemoteCommand::Lock).await
    }
}

/// What a route answers that there is.
fn known(what: &str) -> Option<Answer> {
    (what == CARS).then(|| Answer::json(r#"{"payload": []}"#))
}
