//! What can happen to a server, and to the way to it.

use std::sync::Arc;
use std::time::Duration;

use tests::redis::RedisServer;

use crate::caches::READ;
use crate::outage::Outage;
use crate::proxy::Mode;
use crate::site::Site;

#[tokio::test]
async fn nobody_notices_a_server_that_is_stopped_for_five_seconds() {
    let stopped = Outage::new("stopped", |site| site.server().pause(), resume);

    befalls(stopped.lasts(Duration::from_secs(5)), Site::direct()).await;
}

#[tokio::test]
async fn nobody_notices_a_server_that_is_killed_and_comes_back_empty() {
    let killed = Outage::new(
        "killed",
        |site| site.server().kill(),
        |site| site.server().restart(),
    );

    befalls(killed, Site::direct()).await;
}

#[tokio::test]
async fn nobody_notices_a_server_that_ends_all_connections_again_and_again() {
    let disconnected = Outage::new("disconnected", Site::disconnect, |_| {});

    befalls(
        disconnected.again(Site::disconnect).partial(),
        Site::direct(),
    )
    .await;
}

#[tokio::test]
async fn nobody_notices_a_server_that_has_no_memory() {
    let full = Outage::new(
        "no memory",
        |site| {
            site.command(&["CONFIG", "SET", "maxmemory-policy", "noeviction"]);
            site.command(&["CONFIG", "SET", "maxmemory", "1"]);
        },
        |site| site.command(&["CONFIG", "SET", "maxmemory", "0"]),
    );

    befalls(full.partial(), Site::direct()).await;
}

#[tokio::test]
async fn nobody_notices_a_server_that_cannot_be_written_to() {
    let read_only = Outage::new(
        "read-only",
        |site| {
            site.command(&["CONFIG", "SET", "replica-read-only", "yes"]);
            // Nobody has this port.
            site.command(&["REPLICAOF", "127.0.0.1", "1"]);
        },
        |site| site.command(&["REPLICAOF", "NO", "ONE"]),
    );

    befalls(read_only.partial(), Site::direct()).await;
}

#[tokio::test]
async fn nobody_notices_a_way_that_swallows_everything() {
    befalls(
        mode("swallowed", |site| site.set(Mode::Silent)),
        Site::proxied(),
    )
    .await;
}

#[tokio::test]
async fn nobody_notices_a_port_that_accepts_nobody() {
    let deaf = Outage::new(
        "not accepted",
        |site| {
            site.set(Mode::Deaf);
            site.fill();
        },
        |site| {
            site.empty();
            site.set(Mode::Pass);
        },
    );

    befalls(deaf, Site::proxied()).await;
}

#[tokio::test]
async fn nobody_notices_answers_that_are_noise() {
    befalls(mode("noise", |site| site.set(Mode::Noise)), Site::proxied()).await;
}

#[tokio::test]
async fn nobody_notices_answers_that_come_late() {
    let late = mode("late", |site| site.set(Mode::Slow(2 * READ)));

    befalls(late.partial(), Site::proxied()).await;
}

#[tokio::test]
async fn nobody_notices_a_server_that_is_reading_its_data() {
    befalls(
        mode("loading", |site| site.set(Mode::Loading)),
        Site::proxied(),
    )
    .await;
}

/// What the proxy does until it passes everything on again.
fn mode(name: &'static str, begin: fn(&Site)) -> Outage {
    Outage::new(name, begin, |site| site.set(Mode::Pass))
}

fn resume(site: &Site) {
    let server: &RedisServer = &site.server();
    server.resume();
}

async fn befalls(outage: Outage, site: Option<Arc<Site>>) {
    if let Some(site) = site {
        outage.befalls(site).await;
    }
}
