//! RFC 9111 section 4.2, in the words of its formulas.

use tower_client_cache::policy::{Exchange, FOREVER};

use super::storing::HEURISTIC;
use super::{Rules, date, directives, lines, list};

/// Section 4.2.3.
#[must_use]
pub fn current_age(exchange: &Exchange<'_>, now: i64) -> i128 {
    let response_time = i128::from(exchange.received.0);
    let request_time = i128::from(exchange.requested.0);
    let age_value = i128::from(age_value(exchange));
    let apparent_age = (response_time - date_value(exchange)).max(0);
    // Not in the text: clocks that were set back. A few seconds are none.
    if i128::from(now) < response_time - 5 {
        return FOREVER.into();
    }
    let response_delay = (response_time - request_time).max(0);
    let resident_time = (i128::from(now) - response_time).max(0);
    let corrected_age_value = age_value + response_delay;
    let corrected_initial_age = apparent_age.max(corrected_age_value);
    (corrected_initial_age + resident_time).min(FOREVER.into())
}

/// Section 4.2.1.
#[must_use]
pub fn freshness_lifetime(exchange: &Exchange<'_>, rules: &Rules) -> i128 {
    let says = directives::response(exchange.headers);
    if let (true, Some(seconds)) = (rules.shared, says.s_maxage) {
        return seconds.into();
    }
    if let Some(seconds) = says.max_age {
        return seconds.into();
    }
    let seconds = match lines(exchange.headers, "expires")[..] {
        [] if says.public || HEURISTIC.contains(&exchange.status.as_u16()) => {
            heuristic(exchange, rules)
        }
        // Section 5.3: what is invalid, or said twice, has passed.
        [expires] => date::parse(expires, exchange.received.0)
            .map_or(0, |expires| i128::from(expires) - date_value(exchange)),
        _ => 0,
    };
    seconds.clamp(0, FOREVER.into())
}

/// Section 4.2.2.
fn heuristic(exchange: &Exchange<'_>, rules: &Rules) -> i128 {
    let Some(modified) = only_date(exchange, "last-modified") else {
        return 0;
    };
    let unchanged = (date_value(exchange) - i128::from(modified)).clamp(0, FOREVER.into());
    let part = unchanged * i128::from(rules.percent.min(100)) / 100;
    part.min(rules.cap.min(FOREVER).into())
}

/// RFC 9110 section 6.6.1: the receipt, if there is no date.
#[must_use]
pub fn date_value(exchange: &Exchange<'_>) -> i128 {
    let date = only_date(exchange, "date");
    date.unwrap_or(exchange.received.0).into()
}

fn only_date(exchange: &Exchange<'_>, name: &str) -> Option<i64> {
    match lines(exchange.headers, name)[..] {
        [date] => date::parse(date, exchange.received.0),
        _ => None,
    }
}

/// Section 5.1: the first of several values, and none if that is invalid.
fn age_value(exchange: &Exchange<'_>) -> u32 {
    let all = lines(exchange.headers, "age").join(b",".as_slice());
    let first = all
        .split(|byte| *byte == b',')
        .map(<[u8]>::trim_ascii)
        .find(|member| !member.is_empty());
    first.and_then(list::seconds).unwrap_or(0)
}
