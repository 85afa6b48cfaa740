//! The lock of a document, among processes and threads.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::fault::Fault;
use super::file;

/// How long to wait before looking again: at first, and in the end.
const PAUSE: [Duration; 2] = [Duration::from_millis(1), Duration::from_millis(20)];
/// How often is looked, for about five seconds: a change takes some milliseconds, but a process that
/// was stopped may hold the lock for ever.
const LOOKS: u32 = 250;

/// A lock, as long as it is held: the system takes it back when the process ends, however it does.
#[derive(Debug)]
pub(super) struct Locked {
    _file: File,
}

/// Takes the lock, and creates its file if it is not there.
pub(super) fn take(path: &Path) -> Result<Locked, Fault> {
    let file = file::open_or_create(path).map_err(Fault::not("locked"))?;
    let [mut pause, longest] = PAUSE;
    for look in 1..=LOOKS {
        match file.try_lock() {
            Ok(()) => return Ok(Locked { _file: file }),
            Err(TryLockError::Error(error)) => return Err(Fault::Io("locked", error)),
            Err(TryLockError::WouldBlock) if look < LOOKS => {
                #[expect(clippy::disallowed_methods, reason = "in a thread that may block")]
                thread::sleep(pause);
                pause = (pause * 3 / 2).min(longest);
            }
            Err(TryLockError::WouldBlock) => {}
        }
    }
    Err(Fault::Locked)
}
