//! Who is woken, and how its answer is waited for.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_car_that_is_woken_is_looked_at_until_it_has_answered() {
    let mock = Mock::reported(90);

    let reading = mock.client().status(&vin(), Freshness::Wake).await.unwrap();

    let expected = [(0, NEW_READ), (0, NEW_WAKE), (10, NEW_READ), (20, NEW_READ)];
    assert_eq!(
        mock.asked(),
        expected.map(|(second, what)| (second, what.to_owned()))
    );
    let after = Duration::from_secs(20);
    assert!(
        matches!(reading.how, How::Woken { after: it } if it == after),
        "{reading:?}"
    );
    assert_eq!(reading.reported, Some(at(12)));
    assert_eq!(reading.age, Some(Duration::from_secs(8)));
    assert_eq!(reading.value.value.unwrap().updated, Some(at(12)));
}

#[tokio::test(start_paused = true)]
async fn a_car_that_does_not_answer_is_waited_for_as_long_as_that_is_worth() {
    let forever = Freshness::WakeIfOlderThan(Duration::ZERO);
    for (freshness, looks) in [
        (forever, &[10, 20, 25][..]),
        (Freshness::Wake, &[10, 20, 30, 40, 50, 60]),
    ] {
        let mock = Mock::reported(90);
        mock.state().answers_after = None;

        let reading = mock.client().status(&vin(), freshness).await.unwrap();

        assert!(matches!(reading.how, How::NotYet), "{reading:?}");
        assert_eq!(reading.reported, Some(at(-90 * 60)));
        let asked = mock.asked();
        let seconds: Vec<_> = asked[2..].iter().map(|(second, _)| *second).collect();
        assert_eq!(seconds, looks);
    }
}

#[tokio::test(start_paused = true)]
async fn what_goes_wrong_while_a_car_wakes_up_is_not_minded() {
    for (faults, second) in [
        (&[Fault::Status(429), Fault::Status(429)][..], 30),
        (&[Fault::Status(500), Fault::Status(502)], 30),
        // It is not waited for longer than the patience lasts.
        (&[Fault::No, Fault::Hangs], 20),
    ] {
        let mock = Mock::reported(90);
        mock.state().faults.push_back(Fault::No);
        mock.state().faults.extend(faults);

        let reading = mock.client().status(&vin(), Freshness::Wake).await.unwrap();

        match reading.how {
            How::Woken { after } => assert_eq!(after.as_secs(), second),
            How::NotYet => assert_eq!((mock.now(), second), (at(60), 20)),
            _ => panic!("{reading:?}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_does_not_pass_while_a_car_wakes_up_is_an_error() {
    let mock = Mock::reported(90);
    mock.state().faults.extend([Fault::No, Fault::Status(401)]);

    let error = mock
        .client()
        .status(&vin(), Freshness::Wake)
        .await
        .unwrap_err();

    assert_eq!(error.kind(), Kind::Token);
    assert_eq!(mock.now(), at(10));
}

#[tokio::test(start_paused = true)]
async fn what_is_new_enough_is_not_woken_for() {
    let old = Freshness::WakeIfOlderThan(30 * MINUTE);
    for (mock, freshness, how, wakes) in [
        (Mock::reported(90), Freshness::Cached, "Cached", 0),
        (Mock::cold(), Freshness::Cached, "Cold", 0),
        (Mock::reported(30), old, "Cached", 0),
        (Mock::reported(31), old, "Woken", 1),
        (Mock::cold(), old, "Woken", 1),
        (Mock::cold(), Freshness::Wake, "Woken", 1),
        // The car's clock is ahead: nothing to wake it for.
        (Mock::reported(-20), old, "Cached", 0),
    ] {
        let reading = mock.client().status(&vin(), freshness).await.unwrap();

        assert!(
            format!("{:?}", reading.how).starts_with(how),
            "{freshness:?} {reading:?}"
        );
        assert_eq!(mock.wakes_sent(), wakes, "{freshness:?}");
        assert_eq!(reading.value.value.is_none(), how == "Cold");
    }
}

#[tokio::test(start_paused = true)]
async fn a_hurry_that_is_refused_is_no_reason_to_wake_a_car_that_has_just_reported() {
    let mock = Mock::reported(10);
    let client = mock.client();
    client.status(&vin(), Freshness::Cached).await.unwrap();
    mock.state().faults.push_back(Fault::Status(429));

    let freshness = Freshness::WakeIfOlderThan(30 * MINUTE);
    let reading = client.status(&vin(), freshness).await.unwrap();

    assert!(matches!(reading.how, How::Cold), "{reading:?}");
    assert_eq!(mock.wakes_sent(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_old_answer_that_a_refusal_has_hidden_is_not_taken_for_the_car_s() {
    let mock = Mock::reported(90);
    mock.state().answers_after = Some(Duration::from_secs(35));
    // As if nothing was known: the first look is refused.
    mock.state().faults.push_back(Fault::Status(429));

    let reading = mock.client().status(&vin(), Freshness::Wake).await.unwrap();

    assert!(matches!(reading.how, How::Woken { .. }), "{reading:?}");
    assert_eq!((reading.reported, mock.now()), (Some(at(35)), at(40)));
}

#[tokio::test(start_paused = true)]
async fn who_comes_while_a_car_wakes_up_waits_for_it_too() {
    let mock = Mock::reported(90);
    let wake = || async {
        let freshness = Freshness::WakeIfOlderThan(MINUTE);
        mock.client().status(&vin(), freshness).await.unwrap()
    };
    let later = async {
        sleep(Duration::from_secs(5)).await;
        wake().await
    };

    let (first, second) = tokio::join!(wake(), later);

    assert_eq!(mock.wakes_sent(), 1);
    for reading in [first, second] {
        assert_eq!(reading.reported, Some(at(12)), "{reading:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn battery_and_climate_are_woken_for_by_their_own_routes() {
    let mock = Mock::reported(90);
    let client = mock.client();

    let electric = client.wake_electric(&vin()).await.unwrap();
    let asked = mock.asked();
    let climate = client.wake_climate(&vin()).await.unwrap();

    assert_eq!(
        asked[1].1,
        "POST /v1/global/remote/electric/realtime-status"
    );
    assert_eq!(asked.last().unwrap().1, "GET /v1/vehicle/electric/status");
    assert!(electric.how.has_woken() && electric.reported == Some(at(12)));
    let asked = mock.asked();
    assert_eq!(asked[1].1, "POST /v1/remote/refresh-climate-status");
    assert_eq!(asked.last().unwrap().1, "GET /v1/vehicle/climate-status");
    assert!(climate.how.has_woken() && climate.reported == Some(at(32)));
    assert!(mock.bodies().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_climate_control_that_is_stopped_is_waited_for_as_long_as_an_answer_takes() {
    let mock = Mock::reported(90);
    mock.state().is_stopped = true;

    let reading = mock.client().wake_climate(&vin()).await.unwrap();

    let waited = Duration::from_secs(30);
    assert!(
        matches!(reading.how, How::Undated { after } if after == waited),
        "{reading:?}"
    );
    assert!(reading.how.has_woken());
    assert_eq!((reading.reported, reading.age), (None, None));
    assert_eq!(reading.value.value.unwrap().is_on(), Some(false));
    assert_eq!(mock.now(), at(30));
}

#[tokio::test(start_paused = true)]
async fn a_climate_control_that_stops_has_answered_without_a_date() {
    let mock = Mock::reported(90);
    mock.state().answers_after = None;
    let (client, car) = (mock.client(), vin());
    let stop = async {
        sleep(Duration::from_secs(15)).await;
        mock.state().is_stopped = true;
    };

    let (reading, ()) = tokio::join!(client.wake_climate(&car), stop);

    let reading = reading.unwrap();
    assert!(matches!(reading.how, How::Woken { .. }), "{reading:?}");
    assert_eq!(mock.now(), at(20));
}

#[tokio::test(start_paused = true)]
async fn a_car_of_the_older_routes_is_woken_by_those() {
    let mock = Mock::reported(90);
    mock.state().is_old = true;
    let client = mock.client();

    let reading = client.status(&vin(), Freshness::Wake).await.unwrap();

    assert_eq!(reading.reported, Some(at(12)));
    let asked: Vec<_> = mock.asked().into_iter().map(|(_, what)| what).collect();
    let expected = [NEW_READ, OLD_READ, NEW_WAKE, OLD_WAKE, OLD_READ, OLD_READ];
    assert_eq!(asked, expected);
    let expected = json!({
        "deviceId": "toyota-client",
        "deviceType": "Android",
        "guid": "00000000-0000-0000-0000-000000000001",
        "vin": "JTSIM00000PET0001",
    });
    assert_eq!(mock.bodies(), [expected]);
}

#[tokio::test(start_paused = true)]
async fn can_be_waited_for_in_a_task_of_its_own() {
    let mock = Mock::reported(90);
    let client = mock.client();

    let task = tokio::spawn(async move { client.status(&vin(), Freshness::Wake).await });

    assert!(task.await.unwrap().unwrap().how.has_woken());
}
