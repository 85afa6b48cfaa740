//! Which trips are asked for, and which of these the service has.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::Serialize;
use tower_client::call::InvalidSetting;

/// More the service does not put on a page.
const MAX_PAGE_SIZE: u32 = 50;
/// With routes a page of fifty has 8 MB.
const PAGE_SIZE_WITH_ROUTES: u32 = 10;
/// How much earlier a day begins in the east of Europe than in Greenwich.
const EASTERN_HOURS: i64 = 3;

/// Which trips are asked for.
///
/// ```
/// use jiff::civil::date;
/// use toyota_client::trips::TripQuery;
///
/// let query = TripQuery::new(date(2026, 11, 1), date(2026, 11, 22)).with_routes();
/// assert_eq!(query.page_size(), 10);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct TripQuery {
    range: Range,
    with_routes: bool,
    page_size: Option<u32>,
}

/// A range of days, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Range {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// What asks for a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PageQuery {
    /// What comes after the question mark.
    pub(crate) text: String,
    /// Whether what was answered before is no answer.
    ///
    /// Of pages whose answers are not of one time there can be a trip on none: a page that was kept
    /// begins where it did before the latest trip, and the one before it now ends one earlier. A first
    /// page that is older than the others has a trip twice at most, which is seen.
    pub(crate) fresh: bool,
}

impl TripQuery {
    /// Asks for the trips of these days, both included.
    pub const fn new(from: Date, to: Date) -> Self {
        Self {
            range: Range { from, to },
            with_routes: false,
            page_size: None,
        }
    }

    /// Asks for where each trip went, too: a hundred kilobytes for each.
    ///
    /// A service whose lists have no routes is asked for each trip alone, one after the other, as they
    /// are read.
    pub const fn with_routes(mut self) -> Self {
        self.with_routes = true;
        self
    }

    /// Sets how many trips are asked for at once, at most 50: 50 unless it is said, and 10 with
    /// routes.
    pub const fn in_pages_of(mut self, trips: u32) -> Self {
        self.page_size = Some(trips);
        self
    }

    /// Returns the days.
    #[must_use]
    pub const fn range(&self) -> Range {
        self.range
    }

    /// Returns how many trips are asked for at once.
    #[must_use]
    pub const fn page_size(&self) -> u32 {
        match self.page_size {
            Some(trips) => trips,
            None if self.with_routes => PAGE_SIZE_WITH_ROUTES,
            None => MAX_PAGE_SIZE,
        }
    }

    pub(super) const fn has_routes(&self) -> bool {
        self.with_routes
    }

    /// Returns what asks for the page that begins here.
    pub(super) fn page(&self, range: Range, offset: u64) -> PageQuery {
        let (routes, limit) = (self.with_routes, self.page_size());
        PageQuery {
            text: range.query(routes, false, limit, offset),
            fresh: offset > 0,
        }
    }

    /// Fails if there is no such range or page.
    pub(super) fn check(&self) -> Result<(), InvalidSetting> {
        let (range, page_size) = (self.range, self.page_size());
        range.check()?;
        let fits = (1..=MAX_PAGE_SIZE).contains(&page_size);
        InvalidSetting::unless(fits, "page_size", page_size, "1 to 50")
    }
}

impl Range {
    pub(super) fn contains(&self, day: Date) -> bool {
        (self.from..=self.to).contains(&day)
    }

    pub(crate) fn check(&self) -> Result<(), InvalidSetting> {
        let is_range = self.from <= self.to;
        InvalidSetting::unless(is_range, "from", self.from, "not after the last day")
    }

    /// Returns what the service has of it: nothing of the future, and nothing older than twelve
    /// months. `None` if that is nothing.
    ///
    /// Days are the car's, and where it is nobody says: it is tomorrow already in the east of Europe
    /// when it is today still in Greenwich.
    pub(crate) fn known(&self, now: Timestamp) -> Option<Self> {
        let today = day_of(now);
        let latest = now.saturating_add(Span::new().hours(EASTERN_HOURS));
        let is_begun = self.to <= latest.map_or(today, day_of);
        let to = if is_begun { self.to } else { today };
        let earliest = today.saturating_sub(Span::new().months(12));
        let from = self.from.max(earliest);
        (from <= to).then_some(Self { from, to })
    }

    /// Returns what asks for the summary of all its trips, which is whole on any page.
    pub(crate) fn summary(&self) -> PageQuery {
        PageQuery {
            text: self.query(false, true, 1, 0),
            fresh: false,
        }
    }

    fn query(&self, routes: bool, summary: bool, limit: u32, offset: u64) -> String {
        let Self { from, to } = self;
        format!(
            "from={from}&to={to}&route={routes}&summary={summary}&limit={limit}&offset={offset}"
        )
    }
}

fn day_of(time: Timestamp) -> Date {
    time.to_zoned(TimeZone::UTC).date()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn what_the_service_cannot_have_is_not_asked_for() {
        let day = "2026-11-23T12:00:00Z";
        for (now, from, to, known) in [
            // As it is.
            (
                day,
                "2026-11-01",
                "2026-11-23",
                Some(("2026-11-01", "2026-11-23")),
            ),
            // The future.
            (
                day,
                "2026-11-01",
                "2026-11-24",
                Some(("2026-11-01", "2026-11-23")),
            ),
            (day, "2026-11-24", "2026-11-30", None),
            // The east.
            (
                "2026-11-23T21:00:00Z",
                "2026-11-24",
                "2026-11-24",
                Some(("2026-11-24", "2026-11-24")),
            ),
            ("2026-11-23T20:59:59Z", "2026-11-24", "2026-11-24", None),
            (
                "2026-11-23T21:00:00Z",
                "2026-11-23",
                "2027-01-01",
                Some(("2026-11-23", "2026-11-23")),
            ),
            // More than twelve months ago.
            (
                day,
                "2020-01-01",
                "2026-01-01",
                Some(("2025-11-23", "2026-01-01")),
            ),
            (day, "2020-01-01", "2025-11-22", None),
            (
                "2028-02-29T12:00:00Z",
                "2020-01-01",
                "2028-02-29",
                Some(("2027-02-28", "2028-02-29")),
            ),
        ] {
            let range = Range {
                from: from.parse().unwrap(),
                to: to.parse().unwrap(),
            };

            let asked = range.known(now.parse().unwrap());

            let shown = asked.map(|asked| (asked.from.to_string(), asked.to.to_string()));
            let expected = known.map(|(from, to)| (from.to_owned(), to.to_owned()));
            assert_eq!(shown, expected, "{from} to {to} at {now}");
        }
    }

    #[test]
    fn the_ends_of_time_are_no_trouble() {
        let all = Range {
            from: Date::MIN,
            to: Date::MAX,
        };

        for now in [Timestamp::MIN, Timestamp::MAX] {
            let known = all.known(now).unwrap();

            assert!(known.from <= known.to);
        }
    }

    #[test]
    fn what_is_no_page_and_no_range_is_refused() {
        let (first, last) = (date(2026, 11, 1), date(2026, 11, 22));
        let query = TripQuery::new(first, last);

        assert_eq!(query.check(), Ok(()));
        for (bad, name) in [
            (query.in_pages_of(0), "page_size"),
            (query.in_pages_of(51), "page_size"),
            (TripQuery::new(last, first), "from"),
        ] {
            assert_eq!(bad.check().unwrap_err().name(), name);
        }
    }

    #[test]
    fn pages_after_the_first_are_asked_of_the_service() {
        let query = TripQuery::new(date(2026, 11, 1), date(2026, 11, 22));

        for (offset, fresh) in [(0, false), (1, true), (50, true)] {
            assert_eq!(query.page(query.range(), offset).fresh, fresh, "{offset}");
        }
        assert!(!query.range().summary().fresh);
    }

    #[test]
    fn a_query_says_all_that_the_service_asks_for() {
        let query = TripQuery::new(date(2026, 11, 1), date(2026, 11, 22));

        assert_eq!(
            query.with_routes().page(query.range(), 20).text,
            "from=2026-11-01&to=2026-11-22&route=true&summary=false&limit=10&offset=20"
        );
        assert_eq!(
            query.range().summary().text,
            "from=2026-11-01&to=2026-11-22&route=false&summary=true&limit=1&offset=0"
        );
    }
}
