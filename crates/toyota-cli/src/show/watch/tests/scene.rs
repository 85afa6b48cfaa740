//! The cars of a scripted service, watched in paused time, and what is drawn of them.

use std::time::Duration;

use jiff::Timestamp;
use toyota_client::metrics::Registry;
use toyota_client::wake::WakeQuotas;
use toyota_client::watch::{Cadence, Cycle, Watch};
use toyota_client::{Clock, HttpService, ToyotaClient, Units};

use crate::show::{Paper, Picture};
use crate::watch::scripted::Service;
use crate::watch::{Doing, LastCycle, Totals, View};

/// A watch over a scripted service.
pub(super) struct Scene<S> {
    pub(super) service: Service,
    pub(super) view: View,
    watch: Watch<S>,
    client: ToyotaClient<S>,
    registry: Registry,
    clock: Clock,
}

/// Two cars that are not asked for yet.
pub(super) fn scene() -> Scene<impl HttpService> {
    let service = Service::new();
    let (client, clock) = service.client();
    let registry = Registry::new();
    let client = client.measured_in(registry.clone());
    Scene {
        service,
        view: View::new(Cadence::default(), WakeQuotas::default()),
        watch: Watch::new(client.clone()),
        client,
        registry,
        clock,
    }
}

impl<S: HttpService> Scene<S> {
    /// Makes a cycle when it is due.
    pub(super) async fn cycle(&mut self) {
        let cycle = loop {
            if let Some(cycle) = self.step().await {
                break cycle;
            }
        };
        let number = self.view.last.as_ref().map_or(1, |last| last.number + 1);
        self.view.end(LastCycle {
            number,
            cycle,
            took: Duration::from_secs(3),
        });
        self.view.totals = Totals::of(&self.registry);
        self.wait(Duration::from_secs(17)).await;
    }

    /// Makes a step of one.
    pub(super) async fn step(&mut self) -> Option<Cycle> {
        let vin = self.watch.current().map(|car| car.vin().clone());
        let cycle = self.watch.step().await;
        let woken = match vin {
            Some(vin) => Some((vin.clone(), self.client.wake_record(&vin).await)),
            None => None,
        };
        self.view.see(&self.watch, woken);
        self.view.totals = Totals::of(&self.registry);
        cycle
    }

    /// Lets time go by.
    pub(super) async fn wait(&mut self, time: Duration) {
        tokio::time::advance(time).await;
        self.view.doing = Doing::Waiting {
            left: self.watch.due_in(),
        };
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn drawn(&self, paper: &Paper) -> String {
        let picture = Picture::of(&self.view, self.now(), Units::Metric, paper);
        picture.lines.join("\n")
    }
}

pub(super) fn paper(width: usize, height: usize) -> Paper {
    Paper {
        width,
        height: Some(height),
        unicode: true,
        colours: false,
    }
}
