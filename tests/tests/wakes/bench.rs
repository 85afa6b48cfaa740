//! A simulator, and clients that reach it without a socket.

use std::sync::Arc;

use http::header::HOST;
use http::{HeaderValue, Request, Response, Uri};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use tests::{config, credentials};
use tower::{BoxError, service_fn};
use toyota_client::{Body, Clock, HttpService, Memory, ToyotaClient, ToyotaClientBuilder, Vin};
use toyota_sim::{Families, Simulator, WakeBehaviour};

/// A simulator, and its first car that can be plugged in.
pub(crate) struct Bench {
    pub(crate) sim: Arc<Simulator>,
    pub(crate) vin: Vin,
}

impl Bench {
    pub(crate) async fn with(behaviour: WakeBehaviour, families: Families) -> Self {
        let sim = Simulator::builder().families(families).start().await;
        let sim = Arc::new(sim.unwrap());
        let account = sim.account();
        let mut vins = account.cars().iter().map(toyota_sim::Car::vin);
        let has_battery = |vin: &&str| sim.car_state(vin).is_some_and(|car| car.battery.is_some());
        let vin = Vin::new(vins.find(has_battery).unwrap()).unwrap();
        sim.report(vin.as_str());
        sim.set_wakes(vin.as_str(), behaviour);
        Self { sim, vin }
    }

    pub(crate) async fn responsive() -> Self {
        Self::with(WakeBehaviour::responsive(), Families::Both).await
    }

    /// A client as it is by default, but that it is no socket that it talks through.
    pub(crate) fn client(&self, memory: Memory) -> ToyotaClient {
        self.builder(memory).build().unwrap()
    }

    pub(crate) fn builder(&self, memory: Memory) -> ToyotaClientBuilder {
        let clock = self.sim.clock();
        ToyotaClient::builder()
            .config(config(&self.sim))
            .credentials(credentials(&self.sim))
            .clock(Clock::from_fn(move || {
                Timestamp::try_from(clock.now()).unwrap()
            }))
            .memory(memory)
            .service(in_memory(&self.sim))
    }
}

/// A connection for each request, within the process.
fn in_memory(sim: &Arc<Simulator>) -> impl HttpService {
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
