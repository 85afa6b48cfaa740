//! All five layers around a bare client of hyper-util, and what each of them does for a call.
//!
//! ```sh
//! cargo run -p tower-client --example stack
//! ```
//!
//! Read on in `client.rs`: there the layers are put together. `sign_in.rs` is where tokens come
//! from, `stage.rs` makes a call and tells what it took, and `api.rs` is the server that the client
//! talks to, here in the same program.

mod api;
mod client;
#[path = "../common/server.rs"]
mod server;
mod sign_in;
mod stage;
#[path = "../common/transport.rs"]
mod transport;

use std::io::{self, Write};
use std::sync::Arc;

use tower::BoxError;
use tower_client::call::Operation;
use tower_client::metrics::{Format, Registry};

use self::api::Api;
use self::server::Server;
use self::stage::Stage;

const TRIPS: Operation = Operation::new("trips", "/v1/trips");
const TRIP: Operation = Operation::new("trip", "/v1/trips/{id}");
const ORDER: Operation = Operation::new("order", "/v1/trips");

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut io::stdout()).await
}

async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let api = Arc::new(Api::default());
    let answering = Arc::clone(&api);
    let server = Server::start(move |request| {
        let api = Arc::clone(&answering);
        async move { api.answer(&request) }
    })
    .await?;
    let registry = Registry::new();
    let client = client::build(server.origin(), &registry)?;

    make_calls(&mut Stage::new(server.origin(), client, out), &api).await?;

    writeln!(out, "What was measured, but for comments and buckets:\n")?;
    let page = registry.render(Format::Prometheus);
    let is_brief = |line: &&str| !line.starts_with('#') && !line.contains("_bucket{");
    for line in page.lines().filter(is_brief) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

async fn make_calls<W: Write>(stage: &mut Stage<'_, W>, api: &Api) -> Result<(), BoxError> {
    stage.say("The first call needs a token, and is repeated since the server is busy:")?;
    api.fail_next(1);
    stage.call(TRIPS, stage.get("/v1/trips")?).await?;

    stage.say("The same again comes from the cache, and nothing is sent:")?;
    stage.call(TRIPS, stage.get("/v1/trips")?).await?;

    stage.say("A trip has an ETag, and has to be asked for each time:")?;
    stage.call(TRIP, stage.get("/v1/trips/7")?).await?;

    stage.say("It has not changed. The token was revoked meanwhile, so there is a replay:")?;
    api.revoke();
    stage.call(TRIP, stage.get("/v1/trips/7")?).await?;

    stage.say("An order that may have been carried out is not repeated:")?;
    api.fail_next(1);
    stage.call(ORDER, stage.order(None)?).await?;

    stage.say("With a key by which the server knows it again, it is:")?;
    api.fail_next(1);
    stage.call(ORDER, stage.order(Some("order-1"))?).await?;

    stage.say("The order changed what is cached, so that is asked for again:")?;
    stage.call(TRIPS, stage.get("/v1/trips")?).await?;

    stage.say("What is no success is an error that has a kind and an explanation:")?;
    stage.call(TRIP, stage.get("/v1/trips/9")?).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_layer_does_its_part() {
        let mut shown = Vec::new();

        run(&mut shown).await.unwrap();

        let shown = String::from_utf8(shown).unwrap();
        let calls = shown.lines().filter(|line| line.starts_with("  attempts"));
        let without_waits = calls.map(|line| {
            let (before, rest) = line.split_once(", waited").unwrap();
            let (_, after) = rest.split_once(" ms, ").unwrap();
            (before.trim(), after)
        });
        let once = "attempts 1, sent 1, replays 0, tokens 0";
        let expected = [
            (
                "attempts 2, sent 2, replays 0, tokens 1",
                "cache miss, end succeeded",
            ),
            (
                "attempts 1, sent 0, replays 0, tokens 0",
                "cache hit, end none",
            ),
            (once, "cache miss, end succeeded"),
            (
                "attempts 1, sent 2, replays 1, tokens 1",
                "cache revalidated, end succeeded",
            ),
            (once, "cache bypass, end not_retryable"),
            (
                "attempts 2, sent 2, replays 0, tokens 0",
                "cache bypass, end succeeded",
            ),
            (once, "cache miss, end succeeded"),
            (once, "cache miss, end not_retryable"),
        ];
        assert_eq!(without_waits.collect::<Vec<_>>(), expected, "{shown}");
        assert!(
            shown.contains("NOT_FOUND, trip: there is no such resource: nobody"),
            "{shown}"
        );
        let measured = r#"http_call_total{operation="trips",status="success"} 3"#;
        assert!(shown.contains(measured), "{shown}");
    }
}
