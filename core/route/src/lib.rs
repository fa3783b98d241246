//! Positions in, a track out: distance, pace, climb, calories, GPX, GCJ-02. Pure and streaming.
//!
//! [`Tracker`] takes [`Fix`]es one by one and tells a [`Summary`] at any time.

mod calories;
mod climb;
mod course;
mod error;
mod fix;
mod gate;
pub mod gcj02;
pub mod gpx;
mod ground;
pub mod heart;
mod line;
mod odometer;
pub mod plausible;
mod smoother;
mod splits;
mod summary;
mod tracker;
mod units;

pub use calories::{Body, Energy, Gait, Sex};
pub use climb::{ClimbSource, pressure_height_m};
pub use course::{ChartPoint, Course};
pub use error::GpxError;
pub use fix::Fix;
pub use gate::{FASTEST_MPS, Rejected, Rejection, WORST_ACCURACY_M};
pub use ground::distance_m;
pub use line::{Bounds, bounds, flat, simplify};
pub use splits::Split;
pub use summary::Summary;
pub use tracker::{Settings, Tracker, Verdict};
