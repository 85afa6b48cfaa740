//! Which page is next: a plain decision on what the last one said.

use std::collections::HashSet;

use super::id::TripId;
use super::page::Page;
use super::trip::Trip;

/// A year of fifteen trips a day has 110 pages, and 5,475 of one trip each.
const MAX_PAGES: u32 = 6_000;

/// Why no more pages are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum End {
    /// The service said that there are no more.
    Complete,
    /// The service named a page beyond one without trips.
    EmptyPage,
    /// The service named a page that was there before: there may be more trips.
    Repeated,
    /// There are more pages than of any year: there may be more trips.
    TooMany,
}

/// Where it is among the pages.
#[derive(Clone, Debug, Default)]
pub(super) struct Paging {
    /// Where the page begins that is asked for next.
    pub(super) offset: u64,
    pages: u32,
    /// The trips of the page before.
    last: HashSet<TripId>,
}

impl Paging {
    /// Takes a page: its trips, and why it was the last one if it was.
    ///
    /// A trip that ends while pages are read moves all others by one place: the last trip of a page
    /// is the first of the next. It is taken once.
    pub(super) fn take(&mut self, page: Option<Page>) -> (Vec<Trip>, Option<End>) {
        let mut page = page.unwrap_or_default();
        self.pages += 1;
        let end = self.end(&page);
        if let Some(next) = page.next_offset {
            self.offset = next;
        }
        page.trips
            .retain(|trip| trip.id.as_ref().is_none_or(|id| !self.last.contains(id)));
        self.last = page
            .trips
            .iter()
            .filter_map(|trip| trip.id.clone())
            .collect();
        (page.trips, end)
    }

    fn end(&self, page: &Page) -> Option<End> {
        let Some(next) = page.next_offset else {
            return Some(End::Complete);
        };
        if page.found == 0 {
            Some(End::EmptyPage)
        } else if next <= self.offset {
            Some(End::Repeated)
        } else if self.pages >= MAX_PAGES {
            Some(End::TooMany)
        } else {
            None
        }
    }
}
