//! What can be wrong with a file.

use std::path::{Path, PathBuf};

/// Why a file could not be used: a sentence that says what, and where.
#[derive(Debug, thiserror::Error)]
pub enum LabError {
    /// It can't be opened or read to its end.
    #[error("{}: can't be read: {source}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It has no header, or no rows after it.
    #[error("{}: is empty: a header and at least one row are needed", .0.display())]
    Empty(PathBuf),
    /// The header lacks a column.
    #[error("{}, line 1: the header has no column {wanted}; it has: {found}", file.display())]
    Column {
        /// The file.
        file: PathBuf,
        /// What is needed.
        wanted: &'static str,
        /// What is there.
        found: String,
    },
    /// A cell can't be used.
    #[error("{}, line {line}, field `{field}`: {problem}", file.display())]
    Cell {
        /// The file.
        file: PathBuf,
        /// The line, counted from 1 with the header.
        line: u64,
        /// The column's name.
        field: String,
        /// What is wrong, and what is allowed.
        problem: String,
    },
    /// The value that stands for 1 g is neither given nor to be seen.
    #[error(
        "{}: can't tell which magnitude stands for 1 g, for it holds no second of readings; give it with --rest",
        .0.display()
    )]
    Rest(PathBuf),
    /// A GPX or CSV track can't be measured.
    #[error("{}: {problem}", file.display())]
    Track {
        /// The file.
        file: PathBuf,
        /// What is wrong, and where.
        problem: String,
    },
}

impl LabError {
    /// A name that stays the same.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "file_unreadable",
            Self::Empty(_) => "file_empty",
            Self::Column { .. } => "column_missing",
            Self::Cell { .. } => "cell_invalid",
            Self::Rest(_) => "rest_unknown",
            Self::Track { .. } => "track_invalid",
        }
    }

    pub(crate) fn unreadable(file: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Unreadable {
            file: file.to_owned(),
            source,
        }
    }
}
