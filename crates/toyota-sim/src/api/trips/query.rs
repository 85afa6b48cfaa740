//! What a client asks of the trips.

use std::time::{Duration, SystemTime};

use jiff::civil::Date;

use crate::{
    api::refusal::Refusal,
    clock,
    exchange::Fields,
    payload::trips::{Question, day_of},
};

const DEFAULT_LIMIT: usize = 5;
const LIMITS: std::ops::RangeInclusive<usize> = 1..=50;
/// Where it is tomorrow first, and how much earlier than in Greenwich.
const EARLIEST_ZONE: Duration = Duration::from_secs(14 * 60 * 60);

/// Reads a question; both dates are asked for, and neither is in the future anywhere on earth.
pub(super) fn read(fields: &Fields, now: SystemTime) -> Result<Question, Refusal> {
    let question = Question {
        from: date(fields, "from")?,
        to: date(fields, "to")?,
        route: flag(fields, "route")?,
        summary: flag(fields, "summary")?,
        limit: number(fields, "limit", DEFAULT_LIMIT)?,
        offset: number(fields, "offset", 0)?,
    };
    let newest = day_of(clock::later(now, EARLIEST_ZONE));
    ensure(question.to <= newest, "to")?;
    ensure(question.from <= question.to, "from")?;
    ensure(LIMITS.contains(&question.limit), "limit")?;
    Ok(question)
}

fn date(fields: &Fields, name: &'static str) -> Result<Date, Refusal> {
    fields
        .get(name)
        .filter(|text| text.len() == "2023-11-27".len())
        .and_then(|text| text.parse().ok())
        .ok_or(Refusal::InvalidQuery(name))
}

/// Reads a flag in any case: the Python client writes `True`.
fn flag(fields: &Fields, name: &'static str) -> Result<bool, Refusal> {
    fields.get(name).map_or(Ok(false), |text| {
        text.to_ascii_lowercase()
            .parse()
            .map_err(|_| Refusal::InvalidQuery(name))
    })
}

fn number(fields: &Fields, name: &'static str, default: usize) -> Result<usize, Refusal> {
    fields.get(name).map_or(Ok(default), |text| {
        text.parse().map_err(|_| Refusal::InvalidQuery(name))
    })
}

fn ensure(holds: bool, name: &'static str) -> Result<(), Refusal> {
    if holds {
        Ok(())
    } else {
        Err(Refusal::InvalidQuery(name))
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use jiff::civil::date;

    use super::*;

    /// 2023-11-27T13:53:59Z, when it is the 28th in the first of all zones.
    const NOW: Duration = Duration::from_secs(1_701_093_239);

    #[test]
    fn a_query_of_two_dates_has_the_service_s_defaults() {
        let expected = Question {
            from: date(2023, 11, 1),
            to: date(2023, 11, 27),
            route: false,
            summary: false,
            limit: 5,
            offset: 0,
        };

        assert_eq!(asked("from=2023-11-01&to=2023-11-27"), Ok(expected));
    }

    #[test]
    fn flags_are_read_in_any_case() {
        let query = asked("from=2020-01-01&to=2023-11-27&route=True&summary=false").unwrap();

        assert!(query.route);
        assert!(!query.summary);
    }

    #[test]
    fn each_mistake_is_told_by_name() {
        for (query, name) in [
            ("to=2023-11-27", "from"),
            ("from=2023-11-27", "to"),
            ("from=2023-11-27T00:00:00&to=2023-11-27", "from"),
            ("from=2023-02-30&to=2023-11-27", "from"),
            ("from=2023-11-27&to=2023-11-26", "from"),
            ("from=2023-11-27&to=2023-11-29", "to"),
            ("from=2023-11-27&to=2023-11-27&route=1", "route"),
            ("from=2023-11-27&to=2023-11-27&summary=", "summary"),
            ("from=2023-11-27&to=2023-11-27&limit=51", "limit"),
            ("from=2023-11-27&to=2023-11-27&limit=0", "limit"),
            ("from=2023-11-27&to=2023-11-27&offset=-1", "offset"),
        ] {
            assert_eq!(asked(query), Err(Refusal::InvalidQuery(name)), "{query}");
        }
    }

    #[test]
    fn today_may_be_tomorrow_elsewhere() {
        assert!(asked("from=2023-11-28&to=2023-11-28").is_ok());
    }

    fn asked(query: &str) -> Result<Question, Refusal> {
        read(&Fields::parse(query.as_bytes()), UNIX_EPOCH + NOW)
    }
}
