//! The way as a line that fits into a part of the picture.

use haigou_route::{distance_m, flat, simplify};
use tiny_skia::{Path, PathBuilder, Rect};

/// What lies so near to start or end, in metres, is hidden where that was asked for.
const HIDDEN_M: f64 = 200.0;
/// The way is never drawn larger than as if it were so long, in metres: standing is a dot.
const LEAST_M: f64 = 60.0;
/// A point that is off the line by less than this many pixels isn't seen.
const SEEN_PX: f64 = 0.15;

/// A way on the picture.
pub(super) struct Way {
    /// Its pieces, in pixels.
    pub(super) pieces: Vec<Vec<(f32, f32)>>,
    /// Where it began and ended, unless that is hidden.
    pub(super) ends: Option<((f32, f32), (f32, f32))>,
    px_per_m: f64,
}

impl Way {
    /// Fits a way, as latitudes and longitudes, into an area; none where nothing of it is to be seen.
    pub(super) fn fit(way: &[Vec<(f64, f64)>], hide_ends: bool, area: Rect) -> Option<Self> {
        let start = *way.iter().flatten().next()?;
        let end = *way.iter().rev().flat_map(|piece| piece.iter().rev()).next()?;
        let pieces = if hide_ends {
            way.iter()
                .flat_map(|piece| without(piece, [start, end]))
                .collect()
        } else {
            way.to_vec()
        };
        let all: Vec<(f64, f64)> = pieces.iter().flatten().copied().collect();
        let metres = flat(&all);
        let most = |side: fn(&(f64, f64)) -> f64| {
            metres
                .iter()
                .map(side)
                .fold(0.0, |most: f64, m| most.max(m.abs()))
        };
        let (half_width, half_height) = (most(|p| p.0), most(|p| p.1));
        if metres.is_empty() {
            return None;
        }
        let px_per_m = (f64::from(area.width()) / (2.0 * half_width).max(LEAST_M))
            .min(f64::from(area.height()) / (2.0 * half_height).max(LEAST_M));
        let middle = (
            f64::from(area.left() + area.right()) / 2.0,
            f64::from(area.top() + area.bottom()) / 2.0,
        );
        let on_picture =
            |(east, north): (f64, f64)| (px(middle.0 + east * px_per_m), px(middle.1 - north * px_per_m));
        let mut drawn = Vec::new();
        let mut rest = metres.as_slice();
        for piece in &pieces {
            let (own, others) = rest.split_at_checked(piece.len()).unwrap_or((rest, &[]));
            rest = others;
            // Simplified as a line on earth, and drawn where its points are on the flat one.
            let kept = simplify(piece, SEEN_PX / px_per_m);
            let mut kept = kept.iter().peekable();
            let mut line = Vec::new();
            for (place, flat) in piece.iter().zip(own) {
                if kept.next_if(|kept| *kept == place).is_some() {
                    line.push(on_picture(*flat));
                }
            }
            drawn.push(line);
        }
        let ends = (!hide_ends).then(|| {
            let first = metres.first().copied().unwrap_or_default();
            let last = metres.last().copied().unwrap_or_default();
            (on_picture(first), on_picture(last))
        });
        Some(Self {
            pieces: drawn,
            ends,
            px_per_m,
        })
    }

    /// Its line.
    pub(super) fn path(&self) -> Option<Path> {
        let mut path = PathBuilder::new();
        for piece in &self.pieces {
            let mut points = piece.iter();
            if let Some((x, y)) = points.next() {
                path.move_to(*x, *y);
                points.for_each(|(x, y)| path.line_to(*x, *y));
            }
        }
        path.finish()
    }

    /// The longest round length in metres that takes no more than `most_px`, and how many pixels it takes.
    pub(super) fn scale(&self, most_px: f32) -> (u32, f32) {
        let rounds = (0..8).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_u32.pow(power)));
        let fits = |metres: &u32| f64::from(*metres) * self.px_per_m <= f64::from(most_px);
        let metres = rounds.take_while(fits).last().unwrap_or(1);
        (metres, px(f64::from(metres) * self.px_per_m))
    }
}

/// A piece without what is near to one of these places; it may fall into several.
fn without(piece: &[(f64, f64)], places: [(f64, f64); 2]) -> Vec<Vec<(f64, f64)>> {
    let far = |at: &(f64, f64)| places.iter().all(|place| distance_m(*at, *place) > HIDDEN_M);
    piece
        .split(|at| !far(at))
        .filter(|part| part.len() > 1)
        .map(<[_]>::to_vec)
        .collect()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "pixels of a picture; the cast saturates"
)]
fn px(value: f64) -> f32 {
    value as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area() -> Rect {
        Rect::from_ltrb(100.0, 100.0, 900.0, 500.0).unwrap()
    }

    fn north(metres: &[f64]) -> Vec<(f64, f64)> {
        metres.iter().map(|m| (31.0 + m / 110_852.0, 121.0)).collect()
    }

    #[test]
    fn it_fills_its_area_and_keeps_its_shape() {
        let way = Way::fit(&[north(&[0.0, 400.0, 1_000.0])], false, area()).unwrap();
        let (start, end) = way.ends.unwrap();
        assert!(
            (start.1 - 500.0).abs() < 0.5 && (end.1 - 100.0).abs() < 0.5 && (start.0 - 500.0).abs() < 0.5
        );
        assert_eq!(way.pieces[0].len(), 2, "a straight line needs its ends only");
        let (metres, pixels) = way.scale(200.0);
        assert_eq!(metres, 500);
        assert!((pixels - 200.0).abs() < 0.5);
    }

    #[test]
    fn a_place_is_a_dot_in_the_middle_and_nothing_is_nothing() {
        let way = Way::fit(&[north(&[0.0, 0.0, 0.0])], false, area()).unwrap();
        assert_eq!(way.ends.unwrap().0, (500.0, 300.0));
        assert!(Way::fit(&[], false, area()).is_none());
        assert!(Way::fit(&[Vec::new()], false, area()).is_none());
    }

    #[test]
    fn nothing_near_to_start_or_end_is_drawn_whenever_it_was_passed() {
        // Out, past the start again, and home beyond it.
        let out: Vec<f64> = (0..150).map(|i| f64::from(i) * 10.0).collect();
        let back: Vec<f64> = (0..200).map(|i| 1_500.0 - f64::from(i) * 10.0).collect();
        let way = [north(&[out, back].concat())];
        let shown = Way::fit(&way, true, area()).unwrap();
        assert!(shown.ends.is_none());
        // From 200 m to 1,500 m and back, and from 200 to 290 m beyond the start: that fills the area.
        let (least, most) = shown
            .pieces
            .iter()
            .flatten()
            .fold((f32::MAX, f32::MIN), |(a, b), p| (a.min(p.1), b.max(p.1)));
        assert!((least - 100.0).abs() < 0.5 && (most - 500.0).abs() < 0.5);
        assert!(
            ((1_785.0 * shown.px_per_m) - 400.0).abs() < 3.0,
            "{}",
            shown.px_per_m
        );
        assert!(Way::fit(&[north(&[0.0, 100.0, 150.0])], true, area()).is_none());
    }
}
