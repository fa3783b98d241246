//! The phone core's algorithms on files: count the steps of a recording, measure a track, and score
//! both against the truth.
//!
//! Files are streamed; memory does not grow with them. Every error names the file, and the line and the field
//! where there is one.

mod error;
pub mod input;
pub mod samples;
pub mod score;
pub mod steps;
pub mod track;

pub use error::LabError;
