//! When a car is woken to say what came of a command.

use http::StatusCode;

use super::confirming::{STATUS, doors, scene, seconds};
use super::scene::{Answer, vin};
use crate::command::{ConfirmOptions, Confirmation, RemoteCommand};

const WAKE: &str = "POST /v1/remote/status";

#[tokio::test(start_paused = true)]
async fn a_car_that_says_nothing_by_itself_is_woken_once() {
    let scene = scene(|what, passed| {
        let now = doors("locked", if passed < 30 { -600 } else { 27 });
        (what == STATUS).then_some(now)
    });
    let client = scene.client();
    let accepted = client.command(&vin(), RemoteCommand::Lock).await.unwrap();

    let confirmation = accepted.confirm(&client, &ConfirmOptions::default()).await;

    let done = Confirmation::Done { after: seconds(30) };
    assert_eq!(confirmation.unwrap(), done);
    assert_eq!(scene.times(WAKE), [15]);
    assert_eq!(scene.count("POST /v1/global/remote/command"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_car_that_speaks_is_not_woken() {
    let scene = scene(|what, passed| {
        let now = i64::try_from(passed).unwrap() - 2;
        (what == STATUS).then(|| doors("unlocked", now))
    });
    let client = scene.client();
    let accepted = client.command(&vin(), RemoteCommand::Lock).await.unwrap();

    let confirmation = accepted.confirm(&client, &ConfirmOptions::default()).await;

    assert_eq!(confirmation.unwrap(), Confirmation::NotSeen);
    assert_eq!(scene.count(WAKE), 0);
}

#[tokio::test(start_paused = true)]
async fn a_car_that_spoke_too_early_is_woken_once_it_is_silent() {
    let scene = scene(|what, passed| {
        let now = match passed {
            0..10 => doors("unlocked", -600),
            10..35 => doors("unlocked", 8),
            _ => doors("locked", 33),
        };
        (what == STATUS).then_some(now)
    });
    let client = scene.client();
    let accepted = client.command(&vin(), RemoteCommand::Lock).await.unwrap();

    let confirmation = accepted.confirm(&client, &ConfirmOptions::default()).await;

    let done = Confirmation::Done { after: seconds(35) };
    assert_eq!(confirmation.unwrap(), done);
    assert_eq!(scene.times(WAKE), [25]);
}

#[tokio::test(start_paused = true)]
async fn a_wake_that_fails_or_hangs_costs_no_more_time_than_there_is() {
    let answers: [fn() -> Answer; 4] = [
        || Answer::Never,
        || Answer::Broken,
        Answer::fenced,
        || Answer::status(StatusCode::INTERNAL_SERVER_ERROR),
    ];
    for answer in answers {
        let scene = scene(move |what, _| match what {
            STATUS => Some(doors("unlocked", -600)),
            WAKE => Some(answer()),
            _ => None,
        });
        let client = scene.client();
        let accepted = client.command(&vin(), RemoteCommand::Lock).await.unwrap();
        let begun = tokio::time::Instant::now();

        let confirmation = accepted.confirm(&client, &ConfirmOptions::default()).await;

        assert_eq!(confirmation.unwrap(), Confirmation::NotSeen);
        assert_eq!(begun.elapsed(), seconds(40));
        assert_eq!(scene.times(WAKE), [15]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_cold_cache_is_warmed_and_then_believed_by_its_date() {
    let scene = scene(|what, passed| {
        let cold = || Answer::status(StatusCode::TOO_MANY_REQUESTS);
        let now = if passed < 30 {
            cold()
        } else {
            doors("locked", 27)
        };
        (what == STATUS).then_some(now)
    });
    let client = scene.client();
    let accepted = client.command(&vin(), RemoteCommand::Lock).await.unwrap();

    let confirmation = accepted.confirm(&client, &ConfirmOptions::default()).await;

    let done = Confirmation::Done { after: seconds(30) };
    assert_eq!(confirmation.unwrap(), done);
    assert_eq!(scene.times(WAKE), [15]);
}

#[tokio::test(start_paused = true)]
async fn wakes_are_counted_so_that_commands_cannot_drain_a_battery() {
    let scene = scene(|what, _| (what == STATUS).then(|| doors("locked", -600)));
    let client = scene.client();

    for _ in 0..30 {
        let accepted = client.command(&vin(), RemoteCommand::Lock).await.unwrap();
        let confirmation = accepted.confirm(&client, &ConfirmOptions::default()).await;
        assert_eq!(confirmation.unwrap(), Confirmation::NotSeen);
    }

    assert!(
        (1..20).contains(&scene.count(WAKE)),
        "{}",
        scene.count(WAKE)
    );
    assert_eq!(scene.count("POST /v1/global/remote/command"), 30);
}
