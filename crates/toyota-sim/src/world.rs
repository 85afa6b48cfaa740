//! Everything that changes while the simulator runs, under one lock.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use crate::{
    account::{Account, Car},
    accounts::Accounts,
    api::Commands,
    clock::Clock,
    counters::{Counters, Tallies},
    fault::FaultPlan,
    login::{LoginFlow, LoginsInProgress},
    oauth::{AuthorizeFlow, Codes, TokenFlow, Tokens},
    random::Random,
    record::{RecordedRequest, RequestLog},
    registration::Registration,
    route::{Families, Route},
    sessions::Sessions,
};

/// The state of the simulated service.
pub(crate) struct World {
    pub(crate) registration: Registration,
    pub(crate) accounts: Accounts,
    pub(crate) random: Random,
    pub(crate) login_flow: LoginFlow,
    pub(crate) authorize_flow: AuthorizeFlow,
    pub(crate) token_flow: TokenFlow,
    pub(crate) logins: LoginsInProgress,
    pub(crate) sessions: Sessions,
    pub(crate) codes: Codes,
    pub(crate) tokens: Tokens,
    pub(crate) commands: Commands,
    pub(crate) faults: FaultPlan,
    /// Which service this is, as far as others than the fenced routes are concerned.
    pub(crate) families: Families,
    /// The routes that answer nobody any more.
    pub(crate) fences: BTreeSet<Route>,
    /// How many of the next connections are reset at once.
    pub(crate) resets: usize,
    pub(crate) log: RequestLog,
    pub(crate) counters: Counters,
    pub(crate) tallies: Tallies,
    /// How many requests of an account may be under way at once, if that is bounded.
    pub(crate) most_at_once: Option<u64>,
    /// How many requests of each account are under way, by its place.
    pub(crate) in_flight: BTreeMap<usize, u64>,
}

impl World {
    /// Creates a world whose dice depend on `seed` alone, so that a test can repeat its failures,
    /// and whose identifiers depend on `port` too, so that two simulators share none.
    pub(crate) fn new(
        registration: Registration,
        mut accounts: Accounts,
        seed: u64,
        port: u16,
    ) -> Self {
        let cars = accounts.iter_mut().flat_map(Account::cars_mut);
        for twin in cars.filter_map(Car::twin_mut) {
            twin.reseed(seed);
        }
        let named_by_port = seed ^ (u64::from(port) << 48);
        Self {
            registration,
            accounts,
            random: Random::new(!named_by_port),
            login_flow: LoginFlow::default(),
            authorize_flow: AuthorizeFlow::default(),
            token_flow: TokenFlow::default(),
            logins: LoginsInProgress::default(),
            sessions: Sessions::default(),
            codes: Codes::default(),
            tokens: Tokens::default(),
            commands: Commands::default(),
            faults: FaultPlan::new(seed),
            families: Families::default(),
            fences: BTreeSet::new(),
            resets: 0,
            log: RequestLog::default(),
            counters: Counters::default(),
            tallies: Tallies::default(),
            most_at_once: None,
            in_flight: BTreeMap::new(),
        }
    }

    /// Fences the routes that one family lacks, and no other that has moved.
    pub(crate) fn set_families(&mut self, families: Families) {
        for route in Families::moved() {
            self.fences.remove(&route);
        }
        self.fences.extend(families.fenced());
        self.families = families;
    }

    pub(crate) fn record(&mut self, request: RecordedRequest) {
        self.tallies.record(&request);
        *self.counters.requests.entry(request.route()).or_default() += 1;
        if self.log.push(request) {
            self.counters.requests_dropped += 1;
        }
    }
}

/// The world and its time, as every connection shares them.
pub(crate) struct Shared {
    world: Mutex<World>,
    pub(crate) clock: Clock,
    closings: watch::Sender<()>,
}

impl Shared {
    pub(crate) fn new(world: World, clock: Clock) -> Self {
        Self {
            world: Mutex::new(world),
            clock,
            closings: watch::Sender::new(()),
        }
    }

    /// Tells every connection to end.
    pub(crate) fn close_connections(&self) {
        self.closings.send_replace(());
    }

    /// Returns what hears of closings from now on.
    pub(crate) fn closings(&self) -> watch::Receiver<()> {
        self.closings.subscribe()
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
