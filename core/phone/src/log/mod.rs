//! `recording.log`, beside the store: what came in since the store was last written, so that it survives the death of the
//! process at a hundredth of what a transaction a second costs. See DECISIONS.md.

mod coder;
mod frame;

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use bitstream_io::BigEndian;

use crate::PhoneError;
use crate::input::Input;
use crate::store::put_aside;
use coder::{Bits, Coder};

/// The log's name in its folder.
pub(crate) const FILE: &str = "recording.log";
/// A log of so many bytes is long: it is time to write the store.
const LONG: u64 = 256 << 10;

/// See the module.
pub(crate) struct Log {
    path: PathBuf,
    /// None while it can't be written.
    file: Option<File>,
    length: u64,
    /// The number of the latest record, over all logs of this store.
    last: u64,
    coder: Coder,
    /// What was noted since.
    bits: Bits,
    noted: bool,
}

/// What came in until a moment, one after another, as it was recorded.
#[derive(Debug)]
pub(crate) struct Record {
    /// Each with its moment of the monotonic clock, in milliseconds.
    pub(crate) inputs: Vec<(Input, i64)>,
    pub(crate) end_ms: i64,
}

/// A log that was opened.
pub(crate) struct Opened {
    pub(crate) log: Log,
    /// What isn't in the store yet, oldest first.
    pub(crate) records: Vec<Record>,
    /// What a file is called now that doesn't go on from what is in the store.
    pub(crate) aside: Option<String>,
}

impl Log {
    /// Opens the log in a folder, or makes it. `stored` is the number of the latest record that the store contains. What is
    /// in the file stays there until [`Log::clear`].
    ///
    /// # Errors
    /// [`PhoneError::StoreNewer`]. A log that can't be read or written is none: what is recorded goes into the store then.
    pub(crate) fn open(folder: &Path, stored: u64, now_ms: i64) -> Result<Opened, PhoneError> {
        let path = folder.join(FILE);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    tracing::warn!(%error, "the log can't be read");
                }
                Vec::new()
            }
        };
        let mut log = Self {
            file: None,
            path,
            length: 0,
            last: stored,
            coder: Coder::default(),
            bits: Bits::endian(Vec::new(), BigEndian),
            noted: false,
        };
        let (records, aside) = match log.take_in(&bytes)? {
            Some(records) => (records, None),
            None => {
                let aside = put_aside(&log.path, now_ms)?;
                let name = aside.file_name().unwrap_or_default();
                (Vec::new(), Some(name.to_string_lossy().into_owned()))
            }
        };
        if records.is_empty() {
            log.clear();
        }
        Ok(Opened { log, records, aside })
    }

    /// The records that the store doesn't contain yet; none if the file doesn't go on from there.
    fn take_in(&mut self, bytes: &[u8]) -> Result<Option<Vec<Record>>, PhoneError> {
        let (mut number, mut rest) = match frame::begin(bytes) {
            (frame::Begin::First(first), rest) if first <= self.last.saturating_add(1) => (first, rest),
            (frame::Begin::Newer(version), _) => {
                return Err(PhoneError::StoreNewer {
                    found: version.into(),
                    known: frame::VERSION.into(),
                });
            }
            // A power cut may leave less than a begin: then nothing was in it.
            _ if bytes.len() < frame::HEAD => return Ok(Some(Vec::new())),
            _ => return Ok(None),
        };
        let mut records = Vec::new();
        while let Some((record, after)) = frame::split(rest, number) {
            let Ok((inputs, end_ms)) = self.coder.read(record) else {
                break;
            };
            if number > self.last {
                self.last = number;
                records.push(Record { inputs, end_ms });
            }
            (number, rest) = (number + 1, after);
        }
        if rest.is_empty() {
            self.file = open(&self.path).ok();
            self.length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        } else {
            // Nothing could be read behind a torn end: nothing is written there.
            tracing::warn!(bytes = rest.len(), "the log's end is torn");
        }
        Ok(Some(records))
    }

    /// Notes what came at a moment; [`Log::append`] writes it.
    pub(crate) fn note(&mut self, input: &Input, mono_ms: i64) {
        self.noted = true;
        if self.file.is_some() && self.coder.write(&mut self.bits, input, mono_ms).is_err() {
            self.file = None;
        }
    }

    /// Whether something was noted since it was last written.
    pub(crate) const fn has_notes(&self) -> bool {
        self.noted
    }

    /// Writes what was noted up to this moment. It survives the death of the process then; a power cut may take what the
    /// system had not written yet.
    ///
    /// # Errors
    /// [`PhoneError::StoreFull`] if that takes more than `room` bytes, or the disk's. After an error nothing more is written
    /// before [`Log::clear`]: behind a gap nothing could be read.
    pub(crate) fn append(&mut self, mono_ms: i64, room: u64) -> Result<(), PhoneError> {
        self.noted = false;
        self.last += 1;
        let written = self.write(mono_ms, room);
        if written.is_err() {
            self.file = None;
        }
        written
    }

    fn write(&mut self, mono_ms: i64, room: u64) -> Result<(), PhoneError> {
        let Some(file) = &mut self.file else {
            return Err(io::Error::from(io::ErrorKind::NotFound).into());
        };
        self.coder.end(&mut self.bits, mono_ms)?;
        let mut bytes = match self.length {
            0 => frame::head(self.last),
            _ => Vec::new(),
        };
        if let Some(record) = self.bits.writer() {
            frame::add(&mut bytes, self.last, record);
            record.clear();
        }
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if self.length.saturating_add(length) > room {
            return Err(PhoneError::StoreFull);
        }
        file.write_all(&bytes)?;
        self.length += length;
        Ok(())
    }

    /// The store contains everything: the log begins anew.
    pub(crate) fn clear(&mut self) {
        let file = self.file.take().map_or_else(|| open(&self.path), Ok);
        let cleared = file.and_then(|file| file.set_len(0).map(|()| file));
        self.file = cleared
            .inspect_err(|error| tracing::warn!(%error, "the log can't be written"))
            .ok();
        self.length = 0;
        self.coder = Coder::default();
        self.bits = Bits::endian(Vec::new(), BigEndian);
        self.noted = false;
    }

    /// The number of the latest record.
    pub(crate) const fn last(&self) -> u64 {
        self.last
    }

    /// Whether it can be written.
    pub(crate) const fn is_whole(&self) -> bool {
        self.file.is_some()
    }

    /// Whether it is time to write the store.
    pub(crate) const fn is_long(&self) -> bool {
        self.length >= LONG
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).open(path)
}
