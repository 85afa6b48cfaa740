//! All that is known of a case while it runs: its chance, the clock, and what happened in order.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use fastrand::Rng;
use tokio::time::Instant;
use tower_client_auth::{AuthErrorKind, Credential, ExposeSecret, Extra, RefreshToken};
use tower_client_call::{CallRecord, Delivery};

/// One principal's place in one layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) layer: usize,
    pub(crate) who: usize,
}

/// The number of a secret, in the order in which they were issued.
pub(crate) type Token = usize;

#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) at: Duration,
    pub(crate) what: What,
}

#[derive(Clone, Debug)]
pub(crate) enum What {
    /// The layer is called, perhaps with a principal of this epoch, and has returned a future.
    Called(usize, Option<u64>),
    Returned(usize),
    /// That is polled for the first time.
    Polled(usize),
    Sent(Sent),
    /// The API's answer is there for the layer.
    Answered {
        call: usize,
        status: u16,
        refuses: bool,
    },
    /// Its body was read to the end.
    Read {
        call: usize,
        nth: usize,
    },
    Ended(usize, End),
    Left(usize),
    Fetching(Fetching),
    Fetched(usize, Outcome),
    /// A fetch was dropped before it had ended.
    Cut(usize),
    /// The store was asked, by the layer itself or by a caller of its provider.
    Loaded {
        place: Place,
        began: Duration,
        token: Result<Option<Token>, ()>,
        by_caller: bool,
    },
    LockFailed,
    /// This place has the store's lock from now on.
    Locked(Place),
    Saved(Place, Token, bool),
    Removed(Place, bool),
    Op {
        op: usize,
        place: Place,
        epoch: u64,
        kind: OpKind,
    },
    OpEnded {
        op: usize,
        how: OpEnd,
        kept: Option<Token>,
    },
    OpLeft,
    /// The place is in this epoch from now on.
    Epoch(Place, u64),
}

#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) call: usize,
    pub(crate) token: Option<Token>,
    /// How much had happened when the handle was first asked whether it is ready, and when.
    pub(crate) asked: (usize, Duration),
    pub(crate) body: Vec<u8>,
}

#[derive(Clone, Debug)]
pub(crate) struct Fetching {
    pub(crate) fetch: usize,
    pub(crate) place: Place,
    pub(crate) epoch: u64,
    pub(crate) previous: Option<Token>,
    /// How many fetches all calls' records have in all.
    pub(crate) counted: u32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Outcome {
    Token {
        token: Token,
        /// By which fetch the refresh token had been used before: whoever has it is a thief.
        reused: Option<usize>,
        /// It has expired on the way.
        late: bool,
    },
    /// The previous secret, for longer.
    Same(Token),
    Transient(Option<Duration>),
    Permanent,
    Panic,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum End {
    Answer {
        status: u16,
        /// Which of the call's answers has this body.
        nth: Option<usize>,
    },
    Auth(AuthEnd),
    Api,
    NotReady,
    Stuck,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AuthEnd {
    pub(crate) kind: AuthErrorKind,
    pub(crate) delivery: Delivery,
    pub(crate) permanent: bool,
    pub(crate) wait: Option<Duration>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum OpKind {
    Authenticate,
    Refresh,
    Set(Token),
    Logout,
    IsAuthenticated,
    Settle,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum OpEnd {
    Token(Option<Token>),
    Set,
    Epoch(u64),
    Is(bool),
    Settled,
    Failed(AuthErrorKind),
    Stuck,
}

/// What was issued under one secret.
#[derive(Clone, Debug)]
pub(crate) struct Issued {
    pub(crate) who: usize,
    /// How long it is good for; several where the source has brought it again.
    pub(crate) lives: Vec<Life>,
    /// By which fetch, unless somebody signed in elsewhere.
    pub(crate) fetch: Option<usize>,
    pub(crate) used_by: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Life {
    pub(crate) whole: Option<Duration>,
    pub(crate) expires: Option<Duration>,
}

pub(crate) struct Model {
    start: Instant,
    state: Mutex<State>,
}

pub(crate) struct State {
    pub(crate) random: Rng,
    pub(crate) log: Vec<Entry>,
    pub(crate) issued: Vec<Issued>,
    pub(crate) revoked: Vec<bool>,
    /// Whose next request is refused whatever it carries.
    pub(crate) refuse_next: Vec<bool>,
    pub(crate) epochs: BTreeMap<Place, u64>,
    pub(crate) records: Vec<CallRecord>,
    pub(crate) fetches: usize,
}

impl Model {
    pub(crate) fn new(seed: u64, layers: usize, people: usize, calls: usize) -> Arc<Self> {
        let defaults = (0..layers).map(|layer| (Place { layer, who: 0 }, 0));
        Arc::new(Self {
            start: Instant::now(),
            state: Mutex::new(State {
                random: Rng::with_seed(seed ^ 0x5eed),
                log: Vec::new(),
                issued: Vec::new(),
                revoked: Vec::new(),
                refuse_next: vec![false; people],
                epochs: defaults.collect(),
                records: (0..calls).map(|_| CallRecord::new()).collect(),
                fetches: 0,
            }),
        })
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn now(&self) -> Duration {
        self.start.elapsed()
    }

    pub(crate) fn note(&self, what: What) {
        let at = self.now();
        self.lock().log.push(Entry { at, what });
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().log.len()
    }

    pub(crate) fn random<T>(&self, choose: impl FnOnce(&mut Rng) -> T) -> T {
        choose(&mut self.lock().random)
    }

    /// Issues a credential with a new secret.
    pub(crate) fn issue(
        &self,
        who: usize,
        lifetime: Option<Duration>,
        fetch: Option<usize>,
    ) -> (Token, Credential) {
        let life = self.life(lifetime);
        let mut state = self.lock();
        let token = state.issued.len();
        state.issued.push(Issued {
            who,
            lives: vec![life],
            fetch,
            used_by: None,
        });
        state.revoked.push(false);
        (token, credential(token, lifetime))
    }

    pub(crate) fn life(&self, whole: Option<Duration>) -> Life {
        let expires = whole.map(|whole| self.now() + whole);
        Life { whole, expires }
    }

    /// The principal is heard of, perhaps for the first time. Called where the layer hears of it.
    pub(crate) fn enter(&self, place: Place, epoch: u64, only_new: bool) {
        let known = self.lock().epochs.get(&place).copied();
        if known.is_none_or(|known| known < epoch && !only_new) {
            self.lock().epochs.insert(place, epoch);
            self.note(What::Epoch(place, epoch));
        }
    }

    pub(crate) fn epoch(&self, place: Place) -> Option<u64> {
        self.lock().epochs.get(&place).copied()
    }
}

pub(crate) fn credential(token: Token, lifetime: Option<Duration>) -> Credential {
    let credential =
        Credential::new(format!("t{token}")).with(RefreshToken::from(format!("r{token}").as_str()));
    match lifetime {
        Some(lifetime) => credential.expires_in(lifetime),
        None => credential,
    }
}

pub(crate) fn token_of(credential: &Credential) -> Token {
    credential.secret().expose_secret()[1..].parse().unwrap()
}

/// The refresh token's number is that of the secret it came with.
pub(crate) fn refresh_of(credential: &Credential) -> Option<Token> {
    let token: RefreshToken = credential.get()?;
    debug_assert_eq!(RefreshToken::NAME, "refresh_token");
    token.secret().expose_secret()[1..].parse().ok()
}
