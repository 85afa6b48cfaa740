//! A credential in force, with all that is worked out once for it.

use http::HeaderMap;
use http::header::InvalidHeaderValue;

use crate::apply::Applied;
use crate::moment::Moment;
use crate::windows::{Freshness, Windows};
use crate::{Apply, Credential};

/// A credential that is obtained, and what it becomes on a request.
#[derive(Debug)]
pub(crate) struct Prepared {
    credential: Credential,
    applied: Applied,
    windows: Option<Windows>,
}

impl Prepared {
    /// `random`, from 0 to 1, spreads when it is renewed.
    pub(crate) fn new(
        credential: Credential,
        apply: &dyn Apply,
        random: f64,
    ) -> Result<Self, InvalidHeaderValue> {
        Ok(Self {
            applied: Applied::new(apply, &credential)?,
            windows: credential.lifetime().map(|life| Windows::of(life, random)),
            credential,
        })
    }

    pub(crate) fn applied(&self) -> &Applied {
        &self.applied
    }

    pub(crate) fn has_secret_of(&self, held: &Held) -> bool {
        self.credential.has_secret_of(&held.credential)
    }

    /// Whether callers can use it for a while before it has to be renewed.
    pub(crate) fn is_fresh(&self) -> bool {
        match (self.windows, self.credential.remaining()) {
            (Some(windows), Some(left)) => windows.judge(left) == Freshness::Fresh,
            _ => true,
        }
    }

    /// Puts it in force; the secret came `first` with that generation.
    pub(crate) fn hold(self, generation: u64, epoch: u64, first: u64) -> Held {
        Held {
            fresh_until: self.windows.and_then(|windows| {
                let fresh = windows.fresh_part(self.credential.remaining()?);
                Moment::now().after(fresh)
            }),
            credential: self.credential.at_generation(generation),
            applied: self.applied,
            windows: self.windows,
            epoch,
            first,
        }
    }
}

/// A credential in force.
#[derive(Debug)]
pub(crate) struct Held {
    credential: Credential,
    applied: Applied,
    windows: Option<Windows>,
    /// Until when there is nothing to be done; `None` is for ever.
    fresh_until: Option<Moment>,
    epoch: u64,
    first: u64,
}

impl Held {
    #[inline]
    pub(crate) fn put_on(&self, headers: &mut HeaderMap) {
        self.applied.put_on(headers);
    }

    pub(crate) fn credential(&self) -> &Credential {
        &self.credential
    }

    #[inline]
    pub(crate) fn generation(&self) -> u64 {
        self.credential.generation()
    }

    #[inline]
    pub(crate) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Returns the generation with which its secret came first: with those since then it was sent
    /// in vain, if one of them was refused.
    pub(crate) fn first(&self) -> u64 {
        self.first
    }

    /// How good it is now.
    #[inline]
    pub(crate) fn freshness(&self) -> Freshness {
        // One that never expires asks no clock, and one that is fresh does no sums.
        let Some(until) = self.fresh_until else {
            return Freshness::Fresh;
        };
        let now = Moment::now();
        if until.is_ahead_of(now) {
            return Freshness::Fresh;
        }
        self.freshness_at(now)
    }

    pub(crate) fn freshness_at(&self, now: Moment) -> Freshness {
        match (self.windows, self.credential.remaining_at(now)) {
            (Some(windows), Some(remaining)) => windows.judge(remaining),
            _ => Freshness::Fresh,
        }
    }
}
