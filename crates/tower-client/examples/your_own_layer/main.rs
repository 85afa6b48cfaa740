//! A layer of one's own between ours, in two places, and how what it sees differs.
//!
//! ```sh
//! cargo run -p tower-client --example your_own_layer
//! ```
//!
//! Read on in `pace.rs`: there the layer is written out as a model, with the facts that all layers
//! share (`pace/seen.rs`), the future (`pace/future.rs`), the decision as a function of values
//! (`pace/turns.rs`), and tests. `calls.rs` has what both stacks are called with.

mod book;
mod calls;
mod pace;

use std::io::{self, Write};
use std::time::Duration;

use http::Response;
use http_body_util::BodyExt;
use tower::util::BoxCloneSyncService;
use tower::{BoxError, ServiceBuilder};
use tower_client::ServiceBuilderExt;
use tower_client::cache::{CacheLayer, MemoryStore};
use tower_client::retry::{Backoff, Jitter, RetryLayer};

use self::book::Book;
use self::calls::{Body, make_calls, origin};
use self::pace::PaceLayer;

const INTERVAL: Duration = Duration::from_millis(100);

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    run(&mut io::stdout()).await
}

async fn run(out: &mut impl Write) -> Result<(), BoxError> {
    let book = Book::default();
    let service = ServiceBuilder::new()
        .map_response(boxed)
        .layer(PaceLayer::new(INTERVAL, book.writer()))
        .cache_responses(CacheLayer::new(MemoryStore::new()))
        .retry_calls(retry()?)
        .service_fn(origin);
    writeln!(
        out,
        "Outside of the cache it sees each call once, and what it took:"
    )?;
    let told = make_calls(BoxCloneSyncService::new(service)).await?;
    show(out, &book.take(), &told)?;

    let service = ServiceBuilder::new()
        .map_response(boxed)
        .map_err(BoxError::from)
        .cache_responses(CacheLayer::new(MemoryStore::new()))
        .retry_calls(retry()?)
        .layer(PaceLayer::new(INTERVAL, book.writer()))
        .service_fn(origin);
    writeln!(
        out,
        "Inside of the retries it sees each attempt, and nothing that was cached:"
    )?;
    let told = make_calls(BoxCloneSyncService::new(service)).await?;
    show(out, &book.take(), &told)
}

fn retry() -> Result<RetryLayer, BoxError> {
    let backoff = Backoff {
        base: Duration::from_millis(10),
        jitter: Jitter::None,
        ..Backoff::default()
    };
    Ok(RetryLayer::builder().backoff(backoff).build()?)
}

/// Forgets which layers a response came through.
fn boxed<B>(response: Response<B>) -> Response<Body>
where
    B: http_body::Body<Data = bytes::Bytes, Error: Into<BoxError>> + Send + 'static,
{
    response.map(|body| body.map_err(Into::into).boxed_unsync())
}

fn show(out: &mut impl Write, seen: &[String], told: &[String]) -> Result<(), BoxError> {
    for line in seen {
        writeln!(out, "  {line}")?;
    }
    writeln!(out, "and its caller:")?;
    for line in told {
        writeln!(out, "  {line}")?;
    }
    writeln!(out)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPECTED: &str = "\
Outside of the cache it sees each call once, and what it took:
  trip, somebody's, attempt 1, waited 0 ms: 200; so far attempts 2, cache miss
  trip, somebody's, attempt 1, waited 90 ms: 200; so far attempts 1, cache hit
  trip, somebody's, attempt 1, waited 0 ms: not sent; so far attempts 1, cache nothing
  trip, somebody's, attempt 1, waited 100 ms: 200; so far attempts 1, cache miss
  trip, somebody's, attempt 1, waited 200 ms: 200; so far attempts 1, cache miss
  trip, somebody's, attempt 1, waited 300 ms: 200; so far attempts 1, cache miss
and its caller:
  trip 1 after 10 ms: 200 OK
  trip 1 after 90 ms: 200 OK
  trip 2 after 100 ms: 200 OK
  trip 3 after 200 ms: 200 OK
  trip 4 after 300 ms: 200 OK
  trip 5 after 0 ms: the request was not sent: \
the turn of the request comes after its deadline

Inside of the retries it sees each attempt, and nothing that was cached:
  trip, somebody's, attempt 1, waited 0 ms: 503; so far attempts 1, cache nothing
  trip, somebody's, attempt 2, waited 90 ms: 200; so far attempts 2, cache nothing
  trip, somebody's, attempt 1, waited 0 ms: not sent; so far attempts 1, cache nothing
  trip, somebody's, attempt 1, waited 100 ms: 200; so far attempts 1, cache nothing
  trip, somebody's, attempt 1, waited 200 ms: 200; so far attempts 1, cache nothing
  trip, somebody's, attempt 1, waited 300 ms: 200; so far attempts 1, cache nothing
and its caller:
  trip 1 after 100 ms: 200 OK
  trip 1 after 0 ms: 200 OK
  trip 2 after 100 ms: 200 OK
  trip 3 after 200 ms: 200 OK
  trip 4 after 300 ms: 200 OK
  trip 5 after 0 ms: the call failed: attempt 1 failed, and another could not have ended in \
time: the request was not sent: the turn of the request comes after its deadline

";

    #[tokio::test(start_paused = true)]
    async fn where_the_layer_stands_decides_what_it_sees() {
        let mut shown = Vec::new();

        run(&mut shown).await.unwrap();

        assert_eq!(String::from_utf8(shown).unwrap(), EXPECTED);
    }
}
