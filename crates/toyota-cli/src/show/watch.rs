//! Cars that are kept in view: a picture for people, a document a cycle for programs.

mod document;
mod footer;
mod headline;
mod line;
mod picture;
mod state;
#[cfg(test)]
mod tests;

use jiff::Timestamp;

pub(crate) use self::line::Paper;
pub(crate) use self::picture::Picture;
use super::{Show, note, print, tell};
use crate::chart::Canvas;
use crate::failure::Failure;
use crate::show::dashboard::word;
use crate::watch::View;

impl Show {
    /// Tells of a cycle that is over, where nothing is drawn again and again.
    pub(crate) fn cycle(self, view: &View, now: Timestamp) -> Result<(), Failure> {
        if self.is_json() {
            let document = document::document(view, now, self.units())?;
            return print(&document.to_string());
        }
        let paper = Paper::endless(Canvas::of_stdout().blocks);
        let picture = Picture::of(view, now, self.units(), &paper);
        print(&format!("{}\n", picture.lines.join("\n")))?;
        let cycle = view.last.as_ref().map(|last| &last.cycle);
        let errors = cycle.into_iter().flat_map(|cycle| {
            let failures = cycle.failures().map(|(_, error)| error);
            cycle.unlisted.iter().chain(failures)
        });
        for error in errors {
            note(&error.to_string());
        }
        Ok(())
    }

    /// Tells on stderr what was asked for in a cycle.
    pub(crate) fn asked(self, view: &View) {
        let cars = view.last.iter().flat_map(|last| &last.cycle.cars);
        for car in cars {
            for (set, outcome) in &car.outcomes {
                tell(&format!("{set} of {}: {}", car.vin, word(outcome)));
            }
        }
    }
}
