//! Where somebody is.

/// A position in degrees, WGS-84.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Place {
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
}

impl Place {
    /// A position from degrees.
    #[must_use]
    pub const fn new(lat: f64, lon: f64) -> Self {
        Self { lat, lon }
    }

    /// The position so many metres to the north and to the east.
    pub(crate) fn moved(self, north_m: f64, east_m: f64) -> Self {
        let (per_lat, per_lon) = metres_per_degree(self.lat);
        Self {
            lat: self.lat + north_m / per_lat,
            lon: self.lon + east_m / per_lon,
        }
    }

    /// Metres to the north and to the east from here to there; for places within some ten kilometres.
    pub(crate) fn offset_to(self, there: Self) -> (f64, f64) {
        let (per_lat, per_lon) = metres_per_degree((self.lat + there.lat) / 2.0);
        ((there.lat - self.lat) * per_lat, (there.lon - self.lon) * per_lon)
    }

    /// Metres from here to there; for places within some ten kilometres.
    pub(crate) fn metres_to(self, there: Self) -> f64 {
        let (north, east) = self.offset_to(there);
        libm::sqrt(north * north + east * east)
    }
}

/// Metres per degree of latitude and of longitude: the radii of curvature of the WGS-84 ellipsoid (Torge 2001,
/// section 4.1). Near the poles a degree of longitude counts as at 89.9°.
fn metres_per_degree(lat: f64) -> (f64, f64) {
    const A: f64 = 6_378_137.0;
    const E2: f64 = 0.006_694_379_990_14;
    const DEGREE: f64 = core::f64::consts::PI / 180.0;
    let (sin, cos) = libm::sincos(lat.clamp(-89.9, 89.9) * DEGREE);
    let w2 = 1.0 - E2 * sin * sin;
    let w = libm::sqrt(w2);
    (A * (1.0 - E2) / (w2 * w) * DEGREE, A / w * cos * DEGREE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metres_agree_with_the_geodesic() {
        for lat in [0.0, 31.2, -45.0, 60.0, 80.0] {
            let here = Place::new(lat, 121.5);
            for (north, east) in [(1000.0, 0.0), (0.0, 1000.0), (-700.0, 700.0)] {
                let there = here.moved(north, east);
                let geodesic = haigou_route::distance_m((here.lat, here.lon), (there.lat, there.lon));
                assert!(
                    (here.metres_to(there) / geodesic - 1.0).abs() < 1e-5,
                    "{lat} {geodesic}"
                );
            }
        }
    }
}
