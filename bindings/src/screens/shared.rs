//! What several screens show.

use haigou_contract::{Doubt, Minute};

use crate::kinds::count;

/// How old something from the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct AsOf {
    /// When the server said it, by the phone's time.
    pub fetched_ms: i64,
    /// How long ago that was when this snapshot was made, in milliseconds.
    pub age_ms: i64,
}

/// A point of a route, in degrees, WGS-84.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Record)]
pub struct Place {
    /// Latitude.
    pub lat: f64,
    /// Longitude.
    pub lon: f64,
}

/// One kilometre, or what there is of the last.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Record)]
pub struct Split {
    /// Metres: 1000, less for the last.
    pub distance_m: f64,
    /// Moving time in seconds.
    pub moving_s: f64,
    /// Seconds per kilometre; none before it has moved.
    pub pace_s_per_km: Option<f64>,
    /// Metres up.
    pub ascent_m: f64,
    /// Metres down.
    pub descent_m: f64,
    /// Mean heart rate in beats per minute, where there was one.
    pub heart_rate: Option<f64>,
}

/// Steps of neighbouring minutes that were not counted, and why.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NotCounted {
    /// When the first minute begins.
    pub from_ms: i64,
    /// When the last minute ends.
    pub to_ms: i64,
    /// Steps that were claimed.
    pub steps: i64,
    /// Why.
    pub reason: Doubt,
    /// Why, as a sentence.
    pub text: String,
}

/// Each of a list, as the face shows it.
pub(crate) fn all<T: Into<U>, U>(list: Vec<T>) -> Vec<U> {
    list.into_iter().map(Into::into).collect()
}

impl From<haigou_phone::screens::AsOf> for AsOf {
    fn from(as_of: haigou_phone::screens::AsOf) -> Self {
        Self {
            fetched_ms: as_of.fetched_ms,
            age_ms: as_of.age_ms,
        }
    }
}

impl From<haigou_phone::screens::Place> for Place {
    fn from(place: haigou_phone::screens::Place) -> Self {
        Self {
            lat: place.lat,
            lon: place.lon,
        }
    }
}

impl From<haigou_route::Split> for Split {
    fn from(split: haigou_route::Split) -> Self {
        Self {
            distance_m: split.distance_m,
            moving_s: split.moving_s,
            pace_s_per_km: split.pace_s_per_km(),
            ascent_m: split.ascent_m,
            descent_m: split.descent_m,
            heart_rate: split.heart_rate,
        }
    }
}

impl From<haigou_contract::NotCounted> for NotCounted {
    fn from(part: haigou_contract::NotCounted) -> Self {
        Self {
            from_ms: part.from.start_ms(),
            to_ms: Minute(part.to.0.saturating_add(1)).start_ms(),
            steps: count(part.steps),
            reason: part.reason,
            text: part.text,
        }
    }
}
