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

impl End {
    /// Tells whether there may be more trips than were listed.
    #[must_use]
    pub fn is_early(self) -> bool {
        matches!(self, Self::Repeated | Self::TooMany)
    }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn page(trips: &[&str], next_offset: Option<u64>) -> Option<Page> {
        let trip = |id: &&str| Trip {
            id: id.parse().ok(),
            ..Trip::default()
        };
        Some(Page {
            trips: trips.iter().map(trip).collect(),
            found: trips.len(),
            next_offset,
            ..Page::default()
        })
    }

    #[test]
    fn pages_are_followed_until_there_is_a_reason_not_to() {
        for (offset, page, end) in [
            (0, page(&["a"], Some(1)), None),
            (1, page(&["a"], Some(50)), None),
            (0, page(&["a"], None), Some(End::Complete)),
            (0, None, Some(End::Complete)),
            (0, page(&[], Some(1)), Some(End::EmptyPage)),
            (5, page(&["a"], Some(5)), Some(End::Repeated)),
            (5, page(&["a"], Some(4)), Some(End::Repeated)),
            (0, page(&["a"], Some(0)), Some(End::Repeated)),
            (u64::MAX, page(&["a"], Some(u64::MAX)), Some(End::Repeated)),
        ] {
            let mut paging = Paging {
                offset,
                ..Paging::default()
            };
            let shown = format!("{offset} {page:?}");

            assert_eq!(paging.take(page).1, end, "{shown}");
        }
    }

    #[test]
    fn a_page_whose_trips_are_all_bad_is_not_an_empty_one() {
        let mut bad = page(&["a"], Some(1));
        bad.as_mut().unwrap().trips.clear();

        assert_eq!(Paging::default().take(bad).1, None);
    }

    #[test]
    fn a_service_without_an_end_is_left_after_so_many_pages() {
        let mut paging = Paging::default();
        let mut pages = 0;

        let end = loop {
            pages += 1;
            let (_, end) = paging.take(page(&["a"], Some(paging.offset + 1)));
            if let Some(end) = end {
                break end;
            }
        };

        assert_eq!((pages, end), (MAX_PAGES, End::TooMany));
        assert!(end.is_early() && !End::Complete.is_early());
    }

    #[test]
    fn a_trip_that_moved_to_the_next_page_is_taken_once() {
        let mut paging = Paging::default();
        let names = |trips: Vec<Trip>| -> Vec<_> {
            trips
                .into_iter()
                .map(|trip| trip.id.unwrap().to_string())
                .collect()
        };

        let first = paging.take(page(&["c", "b"], Some(2))).0;
        let second = paging.take(page(&["b", "a"], None)).0;

        assert_eq!(
            (names(first), names(second)),
            (vec!["c".into(), "b".into()], vec!["a".into()])
        );
    }

    proptest! {
        /// Whatever the service says is next, it is not asked for what it was asked before.
        #[test]
        fn no_page_is_asked_for_twice(
            pages in proptest::collection::vec((0_usize..3, proptest::option::of(0_u64..40)), 1..60),
        ) {
            let mut paging = Paging::default();
            let mut asked = vec![paging.offset];
            for (trips, next) in pages {
                if paging.take(page(&["a", "b"][..trips.min(2)], next)).1.is_some() {
                    break;
                }
                prop_assert!(!asked.contains(&paging.offset));
                asked.push(paging.offset);
            }
        }
    }
}
