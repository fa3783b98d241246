//! The phone (or band) that listens.

/// What a phone can sense and how well.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Phone {
    /// Acceleration samples a second, 10 to 400; none if the app does not listen to them (it may be asleep).
    pub rate_hz: Option<u32>,
    /// Deviation of the sensor's white noise in g.
    pub noise_g: f64,
    /// Smallest difference it can tell, in g.
    pub resolution_g: f64,
    /// Share of samples that never arrive; half as many again arrive late, a quarter twice.
    pub lost: f64,
    /// Seconds from one reading of the built-in step counter to the next; it has none if this is none.
    pub counter_every_s: Option<f64>,
    /// It has a barometer.
    pub barometer: bool,
    /// A band gives the heart rate.
    pub heart_rate: bool,
}

impl Default for Phone {
    /// A common phone at 50 Hz.
    fn default() -> Self {
        Self {
            rate_hz: Some(50),
            noise_g: 0.004,
            resolution_g: 1.0 / 2048.0,
            lost: 0.004,
            counter_every_s: Some(10.0),
            barometer: false,
            heart_rate: false,
        }
    }
}
