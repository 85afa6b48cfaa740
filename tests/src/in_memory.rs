//! A simulator without a socket: the clock can be paused, and a week takes as long as its requests.

use std::sync::Arc;
use std::time::UNIX_EPOCH;

use http::header::HOST;
use http::{HeaderValue, Request, Response, Uri};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tower::{BoxError, service_fn};
use toyota_client::{Body, Clock, HttpService, ToyotaClient, ToyotaClientBuilder, Vin};
use toyota_sim::{Builder, Families, Simulator};

use crate::cars::vin;
use crate::{config, credentials};

/// A simulator, and clients that reach it in memory, on its clock.
#[derive(Clone, Debug)]
pub struct Bench {
    /// What the clients reach.
    pub sim: Arc<Simulator>,
}

impl Bench {
    /// Starts a simulator of the demo account, which knows these routes.
    pub async fn of(families: Families) -> Self {
        Self::start(Simulator::builder().families(families)).await
    }

    /// Starts this simulator.
    pub async fn start(sim: Builder) -> Self {
        let sim = sim.start().await.expect("a free port");
        Self { sim: Arc::new(sim) }
    }

    /// A client as it is by default, with all layers, but that it talks through no socket.
    #[must_use]
    pub fn client(&self) -> ToyotaClient {
        self.client_builder().build().expect("good settings")
    }

    /// Such a client, of which more can be said.
    pub fn client_builder(&self) -> ToyotaClientBuilder {
        ToyotaClient::builder()
            .config(config(&self.sim))
            .credentials(credentials(&self.sim))
            .clock(clock(&self.sim))
            .service(in_memory(&self.sim))
    }

    /// Has a car report, as it does when it has just been parked.
    #[must_use]
    pub fn parked(&self, car: &str) -> Vin {
        self.sim.report(car);
        vin(car)
    }

    /// How often a car has been woken.
    #[must_use]
    pub fn wakes(&self, car: &Vin) -> u64 {
        self.sim.car_counters(car.as_str()).wakes
    }
}

/// The simulator's clock, for a client.
#[must_use]
pub fn clock(sim: &Simulator) -> Clock {
    let clock = sim.clock();
    Clock::from_fn(move || {
        let since = clock.now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let since = jiff::SignedDuration::try_from(since).unwrap_or_default();
        jiff::Timestamp::UNIX_EPOCH + since
    })
}

/// A connection for each request, within the process.
fn in_memory(sim: &Arc<Simulator>) -> impl HttpService + use<> {
    let sim = Arc::clone(sim);
    service_fn(move |request| {
        let connection = TokioIo::new(sim.connect());
        async move { send(connection, request).await }
    })
}

async fn send(
    connection: impl hyper::rt::Read + hyper::rt::Write + Send + Unpin + 'static,
    mut request: Request<Body>,
) -> Result<Response<Incoming>, BoxError> {
    let (mut sender, connection) = http1::handshake(connection).await?;
    tokio::spawn(connection);
    if let Some(authority) = request.uri().authority() {
        let host = HeaderValue::from_str(authority.as_str())?;
        request.headers_mut().insert(HOST, host);
    }
    let target = request.uri().path_and_query().map(|it| it.as_str());
    let target: Uri = target.unwrap_or("/").parse()?;
    *request.uri_mut() = target;
    Ok(sender.send_request(request).await?)
}
