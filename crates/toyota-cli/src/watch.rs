//! Cars that are kept in view: in place in a terminal, elsewhere a table or a document each cycle.

mod screen;
mod totals;
mod view;

use std::pin::pin;
use std::time::Duration;

use jiff::tz::TimeZone;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};
use toyota_client::metrics::Registry;
use toyota_client::wake::WakeOptions;
use toyota_client::watch::{Cadence, Cycle, Watch};
use toyota_client::{Clock, Kind};

use self::screen::Screen;
pub(crate) use self::totals::Totals;
pub(crate) use self::view::{Doing, LastCycle, View, Watched};
use crate::args::WatchArgs;
use crate::caller::Caller;
use crate::car;
use crate::failure::Failure;
use crate::show::{self, Paper, Picture, Show};
use crate::target::Client;

const MINUTE: u64 = 60;
/// How often what is in a terminal is drawn: ages are in seconds at first.
const TICK: Duration = Duration::from_secs(1);

/// Makes cycle after cycle, and tells of each, until Ctrl-C or so many cycles.
pub(crate) async fn run(args: &WatchArgs, caller: &Caller, show: Show) -> Result<(), Failure> {
    let registry = caller.target.registry.clone().unwrap_or_default();
    let client = caller.client.clone().measured_in(registry.clone());
    let cadence = Cadence {
        cycle: Duration::from_secs(u64::from(args.every) * MINUTE),
        ..Cadence::default()
    };
    let watch = watch(args, cadence, client.clone(), caller).await?;
    let mut watching = Watching {
        view: View::new(cadence),
        registry,
        clock: Clock::system(),
        screen: open(show)?,
        show,
        verbose: caller.verbose,
    };
    let done = watching.run(watch, &client, args.rounds, caller).await;
    done.and(watching.close())
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
    Screen::open().map_err(Failure::internal)
}

/// What is told of a watch, and where.
#[derive(Debug)]
struct Watching {
    view: View,
    registry: Registry,
    clock: Clock,
    /// Where it is drawn; if nowhere, each cycle is printed.
    screen: Option<Screen>,
    show: Show,
    verbose: bool,
}

impl Watching {
    async fn run(
        &mut self,
        mut watch: Watch,
        client: &Client,
        rounds: Option<u32>,
        caller: &Caller,
    ) -> Result<(), Failure> {
        // One for all of the run: between two of them a signal would be lost.
        let mut stop = pin!(stopped());
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        for number in 1..=rounds.unwrap_or(u32::MAX) {
            let began = Instant::now();
            let asked = {
                // On the heap: it is as large as all that can be asked for.
                let mut asking = Box::pin(once(&mut watch, client));
                loop {
                    tokio::select! {
                        stopped = &mut stop => return stopped,
                        asked = &mut asking => break asked,
                        _ = ticks.tick() => self.draw(Doing::Asking { since: began.elapsed() })?,
                    }
                }
            };
            let due = Instant::now() + watch.due_in();
            let is_last = rounds == Some(number);
            self.take(number, asked, began.elapsed());
            self.tell(if is_last { Doing::Done } else { waiting(due) })?;
            if let Some(failure) = self.signed_out(caller) {
                return Err(failure);
            }
            while !is_last && Instant::now() < due {
                tokio::select! {
                    stopped = &mut stop => return stopped,
                    () = sleep_until(due) => {}
                    _ = ticks.tick() => self.draw(waiting(due))?,
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, number: u32, (cycle, cars): (Cycle, Vec<Watched>), took: Duration) {
        self.view.cars = cars;
        self.view.last = Some(LastCycle {
            number,
            cycle,
            took,
        });
    }

    /// Tells of a cycle that is over.
    fn tell(&mut self, doing: Doing) -> Result<(), Failure> {
        if self.screen.is_some() {
            return self.draw(doing);
        }
        self.see(doing);
        if self.verbose {
            self.show.asked(&self.view);
        }
        self.show.cycle(&self.view, self.clock.now())
    }

    /// Draws what is known, where that is to be seen.
    fn draw(&mut self, doing: Doing) -> Result<(), Failure> {
        self.see(doing);
        let Some(screen) = &mut self.screen else {
            return Ok(());
        };
        let paper = Screen::paper();
        let picture = Picture::of(&self.view, self.clock.now(), self.show.units(), &paper);
        screen.draw(&picture.lines).map_err(Failure::internal)
    }

    fn see(&mut self, doing: Doing) {
        self.view.doing = doing;
        self.view.totals = Totals::of(&self.registry);
    }

    /// Nothing more can be asked for by somebody who is not signed in any more.
    fn signed_out(&self, caller: &Caller) -> Option<Failure> {
        let cycle = &self.view.last.as_ref()?.cycle;
        let failures = cycle.failures().map(|(_, error)| error);
        let mut failures = cycle.unlisted.iter().chain(failures);
        let refused = failures.find(|error| error.is(Kind::Authentication))?;
        Some(caller.target.failed(refused))
    }

    /// Leaves the terminal as it was; what was seen last stays there to be read.
    fn close(mut self) -> Result<(), Failure> {
        if self.screen.take().is_none() || self.view.last.is_none() {
            return Ok(());
        }
        self.see(Doing::Done);
        let paper = Paper {
            height: None,
            ..Screen::paper()
        };
        let picture = Picture::of(&self.view, self.clock.now(), self.show.units(), &paper);
        show::draw(&picture.lines.join("\n"))
    }
}

/// Makes a cycle, and looks up how the cars were woken.
async fn once(watch: &mut Watch, client: &Client) -> (Cycle, Vec<Watched>) {
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

fn waiting(due: Instant) -> Doing {
    let left = due.saturating_duration_since(Instant::now());
    Doing::Waiting { left }
}

/// Waits until somebody wants this to end.
async fn stopped() -> Result<(), Failure> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut told = signal(SignalKind::terminate()).map_err(Failure::internal)?;
        tokio::select! {
            stopped = tokio::signal::ctrl_c() => stopped.map_err(Failure::internal),
            _ = told.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.map_err(Failure::internal)
}
