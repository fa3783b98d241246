//! What can be wrong with a recording.

/// Why a recording could not be read or written. Every reading error says where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GpxError {
    /// Larger than [`crate::gpx::MOST_BYTES`] or with more than [`crate::gpx::MOST_POINTS`] points.
    #[error("the file is too large: more than {limit}; cut it into smaller recordings")]
    TooLarge {
        /// The limit, with its unit.
        limit: String,
    },
    /// A document type definition, as in entity bombs; no recording needs one.
    #[error(
        "line {line}: the file has a document type definition (<!DOCTYPE>), which is not accepted; remove it"
    )]
    Dtd {
        /// Line, from 1.
        line: u64,
    },
    /// It ends before it is complete.
    #[error(
        "line {line}: the file ends in the middle, inside <{element}>, after {points} complete points; export it again"
    )]
    Truncated {
        /// Line, from 1.
        line: u64,
        /// The innermost element that is still open.
        element: String,
        /// Points that were complete.
        points: usize,
    },
    /// Not well-formed XML.
    #[error("line {line}: this is not well-formed XML: {what}")]
    Syntax {
        /// Line, from 1.
        line: u64,
        /// What the parser says.
        what: String,
    },
    /// The root isn't `gpx`, or its version isn't 1.0 or 1.1.
    #[error("line {line}: this is not a GPX 1.0 or 1.1 file: {what}")]
    NotGpx {
        /// Line, from 1.
        line: u64,
        /// What stands there instead.
        what: String,
    },
    /// A field that can't be understood.
    #[error("line {line}: {field} is {found:?}, not {expected}")]
    Field {
        /// Line, from 1.
        line: u64,
        /// The element or attribute.
        field: &'static str,
        /// What stands there, cut to 80 characters.
        found: String,
        /// What should.
        expected: &'static str,
    },
    /// No track point at all, or none with a time.
    #[error("the file has no track point with a time; a track needs times to be measured")]
    NoTrack,
    /// Reading failed below the XML.
    #[error("reading failed near line {line}: {what}")]
    Io {
        /// Line, from 1.
        line: u64,
        /// What the system says.
        what: String,
    },
    /// Writing failed.
    #[error("the track could not be written as GPX: {0}")]
    Write(String),
}

impl GpxError {
    /// A stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            GpxError::TooLarge { .. } => "gpx_too_large",
            GpxError::Dtd { .. } => "gpx_dtd",
            GpxError::Truncated { .. } => "gpx_truncated",
            GpxError::Syntax { .. } => "gpx_syntax",
            GpxError::NotGpx { .. } => "not_gpx",
            GpxError::Field { .. } => "gpx_field",
            GpxError::NoTrack => "gpx_no_track",
            GpxError::Io { .. } => "gpx_io",
            GpxError::Write(_) => "gpx_write",
        }
    }
}
