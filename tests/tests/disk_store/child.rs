//! A process of its own: this program once more, where one test serves as `main`.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::future::pending;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use fastrand::Rng;
use tests::soon;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{ChildStdout, Command};
use tower_client_cache::Store;

use crate::given::{KEYS, entry, key, number, store};
use crate::{full, unusable};

/// Where the child's store is. Who is not told does nothing.
const DIR: &str = "DISK_STORE_TEST_DIR";
const ROLE: &str = "DISK_STORE_TEST_ROLE";
/// What the child says when it has begun, after what the test harness says.
const READY: &str = "ready";

#[tokio::test]
async fn a_child_does_what_it_is_told_to() {
    let Some(dir) = env::var_os(DIR).map(PathBuf::from) else {
        return;
    };
    match env::var(ROLE).unwrap().as_str() {
        "writer" => write_for_ever(&dir).await,
        "holder" => hold_for_ever(&dir).await,
        "full" => full::child(&dir).await,
        "read-only" => unusable::child(&dir).await,
        role => panic!("{role}"),
    }
}

fn say_ready() {
    let mut out = std::io::stdout().lock();
    // The harness has begun a line.
    write!(out, "\n{READY}\n").unwrap();
    out.flush().unwrap();
}

/// Puts, updates, deletes and reads; what it reads is right.
async fn write_for_ever(dir: &Path) {
    let (store, mut random) = (store(dir), Rng::new());
    say_ready();
    loop {
        let (of, it) = (random.u64(..KEYS), random.u64(..1 << 31));
        let (key, entry) = (key(of), entry(of, it));
        // Who waits for a lock too long goes on without.
        match random.u8(..16) {
            0 => drop(store.delete(&key, None).await),
            1 => drop(number(&store, of).await),
            2 => {
                let found = store.get(&key).await.unwrap();
                if let Some(found) = found.find(entry.variant()) {
                    let update = found.with_head(entry.head().clone());
                    drop(store.update_headers(&key, update.into()).await);
                }
            }
            _ => drop(store.put(&key, entry).await),
        }
    }
}

async fn hold_for_ever(dir: &Path) {
    let lock = File::open(dir.join("v1/lock")).unwrap();
    lock.lock().unwrap();
    say_ready();
    pending::<()>().await;
}

/// A child as its parent holds it; dropped, it is killed.
#[derive(Debug)]
pub(crate) struct Child {
    process: tokio::process::Child,
    said: Lines<BufReader<ChildStdout>>,
}

impl Child {
    /// Starts a child, and waits until it has begun.
    pub(crate) async fn start(role: &str, dir: &Path) -> Self {
        let [program, arguments @ ..] = &line()[..] else {
            panic!("no program");
        };
        let mut command = command(program, arguments, role, dir);
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let said = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut child = Self { process, said };
        loop {
            let line = soon(child.said.next_line()).await.unwrap();
            if line.expect("the child has ended") == READY {
                return child;
            }
        }
    }

    /// Sends it a signal that the `kill` command knows.
    pub(crate) async fn signal(&self, name: &str) {
        let id = self.process.id().unwrap().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(soon(sent).await.unwrap().success());
    }

    /// Ends it where it stands (SIGKILL).
    pub(crate) async fn kill(mut self) {
        self.process.kill().await.unwrap();
    }

    /// Tells whether it has not ended by itself.
    pub(crate) fn is_alive(&mut self) -> bool {
        self.process.try_wait().unwrap().is_none()
    }
}

/// Runs a child by a shell's line, in which `"$@"` is what to run, to its end.
pub(crate) async fn run_by(shell: &[&str], role: &str, dir: &Path) -> ExitStatus {
    let [program, before @ ..] = shell else {
        panic!("no program");
    };
    let mut arguments: Vec<OsString> = before.iter().map(OsString::from).collect();
    arguments.extend(line());
    let mut command = command(OsStr::new(program), &arguments, role, dir);
    soon(command.stdout(Stdio::null()).status()).await.unwrap()
}

/// Runs a child to its good end where a file system was mounted by a shell's line, in which `$0` is
/// the folder; `false` if that cannot be done here.
pub(crate) async fn run_mounted(mount: &str, role: &str, dir: &Path) -> bool {
    let inside = |line| ["unshare", "--map-root-user", "--mount", "sh", "-c", line];
    let can_mount = Command::new("unshare")
        .args(&inside("mount -t tmpfs tmpfs /mnt")[1..])
        .stdin(Stdio::null())
        .status();
    if !soon(can_mount).await.is_ok_and(|status| status.success()) {
        return false;
    }
    let mount = format!(r#"{mount} && exec "$@""#);
    let shell = [&inside(&mount)[..], &[dir.to_str().unwrap()]].concat();
    let status = run_by(&shell, role, dir).await;
    assert!(status.success());
    true
}

/// This program, as it runs the one test.
fn line() -> Vec<OsString> {
    let test = "child::a_child_does_what_it_is_told_to";
    let arguments = ["--exact", test, "--nocapture", "--test-threads=1"];
    let program = env::current_exe().unwrap().into_os_string();
    std::iter::once(program)
        .chain(arguments.map(OsString::from))
        .collect()
}

fn command(program: &OsStr, arguments: &[OsString], role: &str, dir: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env(DIR, dir)
        .env(ROLE, role)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}
