//! What Prometheus scrapes: a small server of one registry.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tower_client_metrics::{Format, Registry};

/// Serves `/negotiated` as the request asks, and everything else in Prometheus' own format.
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Target {
    pub(crate) fn serve(registry: Registry) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let ended = Arc::new(AtomicBool::new(false));
        let end = Arc::clone(&ended);
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if end.load(SeqCst) {
                    return;
                }
                // Whoever hangs up early scrapes again.
                let _ = stream.and_then(|stream| answer(stream, &registry));
            }
        });
        let thread = Some(thread);
        Self {
            address,
            ended,
            thread,
        }
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        self.ended.store(true, SeqCst);
        // It waits for a connection: here is one.
        let woken = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take()
            && woken.is_ok()
        {
            let _ = thread.join();
        }
    }
}

fn answer(mut stream: TcpStream, registry: &Registry) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    let mut accept = None;
    for line in lines {
        let line = line?;
        match line.split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("accept") => {
                accept = Some(value.trim().to_owned());
            }
            Some(_) => {}
            None => break,
        }
    }
    let format = match request.starts_with("GET /negotiated ") {
        true => Format::negotiate(accept.as_deref()),
        false => Format::Prometheus,
    };
    let body = registry.render(format);
    let kind = format.content_type();
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{body}"
    )
}
