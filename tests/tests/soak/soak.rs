//! The soak itself: phases of calls, and after each a moment at which nothing is under way.

use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use http::Request;
use http::header::CONNECTION;
use http_body_util::BodyExt;
use tests::{PATIENCE, soon, transport};
use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tower::ServiceExt;
use toyota_client::cache::MemoryStore;
use toyota_client::metrics::Registry;
use toyota_client::{Body, ToyotaClient, Transport};
use toyota_sim::Simulator;

use crate::audit::Audit;
use crate::caller::Caller;
use crate::clients::{MAX_CACHED, clients};
use crate::commands::Commands;
use crate::garage::{Garage, garages};
use crate::invariants::Held;
use crate::measured::Measured;
use crate::settings::Settings;
use crate::tally::Tally;
use crate::{invariants, meter, panics, weather};

const CALLERS: usize = 64;
/// How often each calls when nothing fails any more.
const CALM_CALLS: usize = 10;

/// A service, its clients, and what is known of their doings.
pub(crate) struct Soak {
    settings: Settings,
    random: Rng,
    sim: Arc<Simulator>,
    garages: Arc<[Garage]>,
    registry: Registry,
    transport: Transport,
    clients: Vec<ToyotaClient>,
    commands: Arc<Commands>,
    tally: Arc<Tally>,
    audit: Arc<Audit>,
    /// The simulator's tasks: there are no others before there are clients.
    tasks_before: usize,
    /// What was held after each phase.
    held: Vec<Held>,
}

impl Soak {
    /// Calls, phase after phase, and lets go of everything.
    pub(crate) async fn run(settings: Settings) {
        panics::watch();
        let sim = simulator(settings.seed).await;
        let mut soak = Self::new(settings, Arc::clone(&sim));
        let tasks_before = soak.tasks_before;

        weather::begin(&sim);
        for _ in 0..settings.phases {
            soak.storm().await;
            soak.quiet().await;
            soak.look().await;
        }
        invariants::memory_does_not_grow(&soak.held);
        invariants::it_was_a_storm(&soak.tally.figures());
        sim.clear_faults();
        soak.calm().await;

        drop(soak);
        until("the connections are closed", || {
            sim.counters().connections_open == 0
        })
        .await;
        until("no task is left", || alive_tasks() == tasks_before).await;
        invariants::nobody_panicked();
    }

    fn new(settings: Settings, sim: Arc<Simulator>) -> Self {
        let tasks_before = alive_tasks();
        let garages: Arc<[Garage]> = garages().into();
        let commands = Arc::new(Commands::new());
        let registry = Registry::new();
        let max_cached = usize::try_from(MAX_CACHED).expect("a small number");
        let store = MemoryStore::builder().max_entries(max_cached).build();
        let store = store.expect("a good bound");
        let transport = transport(&sim);
        let clients = clients(&sim, &transport, &garages, &store, &registry);
        let audit = Audit::new(
            Arc::clone(&sim),
            Arc::clone(&garages),
            Arc::clone(&commands),
        );
        Self {
            settings,
            random: Rng::with_seed(settings.seed),
            sim,
            garages,
            registry,
            transport,
            clients,
            commands,
            tally: Arc::default(),
            audit: Arc::new(audit),
            tasks_before,
            held: Vec::with_capacity(64),
        }
    }

    /// Lets everybody call while everything fails now and then.
    async fn storm(&mut self) {
        let end = Instant::now() + self.settings.phase;
        let mut tasks = JoinSet::new();
        for caller in self.callers() {
            tasks.spawn(caller.call_until(self.random.fork(), end));
        }
        let sim = Arc::clone(&self.sim);
        tasks.spawn(weather::now_and_then(sim, self.random.fork(), end));
        tasks.spawn(Arc::clone(&self.audit).until(end));
        let patience = self.settings.phase + PATIENCE;
        join(tasks, patience).await;
    }

    /// Waits until nothing is under way, on either side, and has the simulator forget what it
    /// would otherwise hold for long.
    async fn quiet(&self) {
        for client in &self.clients {
            let provider = client.provider();
            soon(provider.settle(&provider.default_principal())).await;
        }
        self.sim.reset_next_connections(0);
        self.close_connections().await;
        sweep(&self.sim, self.transport.clone()).await;
        self.close_connections().await;
        self.audit.look();
        self.audit.forget();
        self.sim.forget_sign_ins();
    }

    /// Closes every connection, also those that somebody left before they were open.
    async fn close_connections(&self) {
        until("the connections are closed", || {
            self.sim.close_connections();
            let is_closed = self.sim.counters().connections_open == 0;
            // While there is a pool, a task of its looks for connections that were idle for long.
            is_closed && alive_tasks() <= self.tasks_before + 1
        })
        .await;
    }

    /// Looks at everything, now that nothing is under way.
    async fn look(&mut self) {
        let (measured, counters) = (Measured::of(&self.registry), self.sim.counters());
        let figures = self.tally.figures();
        invariants::nobody_panicked();
        invariants::nothing_is_under_way(&measured, &self.clients);
        invariants::bounds_are_kept(&measured, &self.clients).await;
        invariants::what_arrived_was_sent(&measured, &counters, &figures);
        invariants::commands_are_carried_out_as_told(&self.commands.all(), &counters);
        let (carried_out, series) = (counters.commands_carried_out, measured.series());
        drop((measured, counters));
        let bytes = meter::live();
        self.held.push(Held { bytes, series });
        let (phase, kib) = (self.held.len(), bytes / 1024);
        println!(
            "after phase {phase}: {figures}; {carried_out} commands; {series} series; {kib} KiB live"
        );
    }

    /// Calls where nothing fails any more: whatever was given up for a while is taken up again.
    async fn calm(&mut self) {
        for client in &self.clients {
            let provider = client.provider();
            let signed_in = soon(provider.authenticate(&provider.default_principal())).await;
            signed_in.expect("nothing fails any more");
        }
        let before = (Measured::of(&self.registry), self.sim.counters());
        self.everybody_is_answered().await;
        let after = (Measured::of(&self.registry), self.sim.counters());
        invariants::each_request_arrives_once((&before.0, &before.1), (&after.0, &after.1));
        self.audit.look();
        invariants::nothing_is_under_way(&after.0, &self.clients);
        invariants::commands_are_carried_out_as_told(&self.commands.all(), &after.1);
        println!("at the end: {}", self.tally.figures());
    }

    async fn everybody_is_answered(&mut self) {
        let mut tasks = JoinSet::new();
        for caller in self.callers() {
            tasks.spawn(caller.call_without_fail(self.random.fork(), CALM_CALLS));
        }
        join(tasks, PATIENCE).await;
    }

    fn callers(&self) -> Vec<Caller> {
        let places = (0..self.clients.len()).cycle().take(CALLERS);
        let caller = |place: usize| Caller {
            client: self.clients[place].clone(),
            garages: Arc::clone(&self.garages),
            place,
            tally: Arc::clone(&self.tally),
            commands: Arc::clone(&self.commands),
        };
        places.map(caller).collect()
    }
}

async fn simulator(seed: u64) -> Arc<Simulator> {
    let mut accounts = garages().into_iter().map(|garage| garage.account());
    let first = accounts.next().expect("a first");
    let builder = Simulator::builder().seed(seed).account(first);
    let builder = accounts.fold(builder, |builder, other| builder.another_account(other));
    let builder = builder.token_lifetime(Duration::from_secs(20));
    Arc::new(builder.start().await.expect("a free port"))
}

/// Waits until the tasks have ended; what one of them panics with, this does.
async fn join(mut tasks: JoinSet<()>, patience: Duration) {
    let joining = async {
        while let Some(ended) = tasks.join_next().await {
            if let Err(error) = ended {
                std::panic::resume_unwind(error.into_panic());
            }
        }
    };
    let joined = tokio::time::timeout(patience, joining).await;
    joined.expect("all have ended by then");
}

/// Sends a request that is nobody's over a connection of its own. For it the pool lets go of those
/// that are closed, each of which would hold some KiB; and once it is answered, the simulator has
/// accepted all connections that came before.
async fn sweep(sim: &Simulator, transport: Transport) {
    let request = Request::get(format!("{}/", sim.api_url()))
        .header(CONNECTION, "close")
        .body(Body::empty());
    let swept = soon(transport.oneshot(request.expect("a good request"))).await;
    let answer = swept.expect("nobody resets this connection").into_body();
    soon(answer.collect()).await.expect("a whole answer");
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let waiting = async {
        while !holds() {
            tokio::task::yield_now().await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, waiting).await;
    assert!(waited.is_ok(), "waited in vain until {what}");
}

fn alive_tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}
