//! A piece of a route as bytes: the layout's version, how many positions, each with whether it was used, a checksum.

use std::io;

use bitstream_io::{BigEndian, BitRead, BitReader, BitWrite, BitWriter};
use haigou_route::Fix;

use super::{CHECKSUM, FixCoder};

const VERSION: u8 = 1;

/// Packs positions, each with whether it was used.
pub(crate) fn pack<'a>(positions: impl ExactSizeIterator<Item = (bool, &'a Fix)>) -> io::Result<Vec<u8>> {
    let mut bits = BitWriter::endian(vec![VERSION], BigEndian);
    bits.write::<32, u32>(u32::try_from(positions.len()).map_err(io::Error::other)?)?;
    let mut coder = FixCoder::default();
    for (used, fix) in positions {
        bits.write_bit(used)?;
        coder.write(&mut bits, fix)?;
    }
    bits.byte_align()?;
    let mut bytes = bits.into_writer();
    bytes.extend(CHECKSUM.checksum(&bytes).to_le_bytes());
    Ok(bytes)
}

/// The positions that were packed, each with whether it was used. None if the bytes are damaged or of another layout.
pub(crate) fn unpack(bytes: &[u8]) -> Option<Vec<(bool, Fix)>> {
    let (said, sum) = bytes.split_last_chunk()?;
    let (version, packed) = said.split_first()?;
    if *version != VERSION || u32::from_le_bytes(*sum) != CHECKSUM.checksum(said) {
        return None;
    }
    let mut bits = BitReader::endian(packed, BigEndian);
    let count: u32 = bits.read::<32, u32>().ok()?;
    let mut coder = FixCoder::default();
    (0..count)
        .map(|_| Some((bits.read_bit().ok()?, coder.read(&mut bits).ok()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(count: i32) -> Vec<(bool, Fix)> {
        let at = |second: i32| Fix {
            t_ms: 1_772_409_600_000 + i64::from(second) * 1_000,
            lat: 31.2 + f64::from(second) * 3e-5,
            lon: 121.5 - f64::from(second % 7) * 1e-6,
            altitude_m: Some(12.0),
            accuracy_m: Some(4.5),
            ..Fix::default()
        };
        (0..count)
            .map(|second| (second % 5 > 0, super::super::on_grid(&at(second))))
            .collect()
    }

    #[test]
    fn ten_minutes_of_a_way_take_a_few_bytes_each_and_come_back() {
        let way = way(600);
        let bytes = pack(way.iter().map(|(used, fix)| (*used, fix))).unwrap();
        assert!(bytes.len() < 600 * 4, "{}", bytes.len());
        assert_eq!(unpack(&bytes), Some(way));
        assert_eq!(unpack(&pack([].into_iter()).unwrap()), Some(Vec::new()));
    }

    #[test]
    fn damaged_bytes_are_no_way() {
        let bytes = pack(way(5).iter().map(|(used, fix)| (*used, fix))).unwrap();
        for at in 0..bytes.len() {
            assert_eq!(unpack(&bytes[..at]), None);
            let mut changed = bytes.clone();
            changed[at] ^= 0x40;
            assert_eq!(unpack(&changed), None);
        }
    }
}
