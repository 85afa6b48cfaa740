//! The model issuer: rotates refresh tokens and detects that one is used again.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use tower_client_auth::{Credential, Principal, TokenError, TokenSource};

use crate::case::{Case, Mood};
use crate::chance;
use crate::log::{Fetching, Model, Outcome, Place, What, credential, refresh_of, token_of};

/// What one layer asks for credentials.
pub(crate) struct Issuer {
    pub(crate) model: Arc<Model>,
    pub(crate) layer: usize,
    pub(crate) mood: Mood,
    pub(crate) lifetimes: Vec<Option<Duration>>,
    pub(crate) flaw: Option<IssuerFlaw>,
}

/// How a source, and so what is built on it, may be wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum IssuerFlaw {
    /// Takes everybody for one.
    OneForAll,
}

impl Issuer {
    pub(crate) fn new(model: &Arc<Model>, case: &Case, layer: usize) -> Self {
        Self {
            model: Arc::clone(model),
            layer,
            mood: case.mood,
            lifetimes: case.lifetimes.clone(),
            flaw: case.flaw.issuer,
        }
    }

    fn choose(&self, previous: Option<&Credential>) -> Plan {
        self.model.random(|random| {
            let Mood { fails, refuses, .. } = self.mood;
            match random.u32(..100) {
                it if it < fails => match random.u32(..12) {
                    0..5 => Plan::Fails(Outcome::Transient(None)),
                    5..8 => {
                        let asked = [0, 1, 3, 30, 120, 4000][random.usize(..6)];
                        Plan::Fails(Outcome::Transient(Some(Duration::from_secs(asked))))
                    }
                    8 => Plan::Fails(Outcome::Panic),
                    9 => Plan::IssuesLate,
                    10 => Plan::Hangs,
                    _ => Plan::Fails(Outcome::Transient(None)),
                },
                it if it < fails + refuses => Plan::Fails(Outcome::Permanent),
                it if it < fails + refuses + self.mood.same => match previous {
                    Some(_) => Plan::Same,
                    None => Plan::Issues,
                },
                _ => Plan::Issues,
            }
        })
    }

    /// What the issuer does when the request is there.
    fn answer(&self, fetching: &Fetching, plan: Plan, previous: Option<&Credential>) -> Answer {
        let lifetime = self
            .model
            .random(|random| self.lifetimes[random.usize(..self.lifetimes.len())]);
        match (plan, previous) {
            (Plan::Fails(outcome), _) => Answer::Fails(outcome),
            (Plan::Same, Some(previous)) => Answer::Same(token_of(previous), lifetime),
            _ => {
                let refresh = previous.and_then(refresh_of);
                let reused = refresh.and_then(|refresh| {
                    let used = &mut self.model.lock().issued[refresh].used_by;
                    used.replace(fetching.fetch)
                });
                let late = plan == Plan::IssuesLate;
                Answer::Issues(reused, if late { Some(Duration::ZERO) } else { lifetime })
            }
        }
    }

    async fn answered(
        &self,
        fetching: &Fetching,
        previous: Option<&Credential>,
    ) -> Result<Credential, TokenError> {
        let plan = self.choose(previous);
        let slow = self.mood.slow;
        let [before, after] = [(); 2].map(|()| self.model.random(|it| chance::delay(it, slow)));
        sleep(before).await;
        if plan == Plan::Hangs {
            std::future::pending::<()>().await;
        }
        let answer = self.answer(fetching, plan, previous);
        sleep(after).await;
        let fetched = |outcome| self.model.note(What::Fetched(fetching.fetch, outcome));
        match answer {
            Answer::Issues(reused, lifetime) => {
                let (who, fetch) = (fetching.place.who, Some(fetching.fetch));
                let (token, credential) = self.model.issue(who, lifetime, fetch);
                fetched(Outcome::Token {
                    token,
                    reused,
                    late: lifetime == Some(Duration::ZERO),
                });
                Ok(credential)
            }
            Answer::Same(token, lifetime) => {
                let life = self.model.life(lifetime);
                self.model.lock().issued[token].lives.push(life);
                fetched(Outcome::Same(token));
                Ok(credential(token, lifetime))
            }
            Answer::Fails(outcome) => {
                fetched(outcome);
                self.fail(outcome)
            }
        }
    }

    fn fail(&self, outcome: Outcome) -> Result<Credential, TokenError> {
        match outcome {
            Outcome::Transient(Some(asked)) => Err(TokenError::transient("busy").after(asked)),
            Outcome::Permanent => Err(TokenError::permanent("revoked")),
            // Without the panic's message: it is meant.
            Outcome::Panic => std::panic::resume_unwind(Box::new("meant")),
            _ => Err(TokenError::transient("down")),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Plan {
    Issues,
    /// One that has expired already.
    IssuesLate,
    Same,
    Fails(Outcome),
    Hangs,
}

enum Answer {
    Issues(Option<usize>, Option<Duration>),
    Same(usize, Option<Duration>),
    Fails(Outcome),
}

impl TokenSource for Issuer {
    async fn fetch(
        &self,
        principal: &Principal,
        previous: Option<&Credential>,
    ) -> Result<Credential, TokenError> {
        let who = match self.flaw {
            Some(IssuerFlaw::OneForAll) => 0,
            None => chance::who(principal.id()),
        };
        let fetching = {
            let mut state = self.model.lock();
            let fetch = state.fetches;
            state.fetches += 1;
            let records = state.records.iter();
            Fetching {
                fetch,
                place: Place {
                    layer: self.layer,
                    who,
                },
                epoch: principal.epoch(),
                previous: previous.map(token_of),
                counted: records.map(|it| it.snapshot().token_fetches).sum(),
            }
        };
        self.model.note(What::Fetching(fetching.clone()));
        let mut cut = Cut {
            model: &self.model,
            fetch: Some(fetching.fetch),
        };
        let answered = self.answered(&fetching, previous).await;
        cut.fetch = None;
        answered
    }
}

/// Notes that a fetch was dropped, or has panicked.
struct Cut<'a> {
    model: &'a Model,
    fetch: Option<usize>,
}

impl Drop for Cut<'_> {
    fn drop(&mut self) {
        if let Some(fetch) = self.fetch
            && !std::thread::panicking()
        {
            self.model.note(What::Cut(fetch));
        }
    }
}
