//! Which route is tried when, and what is learnt of one.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::memory::RouteMemory;
use crate::refusals::{BELIEVED, REPROBE};
use crate::routes::Route;

/// Returns the routes to try, in their order: those that were not refused within a day; and after these,
/// where one of them has answered before, the others. If that one is refused now, something has moved
/// since the others were.
pub(super) fn in_order<'a>(
    routes: &'a [Route],
    memory: &RouteMemory,
    now: Timestamp,
) -> Vec<&'a Route> {
    let is_tried = |route: &&Route| {
        let until = memory.refused.get(route.path());
        // A clock that was set back holds nobody up for longer than was meant.
        until.is_none_or(|until| now >= *until || until.duration_since(now) > REPROBE)
    };
    let (mut tried, others): (Vec<_>, Vec<_>) = routes.iter().partition(is_tried);
    let answered = |route: &&Route| memory.answered.as_deref() == Some(route.path());
    if tried.iter().any(answered) {
        tried.extend(others);
    }
    tried
}

/// Returns what is known after these were refused, and this one answered. That all are is believed after
/// several times in a row, and from then on at once, until one answers.
pub(super) fn learn(
    mut memory: RouteMemory,
    refused: Vec<String>,
    answered: Option<String>,
    now: Timestamp,
) -> RouteMemory {
    memory.strikes = match answered {
        Some(_) => 0,
        None => memory.strikes.saturating_add(1),
    };
    if answered.is_none() && memory.strikes < BELIEVED {
        return memory;
    }
    memory.refused.retain(|_, until| now < *until);
    let until = now.saturating_add(REPROBE).unwrap_or(Timestamp::MAX);
    for path in refused {
        if memory.answered.as_ref() == Some(&path) {
            memory.answered = None;
        }
        memory.refused.insert(path, until);
    }
    if let Some(path) = answered {
        memory.refused.remove(&path);
        memory.answered = Some(path);
    }
    memory
}

/// Returns what is asked for by a route.
pub(super) fn target<'a>(
    route: &'a Route,
    segment: Option<&str>,
    query: Option<&str>,
) -> Cow<'a, str> {
    let path = match segment {
        Some(segment) => Cow::Owned(route.path().replace("{id}", segment)),
        None => Cow::Borrowed(route.path()),
    };
    match query {
        Some(query) => Cow::Owned(format!("{path}?{query}")),
        None => match path {
            Cow::Borrowed(_) => Cow::Borrowed(route.path()),
            Cow::Owned(path) => Cow::Owned(path),
        },
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::routes::{Feature, RouteTable};

    const NEW: &str = "/v1/vehicle/status";
    const OLD: &str = "/v1/global/remote/status";

    fn at(hours: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours)
    }

    fn tried(memory: &RouteMemory, now: Timestamp) -> Vec<String> {
        let table = RouteTable::default();
        let routes = in_order(table.routes(Feature::Status), memory, now);
        let paths = routes.into_iter().map(Route::path);
        paths.map(ToOwned::to_owned).collect()
    }

    fn refused(path: &str, answered: Option<&str>, now: Timestamp) -> RouteMemory {
        let answered = answered.map(ToOwned::to_owned);
        learn(RouteMemory::default(), vec![path.to_owned()], answered, now)
    }

    #[test]
    fn a_refused_route_is_the_last_resort_for_a_day_and_then_tried_first_again() {
        let memory = refused(NEW, Some(OLD), at(0));

        assert_eq!(memory.answered.as_deref(), Some(OLD));
        assert_eq!(tried(&memory, at(0)), [OLD, NEW]);
        assert_eq!(tried(&memory, at(23)), [OLD, NEW]);
        assert_eq!(tried(&memory, at(24)), [NEW, OLD]);
    }

    #[test]
    fn nothing_is_tried_where_all_were_refused() {
        let memory = RouteMemory::default();
        let memory = (0..BELIEVED).fold(memory, |memory, _| {
            learn(memory, vec![NEW.to_owned()], None, at(0))
        });
        let memory = learn(memory, vec![OLD.to_owned()], None, at(1));

        assert!(tried(&memory, at(2)).is_empty());
        assert_eq!(tried(&memory, at(24)), [NEW]);
        assert_eq!(tried(&memory, at(25)), [NEW, OLD]);
    }

    #[test]
    fn what_was_believed_once_is_believed_at_once_until_something_answers() {
        let all = || vec![NEW.to_owned(), OLD.to_owned()];
        let closed = (0..BELIEVED).fold(RouteMemory::default(), |memory, _| {
            learn(memory, all(), None, at(0))
        });

        let again = learn(closed.clone(), all(), None, at(24));
        let answered = learn(closed, vec![NEW.to_owned()], Some(OLD.to_owned()), at(24));
        let doubted = learn(answered, all(), None, at(48));

        assert!(tried(&again, at(47)).is_empty());
        assert_eq!(tried(&doubted, at(48)), [NEW, OLD]);
    }

    #[test]
    fn an_answer_takes_a_refusal_back() {
        let memory = refused(NEW, Some(OLD), at(0));

        let memory = learn(memory, vec![OLD.to_owned()], Some(NEW.to_owned()), at(1));

        assert_eq!(memory.answered.as_deref(), Some(NEW));
        assert_eq!(tried(&memory, at(1)), [NEW, OLD]);
    }

    #[test]
    fn a_clock_that_was_set_back_holds_nobody_up() {
        let memory = refused(NEW, Some(OLD), at(1_000));

        assert_eq!(tried(&memory, at(0)), [NEW, OLD]);
    }

    #[test]
    fn a_target_has_the_identifier_in_its_place_and_the_query_at_its_end() {
        let table = RouteTable::default();
        let trip = &table.routes(Feature::Trip)[0];
        let trips = &table.routes(Feature::Trips)[0];

        assert_eq!(target(trip, Some("7"), None), "/v1/trips/7");
        assert_eq!(target(trips, None, Some("limit=1")), "/v1/trips?limit=1");
        assert_eq!(target(trips, None, None), "/v1/trips");
    }
}
