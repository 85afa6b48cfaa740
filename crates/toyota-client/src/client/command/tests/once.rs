//! No layer of the whole stack repeats a command, whatever becomes of it.

use http::StatusCode;
use jiff::civil::{Weekday, time};

use super::scene::{ACCEPTED, Answer, Scene, vin};
use super::{known, warm};
use crate::auth::UserId;
use crate::command::{ChargeCommand, ChargingTime, RemoteCommand};
use crate::{Error, ToyotaClient};

/// A name, and what comes of a request.
type Fate = (&'static str, fn() -> Answer);

/// What can become of a request.
const FATES: [Fate; 12] = [
    ("breaks", || Answer::Broken),
    ("never comes", || Answer::Never),
    ("fails", || {
        Answer::status(StatusCode::INTERNAL_SERVER_ERROR)
    }),
    ("bad gateway", || Answer::status(StatusCode::BAD_GATEWAY)),
    ("not now", || {
        Answer::status(StatusCode::SERVICE_UNAVAILABLE)
    }),
    ("too late", || Answer::status(StatusCode::GATEWAY_TIMEOUT)),
    ("too many", || Answer::status(StatusCode::TOO_MANY_REQUESTS)),
    ("timeout", || Answer::status(StatusCode::REQUEST_TIMEOUT)),
    ("too early", || Answer::status(StatusCode::TOO_EARLY)),
    ("moved", || Answer::status(StatusCode::TEMPORARY_REDIRECT)),
    ("no JSON", || Answer::json("<html>")),
    ("hidden error", || {
        Answer::json(r#"{"code": "ONE-GLOBAL-RS-40000"}"#)
    }),
];

#[tokio::test(start_paused = true)]
async fn a_command_is_sent_once_whatever_becomes_of_it() {
    for (fate, answer) in FATES {
        for command in Command::ALL {
            let scene = Scene::new(move |what, _| known(what).unwrap_or_else(answer));
            let client = whole(&scene);
            client.vehicles().await.unwrap();

            let given = command.give(&client).await;

            assert!(given.is_err(), "{fate} {command:?}");
            let sent = scene.asked().len() - 1;
            assert_eq!(sent, 1, "{fate} {command:?}: {:?}", scene.asked());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_command_that_is_accepted_is_sent_once_to_each_route_that_there_is() {
    for command in Command::ALL {
        let scene = Scene::new(|what, _| known(what).unwrap_or_else(|| Answer::json(ACCEPTED)));
        let client = whole(&scene);

        // Nothing remembers that it was given: it is no read.
        for _ in 0..3 {
            command.give(&client).await.unwrap();
        }

        assert_eq!(scene.asked().len(), 3, "{command:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn another_route_is_asked_only_where_one_was_refused_unread() {
    for command in Command::ALL {
        let scene = Scene::new(|what, _| known(what).unwrap_or_else(Answer::fenced));
        let client = whole(&scene);
        client.vehicles().await.unwrap();

        command.give(&client).await.unwrap_err();

        let mut sent: Vec<_> = scene.asked().into_iter().map(|it| it.what).collect();
        let all = sent.len();
        sent.sort_unstable();
        sent.dedup();
        assert_eq!(sent.len(), all, "{command:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_same_layers_repeat_what_only_reads() {
    let unavailable = || Answer::status(StatusCode::SERVICE_UNAVAILABLE);
    let scene = Scene::new(move |_, _| unavailable());

    whole(&scene).telemetry(&vin()).await.unwrap_err();

    assert!(scene.asked().len() > 1);
}

#[derive(Clone, Copy, Debug)]
enum Command {
    Remote,
    Charge,
    Climate,
    Nickname,
}

impl Command {
    const ALL: [Self; 4] = [Self::Remote, Self::Charge, Self::Climate, Self::Nickname];

    async fn give(self, client: &ToyotaClient) -> Result<(), Error> {
        let vin = vin();
        match self {
            Self::Remote => client.command(&vin, RemoteCommand::Unlock).await.map(drop),
            Self::Charge => {
                let seven = ChargingTime::from(Weekday::Monday, time(7, 0, 0, 0)).unwrap();
                let charge = ChargeCommand::SetTime(seven);
                client.charge(&vin, charge).await.map(drop)
            }
            Self::Climate => client.climate(&vin, warm()).await.map(drop),
            Self::Nickname => client.set_nickname(&vin, "Blue").await.map(drop),
        }
    }
}

/// A client with all layers but the one that signs in, as they are by default.
fn whole(scene: &Scene) -> ToyotaClient {
    let builder = ToyotaClient::builder().without_auth().clock(scene.clock());
    let client = builder.service(scene.service()).build().unwrap();
    client.for_user(UserId::from(secrecy::SecretString::from("user-1")))
}
