//! Turns smoothed positions into legs that count.
//!
//! Distance is summed between anchors: an anchor moves only when a position is further from it than the noise explains.
//! Standing still is a place: positions that stay around one point for a minute are drift, however far it wanders in
//! all, and count again only from when the place is clearly left.

use serde::{Deserialize, Serialize};

use crate::{ground, smoother::Spot};

/// The accuracy in metres that is taken for granted where a source gives none, as in files: recordings without it come from
/// devices that have filtered already.
const UNSAID_ANCHOR_M: f64 = 3.0;
const UNSAID_PLACE_M: f64 = 4.0;
/// A source's own accuracy is used between these bounds, in metres.
const BEST_M: f64 = 3.0;
const WORST_M: f64 = 10.0;
/// An anchor moves by at least so many standard deviations of the noise.
const NOISE_TO_ANCHOR: f64 = 5.0;
/// A place is so many accuracies wide, and left at so many.
const PLACE_RADIUS: f64 = 1.5;
const PLACE_LEFT: f64 = 2.5;
/// So long in one place is standing, in milliseconds.
const STANDING_MS: i64 = 60_000;
/// A place's middle follows slow drift: it is the mean of about so many positions.
const PLACE_MEMORY: f64 = 300.0;

/// A stretch of way that counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Leg {
    pub(crate) distance_m: f64,
    pub(crate) from_ms: i64,
    pub(crate) to_ms: i64,
}

/// Where somebody has been for a while.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Place {
    middle: Spot,
    count: f64,
    since_ms: i64,
}

impl Place {
    fn at(spot: Spot) -> Self {
        Self {
            middle: spot,
            count: 1.0,
            since_ms: spot.t_ms,
        }
    }

    fn distance_m(&self, spot: &Spot) -> f64 {
        let (n, e) = spot.offset_from(&self.middle);
        n.hypot(e)
    }

    fn take_in(&mut self, spot: &Spot) {
        self.count = (self.count + 1.0).min(PLACE_MEMORY);
        self.middle.lat += (spot.lat - self.middle.lat) / self.count;
        self.middle.lon += (spot.lon - self.middle.lon) / self.count;
    }
}

/// The anchor, the place, and whether one is standing there.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Odometer {
    anchor: Option<Spot>,
    latest: Option<Spot>,
    place: Option<Place>,
    standing: bool,
}

impl Odometer {
    /// Takes the next position; gives the leg that it completes, if any.
    pub(crate) fn push(&mut self, spot: Spot) -> Option<Leg> {
        self.latest = Some(spot);
        let (Some(anchor), Some(mut place)) = (self.anchor, self.place) else {
            self.anchor = Some(spot);
            self.place = Some(Place::at(spot));
            return None;
        };
        let off_m = place.distance_m(&spot);
        let accuracy_m = said_or(&spot, UNSAID_PLACE_M);

        if self.standing {
            if off_m <= (PLACE_LEFT * accuracy_m).max(NOISE_TO_ANCHOR * spot.noise_m) {
                place.take_in(&spot);
                self.place = Some(place);
                return None;
            }
            self.standing = false;
            self.place = Some(Place::at(spot));
            let from = Spot {
                t_ms: anchor.t_ms,
                ..place.middle
            };
            return Some(self.leg(from, spot));
        }

        if off_m > PLACE_RADIUS * accuracy_m {
            place = Place::at(spot);
        } else {
            place.take_in(&spot);
        }
        self.place = Some(place);
        if spot.t_ms - place.since_ms >= STANDING_MS {
            self.standing = true;
            return None;
        }
        let distance_m = ground::distance_m(anchor.position(), spot.position());
        (distance_m >= least_m(&anchor, &spot)).then(|| self.leg(anchor, spot))
    }

    /// The last leg of a stretch: what is left from the anchor, unless noise explains it.
    pub(crate) fn close(&mut self) -> Option<Leg> {
        let (anchor, latest) = (self.anchor?, self.latest?);
        let standing = self.standing;
        *self = Self::default();
        let distance_m = ground::distance_m(anchor.position(), latest.position());
        let counts = !standing && distance_m >= least_m(&anchor, &latest) / 2.0;
        counts.then_some(Leg {
            distance_m,
            from_ms: anchor.t_ms,
            to_ms: latest.t_ms,
        })
    }

    /// For how many milliseconds no leg has ended, and how many metres the next must have: for telling a pause.
    pub(crate) fn waiting(&self) -> Option<(i64, f64)> {
        let (anchor, latest) = (self.anchor?, self.latest?);
        Some((latest.t_ms - anchor.t_ms, least_m(&anchor, &latest)))
    }

    fn leg(&mut self, from: Spot, to: Spot) -> Leg {
        self.anchor = Some(to);
        let distance_m = ground::distance_m(from.position(), to.position());
        Leg {
            distance_m,
            from_ms: from.t_ms,
            to_ms: to.t_ms,
        }
    }
}

/// How far two positions must be apart to be two.
fn least_m(a: &Spot, b: &Spot) -> f64 {
    said_or(b, UNSAID_ANCHOR_M).max(NOISE_TO_ANCHOR * a.noise_m.max(b.noise_m))
}

/// The source's own accuracy within bounds. Zero is how Android says that it knows none.
fn said_or(spot: &Spot, unsaid_m: f64) -> f64 {
    spot.accuracy_m
        .filter(|a| *a > 0.0)
        .map_or(unsaid_m, |a| a.clamp(BEST_M, WORST_M))
}
