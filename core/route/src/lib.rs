//! Positions in, a track out: distance, pace, climb, calories, GPX, GCJ-02. Pure and streaming.

mod fix;

pub use fix::Fix;
