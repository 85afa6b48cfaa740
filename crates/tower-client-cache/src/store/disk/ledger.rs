//! How much room is taken, as it is written down.
//!
//! ```text
//! bytes taken    8 bytes, little-endian
//! start          4 bytes: tells one start of the machine from another
//! checksum       4 bytes: CRC-32 of these
//! ```
//!
//! Nothing is forced to the disk, so that what was written down before the machine was switched off
//! need not be what there is after: then it is counted again.

use std::fs;
use std::sync::OnceLock;

/// What a disk takes for any file, and for a folder, at least.
const BLOCK: u64 = 4096;

/// How much is taken when there are no entries: the file with the ledger.
pub(super) const NOTHING: u64 = BLOCK;

/// How long the ledger is.
pub(super) const LENGTH: usize = 16;

/// Returns how much room a file of this length takes, with the folder that it is in.
pub(super) fn charge(length: u64) -> u64 {
    length
        .checked_next_multiple_of(BLOCK)
        .unwrap_or(u64::MAX)
        .saturating_add(BLOCK)
}

pub(super) fn encode(taken: u64, start: u32) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    let text = taken.to_le_bytes().into_iter().chain(start.to_le_bytes());
    let sum = checksum(taken, start).to_le_bytes();
    for (to, from) in bytes.iter_mut().zip(text.chain(sum)) {
        *to = from;
    }
    bytes
}

/// Reads how much is taken; `None` if that is not known.
pub(super) fn decode(bytes: &[u8], start: u32) -> Option<u64> {
    let (taken, _) = bytes.split_first_chunk()?;
    let taken = u64::from_le_bytes(*taken);
    (bytes == encode(taken, start)).then_some(taken)
}

fn checksum(taken: u64, start: u32) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&taken.to_le_bytes());
    sum.update(&start.to_le_bytes());
    sum.finalize()
}

/// Returns what tells this start of the machine from others; always the same where that cannot be
/// known.
pub(super) fn start() -> u32 {
    static START: OnceLock<u32> = OnceLock::new();
    *START.get_or_init(|| {
        let id = fs::read("/proc/sys/kernel/random/boot_id");
        id.map_or(0, |id| crc32fast::hash(&id))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_down_is_read() {
        for taken in [0, 1, 4096, u64::MAX] {
            let bytes = encode(taken, 7);

            assert_eq!(decode(&bytes, 7), Some(taken));
        }
    }

    #[test]
    fn what_is_damaged_cut_off_or_of_another_start_is_not_known() {
        let bytes = encode(123_456, 7);

        assert_eq!(decode(&bytes, 8), None);
        for length in 0..LENGTH {
            assert_eq!(decode(&bytes[..length], 7), None);
        }
        for bit in 0..LENGTH * 8 {
            let mut bytes = bytes;
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(decode(&bytes, 7), None, "{bit}");
        }
        assert_eq!(decode(&[&bytes[..], b"0"].concat(), 7), None);
    }

    #[test]
    fn files_take_whole_blocks_and_one_for_their_folder() {
        for (length, expected) in [
            (0, 4096),
            (1, 8192),
            (4096, 8192),
            (4097, 12_288),
            (u64::MAX, u64::MAX),
        ] {
            assert_eq!(charge(length), expected, "{length}");
        }
    }

    #[test]
    fn one_start_is_always_the_same() {
        assert_eq!(start(), start());
    }
}
