//! Months as the service writes them.

use serde_json::{Value, json};

/// Days of metres, seconds, millilitres, and metres and seconds on the battery.
type Days = Vec<(i64, [i64; 5])>;

/// September, October and November, newest first.
pub(super) fn months() -> Value {
    // The days of each are shared out evenly but for those that tests look at.
    let september = shared(
        &(1..=29).collect::<Vec<_>>(),
        [1_613_999, 125_004, 15_141, 1_400_000, 80_000],
    );
    let october = shared(
        &(1..=23).collect::<Vec<_>>(),
        [1_260_874, 94_820, 23_933, 1_000_000, 70_000],
    );
    let mut november = shared(&[1, 2, 3, 4, 5], [217_694, 18_000, 3_000, 200_000, 10_000]);
    november.extend(shared(
        &[6, 8, 10, 12],
        [196_861, 17_000, 2_500, 180_000, 9_000],
    ));
    november.extend(shared(
        &[13, 14, 15, 16, 17, 18, 19],
        [323_669, 27_155, 4_000, 275_000, 14_000],
    ));
    november.push((20, [64_103, 5_460, 749, 54_042, 3_000]));
    november.push((21, [65_990, 5_095, 554, 60_792, 4_546]));
    json!([
        written(11, november),
        written(10, october),
        written(9, september)
    ])
}

/// Shares totals out over these days.
fn shared(days: &[i64], totals: [i64; 5]) -> Days {
    let count = i64::try_from(days.len()).unwrap();
    let share = |index: i64, total: i64| total * (index + 1) / count - total * index / count;
    let days = days.iter().zip(0..);
    days.map(|(day, index)| (*day, totals.map(|total| share(index, total))))
        .collect()
}

fn written(month: i64, days: Days) -> Value {
    let sum = |at: usize| days.iter().map(|(_, totals)| totals[at]).sum();
    let all = totals([0, 1, 2, 3, 4].map(sum));
    let mut histograms: Vec<_> = days
        .iter()
        .map(|(day, parts)| {
            let mut written = totals(*parts);
            written["year"] = json!(2023);
            written["month"] = json!(month);
            written["day"] = json!(day);
            written
        })
        .collect();
    histograms.reverse();
    let mut written = json!({"year": 2023, "month": month, "histograms": histograms});
    written["summary"] = all["summary"].clone();
    written["hdc"] = all["hdc"].clone();
    written
}

fn totals([length, duration, fuel, ev_distance, ev_time]: [i64; 5]) -> Value {
    let speed = f64::from(i32::try_from(length).unwrap())
        / f64::from(i32::try_from(duration).unwrap())
        * 3.6;
    json!({
        "summary": {
            "length": length, "duration": duration, "fuelConsumption": fuel,
            "averageSpeed": (speed * 100.0).round() / 100.0,
        },
        "hdc": {"evDistance": ev_distance, "evTime": ev_time},
    })
}

/// A month of days, metres and seconds.
pub(super) fn month(year: i64, month: i64, days: &[(i64, i64, i64)]) -> Value {
    let summary = |length: i64, duration: i64| json!({"length": length, "duration": duration});
    let histograms: Vec<_> = days
        .iter()
        .map(|(day, length, duration)| {
            json!({
                "year": year, "month": month, "day": day, "summary": summary(*length, *duration),
            })
        })
        .collect();
    let length = days.iter().map(|(_, length, _)| length).sum();
    let duration = days.iter().map(|(_, _, duration)| duration).sum();
    json!({
        "year": year, "month": month, "summary": summary(length, duration),
        "histograms": histograms,
    })
}
