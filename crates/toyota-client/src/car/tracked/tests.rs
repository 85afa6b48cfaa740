//! A data set over hours and days.

use super::*;

const HOUR: Duration = Duration::from_secs(3600);

fn at(minutes: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
}

fn answer(value: Option<u32>) -> Decoded<Option<u32>> {
    let warnings = Vec::new();
    Decoded { value, warnings }
}

fn error() -> Arc<Error> {
    Arc::new(Error::invalid_target())
}

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

#[test]
fn an_age_is_since_the_car_s_report_or_else_since_the_fetching() {
    let mut data = Tracked::default();
    data.answered(answer(Some(1)), at(100), |_| Some(at(40)));
    assert_eq!(data.age(at(100)), Some(HOUR));

    data.answered(answer(Some(2)), at(100), |_| None);
    assert_eq!(data.age(at(100)), Some(Duration::ZERO));
    assert_eq!(data.age(at(10)), Some(Duration::ZERO));
}

#[test]
fn what_a_car_dates_in_the_future_grows_old_too() {
    let mut data = Tracked::default();
    data.answered(answer(Some(1)), at(0), |_| Some(Timestamp::MAX));

    assert_eq!(data.age(at(60)), Some(HOUR));
}

#[test]
fn a_value_is_fresh_until_it_is_too_old() {
    let mut data = Tracked::default();
    data.answered(answer(Some(1)), at(0), |_| None);

    assert_eq!(data.state(at(60), HOUR), DataState::Fresh { age: HOUR });
    let age = minutes(61);
    assert_eq!(data.state(at(61), HOUR), DataState::Stale { age });
}

#[test]
fn a_failure_leaves_the_value_and_counts_where_that_is_old() {
    let mut data = Tracked::default();
    data.answered(answer(Some(1)), at(0), |_| None);
    data.history_mut().fail(error(), at(10));
    data.history_mut().fail(error(), at(20));

    assert_eq!(data.value(), Some(&1));
    let age = minutes(20);
    assert_eq!(data.state(at(20), HOUR), DataState::Fresh { age });
    let age = Some(minutes(70));
    assert_eq!(data.state(at(70), HOUR), DataState::Failed { age });
    let failure = data.history().failure().unwrap();
    assert_eq!((failure.at, failure.in_a_row), (at(20), 2));
}

#[test]
fn an_answer_ends_a_row_of_failures() {
    let mut data = Tracked::default();
    data.history_mut().fail(error(), at(0));
    assert_eq!(data.state(at(0), HOUR), DataState::Failed { age: None });

    data.answered(answer(None), at(1), |_| None);

    assert!(data.history().failure().is_none());
    assert_eq!(data.state(at(1), HOUR), DataState::Empty);
}

#[test]
fn nothing_leaves_the_last_value_as_it_was() {
    let mut data = Tracked::default();
    data.answered(answer(Some(1)), at(0), |_| None);

    data.answered(answer(None), at(10), |_| None);

    assert_eq!(
        (data.value(), data.history().fetched()),
        (Some(&1), Some(at(0)))
    );
}

#[test]
fn what_is_refused_is_not_supported_for_a_day() {
    let mut data = Tracked::<u32>::default();
    assert_eq!(data.state(at(0), HOUR), DataState::NotFetched);

    assert!(data.history_mut().refuse(Refusal::Known, at(0)));

    assert_eq!(data.state(at(1), HOUR), DataState::NotSupported);
    for (minutes, is_refused) in [
        (0, true),
        (1439, true),
        (1440, false),
        (-1, true),
        (-1440, false),
    ] {
        assert_eq!(
            data.history().is_refused_at(at(minutes)),
            is_refused,
            "{minutes}"
        );
    }
    data.answered(answer(Some(1)), at(2), |_| None);
    assert_eq!(data.history().refused(), None);
}

#[test]
fn what_was_come_by_otherwise_is_as_good() {
    let mut data = Tracked::default();
    data.history_mut().fail(error(), at(0));

    data.take(answer(Some(1)), Some(at(5)), at(10));

    assert_eq!(data.value(), Some(&1));
    assert_eq!(data.history().reported(), Some(at(5)));
    assert!(data.history().failure().is_none());
}
