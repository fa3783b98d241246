//! How records stand in the file, and what of them can be believed.
//!
//! The file begins with who wrote it and the number of its first record; each record has its length and a checksum over its
//! number and its bytes. So a record that was torn, or that an older log left behind, isn't one.

use crate::packed::CHECKSUM;

const MAGIC: &[u8; 4] = b"HGrl";
/// The layout of the records; it grows with every change that an older app would misread.
pub(super) const VERSION: u8 = 1;
/// Magic, version, number, checksum of the three.
pub(super) const HEAD: usize = 4 + 1 + 8 + 4;

/// What a file begins with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Begin {
    /// It was ours; the number of its first record.
    First(u64),
    /// A newer app's, of that layout.
    Newer(u8),
    /// Nobody knows whose.
    Unknown,
}

/// The begin of a file whose first record has this number.
pub(super) fn head(first: u64) -> Vec<u8> {
    let mut head = MAGIC.to_vec();
    head.push(VERSION);
    head.extend(first.to_le_bytes());
    head.extend(CHECKSUM.checksum(&head).to_le_bytes());
    head
}

/// Splits the begin off a file.
pub(super) fn begin(file: &[u8]) -> (Begin, &[u8]) {
    let unknown = (Begin::Unknown, file);
    let Some((head, records)) = file.split_first_chunk::<HEAD>() else {
        return unknown;
    };
    let Some((said, sum)) = head.split_last_chunk::<4>() else {
        return unknown;
    };
    let Some(([version, first @ ..], true)) = said
        .strip_prefix(MAGIC)
        .map(|rest| (rest, u32::from_le_bytes(*sum) == CHECKSUM.checksum(said)))
    else {
        return unknown;
    };
    match first.try_into().map(u64::from_le_bytes) {
        _ if *version > VERSION => (Begin::Newer(*version), records),
        Ok(first) => (Begin::First(first), records),
        Err(_) => unknown,
    }
}

/// Adds a record to a file's bytes.
pub(super) fn add(file: &mut Vec<u8>, number: u64, record: &[u8]) {
    let length = u32::try_from(record.len()).unwrap_or(u32::MAX);
    file.extend(length.to_le_bytes());
    file.extend(sum(number, record).to_le_bytes());
    file.extend(record);
}

/// Splits the first record off, if it is whole and has this number.
pub(super) fn split(file: &[u8], number: u64) -> Option<(&[u8], &[u8])> {
    let (length, file) = file.split_first_chunk()?;
    let (said, file) = file.split_first_chunk()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (record, rest) = file.split_at_checked(length)?;
    (u32::from_le_bytes(*said) == sum(number, record)).then_some((record, rest))
}

fn sum(number: u64, record: &[u8]) -> u32 {
    let mut digest = CHECKSUM.digest();
    digest.update(&number.to_le_bytes());
    digest.update(record);
    digest.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_or_changed_record_is_none_nor_is_one_with_another_number() {
        let mut file = head(7);
        add(&mut file, 7, b"first");
        add(&mut file, 8, b"");
        let (begin, records) = begin(&file);
        assert_eq!(begin, Begin::First(7));
        let (record, rest) = split(records, 7).unwrap();
        assert_eq!(record, b"first");
        assert_eq!(split(rest, 8), Some((&b""[..], &b""[..])));
        assert_eq!(split(rest, 9), None);
        assert_eq!(split(records, 8), None);
        for at in 0..13 {
            let mut broken = records.to_vec();
            broken[at] ^= 0x10;
            assert_eq!(split(&broken, 7), None, "{at}");
            assert_eq!(split(&records[..at], 7), None, "{at}");
        }
        assert_eq!(split(&[0; 100], 1), None, "zeros after a power cut");
    }

    #[test]
    fn whose_a_file_is_stands_at_its_begin() {
        for cut in 0..HEAD {
            assert_eq!(begin(&head(1)[..cut]).0, Begin::Unknown);
            let mut changed = head(1);
            changed[cut] ^= 1;
            assert_eq!(begin(&changed).0, Begin::Unknown);
        }
        let mut newer = head(1);
        newer.truncate(HEAD - 4);
        newer[4] = VERSION + 1;
        newer.extend(CHECKSUM.checksum(&newer).to_le_bytes());
        assert_eq!(begin(&newer).0, Begin::Newer(VERSION + 1));
    }
}
