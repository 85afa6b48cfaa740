//! Making room, and counting what takes it.

use std::time::{Duration, SystemTime};
use std::{fs, io};

use super::failure::Failure;
use super::lock::Locked;
use super::temporary::is_left_over;
use super::walk::Found;
use super::{Disk, file, ledger, now};
use crate::VariantId;
use crate::policy::Timestamp;
use crate::store::codec::Name;

/// How long a thread waits for one that makes room: what is to be written is not worth more.
const PATIENCE: Duration = Duration::from_millis(100);
/// How many entries go before others are let in.
const BATCH: usize = 16;

/// An entry that may have to go; in the order in which they go.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    is_of_use: bool,
    used: SystemTime,
    name: Name,
    variant: VariantId,
}

impl Disk {
    /// Counts how much room is taken.
    pub(super) fn count(&self) -> Result<u64, Failure> {
        let count = || {
            let mut taken = sum(ledger::NOTHING, &self.temporary()?);
            for name in self.names() {
                let files = self.files(&name?)?;
                taken = sum(taken, files.iter().map(|(_, file)| file));
            }
            Ok(taken)
        };
        count().map_err(Failure::to("count what is there"))
    }

    /// Tells whether there is room for what takes so much.
    pub(super) fn has_room(&self, locked: &Locked<'_>, charge: u64) -> bool {
        locked.taken().saturating_add(charge) <= self.settings.max_bytes
    }

    /// Removes what the dead were writing.
    pub(super) fn remove_left_over(&self, locked: &mut Locked<'_>) -> Result<(), Failure> {
        let files = self.temporary();
        for file in files.map_err(Failure::to("look for what was left behind"))? {
            let is_left_over = is_left_over(&file.path).unwrap_or(false);
            if is_left_over && fs::remove_file(&file.path).is_ok() {
                locked.give_back(file.charge())?;
            }
        }
        Ok(())
    }

    /// Makes room for what takes so much: what has expired goes, then what was used least recently,
    /// until there is that much and a tenth of all.
    ///
    /// All is looked through without the lock, and removed a little at a time: others go on.
    pub(super) fn make_room(&self, charge: u64) -> Result<(), Failure> {
        let evicting = self.evicting.enter_within(PATIENCE);
        let _evicting = evicting.ok_or(Failure::Full)?;
        if self.has_room(&self.lock()?, charge) {
            return Ok(());
        }
        let max = self.settings.max_bytes;
        let enough = (max - max / 10).min(max.saturating_sub(charge));
        let candidates = self.candidates(now());
        let (found, mut candidates) = candidates.map_err(Failure::to("look for what can go"))?;
        self.correct(found)?;
        candidates.sort_unstable();
        for batch in candidates.chunks(BATCH) {
            let mut locked = self.lock()?;
            for candidate in batch {
                if locked.taken() <= enough {
                    return Ok(());
                }
                self.evict(&mut locked, candidate);
            }
        }
        Ok(())
    }

    /// Looks at all entries; returns how much room these take, too.
    fn candidates(&self, now: Timestamp) -> io::Result<(u64, Vec<Candidate>)> {
        let (mut taken, mut candidates) = (sum(ledger::NOTHING, &self.temporary()?), Vec::new());
        for name in self.names() {
            let name = name?;
            let files = self.files(&name)?;
            taken = sum(taken, files.iter().map(|(_, file)| file));
            candidates.extend(files.into_iter().map(|(variant, found)| {
                // What cannot be read is of no use.
                let expires = file::read_expiry(&found.path).ok().flatten();
                Candidate {
                    is_of_use: expires.is_some_and(|expires| expires > now),
                    used: found.used(),
                    name,
                    variant,
                }
            }));
        }
        Ok((taken, candidates))
    }

    /// Counts again where much less was found than is written down: the dead have taken it.
    fn correct(&self, found: u64) -> Result<(), Failure> {
        let mut locked = self.lock()?;
        if locked.taken() > found.saturating_add(self.settings.max_bytes / 20) {
            locked.set(self.count()?)?;
        }
        Ok(())
    }

    /// Removes an entry, unless it was used or replaced since it was looked at. What cannot be
    /// removed stays.
    fn evict(&self, locked: &mut Locked<'_>, candidate: &Candidate) {
        let Candidate { name, variant, .. } = candidate;
        let there = fs::symlink_metadata(self.folder.entry(name, *variant));
        let used = there.and_then(|there| there.modified());
        if used.is_ok_and(|used| used == candidate.used)
            && let Ok(true) = self.remove(locked, name, *variant)
        {
            self.count_eviction();
        }
    }
}

impl Found {
    fn charge(&self) -> u64 {
        ledger::charge(self.metadata.len())
    }

    /// Returns when it was used last, about.
    fn used(&self) -> SystemTime {
        let used = self.metadata.modified();
        used.unwrap_or(SystemTime::UNIX_EPOCH)
    }
}

/// Adds what files take.
fn sum<'a>(taken: u64, files: impl IntoIterator<Item = &'a Found>) -> u64 {
    let charges = files.into_iter().map(Found::charge);
    charges.fold(taken, u64::saturating_add)
}
