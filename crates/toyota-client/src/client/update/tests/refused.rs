//! Data sets that are refused: for a moment, and for good.

use super::*;

fn was_refused(report: &UpdateReport, data_set: DataSet) -> bool {
    matches!(report.of(data_set), Some(Outcome::Refused(_)))
}

#[tokio::test(start_paused = true)]
async fn what_was_never_answered_is_not_the_car_s_at_once_and_for_a_day_after_three_times() {
    let service = Service::whole();
    service.fence(STATUS);
    service.fence(OLD_STATUS);
    let (client, mut car) = (service.client(), car());
    let hours_and_asked = [
        (0, true),
        (0, false),
        (1, true),
        (1, true),
        (23, false),
        (1, true),
        (23, false),
    ];

    for (hours, is_asked) in hours_and_asked {
        service.later(hours);
        service.asked();
        let report = client.update(&mut car, &Update::all()).await;

        let asked = service.asked();
        assert_eq!(asked.contains(&STATUS.to_owned()), is_asked, "{hours}");
        assert_eq!(was_refused(&report, DataSet::Status), is_asked, "{hours}");
        assert!(report.is_complete());
        assert_eq!(car.supports(DataSet::Status), Support::No);
        let state = car.state(DataSet::Status, service.now(), Duration::ZERO);
        assert_eq!(state, DataState::NotSupported);
    }

    service.later(1);
    service.answers(STATUS, 200, json!({"payload": {"overallStatus": "ok"}}));
    client.update(&mut car, &Update::all()).await;
    assert_eq!(car.supports(DataSet::Status), Support::Yes);
}

#[tokio::test(start_paused = true)]
async fn what_was_answered_before_is_refused_only_after_three_times_in_a_row() {
    for status in [403, 404] {
        let service = Service::whole();
        let (client, mut car) = (service.client(), car());
        client.update(&mut car, &Update::all()).await;
        let refused = "Unauthorized";
        service.refuses(TELEMETRY, status, "APIGW-403", refused);

        let mut seen = Vec::new();
        for _ in 0..3 {
            let report = client.update(&mut car, &Update::all()).await;
            seen.push(was_refused(&report, DataSet::Telemetry));
        }

        assert_eq!(seen, [false, false, true], "{status}");
        service.later(23);
        let report = client.update(&mut car, &Update::all()).await;
        let skipped = report.of(DataSet::Telemetry);
        assert!(matches!(
            skipped,
            Some(Outcome::Skipped(Skipped::NotSupported))
        ));
    }
}

#[tokio::test(start_paused = true)]
async fn a_bad_moment_hides_nothing_that_was_answered_before() {
    let service = Service::whole();
    let (client, mut car) = (service.client(), car());
    let answer = json!({"payload": {"fuelLevel": 41}});

    for _ in 0..4 {
        service.answers(TELEMETRY, 200, answer.clone());
        let report = client.update(&mut car, &Update::all()).await;
        assert!(report.is_complete());

        service.fence(TELEMETRY);
        for _ in 0..2 {
            let report = client.update(&mut car, &Update::all()).await;
            assert_eq!(report.failures().count(), 1);
            assert_eq!(car.supports(DataSet::Telemetry), Support::Yes);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_fault_in_between_is_no_refusal() {
    let service = Service::whole();
    let (client, mut car) = (service.client(), car());
    client.update(&mut car, &Update::all()).await;

    let mut seen = Vec::new();
    for status in [403, 500, 403, 500, 403] {
        service.refuses(TELEMETRY, status, "X", "Unauthorized");
        let report = client.update(&mut car, &Update::all()).await;
        seen.push(was_refused(&report, DataSet::Telemetry));
    }

    assert_eq!(seen, [false, false, false, false, true]);
}

#[tokio::test(start_paused = true)]
async fn a_fault_that_lasts_is_the_car_s() {
    let service = Service::whole();
    service.refuses(
        CLIMATE_SETTINGS,
        500,
        "ONE-GLOBAL-RS-40000",
        "Request Processing Failed",
    );
    let (client, mut car) = (service.client(), car());
    let update = Update::all().only([DataSet::Health, DataSet::ClimateSettings]);

    let mut seen = Vec::new();
    for _ in 0..3 {
        let report = client.update(&mut car, &update).await;
        seen.push(was_refused(&report, DataSet::ClimateSettings));
    }

    assert_eq!(seen, [false, false, true]);
    let report = client.update(&mut car, &Update::all()).await;
    let skipped = report.of(DataSet::ClimateSettings);
    assert!(matches!(
        skipped,
        Some(Outcome::Skipped(Skipped::NotSupported))
    ));
}

#[tokio::test(start_paused = true)]
async fn a_service_that_refuses_everything_says_nothing_of_the_car() {
    let service = Service::default();
    let mut car = car();

    for _ in 0..4 {
        let report = service.client().update(&mut car, &Update::all()).await;

        assert_eq!(outcomes(&report), ["failed"; 10]);
        assert_eq!(car.supports(DataSet::Status), Support::Unknown);
    }
}
