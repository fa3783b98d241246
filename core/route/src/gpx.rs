//! GPX 1.0 and 1.1 in, GPX 1.1 out, with heart rate and cadence as Garmin's TrackPointExtension v1.
//!
//! The `gpx` crate knows no extensions, reads a whole file at once and gives no line with an error. So it writes what is common
//! and the extensions are put in behind it; reading is a pull parser of our own over `quick-xml`, which holds one
//! element at a time.

mod lines;
mod read;
mod write;

#[cfg(test)]
mod tests;

pub use read::{Entry, MOST_BYTES, MOST_POINTS, Reader, Recording, read};
pub use write::write;
