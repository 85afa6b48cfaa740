//! Where stores are, in a word: what settings say of them.

mod place;

use std::fmt;
use std::str::FromStr;

use tower_client_call::InvalidSetting;

use self::place::Place;
#[cfg(feature = "codec")]
use super::codec::Codec;
use super::{BoxStore, Guarded, Store, Tiered};

/// Without stores that write there is nothing to say of how.
#[cfg(not(feature = "codec"))]
type Codec = ();

/// Where a store is: `memory`, `disk:DIR`, or Redis or Valkey by
/// `redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]`, the same with `rediss` for TLS, or
/// `redis+unix:///PATH`.
///
/// User and password are shown nowhere; what is displayed need not be what was parsed. They are
/// percent-encoded, as in all URLs; by `redis+unix` they follow as `?user=USER&pass=PASSWORD&db=DATABASE`.
///
/// ```
/// use tower_client_cache::StoreUrl;
///
/// let url: StoreUrl = "memory".parse()?;
/// let store = StoreUrl::open_all(&[url])?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct StoreUrl(Place);

/// A text does not say where a store is, or the store is not in this program.
///
/// It shows nothing of the text, which may have a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidStoreUrl {
    /// It is no place that is known.
    #[error("no such store; allowed are memory, disk:DIR, {SERVERS}")]
    Unknown,
    /// The folder is missing.
    #[error("a store on disk without a folder; allowed is disk:DIR")]
    NoFolder,
    /// It is not the address of a server.
    #[error("not the address of a store's server, percent-encoded; allowed are {SERVERS}")]
    Server,
    /// The store belongs to a feature that is off.
    #[error("this store needs the feature {0} of tower-client-cache")]
    FeatureOff(&'static str),
}

const SERVERS: &str = "redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE], the same with rediss, and \
                       redis+unix:///PATH";

/// More would be a mistake.
const MOST_TIERS: usize = 8;

impl StoreUrl {
    /// Tells whether it is in memory, and so one process's alone.
    #[must_use]
    pub fn is_memory(&self) -> bool {
        matches!(self.0, Place::Memory)
    }

    /// Tells whether it says who asks: it has a user or a password, and belongs where others cannot
    /// read it.
    #[must_use]
    pub fn has_credentials(&self) -> bool {
        self.0.has_credentials()
    }

    /// Opens the store: [`Guarded`], unless it is in memory. A server, or a folder, is looked for
    /// when the store is first used.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] if the store cannot be had there.
    pub fn open(&self) -> Result<BoxStore, InvalidSetting> {
        self.open_as(&Codec::default())
    }

    /// Opens [tiers](Tiered), the first of them uppermost; without any, a store in memory.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] if a store cannot be had, or if there are more than eight.
    pub fn open_all(urls: &[Self]) -> Result<BoxStore, InvalidSetting> {
        Self::open_all_as(urls, &Codec::default())
    }

    /// Opens tiers likewise, which write as this codec does.
    ///
    /// # Errors
    ///
    /// As [`open_all`](Self::open_all).
    #[cfg(feature = "codec")]
    pub fn open_all_with(urls: &[Self], codec: &Codec) -> Result<BoxStore, InvalidSetting> {
        Self::open_all_as(urls, codec)
    }

    /// Opens tiers likewise, each as this does: to set up one kind otherwise.
    ///
    /// ```
    /// use tower_client_cache::{BoxStore, MemoryStore, StoreUrl};
    ///
    /// # let urls: [StoreUrl; 1] = ["memory".parse()?];
    /// let store = StoreUrl::open_all_by(&urls, |url| {
    ///     if url.is_memory() {
    ///         return Ok(BoxStore::new(MemoryStore::builder().max_entries(100).build()?));
    ///     }
    ///     url.open()
    /// })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`open_all`](Self::open_all).
    pub fn open_all_by(
        urls: &[Self],
        mut open: impl FnMut(&Self) -> Result<BoxStore, InvalidSetting>,
    ) -> Result<BoxStore, InvalidSetting> {
        let count = urls.len();
        InvalidSetting::unless(count <= MOST_TIERS, "stores", count, "up to 8")?;
        let Some((lowest, uppers)) = urls.split_last() else {
            return open(&Self(Place::Memory));
        };
        let lowest = open(lowest)?;
        uppers.iter().rev().try_fold(lowest, |lower, upper| {
            Ok(BoxStore::new(Tiered::new(open(upper)?, lower)))
        })
    }

    fn open_all_as(urls: &[Self], codec: &Codec) -> Result<BoxStore, InvalidSetting> {
        Self::open_all_by(urls, |url| url.open_as(codec))
    }

    #[cfg_attr(
        not(any(feature = "disk", feature = "redis")),
        expect(unused_variables, reason = "a store in memory writes nothing")
    )]
    fn open_as(&self, codec: &Codec) -> Result<BoxStore, InvalidSetting> {
        match &self.0 {
            #[cfg(feature = "memory")]
            Place::Memory => Ok(BoxStore::new(super::MemoryStore::new())),
            #[cfg(feature = "disk")]
            Place::Disk(dir) => {
                let builder = super::DiskStore::builder(dir).codec(codec.clone());
                Ok(guarded(builder.build()?))
            }
            #[cfg(feature = "redis")]
            Place::Redis(server) => {
                let builder = super::RedisStore::builder(server.as_str()).codec(codec.clone());
                Ok(guarded(builder.build()?))
            }
            #[allow(unreachable_patterns, reason = "it is reached where a feature is off")]
            place => Err(InvalidSetting::new(
                "store",
                place,
                "what this program's features have",
            )),
        }
    }
}

#[cfg_attr(
    not(any(feature = "disk", feature = "redis")),
    expect(dead_code, reason = "a store in memory needs no guard")
)]
fn guarded(store: impl Store) -> BoxStore {
    BoxStore::new(Guarded::new(store))
}

impl FromStr for StoreUrl {
    type Err = InvalidStoreUrl;

    fn from_str(text: &str) -> Result<Self, InvalidStoreUrl> {
        let place: Place = text.parse()?;
        match place.feature_off() {
            Some(feature) => Err(InvalidStoreUrl::FeatureOff(feature)),
            None => Ok(Self(place)),
        }
    }
}

/// Shows neither user nor password.
impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Shows neither user nor password.
impl fmt::Debug for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreUrl({self})")
    }
}

#[cfg(all(test, feature = "memory"))]
mod tests {
    use super::*;

    #[test]
    fn without_any_or_by_name_it_is_a_store_in_memory() {
        let memory: StoreUrl = "memory".parse().unwrap();

        let opened = [
            memory.open(),
            StoreUrl::open_all(&[]),
            StoreUrl::open_all(std::slice::from_ref(&memory)),
        ];

        for store in opened {
            let shown = format!("{:?}", store.unwrap());
            assert!(shown.starts_with("MemoryStore {"), "{shown}");
        }
        assert_eq!(format!("{memory:?} {memory}"), "StoreUrl(memory) memory");
    }

    #[test]
    fn several_are_tiers_the_first_uppermost() {
        let urls = ["memory", "memory", "memory"].map(|url| url.parse().unwrap());

        let store = StoreUrl::open_all(&urls).unwrap();

        let shown = format!("{store:?}");
        assert!(
            shown.starts_with("Tiered { upper: MemoryStore {"),
            "{shown}"
        );
        assert!(
            shown.contains("lower: Tiered { upper: MemoryStore {"),
            "{shown}"
        );
        let many = vec![urls[0].clone(); 9];
        let refused = StoreUrl::open_all(&many).unwrap_err();
        assert_eq!(refused.to_string(), "stores is 9; allowed is up to 8");
    }

    #[test]
    fn tiers_are_opened_as_is_said() {
        let urls = ["memory", "memory"].map(|url| url.parse().unwrap());
        let small = |url: &StoreUrl| {
            assert!(url.is_memory());
            let store = super::super::MemoryStore::builder()
                .max_entries(7)
                .build()?;
            Ok(BoxStore::new(store))
        };

        let several = StoreUrl::open_all_by(&urls, small).unwrap();
        let none = StoreUrl::open_all_by(&[], small).unwrap();

        for (store, expected) in [(several, 2), (none, 1)] {
            let shown = format!("{store:?}");
            assert_eq!(shown.matches("max_entries: 7").count(), expected, "{shown}");
        }
    }

    #[cfg(not(feature = "disk"))]
    #[test]
    fn what_is_not_in_the_program_is_said_to_need_its_feature() {
        let refused = "disk:/var/cache/app".parse::<StoreUrl>().unwrap_err();

        let expected = "this store needs the feature disk of tower-client-cache";
        assert_eq!(refused.to_string(), expected);
    }

    #[cfg(all(feature = "disk", feature = "redis"))]
    #[test]
    fn what_can_be_slow_is_guarded_and_shows_no_password() {
        let urls = ["memory", "disk:/tmp/x", "redis://anna:s3cret@localhost/1"];
        let urls = urls.map(|url| url.parse().unwrap());

        let store = StoreUrl::open_all_with(&urls, &Codec::default()).unwrap();

        let shown = format!("{store:?} {urls:?}");
        assert_eq!(shown.matches("Guarded {").count(), 2, "{shown}");
        assert!(
            !shown.contains("s3cret") && !shown.contains("anna"),
            "{shown}"
        );
    }
}
