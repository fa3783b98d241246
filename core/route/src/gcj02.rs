//! GCJ-02, the offset datum of maps in mainland China, and WGS-84.

/// Semi-major axis of the Krasovsky 1940 ellipsoid, in metres, and its squared eccentricity, as the offset uses them.
const A: f64 = 6_378_245.0;
const EE: f64 = 0.006_693_421_622_965_943;
/// So many steps bring the inverse below a micrometre: each one shrinks the error some hundred times.
const STEPS: usize = 6;

/// A position as latitude and longitude in degrees. Which datum it is in is said where it stands.
pub type LatLon = (f64, f64);

/// Whether the offset applies: the rectangle that map makers use. It takes in Hong Kong, Macau and Taiwan and strips of the
/// neighbours; maps of Amap shift there likewise, and a sharper border would tear apart routes that cross it.
#[must_use]
pub fn is_shifted((lat, lon): LatLon) -> bool {
    (72.004..=137.8347).contains(&lon) && (0.8293..=55.8271).contains(&lat)
}

/// WGS-84 to GCJ-02. Outside China, unchanged.
#[must_use]
pub fn wgs84_to_gcj02(wgs: LatLon) -> LatLon {
    if !is_shifted(wgs) {
        return wgs;
    }
    let (dlat, dlon) = offset(wgs);
    (wgs.0 + dlat, wgs.1 + dlon)
}

/// GCJ-02 to WGS-84, by fixed-point iteration to well below a millimetre. Outside China, unchanged.
///
/// Within about 700 m of the rectangle's edge the two sides overlap, and a position there is read as inside.
#[must_use]
pub fn gcj02_to_wgs84(gcj: LatLon) -> LatLon {
    if !is_shifted(gcj) {
        return gcj;
    }
    let mut wgs = gcj;
    for _ in 0..STEPS {
        let (dlat, dlon) = offset(wgs);
        wgs = (gcj.0 - dlat, gcj.1 - dlon);
    }
    wgs
}

/// Degrees to add to a WGS-84 position.
fn offset((lat, lon): LatLon) -> (f64, f64) {
    let (north_m, east_m) = wobble(lat - 35.0, lon - 105.0);
    let (sin, cos) = lat.to_radians().sin_cos();
    let magic = 1.0 - EE * sin * sin;
    let meridian = A * (1.0 - EE) / (magic * magic.sqrt());
    let normal = A / magic.sqrt();
    (
        (north_m / meridian).to_degrees(),
        (east_m / (normal * cos)).to_degrees(),
    )
}

/// The offset in metres north and east, by degrees from 35° N, 105° E.
fn wobble(y: f64, x: f64) -> (f64, f64) {
    use std::f64::consts::PI;
    let wave = |arg: f64| (arg * PI).sin();
    let root = x.abs().sqrt();
    let both = 20.0 * wave(6.0 * x) + 20.0 * wave(2.0 * x);
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + (both + 20.0 * wave(y) + 40.0 * wave(y / 3.0) + 160.0 * wave(y / 12.0) + 320.0 * wave(y / 30.0))
            * 2.0
            / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + (both + 20.0 * wave(x) + 40.0 * wave(x / 3.0) + 150.0 * wave(x / 12.0) + 300.0 * wave(x / 30.0))
            * 2.0
            / 3.0;
    (north, east)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::distance_m;

    #[test]
    fn known_positions() {
        let known = [
            (
                (31.177_427_6, 121.527_210_6),
                (31.175_303_983_645_97, 121.531_541_859_215),
            ),
            (
                (22.543847, 113.912316),
                (22.540_796_131_694_766, 113.917_176_480_836_3),
            ),
            (
                (39.911954, 116.377817),
                (39.913_345_455_360_69, 116.384_047_224_556_57),
            ),
        ];
        for (wgs, gcj) in known {
            let got = wgs84_to_gcj02(wgs);
            assert!(distance_m(got, gcj) < 1e-6, "{wgs:?}: {got:?}");
            assert!(distance_m(gcj02_to_wgs84(gcj), wgs) < 1e-6, "{gcj:?}");
        }
    }

    #[test]
    fn the_rest_of_the_world_is_unchanged() {
        for elsewhere in [
            (48.8566, 2.3522),
            (-33.8688, 151.2093),
            (40.7128, -74.006),
            (f64::NAN, 116.0),
        ] {
            assert_eq!(
                format!("{:?}", wgs84_to_gcj02(elsewhere)),
                format!("{elsewhere:?}")
            );
            assert_eq!(
                format!("{:?}", gcj02_to_wgs84(elsewhere)),
                format!("{elsewhere:?}")
            );
        }
    }

    #[test]
    fn in_cities_the_shift_is_some_hundred_metres() {
        for city in [
            (39.9042, 116.4074),
            (31.2304, 121.4737),
            (23.0207, 113.7518),
            (30.5728, 104.0668),
        ] {
            let shift = distance_m(city, wgs84_to_gcj02(city));
            assert!((100.0..1000.0).contains(&shift), "{city:?}: {shift}");
        }
    }

    proptest! {
        #[test]
        fn there_and_back_within_a_hundredth_of_a_millimetre(lat in 1.0..55.5, lon in 72.1..137.7) {
            let wgs = (lat, lon);
            prop_assert!(distance_m(gcj02_to_wgs84(wgs84_to_gcj02(wgs)), wgs) < 1e-5);
        }

        #[test]
        fn back_and_there(lat in 1.0..55.5, lon in 72.1..137.7) {
            let gcj = (lat, lon);
            prop_assert!(distance_m(wgs84_to_gcj02(gcj02_to_wgs84(gcj)), gcj) < 1e-5);
        }

        /// There is no least shift: near 38.7 N, 98.6 E, for one, both of its waves are small.
        #[test]
        fn the_shift_is_never_a_mile(lat in 18.0..53.0, lon in 74.0..134.0) {
            let shift = distance_m((lat, lon), wgs84_to_gcj02((lat, lon)));
            prop_assert!((0.0..1500.0).contains(&shift), "{shift}");
        }
    }
}
