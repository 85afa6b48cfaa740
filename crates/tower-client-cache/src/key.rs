//! What stored responses are found by: whose they are, and where they came from.

use std::fmt::{self, Write};
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::{Arc, OnceLock};

use hashbrown::DefaultHashBuilder;
use http::Uri;
use tower_client_call::Principal;

use crate::policy::cache_key_uri;

/// Whose a stored response is. Nobody else is ever served it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Owner {
    /// A principal, in one of its epochs.
    Principal(Principal),
    /// One [`CacheLayer`](crate::CacheLayer) and its clones, by a random number: its calls that are
    /// nobody's in particular. Two clients that share a store need not be of one user.
    Layer(u64),
    /// Everybody: a shared cache.
    Everyone,
}

/// What stored responses are found by.
///
/// There is one key for GET and HEAD, which differ in nothing that is stored; other methods have
/// none. URIs that RFC 9110 section 4.2.3 calls equal have the same key.
///
/// `Debug` shows neither the URI, which may name a person or a car, nor the principal.
#[derive(Clone)]
pub struct Key {
    owner: Owner,
    target: Target,
    /// So that tables need not hash anew; different in each process.
    hash: u64,
}

#[derive(Clone, PartialEq, Eq)]
enum Target {
    Uri(Uri),
    Value(Arc<str>),
}

/// A URI, or the name of a value, that is too long to be a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key of {length} bytes; allowed are {}", Key::LONGEST)]
pub struct KeyTooLong {
    length: usize,
}

impl Key {
    /// How many bytes a URI, or the name of a value, may have.
    pub const LONGEST: usize = 8 * 1024;

    /// Creates the key of a resource.
    ///
    /// # Errors
    ///
    /// [`KeyTooLong`] if the URI has more than [`LONGEST`](Self::LONGEST) bytes.
    pub fn new(owner: Owner, uri: &Uri) -> Result<Self, KeyTooLong> {
        check(parts(uri).iter().map(|part| part.len()).sum())?;
        let uri = cache_key_uri(uri);
        let hash = hash(&owner, &parts(&uri));
        let target = Target::Uri(uri);
        Ok(Self {
            owner,
            target,
            hash,
        })
    }

    /// Creates the key of a value that is no response.
    ///
    /// # Errors
    ///
    /// [`KeyTooLong`] if the name has more than [`LONGEST`](Self::LONGEST) bytes.
    pub fn value(owner: Owner, name: &str) -> Result<Self, KeyTooLong> {
        check(name.len())?;
        let hash = hash(&owner, &[name]);
        let target = Target::Value(name.into());
        Ok(Self {
            owner,
            target,
            hash,
        })
    }

    /// Returns whose it is.
    #[must_use]
    pub fn owner(&self) -> &Owner {
        &self.owner
    }

    /// Returns the URI; `None` for the key of a value.
    #[must_use]
    pub fn uri(&self) -> Option<&Uri> {
        match &self.target {
            Target::Uri(uri) => Some(uri),
            Target::Value(_) => None,
        }
    }

    /// Returns the name of a value; `None` for the key of a resource.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match &self.target {
            Target::Uri(_) => None,
            Target::Value(name) => Some(name),
        }
    }

    /// Returns the URI, or the name of a value, as text: what a [`Glob`](crate::Glob) is compared
    /// with. It may tell of people what logs should not.
    #[must_use]
    pub fn to_text(&self) -> String {
        match &self.target {
            Target::Uri(uri) => {
                let mut text = String::with_capacity(self.text_len());
                // Writing to a string cannot fail.
                let _: fmt::Result = write!(text, "{uri}");
                text
            }
            Target::Value(name) => String::from(&**name),
        }
    }

    /// Returns a number that equal keys share, in this process.
    #[must_use]
    pub fn hash_value(&self) -> u64 {
        self.hash
    }

    fn text_len(&self) -> usize {
        match &self.target {
            Target::Uri(uri) => parts(uri).iter().map(|part| part.len()).sum::<usize>() + 3,
            Target::Value(name) => name.len(),
        }
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && self.target == other.target && self.owner == other.owner
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").finish_non_exhaustive()
    }
}

fn check(length: usize) -> Result<(), KeyTooLong> {
    if length <= Key::LONGEST {
        return Ok(());
    }
    Err(KeyTooLong { length })
}

/// The texts of a URI; what is missing is empty.
fn parts(uri: &Uri) -> [&str; 3] {
    [
        uri.scheme_str().unwrap_or_default(),
        uri.authority().map_or("", |authority| authority.as_str()),
        uri.path_and_query().map_or("", |path| path.as_str()),
    ]
}

/// Hashes with a secret of this process: who chooses URIs must not choose where they collide.
fn hash(owner: &Owner, texts: &[&str]) -> u64 {
    static SECRET: OnceLock<DefaultHashBuilder> = OnceLock::new();
    let mut state = SECRET
        .get_or_init(DefaultHashBuilder::default)
        .build_hasher();
    for text in texts {
        state.write(text.as_bytes());
    }
    owner.hash(&mut state);
    state.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_uris_of_one_owner_have_one_key() {
        for (one, other) in [
            ("https://api.example/~a", "HTTPS://API.example:443/%7Ea"),
            ("https://api.example/?a", "https://api.example?a"),
            ("https://api.example/", "https://api.example"),
        ] {
            let [key, same] = [one, other].map(|uri| key(Owner::Everyone, uri));

            assert_eq!(key, same);
            assert_eq!(key.hash_value(), same.hash_value());
            assert_eq!(key.to_text(), one);
        }
    }

    #[test]
    fn different_owners_never_have_the_same() {
        let uri = "https://api.example/cars";
        let anna = Principal::new("anna");
        let owners = [
            Owner::Principal(anna.at_epoch(1)),
            Owner::Principal(anna),
            Owner::Principal(Principal::new("bert")),
            Owner::Layer(1),
            Owner::Layer(2),
            Owner::Everyone,
        ];
        for (index, one) in owners.iter().enumerate() {
            for other in owners.iter().skip(index + 1) {
                assert_ne!(key(one.clone(), uri), key(other.clone(), uri));
            }
        }
    }

    #[test]
    fn a_value_is_no_resource() {
        let value = Key::value(Owner::Everyone, "/cars").unwrap();

        assert_ne!(value, key(Owner::Everyone, "/cars"));
        assert_eq!((value.name(), value.uri()), (Some("/cars"), None));
        assert_eq!(value.to_text(), "/cars");
    }

    #[test]
    fn the_length_of_keys_is_bounded() {
        let longest = format!("/{}", "a".repeat(Key::LONGEST - 1));
        let longer = format!("{longest}a");

        assert!(Key::new(Owner::Everyone, &longest.parse().unwrap()).is_ok());
        let refused = Key::new(Owner::Everyone, &longer.parse().unwrap());
        assert_eq!(
            refused.unwrap_err().to_string(),
            "a key of 8193 bytes; allowed are 8192"
        );
        assert!(Key::value(Owner::Everyone, &longer).is_err());
    }

    #[test]
    fn nothing_of_a_key_is_shown() {
        let owner = Owner::Principal(Principal::new("anna"));

        let shown = format!("{:?}", key(owner, "https://user:secret@api.example/VIN"));

        assert_eq!(shown, "Key { .. }");
    }

    fn key(owner: Owner, uri: &str) -> Key {
        Key::new(owner, &uri.parse().unwrap()).unwrap()
    }
}
