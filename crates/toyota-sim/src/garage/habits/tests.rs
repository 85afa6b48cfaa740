//! What a year of somebody with habits looks like.

use super::*;

const NOW: Duration = Duration::from_secs(1_800_000_000);

#[test]
fn a_year_is_one_way_of_drives_from_home_to_home() {
    let habits = habits(Powertrain::Electric);

    let drives: Vec<Drive> = habits.year_before(UNIX_EPOCH + NOW).collect();

    assert!(drives.len() > 500, "{}", drives.len());
    for pair in drives.windows(2) {
        assert!(pair[0].end <= pair[1].start);
        assert_eq!(pair[0].to, pair[1].from);
    }
    assert_eq!(drives[0].from, habits.home);
    assert_eq!(drives[drives.len() - 1].to, habits.home);
    assert!(drives[drives.len() - 1].end <= UNIX_EPOCH + NOW);
}

#[test]
fn a_day_is_the_same_whenever_it_is_remembered() {
    let habits = habits(Powertrain::Fuel { ml_per_km: 55 });
    let later = UNIX_EPOCH + NOW + Duration::from_secs(DAY_SECONDS);

    let today: Vec<Drive> = habits.year_before(UNIX_EPOCH + NOW).collect();
    let tomorrow: Vec<Drive> = habits.year_before(later).collect();

    let skipped = today.iter().position(|drive| *drive == tomorrow[0]);
    let both = &today[skipped.unwrap()..];
    assert_eq!(both, &tomorrow[..both.len()]);
}

#[test]
fn a_day_is_remembered_as_far_as_the_way_home() {
    let habits = habits(Powertrain::Electric);
    let day = NOW.as_secs() / DAY_SECONDS;
    let drives = habits.drives_of(day);
    let ends_of_year = |now| habits.year_before(now).last().map(|drive| drive.end);

    let at_work = drives[0].end + Duration::from_secs(60);
    let at_home = drives[1].end;

    assert_eq!(drives[0].from, habits.home);
    assert!(ends_of_year(at_work) < Some(drives[0].start));
    assert_eq!(ends_of_year(at_home), Some(at_home));
}

#[test]
fn each_powertrain_burns_what_it_can() {
    let year = |powertrain| {
        let habits = habits(powertrain);
        habits.year_before(UNIX_EPOCH + NOW).collect::<Vec<Drive>>()
    };
    let fuel = year(Powertrain::Fuel { ml_per_km: 55 });
    let plug_in = year(Powertrain::PlugIn {
        ml_per_km: 60,
        electric_metres: 40_000,
    });
    let electric = year(Powertrain::Electric);

    assert!(fuel.iter().all(|drive| drive.ev_metres == 0));
    assert!(fuel.iter().all(|drive| drive.fuel_ml.is_some()));
    assert!(electric.iter().all(|drive| drive.ev_metres == drive.metres));
    assert!(electric.iter().all(|drive| drive.fuel_ml.is_none()));
    assert!(plug_in.iter().any(|drive| drive.fuel_ml == Some(0)));
    assert!(plug_in.iter().any(|drive| drive.fuel_ml > Some(0)));
    assert!(plug_in.iter().all(|drive| drive.ev_metres <= drive.metres));
}

#[test]
fn every_drive_takes_time_and_is_no_race() {
    let habits = habits(Powertrain::Electric);

    for drive in habits.year_before(UNIX_EPOCH + NOW) {
        let seconds = drive.end.duration_since(drive.start).unwrap().as_secs_f64();
        let kilometres_an_hour = f64::from(drive.metres) / seconds * 3.6;
        assert!((10.0..130.0).contains(&kilometres_an_hour));
    }
}

#[test]
fn the_beginning_of_time_has_no_year_before_it() {
    assert_eq!(
        habits(Powertrain::Electric).year_before(UNIX_EPOCH).count(),
        0
    );
}

fn habits(powertrain: Powertrain) -> Habits {
    Habits {
        seed: 7,
        home: Position::new(50.0, 4.0),
        powertrain,
        commute_metres: Some(12_000),
    }
}
