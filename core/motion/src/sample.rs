//! What a sensor delivers.

/// One reading of an accelerometer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// When it was taken, in microseconds on any clock that does not jump (the sensor's own).
    pub t_us: i64,
    /// The length of the acceleration vector, gravity included, in g (1.0 at rest).
    pub magnitude_g: f32,
}

/// Standard gravity in m/s² (ISO 80000-3).
pub const STANDARD_GRAVITY: f32 = 9.806_65;

impl Sample {
    /// A sample from a three-axis reading in m/s², gravity included.
    #[must_use]
    pub fn from_axes(t_us: i64, x: f32, y: f32, z: f32) -> Self {
        Self {
            t_us,
            magnitude_g: (x * x + y * y + z * z).sqrt() / STANDARD_GRAVITY,
        }
    }
}
