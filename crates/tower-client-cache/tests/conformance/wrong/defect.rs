//! What can be wrong with a store, and what it makes of keys and entries.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use tower_client_cache::policy::{Exchange, Rules, Stored, Timestamp, Vary};
use tower_client_cache::{Entry, Fields, Glob, Head, Key, Owner, Selection, Variants};

/// What is wrong with a store.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Defect {
    HangsInGet,
    FailsToPut,
    ForgetsInvalidation,
    ForgetsSelection,
    KeepsLastLine,
    KeepsTextOnly,
    ForgetsSensitivity,
    CutsContent,
    ForgetsTags,
    ForgetsCreation,
    KeepsOneVariant,
    KeepsOldContent,
    KeepsAllVariants,
    IgnoresEpochs,
    IgnoresKinds,
    IgnoresUser,
    CutsKeys,
    UpdatesContent,
    UpdatesOthers,
    UpdatesWhatIsGone,
    UpdatesWhatIsDeleted,
    UpdatesWhatIsReplaced,
    ForgetsContentId,
    DeletesAll,
    DeletesOne,
    CountsOne,
    DeletesHalf,
    DeletesUncounted,
    SelectsOneEpoch,
    SelectsTagsByPrefix,
    SelectsWholeKeys,
    MatchesPrefixes,
    MatchesAnyCase,
    ListsAll,
    ListsNoTimes,
    CountsKeys,
    CountsNoBytes,
    CountsFewBytes,
    CountsSameBytes,
    CountsReplaced,
    CountsItself,
    PeeksOld,
    TearsEntries,
    LosesEntries,
}

impl Defect {
    /// What such a store finds an entry by.
    pub(super) fn key(self, key: &Key) -> Key {
        let text = key.to_text();
        match (self, key.owner()) {
            (Self::IgnoresEpochs, Owner::Principal(anna)) => {
                let owner = Owner::Principal(anna.at_epoch(0));
                match key.uri() {
                    Some(uri) => Key::new(owner, uri).unwrap(),
                    None => Key::value(owner, &text).unwrap(),
                }
            }
            (Self::IgnoresKinds, owner) => Key::value(owner.clone(), &text).unwrap(),
            (Self::IgnoresUser, owner) if key.uri().is_some() => {
                let uri = text.replace("anna@", "").parse().unwrap();
                Key::new(owner.clone(), &uri).unwrap()
            }
            (Self::CutsKeys, owner) if key.name().is_some_and(|name| name.len() > 255) => {
                Key::value(owner.clone(), &text[..255]).unwrap()
            }
            _ => key.clone(),
        }
    }

    /// What such a store makes of an entry.
    pub(super) fn entry(self, entry: &Arc<Entry>, before: &Variants) -> Arc<Entry> {
        let mut head = entry.head().clone();
        let mut content = entry.content().clone();
        let (mut created, mut tags) = (entry.created(), Some(entry.tags().into()));
        match self {
            Self::ForgetsInvalidation => head.stored = forget_invalidation(&head),
            Self::ForgetsSelection => head.vary = Vary::default(),
            Self::KeepsLastLine => {
                head.fields = fields(&head, |map, name, value| {
                    map.insert(name, value);
                });
            }
            Self::KeepsTextOnly => {
                head.fields = fields(&head, |map, name, value| {
                    let sensitive = value.is_sensitive();
                    let text: String = String::from_utf8_lossy(value.as_bytes()).into();
                    let mut value = HeaderValue::try_from(text).unwrap();
                    value.set_sensitive(sensitive);
                    map.append(name, value);
                });
            }
            Self::ForgetsSensitivity => {
                head.fields = fields(&head, |map, name, mut value| {
                    value.set_sensitive(false);
                    map.append(name, value);
                });
            }
            Self::CutsContent => content = content.slice(0..1 << 20),
            Self::ForgetsTags => tags = None,
            Self::ForgetsCreation => created = Timestamp(0),
            Self::KeepsOldContent => {
                let old = before.find(entry.variant());
                content = old.map_or(content, |old| old.content().clone());
            }
            Self::ForgetsContentId => return Arc::new(Entry::new(head, content, created, tags)),
            _ => return Arc::clone(entry),
        }
        let entry_id = entry.content_id();
        Arc::new(Entry::new(head, content, created, tags).with_content_id(entry_id))
    }

    /// Whether such a store takes an entry for selected; `all` are those of its key.
    pub(super) fn selects(
        self,
        selection: &Selection,
        key: &Key,
        entry: &Entry,
        all: &Variants,
    ) -> bool {
        let text = key.to_text();
        match (self, selection) {
            (Self::SelectsOneEpoch, Selection::Principal(_)) => {
                let epoch = matches!(key.owner(), Owner::Principal(owner) if owner.epoch() == 0);
                epoch && selection.has(key, entry)
            }
            (Self::SelectsTagsByPrefix, Selection::Tag(tag)) => {
                entry.tags().iter().any(|other| other.starts_with(&**tag))
            }
            (Self::SelectsWholeKeys, Selection::Tag(_)) => {
                all.as_slice().iter().any(|entry| selection.has(key, entry))
            }
            (Self::MatchesPrefixes, Selection::Matching(glob)) => {
                Glob::new(format!("{}*", glob.as_str())).matches(&text)
            }
            (Self::MatchesAnyCase, Selection::Matching(glob)) => {
                Glob::new(glob.as_str().to_lowercase()).matches(&text.to_lowercase())
            }
            _ => selection.has(key, entry),
        }
    }
}

/// Reads what decisions need from the fields, which do not tell of an invalidation.
fn forget_invalidation(head: &Head) -> Stored {
    let exchange = Exchange {
        method: &Method::GET,
        request_headers: &HeaderMap::new(),
        status: head.stored.status(),
        headers: &head.fields.to_map(),
        requested: head.stored.received(),
        received: head.stored.received(),
        authenticated: false,
    };
    Stored::of(&exchange, &Rules::new().partial_responses()).unwrap()
}

fn fields(head: &Head, add: impl Fn(&mut HeaderMap, HeaderName, HeaderValue)) -> Fields {
    let mut map = HeaderMap::new();
    for (name, value) in head.fields.iter() {
        add(&mut map, name, value);
    }
    Fields::of(&map).unwrap()
}
