//! Trips: listed, added up, written to files.

#[cfg(unix)]
mod interrupted;
mod one;

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use jiff::{Timestamp, ToSpan, Zoned};
use serde_json::Value;
use toyota_sim::{Families, Route, Simulator};

use crate::{Run, against, simulator};

/// The petrol car, which drives nearly every day.
const CAR: &str = "run";

#[tokio::test]
async fn lists_the_latest_trips_in_a_table() {
    let sim = simulator().await;

    let run = against(&sim, &["trips", CAR, "--limit", "3"]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    let lines: Vec<_> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 4, "{run:?}");
    let heading: Vec<_> = lines[0].split_whitespace().collect();
    let columns = "STARTED DISTANCE TIME SPEED FUEL CONSUMPTION ELECTRIC SCORE";
    assert_eq!(heading.join(" "), columns);
    for line in &lines[1..] {
        let known = ["UTC", " km ", " min ", " km/h", " l/100 km"];
        assert!(known.iter().all(|word| line.contains(word)), "{line}");
    }
}

#[tokio::test]
async fn what_is_added_up_is_the_sum_of_what_is_listed() {
    let sim = simulator().await;
    let days = Days::before_yesterday();

    let trips = days.json(&sim, &[]).await;
    let trips = trips["trips"].as_array().unwrap();
    assert!(trips.len() > 20, "{}", trips.len());
    let length = |it: &Value| it["summary"]["length"].as_f64().unwrap();
    let driven: f64 = trips.iter().map(length).sum();

    for period in ["day", "week"] {
        let sums = days.json(&sim, &["--summary", period]).await;
        let sums = sums["summaries"].as_array().unwrap();
        let summed: f64 = sums.iter().map(length).sum();
        assert!((summed - driven).abs() < 0.5, "{period}: {summed} {driven}");
    }
}

#[tokio::test]
async fn sums_are_drawn_and_asked_for_by_one_request() {
    let sim = simulator().await;

    let run = against(&sim, &["trips", CAR, "--summary", "week"]).await;

    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    for heading in [
        "\nDistance, km\n",
        "\nConsumption, l/100 km, the more the longer\n",
    ] {
        assert!(run.stdout.contains(heading), "{run:?}");
    }
    let drawn = run.stdout.lines().filter(|line| line.ends_with("##"));
    assert!(drawn.count() > 12, "{run:?}");
    assert!(run.stdout.lines().all(|line| line.chars().count() < 120));
    assert_eq!(sim.counters().requests(Route::Trips), 1);
}

#[tokio::test]
async fn many_days_become_one_line() {
    let sim = simulator().await;
    let from = Zoned::now().date().saturating_sub(90.days()).to_string();

    let run = against(&sim, &["trips", CAR, "--summary", "day", "--from", &from]).await;

    assert_eq!(run.code, 0, "{run:?}");
    assert!(!run.stdout.contains("##"), "{run:?}");
    assert_eq!(run.stdout.matches(", at most ").count(), 2, "{run:?}");
}

#[tokio::test]
async fn trips_are_written_to_files_that_only_their_owner_reads() {
    let sim = simulator().await;
    let folder = tempfile::tempdir().unwrap();
    for (format, begins, ends, count) in [
        ("csv", "id,started,ended,distance_km,", "\n", 3),
        ("jsonl", "{\"id\":", "}\n", 2),
        ("gpx", "<?xml version=\"1.0\"", "</gpx>\n", 0),
    ] {
        let file = folder.path().join(format).display().to_string();
        let args = [
            "trips", CAR, "--limit", "2", "--export", format, "--output", &file,
        ];

        let run = against(&sim, &args).await;

        assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{run:?}");
        assert_eq!(run.stderr, format!("note: wrote 2 trips to {file}\n"));
        let written = fs::read_to_string(&file).unwrap();
        assert!(
            written.starts_with(begins) && written.ends_with(ends),
            "{written}"
        );
        if count > 0 {
            assert_eq!(written.lines().count(), count, "{written}");
        } else {
            assert_eq!(written.matches("<trk>").count(), 2);
            assert!(written.matches("<trkpt ").count() > 20);
        }
        let again = against(&sim, &args).await;
        assert_eq!(again.code, 2, "{again:?}");
        assert!(again.stderr.contains("it is there already"), "{again:?}");
    }
}

#[tokio::test]
async fn a_hyphen_is_no_file() {
    let sim = simulator().await;

    let run = trips(&sim, &["--limit", "1", "--export", "csv", "--output", "-"]).await;

    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.starts_with("id,started,"), "{run:?}");
    assert_eq!(run.stderr, "note: wrote 1 trip\n");
    assert!(!std::path::Path::new("-").exists());
}

#[tokio::test]
async fn tracks_have_their_points_also_where_the_list_has_none() {
    let sim = simulator().await;
    sim.set_families(Families::NewOnly);

    let run = trips(&sim, &["--limit", "2", "--export", "gpx"]).await;

    assert_eq!(
        (run.code, run.stderr.as_str()),
        (0, "note: wrote 2 trips\n"),
        "{run:?}"
    );
    assert_eq!(run.stdout.matches("<trk>").count(), 2);
    assert!(run.stdout.matches("<trkpt ").count() > 20);
    let counters = sim.counters();
    let asked = [Route::Trips, Route::Trip].map(|route| counters.requests(route));
    assert_eq!(asked, [1, 2]);
}

#[tokio::test]
async fn a_file_that_did_not_become_whole_does_not_stay() {
    let sim = simulator().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trips.csv");
    let broken = toyota_sim::Fault::status(http::StatusCode::SERVICE_UNAVAILABLE);
    sim.script(Route::Trips, [toyota_sim::Fault::pass(), broken]);
    let year = Zoned::now().date().saturating_sub(300.days()).to_string();
    let path = file.display().to_string();

    let args = [
        "--no-retry",
        "trips",
        CAR,
        "--from",
        &year,
        "--export",
        "csv",
        "--output",
        &path,
    ];
    let run = against(&sim, &args).await;

    assert_eq!(run.code, 6, "{run:?}");
    assert!(!file.exists());
}

#[tokio::test]
async fn what_the_service_cannot_have_is_said() {
    let sim = simulator().await;
    for (args, word) in [
        (
            &["--from", "2020-01-01", "--to", "2020-02-01"][..],
            "about twelve months",
        ),
        (
            &[
                "--from",
                "2020-01-01",
                "--to",
                "2020-02-01",
                "--summary",
                "day",
            ],
            "twelve months",
        ),
    ] {
        let run = trips(&sim, args).await;

        assert_eq!(run.code, 0, "{args:?}: {run:?}");
        assert!(run.stdout.contains(word), "{args:?}: {run:?}");
    }
    for (args, word) in [
        (
            &["--from", "2026-02-02", "--to", "2026-02-01"][..],
            "is after",
        ),
        (&["--from", "yesterday"], "--from"),
        (&["--output", "x.csv"], "--export"),
        (
            &["--summary", "day", "--export", "csv"],
            "cannot be used with",
        ),
    ] {
        let run = trips(&sim, args).await;

        run.assert_not_done(word);
    }
}

#[tokio::test]
async fn who_has_read_enough_is_told_nothing() {
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_toyota"));
    let toyota = command
        .args(["--simulated", "trips", CAR, "--routes", "--export", "jsonl"])
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let mut toyota = toyota.spawn().unwrap();

    drop(toyota.stdout.take());
    let output = tokio::time::timeout(Duration::from_secs(60), toyota.wait_with_output());

    let output = output.await.unwrap().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

async fn trips(sim: &Simulator, args: &[&str]) -> Run {
    let args: Vec<_> = ["trips", CAR].iter().chain(args).copied().collect();
    against(sim, &args).await
}

/// Days that are over: nothing is added to them while a test runs.
struct Days {
    from: String,
    to: String,
}

impl Days {
    fn before_yesterday() -> Self {
        let today = Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        Self {
            from: today.saturating_sub(32.days()).to_string(),
            to: today.saturating_sub(2.days()).to_string(),
        }
    }

    async fn json(&self, sim: &Simulator, args: &[&str]) -> Value {
        let days = ["--from", &self.from, "--to", &self.to, "--json"];
        let args: Vec<_> = days.iter().chain(args).copied().collect();
        let run = trips(sim, &args).await;
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
        serde_json::from_str(&run.stdout).unwrap()
    }
}
