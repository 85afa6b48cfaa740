//! Cycles of a program that runs by itself.

use super::*;
use crate::model::{Distance, LengthUnit};
use crate::wake::{Action, Attended, Seen, Standing, Trigger};

#[tokio::test(start_paused = true)]
async fn a_car_that_has_stopped_is_woken_and_read() {
    let mock = Mock::reported(10);
    let options = WakeOptions::default();
    let mut done = Vec::new();
    for kilometres in [100.0, 104.0, 104.0, 104.0, 104.0] {
        // Each time another process.
        let attended = attend(&mock, kilometres, false, &options).await;
        let how = attended.reading.map(|reading| reading.how.has_woken());
        done.push((attended.decision.why, how));
        sleep(6 * MINUTE).await;
    }

    let expected = [
        // Nothing was ever read.
        (Trigger::Routine, Some(false)),
        (Trigger::Moving, None),
        (Trigger::Stopped, Some(true)),
        (Trigger::FollowUp, Some(true)),
        (Trigger::Routine, None),
    ];
    assert_eq!(done, expected);
    assert_eq!(mock.wakes_sent(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_person_is_waited_with_for_longer() {
    let mock = Mock::reported(10);
    mock.state().answers_after = Some(Duration::from_secs(45));

    let attended = attend(&mock, 100.0, true, &WakeOptions::default()).await;

    let reading = attended.reading.unwrap();
    assert!(matches!(reading.how, How::Woken { .. }), "{reading:?}");
    assert_eq!(attended.decision.why, Trigger::Asked);
    assert_eq!(mock.now(), at(50));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_done_where_wakes_are_switched_off() {
    let mock = Mock::reported(90);
    let options = WakeOptions {
        enabled: false,
        ..WakeOptions::default()
    };

    for kilometres in [100.0, 104.0, 104.0] {
        let attended = attend(&mock, kilometres, true, &options).await;

        assert_eq!(attended.decision.action, Action::Disabled);
        assert_eq!(attended.standing, Standing::Off);
        assert!(attended.reading.is_none());
    }
    assert!(mock.asked().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_car_in_a_garage_is_woken_three_times_and_then_left_alone() {
    let mock = Mock::reported(90);
    mock.state().answers_after = None;
    let options = WakeOptions {
        idle: Some(60 * MINUTE),
        ..WakeOptions::default()
    };

    let mut standing = Standing::Active;
    for _ in 0..(24 * 10) {
        standing = attend(&mock, 100.0, false, &options).await.standing;
        sleep(6 * MINUTE).await;
    }

    assert_eq!((mock.wakes_sent(), standing), (3, Standing::Silent));
}

async fn attend(mock: &Mock, kilometres: f64, asked: bool, options: &WakeOptions) -> Attended {
    let odometer = Distance {
        value: kilometres,
        unit: LengthUnit::Kilometre,
    };
    let seen = Seen {
        odometer: Some(odometer),
        ..Seen::default()
    };
    let client = mock.client();
    client.attend(&vin(), seen, asked, options).await.unwrap()
}
