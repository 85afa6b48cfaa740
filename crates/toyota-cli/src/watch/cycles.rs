//! Cycle after cycle, step by step, and each second between them.

use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep_until};
use toyota_client::wake::WakeRecord;
use toyota_client::watch::{Cycle, Watch};
use toyota_client::{HttpService, ToyotaClient, Vin};

use super::view::{Doing, LastCycle, View};
use crate::failure::Failure;

/// How often what is seen is told anew: ages are in seconds at first.
const TICK: Duration = Duration::from_secs(1);

/// When something is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// A second has passed, or something of a car was read.
    Passing,
    /// A cycle is over.
    CycleOver,
}

/// Makes cycles until one of these: so many are made, somebody wants it to `stop`, it cannot be
/// `told`, or nobody is signed in any more.
pub(super) async fn cycles<S: HttpService>(
    mut watch: Watch<S>,
    client: &ToyotaClient<S>,
    rounds: Option<u32>,
    view: &mut View,
    stop: impl Future<Output = Result<(), Failure>>,
    mut tell: impl FnMut(&mut View, Moment) -> Result<(), Failure>,
) -> Result<(), Failure> {
    // One for all of the run: between two of them a signal would be lost.
    let mut stop = pin!(stop);
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for number in 1..=rounds.unwrap_or(u32::MAX) {
        let began = Instant::now();
        let asking = |view: &mut View| {
            let since = began.elapsed();
            view.doing = Doing::Asking { since };
        };
        let cycle = loop {
            let pass = || {
                asking(view);
                tell(view, Moment::Passing)
            };
            let step = step(&mut watch, client);
            let Some(step) = meanwhile(step, &mut stop, &mut ticks, pass).await? else {
                return Ok(());
            };
            view.see(&watch, step.woken);
            if let Some(cycle) = step.cycle {
                break cycle;
            }
            asking(view);
            tell(view, Moment::Passing)?;
        };
        let is_last = rounds == Some(number);
        let due = Instant::now() + watch.due_in();
        view.end(LastCycle {
            number,
            cycle,
            took: began.elapsed(),
        });
        view.doing = if is_last { Doing::Done } else { until(due) };
        tell(view, Moment::CycleOver)?;
        if is_last || view.signed_out().is_some() {
            break;
        }
        let pass = || {
            view.doing = until(due);
            tell(view, Moment::Passing)
        };
        let waited = meanwhile(sleep_until(due), &mut stop, &mut ticks, pass);
        if waited.await?.is_none() {
            break;
        }
    }
    Ok(())
}

/// Waits for something, and each second lets it `pass`; nothing when somebody wants it to `stop` before.
async fn meanwhile<T>(
    waited_for: impl Future<Output = T>,
    stop: &mut (impl Future<Output = Result<(), Failure>> + Unpin),
    ticks: &mut Interval,
    mut pass: impl FnMut() -> Result<(), Failure>,
) -> Result<Option<T>, Failure> {
    // On the heap: it is as large as all that can be asked for.
    let mut waited_for = Box::pin(waited_for);
    loop {
        tokio::select! {
            stopped = &mut *stop => return stopped.map(|()| None),
            come = &mut waited_for => return Ok(Some(come)),
            _ = ticks.tick() => pass()?,
        }
    }
}

/// What came of a step.
struct Step {
    /// The cycle, if it is over.
    cycle: Option<Cycle>,
    /// The car whose turn it was, and how it was woken.
    woken: Option<(Vin, WakeRecord)>,
}

/// Makes a step of a cycle, and looks up how the car whose turn it is was woken.
async fn step<S: HttpService>(watch: &mut Watch<S>, client: &ToyotaClient<S>) -> Step {
    let vin = watch.current().map(|car| car.vin().clone());
    let cycle = watch.step().await;
    let woken = match vin {
        Some(vin) => {
            let wakes = client.wake_record(&vin).await;
            Some((vin, wakes))
        }
        None => None,
    };
    Step { cycle, woken }
}

fn until(due: Instant) -> Doing {
    let left = due.saturating_duration_since(Instant::now());
    Doing::Waiting { left }
}

#[cfg(test)]
mod tests;
