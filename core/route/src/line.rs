//! The line of a track, for drawing.

use geo::{BoundingRect, Coord, LineString, SimplifyIdx};

use crate::{gcj02::LatLon, ground};

/// A line is simplified piece by piece: each is flat enough for a tangent plane, and keeps the recursion shallow.
const PIECE: usize = 1000;

/// The smallest box around a line, in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// South-western corner: latitude, longitude.
    pub south_west: LatLon,
    /// North-eastern corner. Where the line crosses the 180th meridian, one of the longitudes is beyond it.
    pub north_east: LatLon,
}

/// The box around a line of (latitude, longitude); none for no point.
#[must_use]
pub fn bounds(line: &[LatLon]) -> Option<Bounds> {
    let near = line.first()?.1;
    let unwrapped: LineString = line
        .iter()
        .map(|p| Coord {
            x: ground::unwrap_lon(p.1, near),
            y: p.0,
        })
        .collect();
    let rect = unwrapped.bounding_rect()?;
    Some(Bounds {
        south_west: (rect.min().y, rect.min().x),
        north_east: (rect.max().y, rect.max().x),
    })
}

/// A line as metres to the east and to the north of the middle of its box: flat enough for drawing.
#[must_use]
pub fn flat(line: &[LatLon]) -> Vec<(f64, f64)> {
    let Some(Bounds {
        south_west,
        north_east,
    }) = bounds(line)
    else {
        return Vec::new();
    };
    let middle = (
        (south_west.0 + north_east.0) / 2.0,
        (south_west.1 + north_east.1) / 2.0,
    );
    let (north, east) = ground::metres_per_degree(middle.0);
    line.iter()
        .map(|p| {
            let lon = ground::unwrap_lon(p.1, middle.1) - middle.1;
            (lon * east, (p.0 - middle.0) * north)
        })
        .collect()
}

/// The line with fewer of its points, nowhere further than `tolerance_m` metres from the given one (Ramer-Douglas-Peucker).
/// First and last point stay.
#[must_use]
pub fn simplify(line: &[LatLon], tolerance_m: f64) -> Vec<LatLon> {
    let mut kept = Vec::new();
    for piece in line.chunks(PIECE) {
        let Some(&(lat, near)) = piece.first() else { break };
        let (north, east) = ground::metres_per_degree(lat);
        let in_metres = |p: &LatLon| Coord {
            x: (ground::unwrap_lon(p.1, near) - near) * east,
            y: (p.0 - lat) * north,
        };
        let metres: LineString = piece.iter().map(in_metres).collect();
        kept.extend(
            metres
                .simplify_idx(tolerance_m.max(0.0))
                .iter()
                .filter_map(|i| piece.get(*i)),
        );
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_straight_line_needs_its_ends_only() {
        let line: Vec<LatLon> = (0..500).map(|i| (31.0 + f64::from(i) * 1e-5, 121.0)).collect();
        assert_eq!(simplify(&line, 1.0), vec![line[0], line[499]]);
    }

    #[test]
    fn nothing_and_one_point() {
        assert!(simplify(&[], 5.0).is_empty());
        assert_eq!(simplify(&[(1.0, 2.0)], 5.0), vec![(1.0, 2.0)]);
        assert_eq!(bounds(&[]), None);
    }

    #[test]
    fn a_box_over_the_date_line_is_small() {
        let found = bounds(&[(10.0, 179.9), (11.0, -179.9)]).unwrap();
        assert!((found.north_east.1 - found.south_west.1 - 0.2).abs() < 1e-9);
    }

    #[test]
    fn a_line_over_the_date_line_is_drawn_in_one_piece() {
        let points = flat(&[(10.0, 179.99), (10.01, -179.99)]);
        let (width, height) = (points[1].0 - points[0].0, points[1].1 - points[0].1);
        assert!(
            (width - 2_193.0).abs() < 5.0 && (height - 1_106.0).abs() < 5.0,
            "{points:?}"
        );
        assert!((points[0].0 + points[1].0).abs() < 1e-6);
        assert!(flat(&[]).is_empty());
    }

    #[test]
    fn a_spiral_of_many_points_is_no_trouble() {
        let line: Vec<LatLon> = (0..200_000)
            .map(|i| f64::from(i) * 1e-3)
            .map(|a| (31.0 + a * 1e-5 * a.cos(), 121.0 + a * 1e-5 * a.sin()))
            .collect();
        assert!(simplify(&line, 1e-6).len() > 1000);
    }

    proptest! {
        #[test]
        fn no_point_is_further_away_than_the_tolerance(
            steps in prop::collection::vec((-1e-3..1e-3, -1e-3..1e-3), 2..200), tolerance in 1.0..100.0,
        ) {
            let line: Vec<LatLon> = steps.iter().scan((31.0, 121.0), |at: &mut LatLon, step| {
                *at = (at.0 + step.0, at.1 + step.1);
                Some(*at)
            }).collect();
            let simple = simplify(&line, tolerance);
            for point in &line {
                let nearest = simple.windows(2).map(|ends| off_segment_m(*point, ends[0], ends[1])).fold(f64::MAX, f64::min);
                prop_assert!(nearest <= tolerance * 1.01, "{nearest} m");
            }
        }
    }

    /// Metres from a point to the segment between two others, in the tangent plane of its first end.
    fn off_segment_m(p: LatLon, a: LatLon, b: LatLon) -> f64 {
        let (north, east) = ground::metres_per_degree(a.0);
        let to = |q: LatLon| ((q.0 - a.0) * north, (q.1 - a.1) * east);
        let ((py, px), (by, bx)) = (to(p), to(b));
        let share = ((px * bx + py * by) / (bx * bx + by * by).max(f64::EPSILON)).clamp(0.0, 1.0);
        (px - share * bx).hypot(py - share * by)
    }
}
