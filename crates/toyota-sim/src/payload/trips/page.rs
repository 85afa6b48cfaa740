//! A page of trips, and where it stands among the others.

use jiff::civil::Date;
use serde::Serialize;

use super::{
    Dialect, Question, day_of,
    summary::{self, Month},
    trip::Trip,
};
use crate::garage::Drive;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Page<'a> {
    from: Date,
    to: Date,
    trips: Vec<Trip<'a>>,
    summary: Vec<Month>,
    #[serde(rename = "_metadata")]
    metadata: Metadata,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    pagination: Pagination,
    sorted_by: [SortedBy; 1],
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Pagination {
    limit: usize,
    offset: usize,
    previous_offset: Option<usize>,
    next_offset: Option<usize>,
    current_page: usize,
    total_count: usize,
    page_count: usize,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct SortedBy {
    field: &'static str,
    order: &'static str,
}

impl<'a> Page<'a> {
    /// Answers a question from drives that come newest first.
    pub(super) fn new(
        question: &Question,
        newest_first: impl Iterator<Item = &'a Drive> + Clone,
        dialect: Dialect,
    ) -> Self {
        let asked_for = newest_first.filter(|drive| {
            let day = day_of(drive.start);
            (question.from..=question.to).contains(&day)
        });
        let trips = asked_for
            .clone()
            .skip(question.offset)
            .take(question.limit)
            .map(|drive| Trip::new(drive, question.route, dialect))
            .collect();
        let total = asked_for.clone().count();
        let summary = if question.summary {
            summary::months(asked_for, dialect)
        } else {
            Vec::new()
        };
        Self {
            from: question.from,
            to: question.to,
            trips,
            summary,
            metadata: Metadata {
                pagination: Pagination::new(question.limit, question.offset, total),
                sorted_by: [SortedBy {
                    field: "summary.start.ts",
                    order: "DESC",
                }],
            },
        }
    }
}

impl Pagination {
    fn new(limit: usize, offset: usize, total_count: usize) -> Self {
        let next = offset.saturating_add(limit);
        Self {
            limit,
            offset,
            previous_offset: (offset > 0).then(|| offset.saturating_sub(limit)),
            next_offset: (next < total_count).then_some(next),
            current_page: offset / limit.max(1) + 1,
            total_count,
            page_count: total_count.div_ceil(limit.max(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_lead_from_one_to_the_next_and_back() {
        let ends = |limit, offset, total| {
            let page = Pagination::new(limit, offset, total);
            (page.previous_offset, page.next_offset)
        };

        assert_eq!(ends(5, 0, 12), (None, Some(5)));
        assert_eq!(ends(5, 5, 12), (Some(0), Some(10)));
        assert_eq!(ends(5, 10, 12), (Some(5), None));
        assert_eq!(ends(5, 3, 12), (Some(0), Some(8)));
        assert_eq!(ends(5, 0, 5), (None, None));
        assert_eq!(ends(5, 0, 0), (None, None));
        assert_eq!(ends(5, usize::MAX, 12), (Some(usize::MAX - 5), None));
    }

    #[test]
    fn pages_are_counted_from_one() {
        let page = Pagination::new(5, 10, 12);

        assert_eq!((page.current_page, page.page_count), (3, 3));
        assert_eq!(Pagination::new(5, 0, 0).page_count, 0);
    }
}
