//! The line of a route while it grows: simplified piece by piece, so that an hour costs no more than a minute.

use crate::screens::Place;

/// A line for drawing has at most this error, in metres.
const TOLERANCE_M: f64 = 4.0;
/// So many points are simplified once and for all.
const PIECE: usize = 256;

/// See the module. Points are (latitude, longitude) in degrees, WGS-84.
#[derive(Debug, Default)]
pub(crate) struct Line {
    done: Vec<(f64, f64)>,
    tail: Vec<(f64, f64)>,
}

impl Line {
    pub(crate) fn push(&mut self, point: (f64, f64)) {
        self.tail.push(point);
        if self.tail.len() >= PIECE {
            self.done.extend(haigou_route::simplify(&self.tail, TOLERANCE_M));
            // The next piece goes on from the last point.
            self.done.pop();
            self.tail = vec![point];
        }
    }

    /// The line so far, for drawing.
    pub(crate) fn draw(&self) -> Vec<Place> {
        let tail = haigou_route::simplify(&self.tail, TOLERANCE_M);
        self.done
            .iter()
            .copied()
            .chain(tail)
            .map(|(lat, lon)| Place { lat, lon })
            .collect()
    }
}

impl FromIterator<(f64, f64)> for Line {
    fn from_iter<I: IntoIterator<Item = (f64, f64)>>(points: I) -> Self {
        let mut line = Self::default();
        points.into_iter().for_each(|point| line.push(point));
        line
    }
}
