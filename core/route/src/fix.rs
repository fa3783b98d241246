//! What a positioning source delivers.

/// One position, in WGS-84.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize, serde::Deserialize)]
pub struct Fix {
    /// When it was taken: milliseconds since the Unix epoch, UTC.
    pub t_ms: i64,
    /// Latitude in degrees, WGS-84.
    pub lat: f64,
    /// Longitude in degrees, WGS-84.
    pub lon: f64,
    /// Height in metres as the source gives it.
    pub altitude_m: Option<f64>,
    /// Radius in metres within which the position lies with about 68 % probability.
    pub accuracy_m: Option<f64>,
    /// Speed over ground in m/s as the source gives it.
    pub speed_mps: Option<f64>,
    /// Air pressure in hPa, where the device has a barometer.
    pub pressure_hpa: Option<f64>,
    /// Heart rate in beats per minute at that moment, where a band gives it.
    pub heart_rate: Option<u8>,
    /// Cadence in steps per minute at that moment.
    pub cadence: Option<u8>,
    /// The system says that the position is made up (a mock location).
    pub mock: bool,
}
