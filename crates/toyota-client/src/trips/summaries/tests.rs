//! Three invented months whose sums are known.

mod months;
mod properties;

use jiff::civil::date;
use serde_json::{Value, json};

use self::months::{month, months};
use super::*;
use crate::Units;
use crate::model::{Distance, LengthUnit};

#[test]
fn a_day_is_as_the_service_says() {
    let summaries = autumn();
    let day = summaries.days().last().unwrap();

    assert_eq!((day.from, day.to), (TODAY, TODAY));
    let metric = Figures::of(day, Units::Metric);
    assert_eq!(metric.distance, 65.99);
    assert_eq!(metric.speed, 46.63);
    assert_eq!(metric.fuel, 0.554);
    assert_eq!(metric.consumption, 0.84);
    assert_eq!(metric.electric, 60.792);
    assert_eq!(day.hybrid.as_ref().unwrap().ev_time, Some(4546.0));
    let imperial = Figures::of(day, Units::ImperialUs);
    assert_eq!(imperial.distance, 41.004);
    assert_eq!(imperial.speed, 28.975);
    assert_eq!(imperial.fuel, 0.146);
    assert_eq!(imperial.consumption, 280.1776);
    let imperial = Figures::of(day, Units::ImperialUk);
    assert_eq!((imperial.fuel, imperial.distance), (0.122, 41.004));
    assert_eq!(imperial.consumption, 336.4787);
}

#[test]
fn each_interval_has_its_periods_and_the_earliest_is_first() {
    let summaries = autumn();

    for (interval, count) in [
        (Interval::Day, 70),
        (Interval::Week, 13),
        (Interval::Month, 3),
        (Interval::Year, 1),
    ] {
        let periods = summaries.by(interval);

        assert_eq!(periods.len(), count, "{interval:?}");
        assert!(periods.is_sorted_by_key(|period| period.from));
        let all: f64 = periods.iter().filter_map(|it| it.summary.length).sum();
        assert_eq!(all, 3_743_190.0, "{interval:?}");
    }
}

#[test]
fn months_are_as_the_service_says_within_the_range() {
    let summaries = autumn();
    let months = summaries.months();

    let figures: Vec<_> = months
        .iter()
        .map(|month| {
            let Figures {
                distance,
                consumption,
                speed,
                ..
            } = Figures::of(month, Units::Metric);
            (distance, consumption, (speed * 100.0).round() / 100.0)
        })
        .collect();
    assert_eq!(
        figures,
        [
            (1613.999, 0.938, 46.48),
            (1260.874, 1.898, 47.87),
            (868.317, 1.244, 42.99),
        ]
    );
    let ends: Vec<_> = months.iter().map(|month| (month.from, month.to)).collect();
    assert_eq!(
        ends,
        [
            (date(2023, 9, 1), date(2023, 9, 30)),
            (date(2023, 10, 1), date(2023, 10, 31)),
            (date(2023, 11, 1), TODAY),
        ]
    );
}

#[test]
fn a_year_is_the_sum_of_its_months() {
    let years = autumn().years();
    let year = &years[0];

    assert_eq!((year.from, year.to), (date(2023, 9, 1), TODAY));
    let figures = Figures::of(year, Units::Metric);
    assert_eq!(figures.distance, 3743.19);
    assert_eq!(figures.fuel, 49.877);
    assert_eq!(figures.consumption, 1.332);
    assert_eq!(figures.electric, 3169.834);
    assert_eq!(year.summary.duration, Some(292_534.0));
    // Of all kilometres; the mean of the days' is another.
    assert_eq!(figures.speed, 46.065);
}

#[test]
fn weeks_begin_on_monday_and_end_on_their_last_day_with_trips() {
    let weeks = autumn().weeks();

    let last: Vec<_> = weeks[10..]
        .iter()
        .map(|week| (week.to, Figures::of(week, Units::Metric).distance))
        .collect();
    assert_eq!(
        last,
        [
            (date(2023, 11, 12), 196.861),
            (date(2023, 11, 19), 323.669),
            (TODAY, 130.093),
        ]
    );
    assert_eq!(weeks[11].from, date(2023, 11, 13));
    assert_eq!(Figures::of(&weeks[11], Units::Metric).speed, 42.91);
    // The first is cut: its Monday is in August.
    assert_eq!(
        (weeks[0].from, weeks[0].to),
        (date(2023, 9, 1), date(2023, 9, 3))
    );
}

#[test]
fn one_page_has_the_day_the_week_the_month_and_the_year() {
    let mut page = page(&months());
    for id in ["last", "before"] {
        page.trips.push(Trip {
            id: id.parse().ok(),
            ..Trip::default()
        });
    }

    let overview = Overview::of(Some(page), Some(Overview::range(TODAY)), TODAY);

    let distance = |period: &Period| Figures::of(period, Units::Metric).distance;
    assert_eq!(distance(&overview.day), 65.99);
    assert_eq!(distance(&overview.week), 130.093);
    assert_eq!(distance(&overview.month), 868.317);
    assert_eq!(distance(&overview.year), 3743.19);
    assert_eq!(overview.week.from, date(2023, 11, 20));
    assert_eq!(overview.year.from, date(2023, 1, 1));
    assert_eq!(overview.last_trip.unwrap().id.unwrap().as_str(), "last");
}

#[test]
fn a_time_without_trips_is_zero_and_no_error() {
    let tomorrow = date(2023, 11, 22);

    let overview = Overview::of(
        Some(page(&months())),
        Some(Overview::range(tomorrow)),
        tomorrow,
    );
    assert_eq!(overview.day.summary.length, Some(0.0));
    assert_eq!(overview.day.summary.average_speed(), None);
    assert_eq!(overview.month.summary.length, Some(868_317.0));

    let nothing = Overview::of(None, None, tomorrow);
    assert_eq!(nothing.year.summary.length, Some(0.0));
    assert_eq!(
        (nothing.week.from, nothing.week.to),
        (date(2023, 11, 20), tomorrow)
    );
}

#[test]
fn a_week_over_new_year_counts_to_no_year_but_its_own() {
    let today = date(2026, 1, 2);
    let months = json!([
        month(2026, 1, &[(2, 300, 30)]),
        month(2025, 12, &[(30, 200, 20), (29, 100, 10)]),
    ]);

    let overview = Overview::of(Some(page(&months)), Some(Overview::range(today)), today);

    assert_eq!(Overview::range(today).from, date(2025, 12, 29));
    assert_eq!(overview.week.summary.length, Some(600.0));
    assert_eq!(overview.month.summary.length, Some(300.0));
    assert_eq!(overview.year.summary.length, Some(300.0));
}

#[test]
fn a_month_of_which_nothing_is_said_is_the_sum_of_its_days() {
    let mut months = json!([month(2026, 3, &[(2, 300, 30), (1, 100, 10)])]);
    months[0]["summary"] = Value::Null;
    let range = range(date(2026, 3, 2), date(2026, 4, 1));

    let summaries = Summaries::of(Some(page(&months)), Some(range));

    assert_eq!(summaries.months()[0].summary.length, Some(400.0));
    assert_eq!(summaries.months()[0].from, date(2026, 3, 2));
    // The day before was not asked for.
    assert_eq!(summaries.days().len(), 1);
}

#[test]
fn days_and_months_count_once_and_those_without_a_summary_not_at_all() {
    let mut twice = month(2026, 3, &[(2, 300, 30), (2, 300, 30), (1, 100, 10)]);
    twice["histograms"][2]["summary"] = Value::Null;
    let months = json!([twice, twice, {"year": 2026, "month": 2, "summary": null}]);

    let summaries = Summaries::of(
        Some(page(&months)),
        Some(range(date(2026, 1, 1), date(2026, 4, 1))),
    );

    assert_eq!((summaries.days().len(), summaries.months().len()), (1, 1));
}

#[test]
fn scores_of_a_sum_are_means_and_countries_are_united() {
    let mut months = json!([month(2026, 3, &[(3, 1, 1), (2, 1, 1), (1, 1, 1)])]);
    let days = &mut months[0]["histograms"];
    days[0]["scores"] = json!({"global": 80, "braking": 10});
    days[1]["scores"] = json!({"global": 70});
    days[0]["summary"]["countries"] = json!(["DE", "FR"]);
    days[2]["summary"]["countries"] = json!(["AT", "DE"]);

    let summaries = Summaries::of(
        Some(page(&months)),
        Some(range(date(2026, 3, 1), date(2026, 3, 3))),
    );
    let weeks = summaries.weeks();
    let week = Period::sum(&weeks).unwrap();

    let monday_and_tuesday = &weeks[1];
    let scores = monday_and_tuesday.scores.as_ref().unwrap();
    assert_eq!((scores.global, scores.braking), (Some(75.0), Some(10.0)));
    let countries: Vec<_> = week.summary.countries.unwrap().into_iter().collect();
    assert_eq!(countries, ["AT", "DE", "FR"]);
}

const TODAY: Date = date(2023, 11, 21);

/// The numbers of a period, rounded.
struct Figures {
    distance: f64,
    speed: f64,
    fuel: f64,
    consumption: f64,
    electric: f64,
}

impl Figures {
    fn of(period: &Period, units: Units) -> Self {
        let summary = &period.summary;
        let electric = period.hybrid.as_ref().and_then(|it| it.electric_distance());
        let none = Distance {
            value: 0.0,
            unit: LengthUnit::Kilometre,
        };
        Self {
            distance: units.distance(summary.distance().unwrap()).value,
            speed: units.speed(summary.average_speed().unwrap()),
            fuel: units.volume(summary.fuel().unwrap_or_default()),
            consumption: units.consumption(summary.average_fuel().unwrap_or_default()),
            electric: units.distance(electric.unwrap_or(none)).value,
        }
    }
}

fn autumn() -> Summaries {
    let range = range(date(2023, 9, 1), TODAY);
    Summaries::of(Some(page(&months())), Some(range))
}

fn range(from: Date, to: Date) -> Range {
    Range { from, to }
}

fn page(months: &Value) -> Page {
    let body = json!({"payload": {"summary": months}}).to_string();
    let page = Page::read(body.into()).unwrap();
    assert_eq!(page.warnings, []);
    page.value.unwrap()
}
