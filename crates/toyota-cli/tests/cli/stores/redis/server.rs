//! A server that keeps nothing, and ends when it is dropped.

use std::io::Write as _;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// How often a port is looked for that nobody else takes meanwhile.
const PORTS: usize = 5;
const LONGEST_START: Duration = Duration::from_secs(20);

pub(super) struct Server {
    _child: Child,
    port: u16,
}

impl Server {
    /// Starts a server; `None`, and a word on stderr, where there is no program for it. With
    /// `REQUIRE_REDIS=1` that is a failure.
    pub(super) async fn start(args: &[&str]) -> Option<Self> {
        let program = program()?;
        for _ in 0..PORTS {
            let port = free_port();
            let mut child = Command::new(&program)
                .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
                .args(["--save", "", "--appendonly", "no"])
                .args(args)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .kill_on_drop(true)
                .spawn()
                .unwrap();
            let is_up = tokio::time::timeout(LONGEST_START, async {
                tokio::select! {
                    _ = child.wait() => false,
                    () = answers(port) => true,
                }
            });
            if is_up.await.expect("it comes up, or ends") {
                let _child = child;
                return Some(Self { _child, port });
            }
        }
        panic!("no server came up");
    }

    /// Returns its URL, with what stands before the host.
    pub(super) fn url(&self, user: &str) -> String {
        format!("redis://{user}127.0.0.1:{}", self.port)
    }
}

/// Waits until the server says something: a refusal will do.
async fn answers(port: u16) {
    loop {
        if let Ok(mut connection) = TcpStream::connect(("127.0.0.1", port)).await
            && connection.write_all(b"PING\r\n").await.is_ok()
            && connection.read_u8().await.is_ok()
        {
            return;
        }
        // Nothing else tells that a program is ready.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn program() -> Option<PathBuf> {
    if let Some(program) = std::env::var_os("REDIS_SERVER_BIN") {
        return Some(program.into());
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&folders)
        .flat_map(|folder| ["redis-server", "valkey-server"].map(|name| folder.join(name)))
        .find(|program| program.is_file());
    if found.is_none() {
        let required = std::env::var("REQUIRE_REDIS").is_ok_and(|value| value == "1");
        assert!(
            !required,
            "no redis-server in the PATH, which REQUIRE_REDIS asks for"
        );
        let told = std::io::stderr().write_all(b"SKIPPED: no redis-server in the PATH\n");
        told.unwrap();
    }
    found
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
