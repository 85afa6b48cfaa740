//! Other processes: this program again, with one of its tests.

use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};

use tokio::time::timeout;
use tower_client_auth::{FileStore, Persist};

use crate::common::{Kept, LONG, key};

/// Set for a child: the directory of its store.
const CHILD: &str = "FILE_STORE_CHILD";
const HELD: &str = "the lock is held";

#[tokio::test]
async fn a_lock_is_free_when_its_process_was_killed() {
    if let Some(dir) = env::var_os(CHILD) {
        hold(&FileStore::new(dir)).await;
        return;
    }
    let kept = Kept::nothing();
    let mut child = Holder::start(&kept);
    let short = std::time::Duration::from_millis(200);
    assert!(timeout(short, kept.store.lock(&key())).await.is_err());

    child.0.kill().unwrap();
    child.0.wait().unwrap();

    let lock = timeout(LONG, kept.store.lock(&key())).await;
    lock.unwrap().unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn files_are_their_owners_alone_whatever_the_umask() {
    use std::os::unix::fs::PermissionsExt;
    const NAME: &str = "processes::files_are_their_owners_alone_whatever_the_umask";
    if let Some(dir) = env::var_os(CHILD) {
        let store = FileStore::new(dir);
        let _lock = store.lock(&key()).await.unwrap();
        let credential = crate::common::credential();
        store.save(&key(), &credential).await.unwrap();
        return;
    }
    for umask in ["000", "022", "077", "177", "377", "777"] {
        let kept = Kept::nothing();
        let dir = kept.dir().join("below");
        let script = format!("umask {umask}; exec \"$0\" --exact {NAME}");
        let ran = Command::new("sh")
            .args(["-c", &script])
            .arg(env::current_exe().unwrap())
            .env(CHILD, &dir)
            .output()
            .unwrap();
        assert!(ran.status.success(), "{umask}: {ran:?}");

        let mode = |path: &std::path::Path| {
            let mode = std::fs::metadata(path).unwrap().permissions().mode();
            format!("{:o}", mode & 0o7777)
        };
        assert_eq!([mode(&kept.dir()), mode(&dir)], ["700", "700"], "{umask}");
        let files: Vec<_> = std::fs::read_dir(&dir).unwrap().collect();
        assert_eq!(files.len(), 2);
        for file in files {
            assert_eq!(mode(&file.unwrap().path()), "600", "{umask}");
        }
    }
}

/// A process that holds the lock.
struct Holder(Child);

impl Holder {
    fn start(kept: &Kept) -> Self {
        let name = "processes::a_lock_is_free_when_its_process_was_killed";
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", name, "--nocapture"])
            .env(CHILD, kept.dir())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let child = Self(child);
        let mut lines = output.lines().map(Result::unwrap);
        assert!(lines.any(|line| line.contains(HELD)), "it has ended");
        child
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Holds the lock until the process is killed, or its parent has ended.
async fn hold(store: &FileStore) {
    let _lock = store.lock(&key()).await.unwrap();
    let mut output = io::stdout().lock();
    writeln!(output, "{HELD}").unwrap();
    let _ = io::stdin().read(&mut [0]);
}
