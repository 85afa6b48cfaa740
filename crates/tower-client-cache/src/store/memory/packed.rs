//! Keys in little memory.

use std::str::FromStr;

use http::Uri;
use http::uri::Parts;

use crate::{Entry, Key, Owner, Selection};

/// A [`Key`] whose texts are one piece: a [`Uri`] takes two, and 88 bytes.
pub(super) struct PackedKey {
    owner: Owner,
    text: Box<str>,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    /// How long the first two of three texts are; what is missing is empty. None is longer than a
    /// key may be.
    Uri {
        scheme: u16,
        authority: u16,
    },
    Value,
}

impl PackedKey {
    /// Packs a key. An owner that equals `neighbour` shares its memory.
    pub(super) fn new(key: &Key, neighbour: Option<&Self>) -> Self {
        let owner = neighbour
            .map(|other| &other.owner)
            .filter(|owner| *owner == key.owner())
            .unwrap_or(key.owner())
            .clone();
        let (text, kind) = match key.uri() {
            Some(uri) => pack(uri),
            None => (key.name().unwrap_or_default().into(), Kind::Value),
        };
        Self { owner, text, kind }
    }

    /// Tells whether it is this key.
    ///
    /// In the path of each call that is served: most of what a hit costs.
    #[inline]
    pub(super) fn is(&self, key: &Key) -> bool {
        let same = match (self.kind, key.uri()) {
            (Kind::Uri { scheme, authority }, Some(uri)) => self.is_uri(scheme, authority, uri),
            (Kind::Value, None) => key.name() == Some(&*self.text),
            (Kind::Uri { .. }, None) | (Kind::Value, Some(_)) => false,
        };
        same && is_same_owner(&self.owner, key.owner())
    }

    #[inline]
    fn is_uri(&self, scheme: u16, authority: u16, uri: &Uri) -> bool {
        // As bytes: a `str` looks for the boundaries of characters where it is split.
        let text = self.text.as_bytes();
        let Some((own_scheme, rest)) = text.split_at_checked(scheme.into()) else {
            return false;
        };
        let Some((own_authority, own_path)) = rest.split_at_checked(authority.into()) else {
            return false;
        };
        let [scheme, authority, path] = parts(uri).map(str::as_bytes);
        own_path == path && own_authority == authority && own_scheme == scheme
    }

    /// Returns the key.
    pub(super) fn unpack(&self) -> Option<Key> {
        let owner = self.owner.clone();
        let Some([scheme, authority, path]) = self.parts() else {
            return Key::value(owner, &self.text).ok();
        };
        let mut parts = Parts::default();
        parts.scheme = read(scheme);
        parts.authority = read(authority);
        parts.path_and_query = read(path);
        Key::new(owner, &Uri::from_parts(parts).ok()?).ok()
    }

    /// Tells whether an entry of this key is meant: what [`Selection::has`] does, without the key.
    pub(super) fn is_meant(&self, selection: &Selection, entry: &Entry) -> bool {
        match selection {
            Selection::All => true,
            Selection::Principal(id) => {
                matches!(&self.owner, Owner::Principal(owner) if owner.id() == &**id)
            }
            Selection::Tag(tag) => entry.tags().contains(tag),
            Selection::Matching(glob) => match self.parts() {
                Some(["", authority, path]) => glob.matches(&[authority, path].concat()),
                Some([scheme, authority, path]) => {
                    glob.matches(&[scheme, "://", authority, path].concat())
                }
                None => glob.matches(&self.text),
            },
        }
    }

    /// Returns how many bytes it takes besides itself.
    pub(super) fn len(&self) -> usize {
        self.text.len() + owner_len(&self.owner)
    }

    #[inline]
    fn parts(&self) -> Option<[&str; 3]> {
        let Kind::Uri { scheme, authority } = self.kind else {
            return None;
        };
        let (scheme, rest) = self.text.split_at_checked(scheme.into())?;
        let (authority, path) = rest.split_at_checked(authority.into())?;
        Some([scheme, authority, path])
    }
}

/// Compares owners; those that are the same memory without their texts.
#[inline]
fn is_same_owner(one: &Owner, other: &Owner) -> bool {
    if let (Owner::Principal(one), Owner::Principal(other)) = (one, other)
        && std::ptr::eq(one.id(), other.id())
    {
        return one.epoch() == other.epoch();
    }
    one == other
}

/// Reads what came from a URI, unless it is missing.
fn read<T: FromStr>(text: &str) -> Option<T> {
    if text.is_empty() {
        return None;
    }
    text.parse().ok()
}

/// Returns how many bytes a key takes besides itself, packed.
pub(super) fn len(key: &Key) -> usize {
    let text = match key.uri() {
        Some(uri) => parts(uri).iter().map(|part| part.len()).sum(),
        None => key.name().map_or(0, str::len),
    };
    text + owner_len(key.owner())
}

/// Returns how many bytes an owner takes besides itself. Keys may share them: who is to know.
fn owner_len(owner: &Owner) -> usize {
    match owner {
        Owner::Principal(principal) => principal.id().len() + 16,
        Owner::Layer(_) | Owner::Everyone => 0,
    }
}

fn pack(uri: &Uri) -> (Box<str>, Kind) {
    let parts = parts(uri);
    let [scheme, authority, _] = parts.map(|part| u16::try_from(part.len()).unwrap_or(u16::MAX));
    let kind = Kind::Uri { scheme, authority };
    (parts.concat().into(), kind)
}

#[inline]
fn parts(uri: &Uri) -> [&str; 3] {
    [
        uri.scheme_str().unwrap_or_default(),
        uri.authority().map_or("", |authority| authority.as_str()),
        uri.path_and_query().map_or("", |path| path.as_str()),
    ]
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, Method, StatusCode};
    use tower_client_call::Principal;

    use super::*;
    use crate::policy::{Exchange, Rules, Stored, Timestamp, Vary};
    use crate::{Content, Fields, Glob, Head};

    #[test]
    fn a_key_comes_back_as_it_was() {
        let keys = keys();
        for (index, key) in keys.iter().enumerate() {
            let packed = PackedKey::new(key, None);

            let unpacked = packed.unpack();
            let unpacked = unpacked.unwrap_or_else(|| panic!("{}", key.to_text()));

            assert_eq!(unpacked, *key);
            assert_eq!(unpacked.hash_value(), key.hash_value());
            assert_eq!(unpacked.to_text(), key.to_text());
            for (other, key) in keys.iter().enumerate() {
                assert_eq!(packed.is(key), index == other, "{}", key.to_text());
            }
        }
    }

    #[test]
    fn a_selection_means_the_same_as_of_the_key_itself() {
        let entry = entry(&["trips"]);
        let globs = ["*", "https://*", "*api*", "/*", "a.example:80", "cars"].map(Glob::new);
        let mut selections = globs.map(Selection::Matching).to_vec();
        selections.extend([
            Selection::All,
            Selection::Principal("anna".into()),
            Selection::Principal("bert".into()),
            Selection::Tag("trips".into()),
            Selection::Tag("cars".into()),
        ]);
        for selection in &selections {
            for key in &keys() {
                let meant = PackedKey::new(key, None).is_meant(selection, &entry);

                let text = key.to_text();
                assert_eq!(meant, selection.has(key, &entry), "{selection:?} {text}");
            }
        }
    }

    #[test]
    fn a_principal_is_kept_once_for_neighbours() {
        let [one, other] = ["/a", "/b"].map(|path| {
            let owner = Owner::Principal(Principal::new("anna"));
            Key::new(owner, &path.parse().unwrap()).unwrap()
        });

        let first = PackedKey::new(&one, None);
        let second = PackedKey::new(&other, Some(&first));

        let [first, second] = [&first, &second].map(|key| match &key.owner {
            Owner::Principal(principal) => principal.id().as_ptr(),
            Owner::Layer(_) | Owner::Everyone => unreachable!(),
        });
        assert_eq!(first, second);
    }

    fn keys() -> Vec<Key> {
        let anna = Principal::new("anna");
        let owners = [
            Owner::Principal(anna.at_epoch(1)),
            Owner::Principal(anna),
            Owner::Layer(1),
            Owner::Everyone,
        ];
        let uris = [
            "https://api.example/cars?vin=1",
            "https://api.example",
            "http://user@api.example:8080/%C3%A4/cars",
            "other://api.example/cars",
            "a.example:80",
            "/cars",
            "/",
            "*",
        ];
        let mut keys = Vec::new();
        for owner in owners {
            for uri in uris {
                keys.push(Key::new(owner.clone(), &uri.parse().unwrap()).unwrap());
            }
            for name in ["", "/cars", "cars", "https://api.example/", "\u{e4}"] {
                keys.push(Key::value(owner.clone(), name).unwrap());
            }
        }
        keys
    }

    fn entry(tags: &[&str]) -> Entry {
        let mut headers = HeaderMap::new();
        headers.insert("cache-control", "max-age=60".parse().unwrap());
        let now = Timestamp(1_700_000_000);
        let exchange = Exchange {
            method: &Method::GET,
            request_headers: &HeaderMap::new(),
            status: StatusCode::OK,
            headers: &headers,
            requested: now,
            received: now,
            authenticated: false,
        };
        let head = Head {
            stored: Stored::of(&exchange, &Rules::new()).unwrap(),
            vary: Vary::default(),
            fields: Fields::of(&headers).unwrap(),
        };
        let tags = tags.iter().map(|tag| (*tag).into()).collect();
        Entry::new(head, Content::from(Bytes::new()), now, Some(tags))
    }
}
