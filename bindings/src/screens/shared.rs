//! What several screens show.

use haigou_contract::{Doubt, Minute};
use haigou_phone::screens::{AsOf, Face, Place, Standing, Told};

use crate::kinds::count;

/// How old something from the server is.
#[uniffi::remote(Record)]
pub struct AsOf {
    /// When the server said it, in milliseconds since the Unix epoch, by the phone's time.
    pub fetched_ms: i64,
    /// How long ago that was when this snapshot was made, in milliseconds.
    pub age_ms: i64,
}

/// Something that is said: what happened and what to do.
#[uniffi::remote(Record)]
pub struct Told {
    /// The stable code: that of an error, a state or a trouble.
    pub code: String,
    /// In the app's language.
    pub text: String,
}

/// The four faces of a screen.
#[uniffi::remote(Enum)]
pub enum Face {
    /// Nothing is known yet and nothing went wrong: a skeleton.
    Loading,
    /// There is something to show, fresh or not.
    Shown,
    /// There is nothing to show, and that is all right.
    Empty {
        /// What to say instead, in the app's language.
        text: String,
    },
    /// Nothing is known, and asking failed: `told` says why. Another try is offered.
    Failed,
}

/// How a screen stands towards what the server knows.
#[uniffi::remote(Record)]
pub struct Standing {
    /// Which face it has.
    pub face: Face,
    /// The server is being asked at the moment.
    pub refreshing: bool,
    /// How old what is shown is; none if the server never said anything.
    pub as_of: Option<AsOf>,
    /// The same in words, for example `As of 12:03`.
    pub as_of_text: Option<String>,
    /// Why it isn't fresh, with what to do; none if nothing has to be said.
    pub told: Option<Told>,
}

/// A point of a route, in degrees, WGS-84.
#[uniffi::remote(Record)]
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
