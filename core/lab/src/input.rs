//! CSV files, plain or gzipped, with a header: opened, limited, and read cell by cell.

use crate::LabError;
use csv::StringRecord;
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

/// No honest row is longer, in bytes; a file without line breaks must not fill the memory.
const LONGEST_LINE: usize = 64 * 1024;

/// A CSV file, at some row.
pub struct Table {
    file: PathBuf,
    reader: csv::Reader<LineLimit<Box<dyn Read>>>,
    columns: Vec<String>,
    row: StringRecord,
}

impl Table {
    /// Opens a file of numbers (gzipped if it is named `.gz`) and reads its header. Names are compared in lower
    /// case. Quotation marks mean nothing, so that a stray one can't swallow the rest of the file.
    ///
    /// # Errors
    /// When it can't be read, or has no header.
    pub fn open(file: &Path) -> Result<Self, LabError> {
        Self::open_with(file, false)
    }

    /// The same for a file with texts, in which quotation marks count.
    ///
    /// # Errors
    /// When it can't be read, or has no header.
    pub fn open_with_texts(file: &Path) -> Result<Self, LabError> {
        Self::open_with(file, true)
    }

    fn open_with(file: &Path, quoting: bool) -> Result<Self, LabError> {
        let plain = File::open(file).map_err(LabError::unreadable(file))?;
        let gzipped = file.extension().is_some_and(|end| end.eq_ignore_ascii_case("gz"));
        let bytes: Box<dyn Read> = if gzipped {
            Box::new(MultiGzDecoder::new(BufReader::new(plain)))
        } else {
            Box::new(plain)
        };
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .quoting(quoting)
            .trim(csv::Trim::All)
            .from_reader(LineLimit {
                inner: bytes,
                since_break: 0,
            });
        let mut table = Self {
            file: file.to_owned(),
            reader,
            columns: Vec::new(),
            row: StringRecord::new(),
        };
        if !table.next_row()? {
            return Err(LabError::Empty(table.file));
        }
        let name = |cell: &str| {
            cell.trim_start_matches('\u{feff}')
                .trim_matches('"')
                .trim()
                .to_lowercase()
        };
        table.columns = table.row.iter().map(name).collect();
        Ok(table)
    }

    /// The place of a column, if the header has it.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// The error for a column that is missing.
    #[must_use]
    pub fn lacks(&self, wanted: &'static str) -> LabError {
        LabError::Column {
            file: self.file.clone(),
            wanted,
            found: shortened(&self.columns.join(", ")),
        }
    }

    /// Goes to the next row; false at the end.
    ///
    /// # Errors
    /// When the file can't be read on: a broken disk, a cut-off archive, bytes that are no text, an endless line.
    pub fn next_row(&mut self) -> Result<bool, LabError> {
        self.reader.read_record(&mut self.row).map_err(|error| {
            let line = error.position().map_or(self.line(), csv::Position::line);
            match error.into_kind() {
                csv::ErrorKind::Io(source) => LabError::Unreadable {
                    file: self.file.clone(),
                    source,
                },
                csv::ErrorKind::Utf8 { .. } => self.cell_error(line, "", "is no text (UTF-8 is expected)"),
                _ => self.cell_error(line, "", "can't be read as CSV"),
            }
        })
    }

    /// The line of this row, counted from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.row.position().map_or(1, csv::Position::line)
    }

    /// The text of a cell; empty if the row is too short for it.
    #[must_use]
    pub fn text(&self, column: usize) -> &str {
        self.row.get(column).unwrap_or_default()
    }

    /// The first column that this row is too short for.
    #[must_use]
    pub fn first_missing(&self) -> Option<usize> {
        (self.row.len() < self.columns.len()).then_some(self.row.len())
    }

    /// The number in a cell.
    ///
    /// # Errors
    /// When the cell is missing, empty, not a number, or not finite.
    pub fn number(&self, column: usize) -> Result<f64, LabError> {
        let Some(text) = self.row.get(column) else {
            return Err(self.invalid(column, "is missing; the line ends before it"));
        };
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            Ok(_) => Err(self.invalid(column, &format!("{text} is not a finite number"))),
            Err(_) if text.is_empty() => Err(self.invalid(column, "is empty; a number is expected")),
            Err(_) => Err(self.invalid(column, &format!("\"{}\" is not a number", shortened(text)))),
        }
    }

    /// The error for a cell of this row.
    #[must_use]
    pub fn invalid(&self, column: usize, problem: &str) -> LabError {
        self.cell_error(
            self.line(),
            self.columns.get(column).map_or("", String::as_str),
            problem,
        )
    }

    /// The file's name, as it was given.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    fn cell_error(&self, line: u64, field: &str, problem: &str) -> LabError {
        let (field, problem) = (field.to_owned(), problem.to_owned());
        LabError::Cell {
            file: self.file.clone(),
            line,
            field,
            problem,
        }
    }
}

/// The beginning of a text, short enough for a message.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Refuses endless lines.
struct LineLimit<R> {
    inner: R,
    since_break: usize,
}

impl<R: Read> Read for LineLimit<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let new = buffer.get(..count).unwrap_or_default();
        let mut parts = new.split(|byte| *byte == b'\n');
        let longest = parts.next().map_or(0, |first| self.since_break + first.len());
        let rest = parts.map(<[u8]>::len);
        let (longest, last) = rest.fold((longest, longest), |(longest, _), len| (longest.max(len), len));
        self.since_break = last;
        if longest > LONGEST_LINE {
            let problem = format!("a line is longer than {LONGEST_LINE} bytes");
            return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_refused_and_many_short_ones_are_not() {
        let read = |text: String| {
            io::copy(
                &mut LineLimit {
                    inner: text.as_bytes(),
                    since_break: 0,
                },
                &mut io::sink(),
            )
        };
        assert!(read("1,2,3\n".repeat(100_000)).is_ok());
        assert!(read("x".repeat(LONGEST_LINE)).is_ok());
        assert!(read("x".repeat(LONGEST_LINE + 1)).is_err());
        assert!(read(format!("1,2\n{}", "x".repeat(LONGEST_LINE + 1))).is_err());
    }

    #[test]
    fn messages_stay_short() {
        assert_eq!(shortened("abc"), "abc");
        assert_eq!(shortened(&"嗨".repeat(100)).chars().count(), 61);
    }
}
