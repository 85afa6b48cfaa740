//! RFC 9111 and RFC 5861 as they are written, slowly, in numbers that do not overflow.
//!
//! Where the RFCs leave a choice, it is the one that the documentation of the crate names.

pub mod complete;
pub mod date;
pub mod decision;
pub mod directives;
pub mod freshness;
pub mod list;
pub mod storing;

use http::HeaderMap;
use tower_client_cache::policy;

/// Returns the values of all lines of a field.
pub(crate) fn lines<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a [u8]> {
    let lines = headers.get_all(name).iter();
    lines.map(http::HeaderValue::as_bytes).collect()
}

/// What whoever runs the cache chose, to be read by the models too.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Whether it is a shared cache.
    pub shared: bool,
    /// Whether parts are stored.
    pub partial_responses: bool,
    /// How much of the time since the last change is guessed to be the lifetime, in percent.
    pub percent: u32,
    /// The longest lifetime that is guessed.
    pub cap: u32,
    /// `stale-while-revalidate` of what says nothing about it.
    pub while_revalidate: u32,
    /// `stale-if-error` of what says nothing about it.
    pub if_error: u32,
}

impl Rules {
    /// Returns them as the crate has them.
    pub fn chosen(&self) -> policy::Rules {
        let mut rules = policy::Rules::new()
            .heuristic(self.percent, self.cap)
            .stale_while_revalidate(self.while_revalidate)
            .stale_if_error(self.if_error);
        if self.shared {
            rules = rules.shared();
        }
        if self.partial_responses {
            rules = rules.partial_responses();
        }
        rules
    }
}
