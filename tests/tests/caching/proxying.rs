//! The caching proxy itself: what it owes to both sides, whatever is in the cache.

mod connections;
mod failing;
mod messages;
mod streaming;

use crate::sockets::origin::{Act, Asked, Origin};
use crate::sockets::stage::Stage;

/// Starts a proxy whose origin answers like this.
async fn before(answer: impl Fn(&Asked) -> Vec<Act> + Send + Sync + 'static) -> Stage {
    Stage::private(Origin::bind().await.answering(answer)).await
}

/// Starts a proxy whose origin answers everything with these bytes.
async fn before_bytes(bytes: &'static str) -> Stage {
    before(move |_| vec![Act::write(bytes)]).await
}

/// What the origin answers with an empty 200.
const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
