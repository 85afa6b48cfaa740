//! What a flight has brought, and what becomes of it.

use std::sync::Arc;

use super::{Brought, Flight, Landed, Landing, State, Stored, Trouble};
use crate::error::Failure;
use crate::held::{Held, Prepared};
use crate::moment::Moment;
use crate::windows::Freshness;
use crate::{AuthError, AuthErrorKind};

impl State {
    /// A flight has landed; `random` is from 0 to 1.
    pub(crate) fn land(
        &mut self,
        flight: u64,
        brought: Result<Brought, AuthError>,
        now: Moment,
        random: f64,
    ) -> Landed {
        let Some(flight) = self.flight.take_if(|it| it.id == flight) else {
            return Landed::Over;
        };
        let landing = match brought {
            Ok(Brought::Credential {
                prepared,
                saved,
                failed,
            }) => {
                let held = self.accept(prepared, saved, now);
                if flight.overtaken {
                    return self.fetch_again(flight);
                }
                // It may have taken too long to keep it.
                let expired = held.freshness_at(now) == Freshness::Expired;
                let late = (expired && flight.fetches).then(|| Failure::ShortLived.into());
                match failed.or(late).map(|error| self.fail(error, now, random)) {
                    Some(failed) if expired => failed,
                    Some(_) => Landing::Here(held),
                    None => {
                        self.trouble = Trouble::None;
                        if expired {
                            Landing::Elsewhere
                        } else {
                            Landing::Here(held)
                        }
                    }
                }
            }
            Ok(Brought::Changed) => {
                self.trouble = Trouble::None;
                Landing::Elsewhere
            }
            Ok(Brought::Forgotten) => {
                self.stored = Stored::Seen;
                Landing::Elsewhere
            }
            Ok(Brought::Nothing) => Landing::Elsewhere,
            Err(error) if flight.fetches => self.fail(error, now, random),
            // That a credential could not be looked for or kept says nothing of the source.
            Err(error) => {
                self.trouble.note_look(now.monotonic);
                Landing::Failed(error)
            }
        };
        flight.landing.send_replace(landing);
        Landed::Over
    }

    /// What the flight brought was asked for before a refusal, and may have been revoked with the
    /// other.
    fn fetch_again(&mut self, flight: Flight) -> Landed {
        self.current = None;
        self.trouble = Trouble::None;
        self.flight = Some(Flight {
            overtaken: false,
            ..flight
        });
        Landed::Again(self.fetch())
    }

    fn fail(&mut self, error: AuthError, now: Moment, random: f64) -> Landing {
        let asked = error.retry_after();
        let lasting = error.kind() == AuthErrorKind::Refused;
        self.trouble
            .worsen(error.clone(), lasting, asked, now.monotonic, random);
        Landing::Failed(error)
    }

    /// Takes a credential in place of the last.
    fn accept(&mut self, prepared: Prepared, saved: bool, now: Moment) -> Arc<Held> {
        let last = self.last.take();
        let rejected = |held: &Held| {
            let known = self.rejection.as_ref();
            known.is_some_and(|it| it.is_of(held.generation()))
        };
        let doubted = self.refused || last.as_deref().is_some_and(rejected);
        let same = last.filter(|last| prepared.has_secret_of(last));
        self.generations += 1;
        let first = same.as_deref().map_or(self.generations, Held::first);
        // One that nobody could try proves nothing of the next.
        self.unproved |= doubted;
        if doubted && same.is_some() {
            // A token that never changes: it will be refused again.
            self.reject(self.generations, now);
        }
        let held = Arc::new(prepared.hold(self.generations, self.epoch, first));
        // One that has expired already takes no better one's place.
        let freshness = held.freshness_at(now);
        let better = |current: &Arc<Held>| {
            freshness == Freshness::Expired && current.freshness_at(now) > freshness
        };
        let kept = self.current.take().filter(better);
        self.current = Some(kept.unwrap_or_else(|| Arc::clone(&held)));
        self.last = Some(Arc::clone(&held));
        self.refused = false;
        self.unsaved = !saved;
        self.stored = Stored::Seen;
        held
    }
}
