//! The owner's look into the store of answers. The service is not asked, and nobody need be signed in.

mod listing;

use std::time::SystemTime;

use serde_json::json;
use toyota_client::cache::policy::Timestamp;
use toyota_client::cache::{BoxStore, Glob, Selection, Store, StoreError, StoreUrl};
use toyota_client::config::CacheSettings;

use self::listing::Row;
use crate::args::Cache;
use crate::failure::Failure;
use crate::show::{self, Show};

/// Of so many the latest are looked for: a store lists in any order.
const MOST_LOOKED_AT: usize = 10_000;

const IN_MEMORY: &str =
    "Answers are kept in memory, by each process for itself: there is nothing of others to see.";

/// Obeys a command about the store.
pub(crate) async fn obey(
    command: &Cache,
    settings: &CacheSettings,
    show: Show,
) -> Result<(), Failure> {
    let store = settings.open().map_err(Failure::usage)?;
    if settings.store.iter().all(StoreUrl::is_memory) && !show.is_json() {
        return show::print(IN_MEMORY);
    }
    let opened = Opened { store, settings };
    match command {
        Cache::Stats => opened.stats(show).await,
        Cache::List { limit } => opened.list((*limit).into(), show).await,
        Cache::Invalidate { pattern } => {
            let pattern = Glob::new(pattern.as_str());
            opened.forget(&Selection::Matching(pattern), show).await
        }
        Cache::Clear => opened.forget(&Selection::All, show).await,
    }
}

/// The store of the settings.
struct Opened<'a> {
    store: BoxStore,
    settings: &'a CacheSettings,
}

impl Opened<'_> {
    /// Tells also of a store that cannot be reached what is known of it.
    async fn stats(&self, show: Show) -> Result<(), Failure> {
        let size = self.store.size().await;
        let stores = self.settings.store.iter().map(ToString::to_string);
        let stores: Vec<_> = stores.collect();
        let known = size.as_ref().ok();
        if show.is_json() {
            show::print_json(&json!({
                "stores": stores,
                "reachable": size.is_ok(),
                "entries": known.map(|size| size.entries),
                "bytes": known.map(|size| size.bytes),
                "evictions": known.map(|size| size.evictions),
            }))?;
        } else {
            let reachable = if size.is_ok() { "yes" } else { "no" };
            show::print_lines(&[
                ("store", Some(stores.join(" over "))),
                ("reachable", Some(reachable.to_owned())),
                ("answers", known.map(|size| size.entries.to_string())),
                ("bytes", known.map(|size| size.bytes.to_string())),
                ("evictions", known.map(|size| size.evictions.to_string())),
            ])?;
        }
        size.map(drop).map_err(|error| self.failed(&error))
    }

    async fn list(&self, limit: usize, show: Show) -> Result<(), Failure> {
        let listed = self.store.list(&Selection::All, MOST_LOOKED_AT).await;
        let mut listed = listed.map_err(|error| self.failed(&error))?;
        listed.sort_by_key(|item| std::cmp::Reverse(item.info.validated));
        listed.truncate(limit);
        let now = Timestamp::of(SystemTime::now());
        let rows: Vec<_> = listed.iter().map(|item| Row::of(item, now)).collect();
        if show.is_json() {
            return show::print_json(&json!({ "answers": rows }));
        }
        if rows.is_empty() {
            return show::print("No answers are stored.");
        }
        let heading = ["AGE", "LEFT", "BYTES", "OF"];
        show::print(&show::columns(heading, rows.iter().map(Row::cells)))
    }

    async fn forget(&self, selection: &Selection, show: Show) -> Result<(), Failure> {
        let forgotten = self.store.delete_matching(selection).await;
        let forgotten = forgotten.map_err(|error| self.failed(&error))?;
        if show.is_json() {
            return show::print_json(&json!({ "forgotten": forgotten }));
        }
        show::print(&match forgotten {
            0 => "No such answers are stored.".to_owned(),
            1 => "1 answer is forgotten.".to_owned(),
            _ => format!("{forgotten} answers are forgotten."),
        })
    }

    fn failed(&self, error: &StoreError) -> Failure {
        let happened = "the cache cannot be looked into";
        Failure::store(happened, error, self.settings)
    }
}
