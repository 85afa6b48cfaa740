//! A battery: its level, its range, how and when it is charged.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use toyota_client::Vin;
use toyota_client::model::{ChargingSchedule, ChargingWindow, Decoded, Electric};

use super::{Facts, Show, columns, note_warnings, or_dash, print, print_lines, span, when};
use crate::chart::{Canvas, gauge};
use crate::failure::Failure;

/// How long the picture of a full battery is.
const GAUGE: usize = 20;

impl Show {
    pub(crate) fn electric(
        self,
        vin: &Vin,
        electric: &Decoded<Option<Electric>>,
        now: Timestamp,
    ) -> Result<(), Failure> {
        if self.is_json() {
            return self.document(vin, "electric", &electric.value, &electric.warnings);
        }
        let known = electric.value.clone().unwrap_or_default();
        print_lines(&facts(&known, self, now, &TimeZone::system()))?;
        let schedules = known.schedules.unwrap_or_default();
        if !schedules.is_empty() {
            print(&format!("\n{}", table(&schedules)))?;
        }
        note_warnings(electric.warnings.len());
        Ok(())
    }
}

fn facts(known: &Electric, show: Show, now: Timestamp, zone: &TimeZone) -> Facts {
    let distance = |distance| show.distance(distance);
    let percent = |level: f64| format!("{level} %");
    let level = |level: f64| format!("{level} % {}", picture(level));
    let event = known.next_event.as_ref();
    let event = event.and_then(|event| event.next(now, zone));
    let current = known.current_window(now, zone);
    vec![
        ("battery", known.battery_level.map(level)),
        ("usable", known.usable_battery_level.map(percent)),
        (
            "charging",
            known.charging_status.as_ref().map(ToString::to_string),
        ),
        ("full in", known.remaining_charge_time().map(span)),
        ("electric range", known.ev_range.map(distance)),
        ("with climate", known.ev_range_with_ac.map(distance)),
        ("fuel range", known.fuel_range.map(distance)),
        ("total range", known.total_range_with_ac.map(distance)),
        ("fuel", known.fuel_level.map(percent)),
        ("next event", event.map(|event| when(event.timestamp()))),
        ("charges now", current.map(|it| window(&it))),
        (
            "charges next",
            known.next_window(now, zone).map(|it| window(&it)),
        ),
        ("reported", known.updated.map(when)),
    ]
}

/// How full the battery is.
fn picture(level: f64) -> String {
    let canvas = Canvas {
        colours: false,
        ..Canvas::of_stdout()
    };
    gauge(level, GAUGE, canvas)
}

fn window(window: &ChargingWindow) -> String {
    let start = when(window.start.timestamp());
    match window.duration() {
        Some(duration) => format!("{start}, for {}", span(duration)),
        None => start,
    }
}

fn table(schedules: &[ChargingSchedule]) -> String {
    let rows = schedules.iter().map(|schedule| {
        let days: Vec<_> = schedule.days.iter().map(|day| format!("{day:?}")).collect();
        let days = days.iter().filter_map(|day| day.get(..3));
        [
            if schedule.is_enabled() { "on" } else { "off" }.to_owned(),
            or_dash(
                schedule
                    .start
                    .map(|start| start.strftime("%H:%M").to_string()),
            ),
            or_dash(schedule.end.map(|end| end.strftime("%H:%M").to_string())),
            days.collect::<Vec<_>>().join(" "),
        ]
    });
    columns(["SCHEDULE", "FROM", "TO", "ON"], rows)
}
