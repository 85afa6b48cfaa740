//! The handle that tests hold.

mod cars;
mod connect;

use std::{fmt, sync::Arc};

use tokio::{io::DuplexStream, sync::mpsc, task::AbortHandle};

use crate::{
    account::Account,
    api::{self, CarriedOut},
    builder::Builder,
    clock::Clock,
    counters::Counters,
    error::InvalidProbability,
    fault::Fault,
    login::{LoginFlow, LoginsInProgress},
    oauth::{AuthorizeFlow, Codes, TokenFlow},
    record::RecordedRequest,
    registration::Registration,
    route::Route,
    server::{Identity, Listener},
    sessions::Sessions,
    world::Shared,
};

/// A simulated service on a port of 127.0.0.1, the login host and the API host in one.
///
/// Dropping it stops it: the port refuses at once, and the runtime closes the connections as soon
/// as it next runs.
pub struct Simulator {
    shared: Arc<Shared>,
    registration: Registration,
    identity: Option<Identity>,
    listener: Listener,
    connections: mpsc::UnboundedSender<DuplexStream>,
    server: AbortHandle,
}

impl Simulator {
    /// Starts to set a simulator up.
    pub fn builder() -> Builder {
        Builder::new()
    }

    pub(crate) fn new(
        shared: Arc<Shared>,
        registration: Registration,
        identity: Option<Identity>,
        listener: Listener,
        connections: mpsc::UnboundedSender<DuplexStream>,
        server: AbortHandle,
    ) -> Self {
        Self {
            shared,
            registration,
            identity,
            listener,
            connections,
            server,
        }
    }

    /// Returns the base URL of the API host, without a slash at its end.
    #[must_use]
    pub fn api_url(&self) -> &str {
        &self.registration.base_url
    }

    /// Returns the base URL of the login host, without a slash at its end.
    #[must_use]
    pub fn login_url(&self) -> &str {
        &self.registration.base_url
    }

    /// Returns the certificate of the authority that a client must trust, or none without TLS.
    #[must_use]
    pub fn certificate_pem(&self) -> Option<&str> {
        let identity = self.identity.as_ref()?;
        Some(&identity.authority_pem)
    }

    /// Returns the certificate of the authority that a client must trust, in DER, or none without
    /// TLS.
    #[must_use]
    pub fn certificate_der(&self) -> Option<&[u8]> {
        let identity = self.identity.as_ref()?;
        Some(&identity.authority_der)
    }

    /// Returns the invented key that the `x-api-key` and `API_KEY` headers must carry.
    #[must_use]
    pub fn api_key(&self) -> &str {
        self.registration.api_key
    }

    /// Returns the OAuth client that the authorize and token calls must name.
    #[must_use]
    pub fn client_id(&self) -> &str {
        self.registration.client_id
    }

    /// Returns the invented secret of the OAuth client.
    #[must_use]
    pub fn client_secret(&self) -> &str {
        self.registration.client_secret
    }

    /// Returns a handle to the simulator's time.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.shared.clock.clone()
    }

    /// Returns the first account as it is now, which is the only one unless others were added.
    #[must_use]
    pub fn account(&self) -> Account {
        self.shared.world().accounts.first.clone()
    }

    /// Returns all accounts as they are now, in the order in which they were added.
    #[must_use]
    pub fn accounts(&self) -> Vec<Account> {
        self.shared.world().accounts.iter().cloned().collect()
    }

    /// Changes the first account, its cars and their payloads, and returns what `edit` returns.
    ///
    /// Tokens stay with the account that they were issued for: one with another `guid` in its place
    /// has to sign in. No request is served meanwhile, and `edit` must not call the simulator.
    pub fn edit_account<R>(&self, edit: impl FnOnce(&mut Account) -> R) -> R {
        let now = self.shared.clock.now();
        let mut world = self.shared.world();
        let account = &mut world.accounts.first;
        account.live_until(now);
        edit(account)
    }

    /// Chooses what the login tree does with logins that begin from now on.
    pub fn set_login(&self, flow: LoginFlow) {
        self.shared.world().login_flow = flow;
    }

    /// Chooses how valid authorize calls are answered.
    pub fn set_authorize(&self, flow: AuthorizeFlow) {
        self.shared.world().authorize_flow = flow;
    }

    /// Chooses how valid token calls are answered.
    pub fn set_token(&self, flow: TokenFlow) {
        self.shared.world().token_flow = flow;
    }

    /// Ends the life of every access token; the refresh tokens stay good.
    pub fn expire_access_tokens(&self) {
        self.shared.world().tokens.expire_access();
    }

    /// Revokes every token, as a change of the password does.
    pub fn revoke_all_tokens(&self) {
        let mut world = self.shared.world();
        let families = world.tokens.revoke_all();
        world.counters.families_revoked += families;
    }

    /// Forgets every sign-in, as a login host does that lost its memory: those under way, sessions,
    /// codes and tokens.
    pub fn forget_sign_ins(&self) {
        self.revoke_all_tokens();
        let mut world = self.shared.world();
        world.logins = LoginsInProgress::default();
        world.sessions = Sessions::default();
        world.codes = Codes::default();
    }

    /// Adds faults that the next requests on a route meet, one each and in order.
    ///
    /// [`Fault::pass`] lets a request through; when the script is over, all pass.
    pub fn script(&self, route: Route, faults: impl IntoIterator<Item = Fault>) {
        let faults: Vec<Fault> = faults.into_iter().collect();
        self.shared.world().faults.script(route, faults);
    }

    /// Adds a fault that requests on a route meet at random, when no script is left for them.
    ///
    /// A route can have several: each is rolled for in the order of their coming, until one hits,
    /// so a request meets one at most.
    ///
    /// # Errors
    ///
    /// Fails if the probability is not between 0 and 1.
    pub fn fail_randomly(
        &self,
        route: Route,
        probability: f64,
        fault: Fault,
    ) -> Result<(), InvalidProbability> {
        self.shared
            .world()
            .faults
            .fail_randomly(route, probability, fault)
    }

    /// Has so large a part of all requests to the API meet one of these faults at random, each as often
    /// as the others; sign-ins meet none.
    ///
    /// # Errors
    ///
    /// Fails if the probability is not between 0 and 1.
    pub fn fail_api_randomly(
        &self,
        probability: f64,
        faults: &[Fault],
    ) -> Result<(), InvalidProbability> {
        let mut world = self.shared.world();
        api::ENDPOINTS.iter().try_for_each(|endpoint| {
            let plan = &mut world.faults;
            plan.fail_with_one_of(endpoint.route, probability, faults)
        })
    }

    /// Refuses what an account asks beyond so many requests under way at once, with 429 `APIGW-403`.
    pub fn throttle_beyond(&self, requests: u64) {
        self.shared.world().most_at_once = Some(requests);
    }

    /// Resets the next TCP connections as soon as they are accepted.
    pub fn reset_next_connections(&self, connections: usize) {
        self.shared.world().resets = connections;
    }

    /// Closes the connections that are open: an idle one at once, a busy one after its answer, and
    /// one that is in its handshake as soon as that is done.
    ///
    /// A request that is on its way to an idle connection is lost, and takes no effect.
    pub fn close_connections(&self) {
        self.shared.close_connections();
    }

    /// Removes every fault, scripted, random, and of connections, and throttles nobody any more.
    pub fn clear_faults(&self) {
        let mut world = self.shared.world();
        world.faults.clear();
        world.resets = 0;
        world.most_at_once = None;
    }

    /// Returns the last 10 000 requests, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.world().log.to_vec()
    }

    /// Returns the last 10 000 requests, oldest first, and forgets them.
    #[must_use]
    pub fn take_requests(&self) -> Vec<RecordedRequest> {
        self.shared.world().log.take()
    }

    /// Returns the last 10 000 commands that were carried out, oldest first, and forgets them: what
    /// is sent again after that is another command here.
    ///
    /// [`Counters`] go on, and so does what an `Idempotency-Key` protects.
    #[must_use]
    pub fn take_commands(&self) -> Vec<CarriedOut> {
        self.shared.world().commands.take()
    }

    /// Returns what has been counted so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.shared.world().counters.clone()
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator")
            .field("url", &self.registration.base_url)
            .finish_non_exhaustive()
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.listener.close();
        self.server.abort();
    }
}
