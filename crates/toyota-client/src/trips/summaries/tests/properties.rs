//! What holds of any days.

use jiff::Span;
use jiff::civil::date;
use proptest::prelude::*;
use serde_json::Value;

use super::super::*;
use super::months::month;
use super::{page, range};

proptest! {
    #[test]
    fn no_day_is_lost_and_none_counts_twice(
        days in proptest::collection::btree_map(0_i64..800, (0..500_000_i64, 1..50_000_i64), 0..60),
    ) {
        let first = date(2024, 11, 20);
        let day = |offset: &i64| first.saturating_add(Span::new().days(*offset));
        let written = days.iter().map(|(offset, (length, duration))| {
            let date = day(offset);
            let day = [(i64::from(date.day()), *length, *duration)];
            month(i64::from(date.year()), i64::from(date.month()), &day)
        });
        // A month for each day: the months themselves are counted in another test.
        let months = Value::from(written.collect::<Vec<_>>());

        let summaries = Summaries::of(Some(page(&months)), Some(range(first, date(2027, 3, 1))));

        prop_assert_eq!(summaries.days().len(), days.len());
        let total = |periods: &[Period]| -> f64 { periods.iter().filter_map(|it| it.summary.length).sum() };
        let weeks = summaries.weeks();
        prop_assert_eq!(total(&weeks), total(summaries.days()));
        for week in &weeks {
            prop_assert!(monday(week.from) == monday(week.to) && week.from <= week.to);
            let within: Vec<_> = summaries.days().iter().filter(|day| monday(day.from) == monday(week.from)).collect();
            let speeds = within.iter().filter_map(|day| day.summary.average_speed());
            let (slowest, fastest) = speeds.fold((f64::MAX, 0.0_f64), |(slowest, fastest), speed| {
                (slowest.min(speed), fastest.max(speed))
            });
            let speed = week.summary.average_speed().unwrap();
            prop_assert!((slowest - 0.001..=fastest + 0.001).contains(&speed));
        }
        prop_assert!(weeks.windows(2).all(|pair| pair[0].to < pair[1].from));
    }
}
