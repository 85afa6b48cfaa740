//! How often a car is woken, by all who share a memory.

use std::fs;

use tempfile::TempDir;

use super::*;
use crate::Memory;

#[tokio::test(start_paused = true)]
async fn a_car_is_woken_so_often_and_no_more() {
    let mock = Mock::reported(90);
    mock.state().answers_after = Some(Duration::from_secs(5));
    let client = mock.client();
    let how = async || client.status(&vin(), Freshness::Wake).await.unwrap().how;

    for _ in 0..4 {
        assert!(matches!(how().await, How::Woken { .. }));
    }
    let until = at(60 * 60);
    for _ in 0..3 {
        assert!(matches!(how().await, How::QuotaSpent { until: Some(it) } if it == until));
    }
    assert_eq!(mock.wakes_sent(), 4);

    sleep(60 * MINUTE).await;
    assert!(matches!(how().await, How::Woken { .. }));
}

#[tokio::test(start_paused = true)]
async fn another_car_and_another_purpose_have_their_own() {
    let mut mock = Mock::reported(90);
    let one = WakeQuota {
        per_hour: 1,
        per_day: 1,
    };
    mock.wakes.quotas.status = one;
    mock.wakes.quotas.electric = one;
    mock.wakes.quotas.climate = WakeQuota::NONE;
    let client = mock.client();
    let other = Vin::new("JTSIM00000PET0002").unwrap();
    let status = async |vin: &Vin| client.status(vin, Freshness::Wake).await.unwrap().how;
    let electric = async || client.wake_electric(&vin()).await.unwrap().how;

    assert!(matches!(status(&vin()).await, How::Woken { .. }));
    assert!(matches!(status(&vin()).await, How::QuotaSpent { .. }));
    assert!(matches!(status(&other).await, How::Woken { .. }));
    assert!(matches!(electric().await, How::Woken { .. }));
    assert!(matches!(electric().await, How::QuotaSpent { .. }));
    let climate = client.wake_climate(&vin()).await.unwrap();
    assert!(matches!(climate.how, How::QuotaSpent { until: None }));
    assert!(climate.value.value.is_some());
    assert_eq!(mock.wakes_sent(), 3);
}

#[tokio::test(start_paused = true)]
async fn programs_that_share_a_file_share_what_it_counts() {
    let folder = TempDir::new().unwrap();
    let mock = Mock::reported(90);
    let programs = (0..8).map(|_| {
        let mut mock = mock.clone();
        mock.memory = Memory::in_file(folder.path().join("memory.json"));
        tokio::spawn(async move {
            let reading = mock.client().status(&vin(), Freshness::Wake).await.unwrap();
            reading.how.has_woken()
        })
    });

    let mut woken = 0;
    for program in programs.collect::<Vec<_>>() {
        woken += usize::from(program.await.unwrap());
    }

    assert_eq!((woken, mock.wakes_sent()), (4, 4));
}

#[tokio::test(start_paused = true)]
async fn what_is_remembered_names_neither_car_nor_account() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("memory.json");
    let mut mock = Mock::reported(90);
    mock.memory = Memory::in_file(&path);

    mock.client().status(&vin(), Freshness::Wake).await.unwrap();

    let kept = fs::read_to_string(path).unwrap();
    assert!(kept.contains("/v1/vehicle/status"), "{kept}");
    assert!(
        !kept.contains("JTSIM") && !kept.contains("0001\""),
        "{kept}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_wake_that_cannot_be_written_down_is_not_sent() {
    let folder = TempDir::new().unwrap();
    let newer = folder.path().join("newer.json");
    fs::write(&newer, r#"{"version":9}"#).unwrap();
    let a_folder = folder.path().join("folder.json");
    fs::create_dir(&a_folder).unwrap();
    for path in [newer, a_folder] {
        let mut mock = Mock::reported(90);
        mock.memory = Memory::in_file(path);
        let client = mock.client();

        let reading = client.status(&vin(), Freshness::Wake).await.unwrap();

        let how = &reading.how;
        assert!(
            matches!(how, How::WakeRefused(WakeRefusal::NotCounted)),
            "{how:?}"
        );
        assert!(reading.value.value.is_some());
        assert_eq!(mock.wakes_sent(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_damaged_memory_counts_for_an_hour_as_one_that_is_full() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("memory.json");
    fs::write(&path, r#"{"version":1,"cars":{"#).unwrap();
    let mut mock = Mock::reported(90);
    // Each time another process.
    let mut how = async || {
        mock.memory = Memory::in_file(&path);
        mock.client()
            .status(&vin(), Freshness::Wake)
            .await
            .unwrap()
            .how
    };

    let until = at(60 * 60);
    assert!(matches!(how().await, How::QuotaSpent { until: Some(it) } if it == until));
    sleep(59 * MINUTE).await;
    assert!(matches!(how().await, How::QuotaSpent { until: Some(it) } if it == until));
    sleep(MINUTE).await;
    assert!(matches!(how().await, How::Woken { .. }));
}

#[tokio::test(start_paused = true)]
async fn routes_that_were_refused_are_known_to_the_next_process() {
    let folder = TempDir::new().unwrap();
    let mut mock = Mock::reported(90);
    mock.state().is_old = true;
    let mut read = async || {
        mock.memory = Memory::in_file(folder.path().join("memory.json"));
        mock.client()
            .status(&vin(), Freshness::Cached)
            .await
            .unwrap();
        mock.asked().len()
    };

    assert_eq!((read().await, read().await), (2, 1));
}
