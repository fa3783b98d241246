//! The whole state as bytes, for an app that may be killed in mid-walk.

use crate::StepCounter;

/// The layout of the bytes; it grows with every change of what is stored.
const VERSION: u8 = 2;
const CHECKSUM: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISCSI);

/// Why a saved state can't be used. Start a new counter then: at most the last, unconfirmed steps are lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// It was saved by another version of the counter.
    #[error("this counter's state was saved in layout {0}, and only layout {VERSION} is understood")]
    Version(u8),
    /// It is cut short or changed.
    #[error("this counter's state is damaged")]
    Damaged,
}

impl RestoreError {
    /// A name that stays the same.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Version(_) => "motion_state_version",
            Self::Damaged => "motion_state_damaged",
        }
    }
}

impl StepCounter {
    /// The whole state in less than 3 kB: layout version, content, checksum.
    #[must_use]
    pub fn save(&self) -> Vec<u8> {
        let body = postcard::to_allocvec_crc32(self, CHECKSUM.digest()).unwrap_or_default();
        let mut bytes = Vec::with_capacity(body.len() + 1);
        bytes.push(VERSION);
        bytes.extend(body);
        bytes
    }

    /// A counter that goes on exactly where the saved one was.
    ///
    /// # Errors
    /// [`RestoreError`] when the bytes are of another layout, or damaged.
    pub fn restore(bytes: &[u8]) -> Result<Self, RestoreError> {
        match bytes.split_first() {
            Some((&VERSION, body)) => {
                postcard::from_bytes_crc32(body, CHECKSUM.digest()).map_err(|_| RestoreError::Damaged)
            }
            Some((&other, _)) => Err(RestoreError::Version(other)),
            None => Err(RestoreError::Damaged),
        }
    }
}
