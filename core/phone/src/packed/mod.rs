//! What sensors deliver, in few bits: by the log of what came in, and by the store's positions.

mod fixes;
mod route;
mod series;

pub(crate) use fixes::{FixCoder, on_grid};
pub(crate) use route::{pack, unpack};
pub(crate) use series::Series;

/// Checks that bytes are those that were written.
pub(crate) const CHECKSUM: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISCSI);
