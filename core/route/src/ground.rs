//! Lengths on the ground.

use geo::{Distance, Geodesic, Point};

/// Metres between two positions (latitude, longitude in degrees) on the WGS-84 ellipsoid (Karney 2013).
#[must_use]
pub fn distance_m(from: (f64, f64), to: (f64, f64)) -> f64 {
    Geodesic.distance(Point::new(from.1, from.0), Point::new(to.1, to.0))
}

/// Metres per degree of latitude and of longitude at a latitude, on the WGS-84 ellipsoid.
pub(crate) fn metres_per_degree(lat: f64) -> (f64, f64) {
    const A: f64 = 6_378_137.0;
    const E2: f64 = 0.006_694_379_990_14;
    let (sin, cos) = lat.to_radians().sin_cos();
    let w2 = 1.0 - E2 * sin * sin;
    let meridian = A * (1.0 - E2) / (w2 * w2.sqrt());
    let normal = A / w2.sqrt();
    (meridian.to_radians(), (normal * cos).to_radians())
}

/// The longitude that is the same as `lon` and nearest to `near`, so that means and differences work across the 180th
/// meridian.
pub(crate) fn unwrap_lon(lon: f64, near: f64) -> f64 {
    lon - ((lon - near) / 360.0).round() * 360.0
}
