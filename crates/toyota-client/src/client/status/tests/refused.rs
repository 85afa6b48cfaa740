//! Cars that are not woken, and what is said of it.

use super::mock::refusal;
use super::*;

const AUTOMATIC: Freshness = Freshness::WakeIfOlderThan(Duration::ZERO);

#[tokio::test(start_paused = true)]
async fn a_service_that_does_not_wake_a_car_is_told_with_what_it_knows() {
    for (status, body, expected) in [
        (200, json!({"payload": {"returnCode": "010001"}}), "010001"),
        (202, json!({"payload": {"returnCode": 10001}}), "10001"),
        (403, refusal("APIGW-403", "Unauthorized"), "APIGW-403"),
        (
            500,
            refusal("ONE-GLOBAL-RS-40000", ""),
            "ONE-GLOBAL-RS-40000",
        ),
        (
            200,
            refusal("ONE-GLOBAL-RS-40000", ""),
            "ONE-GLOBAL-RS-40000",
        ),
        (400, refusal("CTP-REMOTE-40041", ""), "CTP-REMOTE-40041"),
    ] {
        let mock = Mock::reported(90);
        mock.state().wake_reply = (status, body);

        let reading = mock.client().status(&vin(), Freshness::Wake).await.unwrap();

        let code = Some(expected.to_owned());
        let refusal = WakeRefusal::Rejected { code };
        assert!(
            matches!(&reading.how, How::WakeRefused(it) if *it == refusal),
            "{reading:?}"
        );
        assert_eq!((reading.reported, mock.now()), (Some(at(-90 * 60)), at(0)));
    }
}

#[tokio::test(start_paused = true)]
async fn what_says_nothing_of_a_refusal_was_accepted() {
    for body in [
        json!({}),
        json!({"payload": {}}),
        json!({"payload": {"returnCode": null}}),
    ] {
        let mock = Mock::reported(90);
        mock.state().wake_reply = (200, body);

        let reading = mock.client().status(&vin(), Freshness::Wake).await.unwrap();

        assert!(matches!(reading.how, How::Woken { .. }), "{reading:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wake_that_fails_does_not_cost_what_is_known() {
    for (status, kind) in [(429, Kind::RateLimit), (502, Kind::Server)] {
        let mock = Mock::reported(90);
        mock.state().wake_reply = (status, json!({}));
        let cold = Mock::cold();
        cold.state().wake_reply = (status, json!({}));

        let reading = mock.client().status(&vin(), Freshness::Wake).await.unwrap();
        let error = cold
            .client()
            .status(&vin(), Freshness::Wake)
            .await
            .unwrap_err();

        let how = &reading.how;
        assert!(
            matches!(how, How::WakeFailed(error) if error.kind() == kind),
            "{how:?}"
        );
        assert!(reading.value.value.is_some());
        assert_eq!((error.kind(), error.operation()), (kind, "status_wake"));
        assert_eq!((mock.wakes_sent(), cold.wakes_sent()), (1, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_car_whose_wakes_were_refused_twice_is_left_alone_for_a_week_but_by_a_person() {
    let mock = Mock::reported(90);
    mock.state().wake_reply = (200, json!({"payload": {"returnCode": "010001"}}));
    let client = mock.client();
    let how = async || client.status(&vin(), AUTOMATIC).await.unwrap().how;

    for _ in 0..2 {
        let how = how().await;
        assert!(matches!(
            how,
            How::WakeRefused(WakeRefusal::Rejected { .. })
        ));
    }
    assert_eq!(mock.wakes_sent(), 2);

    let week = 7 * 24 * 60 * MINUTE;
    let before = WakeRefusal::RejectedBefore {
        until: at(7 * 24 * 60 * 60),
    };
    assert!(matches!(how().await, How::WakeRefused(it) if it == before));
    assert_eq!(mock.wakes_sent(), 0);

    client.status(&vin(), Freshness::Wake).await.unwrap();
    assert_eq!(mock.wakes_sent(), 1);

    mock.state().wake_reply = (200, json!({"payload": {"returnCode": "000000"}}));
    sleep(week).await;
    assert!(matches!(how().await, How::Woken { .. }));
}

#[tokio::test(start_paused = true)]
async fn one_car_s_refusals_are_not_another_s() {
    let mock = Mock::reported(90);
    mock.state().wake_reply = (200, json!({"payload": {"returnCode": "010001"}}));
    let client = mock.client();
    for _ in 0..2 {
        client.status(&vin(), AUTOMATIC).await.unwrap();
    }
    mock.state().wake_reply = (200, json!({"payload": {"returnCode": "000000"}}));

    let other = Vin::new("JTSIM00000PET0002").unwrap();
    let reading = client.status(&other, AUTOMATIC).await.unwrap();

    assert!(matches!(reading.how, How::Woken { .. }), "{reading:?}");
}

#[tokio::test(start_paused = true)]
async fn a_car_that_never_answers_is_left_alone_until_it_gives_news() {
    let mock = Mock::reported(90);
    mock.state().answers_after = None;
    let client = mock.client();
    let how = async || {
        sleep(20 * MINUTE).await;
        client.status(&vin(), AUTOMATIC).await.unwrap().how
    };

    for _ in 0..3 {
        assert!(matches!(how().await, How::NotYet));
    }
    assert!(matches!(how().await, How::WakeRefused(WakeRefusal::Silent)));
    assert_eq!(mock.wakes_sent(), 3);
    assert_eq!(client.wake_record(&vin()).await.state.silent_wakes(), 3);

    // It was driven.
    mock.state().answers_after = Some(Duration::from_secs(12));
    mock.state().reported = Some(mock.now());
    assert!(matches!(how().await, How::Woken { .. }));
}

#[tokio::test(start_paused = true)]
async fn a_battery_that_says_nothing_is_no_reason_to_leave_the_doors_alone() {
    let mock = Mock::reported(90);
    mock.state().answers_after = None;
    let client = mock.client();

    for _ in 0..3 {
        let reading = client.wake_electric(&vin()).await.unwrap();
        assert!(matches!(reading.how, How::NotYet), "{reading:?}");
        let reading = client.wake_climate(&vin()).await.unwrap();
        assert!(matches!(reading.how, How::NotYet), "{reading:?}");
    }

    let state = client.wake_record(&vin()).await.state;
    assert_eq!((state.silent_wakes(), state.woken()), (0, None));
}

#[tokio::test(start_paused = true)]
async fn whoever_leaves_holds_nothing_and_has_spent_one_wake() {
    let mock = Mock::reported(90);
    let client = mock.client();
    mock.state().wake_hangs = true;

    // While the wake is under way, and while the answer is waited for.
    for seconds in [1, 15] {
        let vin = vin();
        let call = client.status(&vin, Freshness::Wake);
        let left = timeout(Duration::from_secs(seconds), call).await;

        assert!(left.is_err());
        mock.state().wake_hangs = false;
    }
    let left = client.wake_record(&vin()).await.status.left(
        WakeQuota {
            per_hour: 4,
            per_day: 24,
        },
        mock.now(),
    );

    assert_eq!((mock.wakes_sent(), left), (2, 2));
    let reading = client.status(&vin(), Freshness::Wake).await.unwrap();
    assert!(matches!(reading.how, How::Woken { .. }), "{reading:?}");
}
