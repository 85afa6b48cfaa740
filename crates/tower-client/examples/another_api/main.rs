//! A typed client of another REST API: pages, ETags, rate limits, an OAuth app, typed errors.
//!
//! ```sh
//! cargo run -p tower-client --example another_api
//! ```
//!
//! Read on in `forge.rs`, the client, and `forge/stack.rs`, its layers; what this API does in its
//! own way is in `forge/limits.rs`, `forge/links.rs` and `forge/errors.rs`. The API is like
//! GitHub's, and `host.rs` answers in its place.

mod forge;
mod host;
#[path = "../common/server.rs"]
mod server;
#[path = "../common/transport.rs"]
mod transport;

use std::io::{self, Write};
use std::iter;
use std::sync::Arc;

use tokio::time::Instant;
use tower::BoxError;
use tower_client::call::Delivery;
use tower_client::metrics::{Format, Registry};

use self::forge::{App, Error, Forge, Pages};
use self::host::Host;
use self::server::Server;

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut io::stdout()).await
}

async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let host = Arc::new(Host::new());
    let answering = Arc::clone(&host);
    let server = Server::start(move |request| {
        let host = Arc::clone(&answering);
        async move { host.answer(&request) }
    })
    .await?;
    let app = App {
        id: host::APP,
        secret: host::SECRET,
    };
    let registry = Registry::new();
    let forge = Forge::new(server.origin(), app, &registry)?;

    read(&forge, &host, out).await?;
    fail(&forge, out).await?;
    exceed(&forge, &host, out).await?;

    writeln!(out, "What was measured, in part:")?;
    let page = registry.render(Format::Prometheus);
    let wanted = [
        "http_call_total",
        "http_call_cache_total",
        "http_call_retries_total",
    ];
    let is_wanted = |line: &&str| wanted.iter().any(|name| line.starts_with(name));
    for line in page.lines().filter(is_wanted) {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

async fn read(forge: &Forge, host: &Host, out: &mut impl Write) -> Result<(), BoxError> {
    writeln!(out, "The repositories, page by page:")?;
    list(forge.repos("octo")?, out).await?;
    count(host, out)?;

    writeln!(out, "The same again, from the cache:")?;
    list(forge.repos("octo")?, out).await?;
    count(host, out)?;

    writeln!(
        out,
        "Asked whether it is still so, by ETags, which the quota is spared:"
    )?;
    list(forge.repos("octo")?.validated(), out).await?;
    count(host, out)
}

async fn fail(forge: &Forge, out: &mut impl Write) -> Result<(), BoxError> {
    writeln!(
        out,
        "What is not there, what is there already, and what cannot be:"
    )?;
    for refused in [
        forge.repo("octo", "omega").await,
        forge.create("alpha").await,
        forge.repo("octo", "../admin").await,
    ] {
        writeln!(
            out,
            "  {}",
            refused.map_or_else(|error| explain(&error), |repo| repo.full_name)
        )?;
    }
    writeln!(out)?;
    Ok(())
}

async fn exceed(forge: &Forge, host: &Host, out: &mut impl Write) -> Result<(), BoxError> {
    writeln!(
        out,
        "Too many at once: the call waits as long as it is told, and goes on:"
    )?;
    host.limit_burst();
    let started = Instant::now();
    let repo = forge.repo("octo", "delta").await?;
    let waited = started.elapsed().as_secs_f64();
    writeln!(out, "  {} after {waited:.1} s", repo.full_name)?;
    count(host, out)?;

    writeln!(
        out,
        "The quota of the hour is used up: nobody waits for that, nor asks again:"
    )?;
    host.use_up();
    for name in ["gamma", "epsilon"] {
        let refused = forge.repo("octo", name).await;
        writeln!(
            out,
            "  {}",
            refused.map_or_else(|error| explain(&error), |repo| repo.full_name)
        )?;
    }
    count(host, out)
}

async fn list(mut pages: Pages, out: &mut impl Write) -> Result<(), BoxError> {
    while let Some(page) = pages.next().await? {
        let repos = page.repos.iter().map(|repo| {
            let stars = repo.stargazers_count;
            format!("{} ({stars} stars)", repo.full_name)
        });
        let repos: Vec<_> = repos.collect();
        writeln!(out, "  {}: {}", page.cache.as_str(), repos.join(", "))?;
    }
    Ok(())
}

fn count(host: &Host, out: &mut impl Write) -> Result<(), BoxError> {
    let (requests, left) = host.counts();
    writeln!(
        out,
        "  requests so far {requests}, of the quota left {left}\n"
    )?;
    Ok(())
}

fn explain(error: &Error) -> String {
    let Error::Call(call) = error else {
        return error.to_string();
    };
    let mut text = format!("{}, {call}", call.code());
    if let Some(complaint) = call.detail() {
        let faults = complaint.errors.iter();
        let faults = faults.map(|fault| format!("{}: {}", fault.field, fault.code));
        let said = iter::once(complaint.message.clone()).chain(faults);
        for said in said.filter(|said| !said.is_empty()) {
            text = format!("{text}; {said}");
        }
    }
    if call.delivery() == Delivery::NotSent {
        text.push_str("; it was not sent");
    }
    match call.retry_after() {
        Some(wait) => format!("{text}; again in {} min", wait.as_secs().div_ceil(60)),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    const EXPECTED: &str = "\
The repositories, page by page:
  miss: octo/alpha (3 stars), octo/beta (14 stars)
  miss: octo/gamma (15 stars), octo/delta (92 stars)
  miss: octo/epsilon (6 stars)
  requests so far 4, of the quota left 57

The same again, from the cache:
  hit: octo/alpha (3 stars), octo/beta (14 stars)
  hit: octo/gamma (15 stars), octo/delta (92 stars)
  hit: octo/epsilon (6 stars)
  requests so far 4, of the quota left 57

Asked whether it is still so, by ETags, which the quota is spared:
  revalidated: octo/alpha (3 stars), octo/beta (14 stars)
  revalidated: octo/gamma (15 stars), octo/delta (92 stars)
  revalidated: octo/epsilon (6 stars)
  requests so far 7, of the quota left 57

What is not there, what is there already, and what cannot be:
  NOT_FOUND, repo: there is no such resource; Not Found
  CONFLICT, create_repo: the call conflicts with the state of the resource; \
Repository creation failed.; name: already_exists
  nothing can have this name

Too many at once: the call waits as long as it is told, and goes on:
  octo/delta after a while
  requests so far 11, of the quota left 54

The quota of the hour is used up: nobody waits for that, nor asks again:
  RATE_LIMIT, repo: too many requests; API rate limit exceeded.; again in 30 min
  RATE_LIMIT, repo: too many requests; it was not sent; again in 1 min
  requests so far 12, of the quota left 0

What was measured, in part:
";

    #[tokio::test]
    async fn the_client_does_what_the_api_wants() {
        let mut shown = Vec::new();

        let run = timeout(Duration::from_secs(60), run(&mut shown)).await;

        run.unwrap().unwrap();
        let shown = String::from_utf8(shown).unwrap();
        let (before, waited) = shown.split_once("octo/delta after ").unwrap();
        let (seconds, after) = waited.split_once(" s\n").unwrap();
        assert!(seconds.parse::<f64>().unwrap() >= 1.0);
        let shown = format!("{before}octo/delta after a while\n{after}");
        assert!(shown.starts_with(EXPECTED), "{shown}");
    }
}
