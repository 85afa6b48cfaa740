//! A reverse proxy that has the cache and nothing else.
//!
//! ```sh
//! cargo run --release -p tower-client --example caching-proxy -- --origin http://127.0.0.1:8000
//! ```
//!
//! Read on in `proxy.rs`: it listens, stands the cache on a client, and passes requests through.

mod proxy;
mod stores;

use std::error::Error;
use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use http::Uri;
use http::uri::Scheme;
use tokio::net::TcpListener;
use tower_client::cache::{BoxStore, CacheHandle, CacheLayer, MemoryStore, StoreUrl};
use tower_client::call::Principal;

use self::stores::Named;

const AFTER_HELP: &str = "\
It prints the address it listens at, and runs until it gets an interrupt (ctrl-c).

By default it is a private cache, and all who use it are taken for one user: what one of them may
see, the others see from the cache. With --shared it keeps nothing that is meant for one user.

A store is memory, disk:DIR, or Redis or Valkey by redis://HOST[:PORT][/DATABASE] (rediss for TLS).
Without --store it is what CACHE_STORE says, a list with commas or spaces between. A URL with a
password belongs there: a command line can be read by others.";

/// A reverse proxy with a cache by RFC 9111
#[derive(Debug, Parser)]
#[command(name = "caching-proxy", after_help = AFTER_HELP)]
struct Args {
    /// Where to listen; port 0 is any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9080")]
    listen: SocketAddr,
    /// Whom to ask for what is not stored, like http://127.0.0.1:8000
    #[arg(long, value_name = "URI", value_parser = origin)]
    origin: Uri,
    /// Is a shared cache: for many users, by the rules for these
    #[arg(long)]
    shared: bool,
    /// Stores answers of at most so many bytes
    #[arg(long, value_name = "BYTES", default_value_t = 4 << 20)]
    max_entry: u64,
    /// Stores at most so many answers in memory
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    entries: usize,
    /// Stores answers here; given several times these are tiers, the first uppermost [default: memory]
    #[arg(long = "store", value_name = "STORE")]
    stores: Vec<Named>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Args::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // There is nobody left to tell if this fails.
            let _ = writeln!(std::io::stderr(), "caching-proxy: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<(), Box<dyn Error>> {
    let stores = stores::chosen(&args.stores, std::env::var("CACHE_STORE").ok().as_deref())?;
    let cache = cache(&args, &stores)?;
    let handle = cache.handle();
    let listener = TcpListener::bind(args.listen).await?;
    writeln!(std::io::stdout(), "{}", listener.local_addr()?)?;
    proxy::serve(listener, args.origin, cache, interrupt()).await;
    finish_writing(&handle).await;
    Ok(())
}

/// Waits until what is being written is written, unless a store takes too long.
async fn finish_writing(cache: &CacheHandle) {
    const LONGEST: Duration = Duration::from_secs(1);
    // Whatever is not written by then is asked for again.
    let _ = tokio::time::timeout(LONGEST, cache.flush()).await;
}

fn cache(args: &Args, stores: &[StoreUrl]) -> Result<CacheLayer, Box<dyn Error>> {
    const LEAST_BYTES: usize = 64 << 20;
    const LARGEST_ENTRIES: usize = 16;
    let largest = usize::try_from(args.max_entry).unwrap_or(usize::MAX);
    let memory = MemoryStore::builder()
        .max_entries(args.entries)
        .max_bytes(LEAST_BYTES.max(largest.saturating_mul(LARGEST_ENTRIES)));
    let store = StoreUrl::open_all_by(stores, |url| match url.is_memory() {
        true => Ok(BoxStore::new(memory.build()?)),
        false => url.open(),
    })?;
    let cache = CacheLayer::builder(store).max_entry(args.max_entry);
    let cache = if args.shared {
        cache.shared()
    } else {
        cache.single_principal(Principal::new("whoever uses this proxy"))
    };
    Ok(cache.build()?)
}

/// Reads an origin: what a URI has before its path.
fn origin(text: &str) -> Result<Uri, String> {
    let uri: Uri = text.parse().map_err(|error| format!("{error}"))?;
    let is_origin = uri
        .authority()
        .is_some_and(|host| !host.as_str().contains('@'))
        && uri.path_and_query().is_none_or(|path| path == "/");
    if uri.scheme() != Some(&Scheme::HTTP) || !is_origin {
        return Err("an origin is http:// and a host, without a user or a path".to_owned());
    }
    Ok(uri)
}

async fn interrupt() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Nothing will tell: it runs until it is killed.
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn an_origin_has_a_host_and_nothing_else() {
        for (text, fits) in [
            ("http://127.0.0.1:8000", true),
            ("http://localhost/", true),
            ("http://[::1]:80", true),
            ("https://localhost", false),
            ("http://localhost/api", false),
            ("http://localhost/?a", false),
            ("http://user@localhost", false),
            ("localhost:8000", false),
            ("/", false),
            ("", false),
        ] {
            assert_eq!(origin(text).is_ok(), fits, "{text:?}");
        }
    }
}
