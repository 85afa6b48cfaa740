//! Making room, and counting what takes it.

use std::fs;
use std::time::SystemTime;

use super::failure::Failure;
use super::lock::Locked;
use super::temporary::is_left_over;
use super::walk::Found;
use super::{Disk, file, ledger, now, private};
use crate::policy::Timestamp;
use crate::store::codec::Name;

/// An entry that may have to go.
struct Candidate {
    name: Name,
    found: Found,
    used: SystemTime,
}

impl Disk {
    /// Counts how much room is taken.
    pub(super) fn count(&self) -> Result<u64, Failure> {
        self.count_files()
            .map_err(Failure::to("count what is there"))
    }

    fn count_files(&self) -> std::io::Result<u64> {
        let sum = |files: Vec<Found>| files.iter().map(Found::charge).fold(0, u64::saturating_add);
        let mut taken = ledger::NOTHING.saturating_add(sum(self.temporary()?));
        for name in self.names() {
            taken = taken.saturating_add(sum(self.files(&name?)?));
        }
        Ok(taken)
    }

    /// Makes room for what takes so much: what the dead left behind goes, and what has expired;
    /// then what was used least recently, until there is that much and a tenth of all.
    pub(super) fn make_room(&self, locked: &mut Locked<'_>, charge: u64) -> Result<(), Failure> {
        let max = self.settings.max_bytes;
        let enough = (max - max / 10).min(max.saturating_sub(charge));
        let looking = Failure::to("look for what can go");
        let (mut taken, mut candidates) = self.candidates(now()).map_err(looking)?;
        candidates.sort_unstable_by_key(|candidate| candidate.used);
        for candidate in candidates {
            if taken <= enough {
                break;
            }
            if self.evict(&candidate) {
                taken = taken.saturating_sub(candidate.found.charge());
            }
        }
        // Only now: what is said to be free is.
        locked.set(taken)?;
        if taken.saturating_add(charge) > max {
            return Err(Failure::Full);
        }
        Ok(())
    }

    /// Counts all that is there and is of use; the rest goes.
    fn candidates(&self, now: Timestamp) -> std::io::Result<(u64, Vec<Candidate>)> {
        let mut taken = ledger::NOTHING;
        for file in self.temporary()? {
            let is_left_over = is_left_over(&file.path).unwrap_or(false);
            if !is_left_over || fs::remove_file(&file.path).is_err() {
                taken = taken.saturating_add(file.charge());
            }
        }
        let mut candidates = Vec::new();
        for name in self.names() {
            let name = name?;
            for found in self.files(&name)? {
                // What cannot be read is of no use.
                let expires = file::read_expiry(&found.path).ok().flatten();
                let used = found.metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                let candidate = Candidate { name, found, used };
                let is_of_use = expires.is_some_and(|expires| expires > now);
                if is_of_use || !self.evict(&candidate) {
                    taken = taken.saturating_add(candidate.found.charge());
                    candidates.push(candidate);
                }
            }
        }
        Ok((taken, candidates))
    }

    /// Removes an entry; tells whether it is gone.
    fn evict(&self, candidate: &Candidate) -> bool {
        let removed = private::present(fs::remove_file(&candidate.found.path));
        if removed.is_ok() {
            self.count_eviction();
            self.remove_if_empty(&candidate.name);
        }
        removed.is_ok()
    }
}

impl Found {
    fn charge(&self) -> u64 {
        ledger::charge(self.metadata.len())
    }
}
