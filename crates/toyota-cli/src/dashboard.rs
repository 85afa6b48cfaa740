//! All that is known of a car, at a glance.

use jiff::tz::TimeZone;
use toyota_client::car::{Car, DataSet, Outcome, Update, UpdateReport};

use crate::args::DashboardArgs;
use crate::caller::Caller;
use crate::car;
use crate::failure::Failure;
use crate::show::Show;
use crate::target::Client;

/// Asks for everything, one data set after the other, and tells what came of it. One that fails costs
/// no more than itself; it is a failure if all do.
pub(crate) async fn tell(args: &DashboardArgs, caller: &Caller, show: Show) -> Result<(), Failure> {
    let update = wanted(args);
    if !DataSet::ALL.into_iter().any(|it| update.wants(it)) {
        return Err(Failure::usage("--only and --skip leave nothing to ask for"));
    }
    let vehicle = car::find_vehicle(caller, args.car.as_ref()).await?;
    let mut car = Car::new(vehicle);
    let updating = caller.ask("asking for everything", async |client: Client| {
        Ok(client.update(&mut car, &update).await)
    });
    let report = updating.await?;
    if let Some(failure) = nothing_but_failures(&report, caller) {
        return Err(failure);
    }
    show.dashboard(&car, &report)
}

/// What is asked for.
fn wanted(args: &DashboardArgs) -> Update {
    let mut update = Update::all().in_zone(TimeZone::system());
    if !args.only.is_empty() {
        update = update.only(args.only.iter().copied());
    }
    update.skip(args.skip.iter().copied())
}

/// The first failure, where nothing was read.
fn nothing_but_failures(report: &UpdateReport, caller: &Caller) -> Option<Failure> {
    let is_read = |outcome: &Outcome| matches!(outcome, Outcome::Updated | Outcome::Empty);
    if report.iter().any(|(_, outcome)| is_read(outcome)) {
        return None;
    }
    let (_, error) = report.failures().next()?;
    Some(caller.target.failed(error))
}
