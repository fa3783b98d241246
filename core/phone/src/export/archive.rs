//! A ZIP file that is written in one go, without ever looking back.

use std::io::Write;

use chrono::{Datelike as _, Timelike as _};
use serde::Serialize;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::PhoneError;

/// See the module.
pub(super) struct Archive<W: Write> {
    zip: ZipWriter<StreamWriter<Into<W>>>,
    options: SimpleFileOptions,
    files: u64,
}

impl<W: Write> Archive<W> {
    /// An empty one; its files carry this time, as it is in Shanghai.
    pub(super) fn new(into: W, now_ms: i64) -> Self {
        let at = haigou_contract::moment(now_ms);
        let part = |number: u32| u8::try_from(number).unwrap_or(1);
        let time = DateTime::from_date_and_time(
            u16::try_from(at.year()).unwrap_or(0),
            part(at.month()),
            part(at.day()),
            part(at.hour()),
            part(at.minute()),
            part(at.second()),
        );
        Self {
            zip: ZipWriter::new_stream(Into { into, broken: false }),
            options: SimpleFileOptions::default()
                .compression_method(CompressionMethod::Deflated)
                .last_modified_time(time.unwrap_or_default()),
            files: 0,
        }
    }

    /// A file of JSON.
    pub(super) fn file(&mut self, name: &str, value: &impl Serialize) -> Result<(), PhoneError> {
        self.begin(name)?;
        // At once: the compressor is slow on many small pieces.
        let json = serde_json::to_vec_pretty(value)?;
        self.zip.write_all(&json).map_err(failed)
    }

    /// A file of text.
    pub(super) fn text(&mut self, name: &str, text: &str) -> Result<(), PhoneError> {
        self.begin(name)?;
        self.zip.write_all(text.as_bytes()).map_err(failed)
    }

    /// A file of JSON that is a long list, an entry a line.
    pub(super) fn list(&mut self, name: &str) -> Result<List<'_, W>, PhoneError> {
        self.begin(name)?;
        Ok(List {
            archive: self,
            empty: true,
        })
    }

    /// Closes it. The answer: how many files it has.
    pub(super) fn end(self) -> Result<u64, PhoneError> {
        let mut into = self.zip.finish().map_err(failed)?;
        into.flush().map_err(failed)?;
        Ok(self.files)
    }

    fn begin(&mut self, name: &str) -> Result<(), PhoneError> {
        self.files += 1;
        self.zip.start_file(name, self.options).map_err(failed)
    }
}

/// See [`Archive::list`].
pub(super) struct List<'a, W: Write> {
    archive: &'a mut Archive<W>,
    empty: bool,
}

impl<W: Write> List<'_, W> {
    pub(super) fn add(&mut self, value: &impl Serialize) -> Result<(), PhoneError> {
        let mut line = if self.empty {
            b"[\n".to_vec()
        } else {
            b",\n".to_vec()
        };
        self.empty = false;
        serde_json::to_writer(&mut line, value)?;
        self.archive.zip.write_all(&line).map_err(failed)
    }

    pub(super) fn end(self) -> Result<(), PhoneError> {
        let end = if self.empty { "[]\n" } else { "\n]\n" };
        self.archive.zip.write_all(end.as_bytes()).map_err(failed)
    }
}

/// What it is written to. Once that failed nothing more is written: the writer of ZIP files tries to end them even then, and
/// says so on standard error.
struct Into<W> {
    into: W,
    broken: bool,
}

impl<W: Write> Write for Into<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.broken {
            return Ok(bytes.len());
        }
        let written = self.into.write(bytes);
        let again = |error: &std::io::Error| error.kind() == std::io::ErrorKind::Interrupted;
        self.broken = written.as_ref().is_err_and(|error| !again(error));
        written
    }

    fn flush(&mut self) -> std::io::Result<()> {
        if self.broken { Ok(()) } else { self.into.flush() }
    }
}

pub(super) fn failed(cause: impl std::fmt::Display) -> PhoneError {
    PhoneError::ExportFailed {
        cause: cause.to_string(),
    }
}
