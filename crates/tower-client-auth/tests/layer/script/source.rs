//! A source that returns what a test tells it to, and remembers what it was asked.

use std::collections::VecDeque;
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::sleep;
use tower_client_auth::{Credential, Principal, RefreshToken, TokenError, TokenSource};

use super::HOUR;

/// The source: steps for what it is asked, then tokens that are good for a while.
///
/// Its tokens are `token-1`, `token-2` and so on, with `refresh-1`, `refresh-2` to renew them.
#[derive(Clone)]
pub(crate) struct Source(Arc<Mutex<State>>);

struct State {
    steps: VecDeque<Step>,
    lifetime: Duration,
    issued: u32,
    asked: Vec<Asked>,
    left: u32,
}

/// What it was asked.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) principal: Principal,
    pub(crate) previous: Option<Credential>,
}

/// What comes of one question.
pub(crate) struct Step {
    after: Duration,
    outcome: Outcome,
}

enum Outcome {
    Token(Make),
    Failure(TokenError),
    Panic,
    Nothing,
}

type Make = Box<dyn FnOnce(Credential) -> Credential + Send>;

impl Step {
    fn new(outcome: Outcome) -> Self {
        let after = Duration::ZERO;
        Self { after, outcome }
    }

    pub(crate) fn after(self, after: Duration) -> Self {
        Self { after, ..self }
    }
}

/// A token that is good for an hour.
pub(crate) fn token() -> Step {
    living(HOUR)
}

/// A token that is good for so long.
pub(crate) fn living(lifetime: Duration) -> Step {
    made(move |credential| credential.expires_in(lifetime))
}

/// A token that never expires.
pub(crate) fn forever() -> Step {
    made(|credential| credential)
}

/// This token, good for an hour.
pub(crate) fn named(token: &'static str) -> Step {
    made(move |_| Credential::new(token).expires_in(HOUR))
}

/// The next token, made into another credential.
pub(crate) fn made(make: impl FnOnce(Credential) -> Credential + Send + 'static) -> Step {
    Step::new(Outcome::Token(Box::new(make)))
}

/// A failure that passes.
pub(crate) fn busy() -> Step {
    failure(TokenError::transient("busy"))
}

/// A failure that stays.
pub(crate) fn refusal() -> Step {
    failure(TokenError::permanent("wrong password"))
}

pub(crate) fn failure(error: TokenError) -> Step {
    Step::new(Outcome::Failure(error))
}

pub(crate) fn panic() -> Step {
    Step::new(Outcome::Panic)
}

pub(crate) fn hang() -> Step {
    Step::new(Outcome::Nothing)
}

impl Source {
    /// Tokens that are good for an hour.
    pub(crate) fn new() -> Self {
        Self::of([])
    }

    /// Tokens that are good for so long.
    pub(crate) fn living(lifetime: Duration) -> Self {
        let source = Self::new();
        source.0.lock().unwrap().lifetime = lifetime;
        source
    }

    pub(crate) fn of(steps: impl IntoIterator<Item = Step>) -> Self {
        Self(Arc::new(Mutex::new(State {
            steps: steps.into_iter().collect(),
            lifetime: HOUR,
            issued: 0,
            asked: Vec::new(),
            left: 0,
        })))
    }

    pub(crate) fn add(&self, step: Step) {
        self.0.lock().unwrap().steps.push_back(step);
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.0.lock().unwrap().asked.clone()
    }

    /// How often it was asked.
    pub(crate) fn count(&self) -> usize {
        self.0.lock().unwrap().asked.len()
    }

    /// How often nobody waited for its answer to the end.
    pub(crate) fn left(&self) -> u32 {
        self.0.lock().unwrap().left
    }

    fn next(&self, principal: &Principal, previous: Option<&Credential>) -> Step {
        let mut state = self.0.lock().unwrap();
        state.asked.push(Asked {
            principal: principal.clone(),
            previous: previous.cloned(),
        });
        let lifetime = state.lifetime;
        state.steps.pop_front().unwrap_or_else(|| living(lifetime))
    }

    fn issue(&self) -> Credential {
        let mut state = self.0.lock().unwrap();
        state.issued += 1;
        let number = state.issued;
        let refresh = format!("refresh-{number}");
        Credential::new(format!("token-{number}")).with(RefreshToken::from(&*refresh))
    }
}

/// Tells whether an answer was waited for.
struct Watch<'a>(Option<&'a Source>);

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if let Some(source) = self.0 {
            source.0.lock().unwrap().left += 1;
        }
    }
}

impl TokenSource for Source {
    async fn fetch(
        &self,
        principal: &Principal,
        previous: Option<&Credential>,
    ) -> Result<Credential, TokenError> {
        let mut watch = Watch(Some(self));
        let step = self.next(principal, previous);
        sleep(step.after).await;
        let answer = match step.outcome {
            Outcome::Token(make) => Ok(make(self.issue())),
            Outcome::Failure(error) => Err(error),
            Outcome::Panic => panic!("the source has a bug"),
            Outcome::Nothing => pending().await,
        };
        watch.0 = None;
        answer
    }
}
