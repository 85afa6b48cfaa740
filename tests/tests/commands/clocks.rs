//! Clients whose clock is not the service's: what is said of a command is dated by the service.

use std::time::Duration;

use jiff::SignedDuration;
use tests::cars::PLUG_IN;
use toyota_client::Vin;
use toyota_client::command::{Confirmation, RemoteCommand};
use toyota_sim::WakeBehaviour;

use crate::garage::Garage;

/// By so many minutes the client's clock is fast; less than none is slow.
const FAST: [i64; 5] = [-24 * 60, -10, 0, 10, 24 * 60];

async fn garage(fast: i64) -> Garage {
    Garage::ahead(SignedDuration::from_mins(fast)).await
}

/// A car that cannot be locked.
fn with_an_open_door(garage: &Garage) -> Vin {
    let car = garage.bench.parked(PLUG_IN);
    garage.edit(&car, |state| {
        state.doors.set_locked(false);
        state.doors.rear_right.open = true;
    });
    car
}

#[tokio::test(start_paused = true)]
async fn the_reason_of_a_refusal_is_found_by_any_clock() {
    for fast in FAST {
        let garage = garage(fast).await;
        let car = with_an_open_door(&garage);

        let given = garage.client.command(&car, RemoteCommand::Lock).await;
        let confirmation = garage.confirm(given).await;

        assert!(
            matches!(confirmation, Confirmation::Refused { .. }),
            "{fast}: {confirmation:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_before_is_not_the_command_s_by_any_clock() {
    for fast in FAST {
        let garage = garage(fast).await;
        let car = with_an_open_door(&garage);
        let given = garage.client.command(&car, RemoteCommand::Lock).await;
        garage.confirm(given).await;
        garage.edit(&car, |state| state.doors.rear_right.open = false);
        tokio::time::sleep(Duration::from_secs(5 * 60)).await;
        garage
            .bench
            .sim
            .set_wakes(car.as_str(), WakeBehaviour::silent());

        let given = garage.client.command(&car, RemoteCommand::Lock).await;
        let confirmation = garage.confirm(given).await;

        assert_eq!(confirmation, Confirmation::NotSeen, "{fast}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_can_only_be_heard_is_heard_by_any_clock() {
    for fast in FAST {
        let garage = garage(fast).await;
        let car = garage.bench.parked(PLUG_IN);

        let given = garage.client.command(&car, RemoteCommand::Horn).await;

        assert!(garage.confirm(given).await.is_done(), "{fast}");
    }
}
