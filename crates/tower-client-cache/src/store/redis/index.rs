//! What is done with many entries, which are found by the indexes of the buckets.

use std::collections::HashSet;
use std::ops::ControlFlow;

use redis::{Cmd, RedisError};

use super::schema::{BUCKETS, Label, member};
use super::{Inner, marks, scripts};
use crate::store::codec::{Name, Record};
use crate::store::peers::Forgotten;
use crate::store::{Listed, Selection, StoreError, StoreSize};

/// What a script does with a page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    Delete,
    List,
    Size,
}

/// Where pages are, and what is done with them.
struct Tour<'a> {
    visit: Visit,
    selection: &'a Selection,
    /// Whether what was asked for before is not to be kept after.
    ends_leases: bool,
}

/// What a script found: where the next page is, how many entries, their bytes, and, in threes, the
/// members, labels and heads that were listed.
type Page = (Vec<u8>, u64, u64, Vec<Vec<u8>>);

/// An entry in the index that can be read.
struct Found<'a> {
    name: Name,
    member: &'a [u8],
    label: &'a [u8],
    record: Record,
}

impl Visit {
    fn name(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::List => "list",
            Self::Size => "size",
        }
    }

    /// How many buckets are visited at once, and about how many entries of each. Heads may be long.
    fn width(self) -> (usize, u32) {
        match self {
            Self::Delete | Self::Size => (BUCKETS.into(), 500),
            Self::List => (4, 50),
        }
    }
}

impl Inner {
    /// Forgets a selection: first its leases, then its entries, and then others are told.
    pub(super) async fn delete_matching(&self, selection: &Selection) -> Result<u64, StoreError> {
        let message = self.message(&Forgotten::Matching(selection.clone()))?;
        let deleted = match selection {
            Selection::Matching(_) => self.delete_listed(selection).await,
            Selection::All | Selection::Principal(_) | Selection::Tag(_) => {
                self.delete_marked(selection).await
            }
        };
        let deleted = deleted.map_err(StoreError::new)?;
        let mut publish = redis::cmd("PUBLISH");
        publish.arg(self.schema.channel()).arg(message);
        self.connection
            .send(&publish)
            .await
            .map_err(StoreError::new)?;
        Ok(deleted)
    }

    pub(super) async fn list(
        &self,
        selection: &Selection,
        limit: usize,
    ) -> Result<Vec<Listed>, RedisError> {
        let tour = Tour {
            visit: Visit::List,
            selection,
            ends_leases: false,
        };
        let (mut listed, mut seen) = (Vec::new(), HashSet::new());
        if limit == 0 {
            return Ok(listed);
        }
        let mut list = |_, page: Page| {
            for found in self.found(selection, &page.3) {
                // A page may repeat what another had.
                if listed.len() < limit && seen.insert((found.name, found.record.variant())) {
                    listed.push(found.record.into());
                }
            }
            if listed.len() < limit {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        };
        self.visit(&tour, &mut list).await?;
        Ok(listed)
    }

    pub(super) async fn size(&self) -> Result<StoreSize, RedisError> {
        let tour = Tour {
            visit: Visit::Size,
            selection: &Selection::All,
            ends_leases: false,
        };
        let mut size = StoreSize::default();
        let mut add = |_, (_, entries, bytes, _): Page| {
            size.entries = size.entries.saturating_add(entries);
            size.bytes = size.bytes.saturating_add(bytes);
            ControlFlow::Continue(())
        };
        self.visit(&tour, &mut add).await?;
        Ok(size)
    }

    /// Forgets what the index tells to be of a selection.
    async fn delete_marked(&self, selection: &Selection) -> Result<u64, RedisError> {
        let tour = Tour {
            visit: Visit::Delete,
            selection,
            ends_leases: true,
        };
        let mut deleted = 0_u64;
        let mut count = |_, (_, entries, ..): Page| {
            deleted = deleted.saturating_add(entries);
            ControlFlow::Continue(())
        };
        self.visit(&tour, &mut count).await?;
        Ok(deleted)
    }

    /// Forgets what only its key tells to be of a selection.
    async fn delete_listed(&self, selection: &Selection) -> Result<u64, RedisError> {
        let tour = Tour {
            visit: Visit::List,
            selection,
            ends_leases: true,
        };
        let mut calls: Vec<Cmd> = Vec::new();
        let mut note = |bucket, page: Page| {
            let mut found = self.found(selection, &page.3).peekable();
            if found.peek().is_some() {
                let index = self.schema.index(bucket);
                let mut call = scripts::REMOVE.call(&[&index]);
                call.arg(self.schema.entries_of(bucket));
                for Found { member, label, .. } in found {
                    call.arg(member).arg(label);
                }
                calls.push(call);
            }
            ControlFlow::Continue(())
        };
        self.visit(&tour, &mut note).await?;
        let mut deleted = 0_u64;
        for call in calls {
            let count: u64 = self.connection.run(&scripts::REMOVE, &call).await?;
            deleted = deleted.saturating_add(count);
        }
        Ok(deleted)
    }

    /// Visits the pages of all buckets, several in each round trip.
    async fn visit(
        &self,
        tour: &Tour<'_>,
        on_page: &mut (dyn FnMut(u8, Page) -> ControlFlow<()> + Send),
    ) -> Result<(), RedisError> {
        let (width, _) = tour.visit.width();
        let mut ahead = (0..BUCKETS).rev().map(|bucket| (bucket, b"0".to_vec()));
        let mut open: Vec<(u8, Vec<u8>)> = ahead.by_ref().take(width).collect();
        while !open.is_empty() {
            let mut pipe = redis::pipe();
            pipe.add_command(scripts::PAGE.load()).ignore();
            for (bucket, cursor) in &open {
                pipe.add_command(self.page_call(tour, *bucket, cursor));
            }
            let pages: Vec<Page> = self.connection.pipe(&pipe).await?;
            let mut next = Vec::with_capacity(open.len());
            for ((bucket, _), page) in open.into_iter().zip(pages) {
                if page.0 != b"0" {
                    next.push((bucket, page.0.clone()));
                }
                if on_page(bucket, page).is_break() {
                    return Ok(());
                }
            }
            let free = width.saturating_sub(next.len());
            next.extend(ahead.by_ref().take(free));
            open = next;
        }
        Ok(())
    }

    fn page_call(&self, tour: &Tour<'_>, bucket: u8, cursor: &[u8]) -> Cmd {
        let (_, page) = tour.visit.width();
        let mark = marks::selecting(&self.codec, tour.selection);
        let mut call = scripts::PAGE.call(&[&self.schema.index(bucket)]);
        call.arg(tour.visit.name())
            .arg(self.schema.entries_of(bucket))
            .arg(mark.as_ref().map_or(&[][..], |mark| mark))
            .arg(cursor)
            .arg(page)
            .arg(u8::from(tour.ends_leases));
        call
    }

    /// Reads what was listed, and returns what is of a selection.
    fn found<'a>(
        &self,
        selection: &Selection,
        listed: &'a [Vec<u8>],
    ) -> impl Iterator<Item = Found<'a>> {
        listed.chunks_exact(3).filter_map(move |parts| {
            let [at, label, head] = parts else {
                return None;
            };
            let (name, variant) = member(at)?;
            match self.record(&name, variant, Label::read(label)?, head) {
                Ok(record) => record.is_of(selection).then_some(Found {
                    name,
                    member: at,
                    label,
                    record,
                }),
                Err(error) => {
                    tracing::debug!(%error, "an entry cannot be read");
                    None
                }
            }
        })
    }
}
