//! No command is carried out twice, over real sockets and with all layers.

use std::time::Duration;

use http::StatusCode;
use jiff::civil::{Weekday, time};
use tests::{config, credentials, quick, simulator, soon, transport};
use toyota_client::command::{
    ChargeCommand, ChargingTime, ClimateCommand, ClimateStart, RemoteCommand,
};
use toyota_client::{Error, ToyotaClient, Vin};
use toyota_sim::{Fault, Route, Simulator};

/// The petrol car has no battery, and the climate of the first is out of reach.
const CAR: usize = 1;

/// What can become of a command, and whether the simulator carries it out for all that.
fn fates() -> Vec<(&'static str, Fault)> {
    let status = Fault::status;
    vec![
        ("fails", status(StatusCode::INTERNAL_SERVER_ERROR)),
        ("bad gateway", Fault::html(StatusCode::BAD_GATEWAY)),
        (
            "not now",
            status(StatusCode::SERVICE_UNAVAILABLE).retry_after_seconds(0),
        ),
        (
            "too many",
            status(StatusCode::TOO_MANY_REQUESTS).retry_after_seconds(0),
        ),
        ("timeout", status(StatusCode::REQUEST_TIMEOUT)),
        ("is reset", Fault::reset_after_read()),
        ("breaks off", Fault::truncated()),
        ("no HTTP", Fault::garbage_wire()),
        ("no JSON", Fault::garbage_body()),
    ]
}

#[tokio::test]
async fn whatever_becomes_of_a_command_it_arrives_once() {
    for command in Command::ALL {
        for (fate, fault) in fates() {
            let sim = simulator().await;
            let (client, vin) = signed_in(&sim).await;
            sim.script(command.route(), [fault]);

            let given = soon(command.give(&client, &vin)).await;

            assert!(given.is_err(), "{command:?} {fate}");
            let arrived = sim.counters().requests(command.route());
            assert_eq!(arrived, 1, "{command:?} {fate}");
            let carried_out = sim.take_commands();
            assert!(
                carried_out.iter().all(|it| it.times() == 1),
                "{command:?} {fate}"
            );
            assert!(carried_out.len() <= 1, "{command:?} {fate}");
        }
    }
}

#[tokio::test]
async fn a_command_that_never_answers_is_given_up_and_not_repeated() {
    for command in Command::ALL {
        let sim = simulator().await;
        let (client, vin) = signed_in(&sim).await;
        let minute = Duration::from_secs(60);
        sim.script(
            command.route(),
            [Fault::pass().after(minute), Fault::pass().after(minute)],
        );

        let given = soon(command.give(&client, &vin)).await;

        assert!(given.is_err(), "{command:?}");
        assert_eq!(sim.counters().requests(command.route()), 1, "{command:?}");
    }
}

#[tokio::test]
async fn a_command_whose_token_was_refused_is_carried_out_once_by_the_next() {
    for command in Command::ALL {
        let sim = simulator().await;
        let (client, vin) = signed_in(&sim).await;
        sim.expire_access_tokens();

        soon(command.give(&client, &vin)).await.unwrap();

        // The gateway has not read the first one.
        assert_eq!(sim.counters().requests(command.route()), 2, "{command:?}");
        let carried_out = sim.take_commands();
        assert!(carried_out.iter().all(|it| it.times() == 1), "{command:?}");
    }
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

    fn route(self) -> Route {
        match self {
            Self::Remote => Route::Command,
            Self::Charge => Route::ChargeCommand,
            Self::Climate => Route::ClimateControl,
            Self::Nickname => Route::Nickname,
        }
    }

    async fn give(self, client: &ToyotaClient, vin: &Vin) -> Result<(), Error> {
        match self {
            Self::Remote => client.command(vin, RemoteCommand::Unlock).await.map(drop),
            Self::Charge => {
                let seven = ChargingTime::from(Weekday::Monday, time(7, 0, 0, 0)).unwrap();
                let charge = ChargeCommand::SetTime(seven);
                client.charge(vin, charge).await.map(drop)
            }
            Self::Climate => {
                let start = ClimateCommand::Start(ClimateStart::new());
                client.climate(vin, start).await.map(drop)
            }
            Self::Nickname => client.set_nickname(vin, "Blue").await.map(drop),
        }
    }
}

/// A client with all layers, which waits hardly at all before it repeats what may be repeated.
async fn signed_in(sim: &Simulator) -> (ToyotaClient, Vin) {
    let client = ToyotaClient::builder()
        .config(config(sim))
        .credentials(credentials(sim))
        .retry(quick())
        .without_pace()
        .service(transport(sim))
        .build()
        .unwrap();
    soon(client.vehicles()).await.unwrap();
    let vin = Vin::new(sim.account().cars()[CAR].vin()).unwrap();
    (client, vin)
}
