//! A store under test: what it answers, or the rule that it breaks.

use std::fmt::{self, Display};
use std::sync::Arc;

use super::same::difference;
use super::{
    Rule, Violation, concurrent, deleting, entries, keys, selections, telling, updates, variants,
};
use crate::{Entry, Key, Listed, Selection, Store, StoreError, StoreSize, VariantId, Variants};

/// A store and the rule that it is checked by.
pub(super) struct Bench<S> {
    pub(super) rule: Rule,
    pub(super) store: Arc<S>,
}

impl<S> Clone for Bench<S> {
    fn clone(&self) -> Self {
        Self {
            rule: self.rule,
            store: Arc::clone(&self.store),
        }
    }
}

impl<S: fmt::Debug> fmt::Debug for Bench<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bench")
            .field("rule", &self.rule)
            .field("store", &self.store)
            .finish()
    }
}

impl<S: Store> Bench<S> {
    pub(super) async fn check(&self) -> Result<(), Violation> {
        match self.rule {
            Rule::Empty => telling::empty(self).await,
            Rule::Decisions => entries::decisions(self).await,
            Rule::SelectingFields => entries::selecting_fields(self).await,
            Rule::Fields => entries::fields(self).await,
            Rule::SensitiveFields => entries::sensitive_fields(self).await,
            Rule::Content => entries::content(self).await,
            Rule::TimeAndTags => entries::time_and_tags(self).await,
            Rule::Variants => variants::side_by_side(self).await,
            Rule::Replacing => variants::replacing(self).await,
            Rule::TooManyVariants => variants::too_many(self).await,
            Rule::Owners => keys::owners(self).await,
            Rule::Resources => keys::resources(self).await,
            Rule::OddKeys => keys::odd(self).await,
            Rule::Update => updates::head_alone(self).await,
            Rule::UpdateOne => updates::one_variant(self).await,
            Rule::UpdateNothing => updates::nothing(self).await,
            Rule::DeleteOne => deleting::one(self).await,
            Rule::DeleteKey => deleting::key_and_others(self).await,
            Rule::DeleteNothing => deleting::nothing(self).await,
            Rule::SelectAll => selections::all(self).await,
            Rule::SelectPrincipal => selections::principal_of(self).await,
            Rule::SelectTag => selections::tag(self).await,
            Rule::SelectMatching => selections::matching(self).await,
            Rule::List => telling::list(self).await,
            Rule::ListLimit => telling::limit(self).await,
            Rule::Size => telling::size(self).await,
            Rule::Peek => telling::peek(self).await,
            Rule::WholeEntries => concurrent::whole_entries(self).await,
            Rule::NothingLost => concurrent::nothing_lost(self).await,
            Rule::DeleteWins => concurrent::delete_wins(self).await,
        }
    }

    pub(super) async fn get(&self, key: &Key) -> Result<Variants, Violation> {
        self.answered("get", self.store.get(key).await)
    }

    pub(super) async fn put(&self, key: &Key, entry: &Arc<Entry>) -> Result<(), Violation> {
        self.answered("put", self.store.put(key, Arc::clone(entry)).await)
    }

    pub(super) async fn update(&self, key: &Key, entry: &Arc<Entry>) -> Result<(), Violation> {
        let updated = self.store.update_headers(key, Arc::clone(entry)).await;
        self.answered("update_headers", updated)
    }

    pub(super) async fn delete(
        &self,
        key: &Key,
        variant: Option<VariantId>,
    ) -> Result<u64, Violation> {
        self.answered("delete", self.store.delete(key, variant).await)
    }

    pub(super) async fn delete_matching(&self, selection: &Selection) -> Result<u64, Violation> {
        let deleted = self.store.delete_matching(selection).await;
        self.answered("delete_matching", deleted)
    }

    pub(super) async fn list(
        &self,
        selection: &Selection,
        limit: usize,
    ) -> Result<Vec<Listed>, Violation> {
        self.answered("list", self.store.list(selection, limit).await)
    }

    pub(super) async fn size(&self) -> Result<StoreSize, Violation> {
        self.answered("size", self.store.size().await)
    }

    /// Checks that a key has these entries, in any order, and no others.
    pub(super) async fn holds(
        &self,
        what: &str,
        key: &Key,
        expected: &[&Arc<Entry>],
    ) -> Result<(), Violation> {
        let found = self.get(key).await?;
        let count = found.as_slice().len();
        self.equal(
            &format!("how many entries there are: {what}"),
            &expected.len(),
            &count,
        )?;
        for entry in expected {
            let Some(found) = found.find(entry.variant()) else {
                return Err(self.violation(format!("an entry: {what}"), "one of another id"));
            };
            self.same(what, entry, found)?;
        }
        Ok(())
    }

    /// Checks that an entry is the expected one, whoever used it.
    pub(super) fn same(
        &self,
        what: &str,
        expected: &Entry,
        found: &Entry,
    ) -> Result<(), Violation> {
        match difference(expected, found) {
            None => Ok(()),
            Some([expected, found]) => Err(self.violation(format!("{expected}: {what}"), found)),
        }
    }

    pub(super) fn equal<T: PartialEq + fmt::Debug>(
        &self,
        what: &str,
        expected: &T,
        found: &T,
    ) -> Result<(), Violation> {
        if expected == found {
            return Ok(());
        }
        Err(self.violation(format!("{expected:?} ({what})"), format!("{found:?}")))
    }

    pub(super) fn violation(
        &self,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Violation {
        Violation {
            rule: self.rule,
            expected: expected.into(),
            found: found.into(),
        }
    }

    fn answered<T>(&self, what: &str, answer: Result<T, StoreError>) -> Result<T, Violation> {
        answer.map_err(|error| {
            self.violation(
                format!("an answer to {what}"),
                format!("an error: {}", chain(&error)),
            )
        })
    }
}

/// Returns what an error says, and its causes.
fn chain(error: &(dyn std::error::Error + 'static)) -> impl Display {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
