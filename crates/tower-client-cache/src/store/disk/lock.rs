//! The lock under which files appear and vanish, and the ledger in it.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::thread;
use std::time::Duration;

use super::Disk;
use super::failure::Failure;
use super::gate::Entered;
use super::{ledger, private};

/// How long to wait before looking again whether another process has let go: at first, and in the
/// end.
const PAUSE: [Duration; 2] = [Duration::from_micros(50), Duration::from_millis(1)];
/// How often is looked: for about 100 ms, as clocks may be paused by tests.
const LOOKS: u32 = 100;
/// How often what vanishes meanwhile is made anew.
pub(super) const TRIES: u32 = 3;

/// The lock, as long as it is held.
#[derive(Debug)]
pub(super) struct Locked<'a> {
    // Closed first, which lets other processes in; then this one's threads.
    file: File,
    taken: u64,
    _entered: Entered<'a>,
}

impl Disk {
    /// Takes the lock, and creates what is missing of the folder.
    pub(super) fn lock(&self) -> Result<Locked<'_>, Failure> {
        let entered = self.gate.enter().ok_or(Failure::Locked)?;
        self.lock_file(entered, LOOKS)
    }

    /// Takes the lock if that needs no waiting.
    pub(super) fn try_lock(&self) -> Result<Locked<'_>, Failure> {
        let entered = self.gate.enter_within(Duration::ZERO);
        self.lock_file(entered.ok_or(Failure::Locked)?, 1)
    }

    fn lock_file<'a>(&self, entered: Entered<'a>, looks: u32) -> Result<Locked<'a>, Failure> {
        let path = self.folder.lock();
        for _ in 0..TRIES {
            let file = self.open_lock().map_err(Failure::to("open the lock"))?;
            self.check_private()?;
            wait_for(&file, looks)?;
            // Somebody who removed all of it has removed the lock too: others may have a new one.
            if private::is_at(&file, &path).map_err(Failure::to("look at the lock"))? {
                return self.open_ledger(file, entered);
            }
        }
        Err(Failure::Locked)
    }

    fn open_lock(&self) -> io::Result<File> {
        let path = self.folder.lock();
        match private::open_or_create_file(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.create_folders()?;
                private::open_or_create_file(&path)
            }
            opened => opened,
        }
    }

    /// Creates what all is in.
    fn create_folders(&self) -> io::Result<()> {
        private::create_folders(&self.settings.dir)?;
        private::create_folder(self.folder.root())
    }

    /// Refuses a folder that others may have made, or may change.
    pub(super) fn check_private(&self) -> Result<(), Failure> {
        match private::present(fs::symlink_metadata(self.folder.root())) {
            Ok(Some(root)) if !private::is_private_folder(&root) => Err(Failure::NotPrivate),
            Ok(_) => Ok(()),
            Err(error) => Err(Failure::Io("look at the folder", error)),
        }
    }

    fn open_ledger<'a>(&self, file: File, entered: Entered<'a>) -> Result<Locked<'a>, Failure> {
        let mut written = Vec::with_capacity(ledger::LENGTH + 1);
        let most = u64::try_from(ledger::LENGTH + 1).unwrap_or(u64::MAX);
        let read = (&file).take(most).read_to_end(&mut written);
        read.map_err(Failure::to("read the ledger"))?;
        let mut locked = Locked {
            file,
            taken: 0,
            _entered: entered,
        };
        match ledger::decode(&written, ledger::start()) {
            Some(taken) => locked.taken = taken,
            None => locked.set(self.count()?)?,
        }
        Ok(locked)
    }
}

impl Locked<'_> {
    /// Returns how much room is taken; what is there takes no more.
    pub(super) fn taken(&self) -> u64 {
        self.taken
    }

    /// Writes down that so much more is taken: before it is.
    pub(super) fn take(&mut self, charge: u64) -> Result<(), Failure> {
        self.set(self.taken.saturating_add(charge))
    }

    /// Writes down that so much less is taken: after it is gone.
    pub(super) fn give_back(&mut self, charge: u64) -> Result<(), Failure> {
        self.set(self.taken.saturating_sub(charge))
    }

    /// Writes down how much is taken.
    pub(super) fn set(&mut self, taken: u64) -> Result<(), Failure> {
        let mut file = &self.file;
        let ledger = ledger::encode(taken, ledger::start());
        file.seek(SeekFrom::Start(0))
            .and_then(|_| file.write_all(&ledger))
            .map_err(Failure::to("write the ledger"))?;
        self.taken = taken;
        Ok(())
    }
}

/// Waits until a file is locked. A process that was stopped may hold it for ever.
fn wait_for(file: &File, looks: u32) -> Result<(), Failure> {
    let [mut pause, longest] = PAUSE;
    for look in 1..=looks {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(Failure::Io("lock the folder", error)),
            Err(TryLockError::WouldBlock) if look < looks => {
                #[expect(clippy::disallowed_methods, reason = "in a thread that may block")]
                thread::sleep(pause);
                pause = (pause * 2).min(longest);
            }
            Err(TryLockError::WouldBlock) => {}
        }
    }
    Err(Failure::Locked)
}
