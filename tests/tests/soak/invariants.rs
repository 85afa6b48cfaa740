//! What has to hold: during each call, whenever nothing is under way, and at the end.

use http::StatusCode;
use tower_client_call::{CacheOutcome, CallSnapshot};
use toyota_client::{Error, Kind, ToyotaClient};
use toyota_sim::Counters;

use crate::clients::{MAX_ATTEMPTS, MAX_CACHED};
use crate::commands::{Command, Told};
use crate::measured::Measured;
use crate::panics;
use crate::tally::Figures;
use crate::weather::{API, LOGIN};

/// What may be live after a phase more than after the second, for tables of hashes that had to be
/// larger once. A call in a hundred that leaves a kilobyte would be more.
const SLACK: usize = 64 * 1024;
/// What a series may take that has come since; there are never more than [`MAX_SERIES`].
const SERIES: usize = 2 * 1024;
/// As many as there are labels for: operations, kinds of errors, statuses.
const MAX_SERIES: usize = 400;

/// What is held after a phase.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    /// Bytes that are live in the whole program.
    pub(crate) bytes: usize,
    /// Series of metrics.
    pub(crate) series: usize,
}

/// No call was attempted more often than it may be, none was sent more often than attempted and
/// replayed, and what was cached was not sent at all.
pub(crate) fn attempts_are_bounded(told: &CallSnapshot) {
    assert!(
        told.cache != Some(CacheOutcome::Hit) || told.sends == 0,
        "{told:?}"
    );
    assert!(told.attempts <= MAX_ATTEMPTS, "{told:?}");
    assert!(told.replays <= told.attempts, "{told:?}");
    assert!(told.sends <= told.attempts + told.replays, "{told:?}");
}

/// A call fails because of what went wrong, and of nothing else.
pub(crate) fn errors_are_of_expected_kinds(error: &Error) {
    let is_expected = match error.kind() {
        Kind::Network | Kind::Timeout | Kind::RateLimit | Kind::Server | Kind::Token => true,
        // A token was refused, and what said so broke off.
        Kind::Api => error.status() == Some(StatusCode::FORBIDDEN) && error.description().is_none(),
        _ => false,
    };
    assert!(is_expected, "{error:?}");
}

/// Nothing has panicked, be it a caller, a task of a layer or the simulator.
pub(crate) fn nobody_panicked() {
    assert_eq!(panics::count(), 0);
}

/// No command was carried out twice; none of which its caller was told that it had not been sent;
/// and each once that was accepted.
pub(crate) fn commands_are_carried_out_as_told(commands: &[Command], counters: &Counters) {
    for (number, command) in commands.iter().enumerate() {
        let shown = || format!("soak-{number}: {command:?}");
        assert!(command.times <= 1, "{}", shown());
        match command.told {
            Told::NotSent => assert_eq!(command.times, 0, "{}", shown()),
            Told::Accepted => assert_eq!(command.times, 1, "{}", shown()),
            Told::Nothing | Told::Failed => {}
        }
    }
    let carried_out: u64 = commands.iter().map(|it| u64::from(it.times)).sum();
    assert_eq!(carried_out, counters.commands_carried_out);
    assert_eq!(counters.commands_repeated, 0);
}

/// Every request that arrived was sent, every one that was answered has arrived, and calls and
/// transport have counted the same.
pub(crate) fn what_arrived_was_sent(measured: &Measured, arrived: &Counters, figures: &Figures) {
    for route in API.into_iter().chain(LOGIN) {
        let (sent, arrived) = (measured.sent(route), arrived.requests(route));
        assert!(sent.answered <= arrived, "{route:?}: {sent:?}, {arrived}");
        assert!(arrived <= sent.all, "{route:?}: {sent:?}, {arrived}");
    }
    for route in API {
        let sent = measured.sent(route).all;
        assert_eq!(sent, measured.counted_by_calls(route), "{route:?}");
    }
    assert_eq!(measured.sum("toyota_sends_total", None), figures.sends);
    assert_eq!(measured.sum("toyota_retries_total", None), figures.retries);
    assert_eq!(measured.sum("toyota_replays_total", None), figures.replays);
    assert_eq!(measured.sum("toyota_total", None), figures.calls);
}

/// Everything that is counted while it is under way has ended.
pub(crate) fn nothing_is_under_way(measured: &Measured, clients: &[ToyotaClient]) {
    for name in ["toyota_active", "http.client.active_requests"] {
        let gauges = measured.gauges(name);
        assert!(!gauges.is_empty(), "{name}");
        assert!(gauges.iter().all(|it| *it == 0.0), "{name}: {gauges:?}");
    }
    for client in clients {
        assert_eq!(client.cache().stats().in_flight, 0);
    }
}

/// What may grow is within its bounds: the answers that are kept, and the series of the metrics.
pub(crate) async fn bounds_are_kept(measured: &Measured, clients: &[ToyotaClient]) {
    for client in clients {
        let size = client.cache().size().await;
        let size = size.expect("a store that does not fail");
        assert!(size.entries <= MAX_CACHED, "{size:?}");
    }
    assert!(measured.series() <= MAX_SERIES, "{}", measured.series());
}

/// All that is looked for here did happen.
pub(crate) fn it_was_a_storm(figures: &Figures) {
    let counts = [
        figures.answers,
        figures.hits,
        figures.left,
        figures.retries,
        figures.replays,
    ];
    assert!(!counts.contains(&0), "{figures}");
    for kind in [Kind::Network, Kind::RateLimit, Kind::Server] {
        let count = figures.errors.get(&format!("{kind:?}"));
        assert!(count.is_some(), "{kind:?}: {figures}");
    }
}

/// Where nothing fails and nobody leaves, each request arrives once and is answered.
pub(crate) fn each_request_arrives_once(
    before: (&Measured, &Counters),
    after: (&Measured, &Counters),
) {
    for route in API {
        let sent = after.0.sent(route).all - before.0.sent(route).all;
        let answered = after.0.sent(route).answered - before.0.sent(route).answered;
        let arrived = after.1.requests(route) - before.1.requests(route);
        assert_eq!((sent, answered), (arrived, arrived), "{route:?}");
    }
}

/// From the second phase on no more is live after each, but for series that are new.
pub(crate) fn memory_does_not_grow(phases: &[Held]) {
    let [_, second, later @ ..] = phases else {
        panic!("too few phases to compare");
    };
    for phase in later {
        let new = phase.series.saturating_sub(second.series);
        let bound = second.bytes + SLACK + new * SERIES;
        assert!(phase.bytes <= bound, "{phase:?}: {phases:?}");
    }
}
