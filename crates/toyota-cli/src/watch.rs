//! Cars that are kept in view: in place in a terminal, elsewhere a table or a document each cycle.

mod cycles;
mod screen;
#[cfg(test)]
pub(crate) mod scripted;
mod totals;
mod view;

use std::time::Duration;

use jiff::tz::TimeZone;
use toyota_client::Clock;
use toyota_client::metrics::Registry;
use toyota_client::wake::WakeOptions;
use toyota_client::watch::{Cadence, Watch};

use self::cycles::{Moment, cycles};
use self::screen::Screen;
pub(crate) use self::totals::Totals;
#[cfg(test)]
pub(crate) use self::view::LastCycle;
pub(crate) use self::view::{Doing, View, Watched};
use crate::args::WatchArgs;
use crate::caller::Caller;
use crate::car;
use crate::failure::Failure;
use crate::show::{self, Paper, Picture, Show};
use crate::stopped::stopped;
use crate::target::Client;

const MINUTE: u64 = 60;

/// Makes cycle after cycle, and tells of each, until Ctrl-C or so many cycles.
pub(crate) async fn run(args: &WatchArgs, caller: &Caller, show: Show) -> Result<(), Failure> {
    let registry = caller.target.registry.clone().unwrap_or_default();
    let client = caller.client.clone().measured_in(registry.clone());
    let cadence = Cadence {
        cycle: Duration::from_secs(u64::from(args.every) * MINUTE),
        ..Cadence::default()
    };
    let watch = watch(args, cadence, client.clone(), caller).await?;
    let mut view = View::new(cadence, client.wake_settings().quotas);
    // Before there is a screen that a signal could leave open.
    let stopped = stopped()?;
    let mut teller = Teller {
        screen: open(show)?,
        registry,
        clock: Clock::system(),
        show,
        verbose: caller.verbose,
    };
    let told = |view: &mut View, moment| teller.tell(view, moment);
    let done = cycles(watch, &client, args.rounds, &mut view, stopped, told).await;
    let done = done.and(teller.close(&mut view));
    // The terminal is as it was: what went wrong can be read.
    let refused = view.signed_out().map(|error| caller.target.failed(error));
    done.and(refused.map_or(Ok(()), Err))
}

/// The watch that is asked for.
async fn watch(
    args: &WatchArgs,
    cadence: Cadence,
    client: Client,
    caller: &Caller,
) -> Result<Watch, Failure> {
    let wakes = WakeOptions {
        enabled: !args.no_wake,
        ..WakeOptions::default()
    };
    let watch = Watch::new(client).in_zone(TimeZone::system());
    let watch = watch.cadence(cadence).and_then(|watch| watch.wakes(wakes));
    let watch = watch.map_err(Failure::usage)?;
    if args.cars.is_empty() {
        return Ok(watch);
    }
    let mut vins = Vec::new();
    for name in &args.cars {
        vins.push(car::find_vehicle(caller, Some(name)).await?.vin);
    }
    Ok(watch.only(vins))
}

/// Documents are written, not drawn.
fn open(show: Show) -> Result<Option<Screen>, Failure> {
    if show.is_json() {
        return Ok(None);
    }
    screen::open().map_err(Failure::internal)
}

/// Tells of a watch: in place where there is a terminal, or else of each cycle.
#[derive(Debug)]
struct Teller {
    screen: Option<Screen>,
    registry: Registry,
    clock: Clock,
    show: Show,
    verbose: bool,
}

impl Teller {
    fn tell(&mut self, view: &mut View, moment: Moment) -> Result<(), Failure> {
        view.totals = Totals::of(&self.registry);
        let now = self.clock.now();
        match (&mut self.screen, moment) {
            (Some(screen), _) => {
                let picture = Picture::of(view, now, self.show.units(), &screen::paper());
                screen.draw(&picture.lines).map_err(Failure::internal)
            }
            (None, Moment::Passing) => Ok(()),
            (None, Moment::CycleOver) => {
                if self.verbose {
                    self.show.asked(view);
                }
                self.show.cycle(view, now)
            }
        }
    }

    /// Leaves the terminal as it was; what was seen last stays there to be read.
    fn close(mut self, view: &mut View) -> Result<(), Failure> {
        if self.screen.take().is_none() || (view.last.is_none() && view.cars.is_empty()) {
            return Ok(());
        }
        view.doing = Doing::Done;
        let paper = Paper {
            height: None,
            ..screen::paper()
        };
        let picture = Picture::of(view, self.clock.now(), self.show.units(), &paper);
        show::draw(&picture.lines.join("\n"))
    }
}
