//! Cycle after cycle, and each second between them.

use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};
use toyota_client::watch::{Cycle, Watch};
use toyota_client::{HttpService, ToyotaClient};

use super::view::{Doing, LastCycle, View, Watched};
use crate::failure::Failure;

/// How often what is seen is told anew: ages are in seconds at first.
const TICK: Duration = Duration::from_secs(1);

/// When something is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// A second has passed.
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
        let (cycle, cars) = {
            // On the heap: it is as large as all that can be asked for.
            let mut asking = Box::pin(once(&mut watch, client));
            loop {
                tokio::select! {
                    stopped = &mut stop => return stopped,
                    asked = &mut asking => break asked,
                    _ = ticks.tick() => {
                        view.doing = Doing::Asking { since: began.elapsed() };
                        tell(view, Moment::Passing)?;
                    }
                }
            }
        };
        let is_last = rounds == Some(number);
        let due = Instant::now() + watch.due_in();
        view.cars = cars;
        view.last = Some(LastCycle {
            number,
            cycle,
            took: began.elapsed(),
        });
        view.doing = if is_last { Doing::Done } else { until(due) };
        tell(view, Moment::CycleOver)?;
        if is_last || view.signed_out().is_some() {
            break;
        }
        while Instant::now() < due {
            tokio::select! {
                stopped = &mut stop => return stopped,
                () = sleep_until(due) => {}
                _ = ticks.tick() => {
                    view.doing = until(due);
                    tell(view, Moment::Passing)?;
                }
            }
        }
    }
    Ok(())
}

/// Makes a cycle, and looks up how the cars were woken.
async fn once<S: HttpService>(
    watch: &mut Watch<S>,
    client: &ToyotaClient<S>,
) -> (Cycle, Vec<Watched>) {
    let cycle = watch.next().await;
    let mut cars = Vec::new();
    for car in watch.cars() {
        cars.push(Watched {
            car: car.clone(),
            wakes: client.wake_record(car.vin()).await,
        });
    }
    (cycle, cars)
}

fn until(due: Instant) -> Doing {
    let left = due.saturating_duration_since(Instant::now());
    Doing::Waiting { left }
}

#[cfg(test)]
mod tests;
