//! A Redis or Valkey server of a test's own.

use std::env;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use redis::{Client, Connection, Value};
use tempfile::TempDir;

/// How often a server is asked whether it is there, and how long it is waited for between.
const ASKED: u32 = 500;
const PAUSE: Duration = Duration::from_millis(20);
/// How often a port is looked for that nobody else takes meanwhile.
const PORTS: u32 = 5;

/// A server that keeps nothing on disk, on an ephemeral port of the loopback interface and on a
/// socket in a folder of its own. It ends when it is dropped.
#[derive(Debug)]
pub struct RedisServer {
    child: Child,
    program: PathBuf,
    folder: TempDir,
    port: u16,
    args: Vec<String>,
}

impl RedisServer {
    /// Starts a server; `None`, and a word on stderr, where there is no program for it. With
    /// `REQUIRE_REDIS=1` that is a failure.
    ///
    /// The program is `$REDIS_SERVER_BIN`, or the first of `redis-server` and `valkey-server` in the
    /// `PATH`.
    #[must_use]
    pub fn start() -> Option<Self> {
        Self::start_with(&[])
    }

    /// Starts a server with more arguments.
    #[must_use]
    pub fn start_with(args: &[&str]) -> Option<Self> {
        let program = program()?;
        let folder = tempfile::tempdir().expect("a folder");
        let args: Vec<_> = args.iter().map(|&arg| arg.to_owned()).collect();
        for _ in 0..PORTS {
            let port = free_port();
            let mut child = spawn(&program, folder.path(), port, &args);
            if answers(&mut child, &socket_url(folder.path())) {
                return Some(Self {
                    child,
                    program,
                    folder,
                    port,
                    args,
                });
            }
        }
        let log = std::fs::read_to_string(folder.path().join("log"));
        unreachable!("no server came up: {log:?}")
    }

    /// Returns the URL of its port.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Returns the URL of its socket.
    #[must_use]
    pub fn unix_url(&self) -> String {
        socket_url(self.folder.path())
    }

    /// Returns its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Lets it answer nobody, without ending a connection.
    pub fn pause(&self) {
        self.signal("STOP");
    }

    /// Lets it answer again.
    pub fn resume(&self) {
        self.signal("CONT");
    }

    /// Ends it, with all that it has.
    pub fn kill(&mut self) {
        // It may have ended by itself; then there is nothing to do.
        let _ = self.child.kill();
        self.child.wait().expect("a child of this process");
    }

    /// Ends it, and starts another in its place that has nothing.
    pub fn restart(&mut self) {
        self.kill();
        let url = self.unix_url();
        for _ in 0..PORTS {
            self.child = spawn(&self.program, self.folder.path(), self.port, &self.args);
            if answers(&mut self.child, &url) {
                return;
            }
        }
        unreachable!("the server did not come up again");
    }

    /// Asks it something, by its socket.
    #[expect(clippy::must_use_candidate, reason = "often it is told something")]
    pub fn command(&self, words: &[&str]) -> Value {
        self.try_command(words).expect("an answer")
    }

    /// Asks it something that may be an error.
    ///
    /// # Errors
    ///
    /// What the server answers.
    pub fn try_command(&self, words: &[&str]) -> redis::RedisResult<Value> {
        let (name, args) = words.split_first().expect("a command");
        redis::cmd(name).arg(args).query(&mut self.connection())
    }

    /// Connects to its socket.
    #[must_use]
    pub fn connection(&self) -> Connection {
        let client = Client::open(self.unix_url()).expect("a good address");
        client.get_connection().expect("a connection")
    }

    fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", signal, &pid]).status();
        assert!(sent.expect("a program `kill`").success());
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Returns the program, or says that there is none.
fn program() -> Option<PathBuf> {
    if let Some(program) = env::var_os("REDIS_SERVER_BIN") {
        return Some(program.into());
    }
    let folders = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&folders)
        .flat_map(|folder| ["redis-server", "valkey-server"].map(|name| folder.join(name)))
        .find(|program| program.is_file());
    if found.is_none() {
        let required = env::var("REQUIRE_REDIS").is_ok_and(|value| value == "1");
        assert!(
            !required,
            "no redis-server in the PATH, which REQUIRE_REDIS asks for"
        );
        let told = std::io::stderr().write_all(b"SKIPPED: no redis-server in the PATH\n");
        told.expect("somebody to tell");
    }
    found
}

fn spawn(program: &Path, folder: &Path, port: u16, args: &[String]) -> Child {
    let log = std::fs::File::create(folder.join("log")).expect("a file for the log");
    Command::new(program)
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
        .arg("--unixsocket")
        .arg(folder.join("socket"))
        .arg("--dir")
        .arg(folder)
        .args(["--save", "", "--appendonly", "no", "--daemonize", "no"])
        .args(args)
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(Stdio::null())
        .spawn()
        .expect("a program that runs")
}

/// Waits until the server answers; false if it ended, as on a port that somebody has.
fn answers(child: &mut Child, url: &str) -> bool {
    let client = Client::open(url).expect("a good address");
    for _ in 0..ASKED {
        if child.try_wait().expect("a child of this process").is_some() {
            return false;
        }
        if let Ok(mut connection) = client.get_connection()
            && redis::cmd("PING").exec(&mut connection).is_ok()
        {
            return true;
        }
        // Nothing else tells that a program is ready.
        let (_unsent, never) = std::sync::mpsc::channel::<()>();
        let _ = never.recv_timeout(PAUSE);
    }
    let _ = child.kill();
    let _ = child.wait();
    false
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

fn socket_url(folder: &Path) -> String {
    format!("redis+unix://{}", folder.join("socket").display())
}
