//! Commands to charge, now or at a time.

use serde_json::Value;

use super::{
    command::{Kind, Wish},
    envelope,
    refusal::Refusal,
};
use crate::{
    account::Car,
    garage::{ChargingReservation, Task, TimeOfDay},
};

const DAYS: [&str; 7] = [
    "MONDAY",
    "TUESDAY",
    "WEDNESDAY",
    "THURSDAY",
    "FRIDAY",
    "SATURDAY",
    "SUNDAY",
];

pub(super) static COMMAND: Kind = Kind {
    read,
    envelope: envelope::remote,
};

fn read(body: &Value, _: &Car) -> Result<Wish, Refusal> {
    let command = body
        .get("command")
        .and_then(Value::as_str)
        .ok_or(Refusal::InvalidBody)?;
    let task = match command {
        "CHARGE_NOW" => Task::Charge,
        "RESERVE_CHARGE" | "SET_CHARGING_TIME" => {
            let wanted = body.get("reservationCharge");
            let reservation = wanted.and_then(reservation);
            Task::Reserve(reservation.ok_or(Refusal::InvalidBody)?)
        }
        _ => return Err(Refusal::UnknownCommand),
    };
    Ok(Wish::new(command, Some(task)))
}

fn reservation(wanted: &Value) -> Option<ChargingReservation> {
    let day = wanted.get("day")?.as_str()?;
    let (weekday, _) = (1_u8..).zip(DAYS).find(|(_, name)| *name == day)?;
    // What is there has to be a time.
    let at = |name: &str| match wanted.get(name) {
        None => Some(None),
        Some(given) => time(given).map(Some),
    };
    let (start, end) = (at("startTime")?, at("endTime")?);
    let complete = match wanted.get("chargeType")?.as_str()? {
        "startOnly" => start.is_some() && end.is_none(),
        "startEnd" => end.is_some(),
        _ => false,
    };
    complete.then_some(ChargingReservation {
        weekday,
        start,
        end,
    })
}

fn time(given: &Value) -> Option<TimeOfDay> {
    let part = |name: &str, limit: u8| {
        let part = given.get(name)?.as_u64()?;
        u8::try_from(part).ok().filter(|part| *part < limit)
    };
    Some(TimeOfDay {
        hour: part("hour", 24)?,
        minute: part("minute", 60)?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reservation_has_a_day_and_its_times() {
        let half_past_one = json!({"hour": 1, "minute": 30});
        let expected = ChargingReservation {
            weekday: 3,
            start: Some(TimeOfDay {
                hour: 1,
                minute: 30,
            }),
            end: None,
        };

        let wanted = json!({
            "chargeType": "startOnly", "day": "WEDNESDAY", "startTime": half_past_one,
        });

        assert_eq!(reservation(&wanted), Some(expected));
    }

    #[test]
    fn half_a_reservation_is_none() {
        let time = json!({"hour": 1, "minute": 30});
        for wanted in [
            json!(null),
            json!({"chargeType": "startOnly", "day": "MONDAY"}),
            json!({"chargeType": "startOnly", "day": "monday", "startTime": time}),
            json!({"chargeType": "sometime", "day": "MONDAY", "startTime": time}),
            json!({"chargeType": "startEnd", "day": "MONDAY", "startTime": time}),
            json!({"chargeType": "startOnly", "day": "MONDAY", "startTime": {"hour": 24, "minute": 0}}),
            json!({"chargeType": "startOnly", "day": "MONDAY", "startTime": {"hour": 1, "minute": 60}}),
            json!({"chargeType": "startOnly", "day": "MONDAY", "startTime": {"hour": -1, "minute": 0}}),
            json!({"chargeType": "startOnly", "day": "MONDAY", "startTime": "01:30"}),
            json!({"day": "MONDAY", "startTime": time}),
        ] {
            assert_eq!(reservation(&wanted), None, "{wanted}");
        }
    }
}
