//! What somebody is going to do.

use crate::{Leg, Person, Phone, Place, Way, body::Body};

/// 2 March 2026, 00:00 in Shanghai, in milliseconds since the Unix epoch: the day that plans begin on unless told otherwise.
const FIRST_MIDNIGHT_MS: i64 = 1_772_380_800_000;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Legs, one after another, along a way, with a phone.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// When it begins: milliseconds since the Unix epoch.
    pub start_ms: i64,
    /// Where it goes.
    pub way: Way,
    /// What is done on the way.
    pub legs: Vec<Leg>,
    /// What listens.
    pub phone: Phone,
}

impl Plan {
    /// These legs along this way with a common phone, on a Monday in March at 07:00 in Shanghai.
    #[must_use]
    pub fn new(way: Way, legs: impl IntoIterator<Item = Leg>) -> Self {
        let legs = legs.into_iter().collect();
        Self {
            start_ms: FIRST_MIDNIGHT_MS,
            way,
            legs,
            phone: Phone::default(),
        }
        .at_hour(7.0)
    }

    /// At that hour (7.5 is half past seven) of its day in Shanghai.
    #[must_use]
    pub fn at_hour(self, hour: f64) -> Self {
        let into_day = crate::units::micros(hour * 3600.0) / 1000;
        Self {
            start_ms: self.midnight_ms() + into_day,
            ..self
        }
    }

    /// At the same time of the day that begins at this midnight in Shanghai, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn on_day(self, midnight_ms: i64) -> Self {
        let into_day = self.start_ms - self.midnight_ms();
        Self {
            start_ms: midnight_ms.saturating_add(into_day),
            ..self
        }
    }

    /// With that phone.
    #[must_use]
    pub fn with_phone(self, phone: Phone) -> Self {
        Self { phone, ..self }
    }

    /// The line that is really taken, a place about every so many metres (at least 1), for drawing. What is made up by mock
    /// positions isn't on it.
    #[must_use]
    pub fn route(&self, person: Person, seed: u64, every_m: f64) -> Vec<Place> {
        let every_m = every_m.max(1.0);
        let mut places = vec![self.way.start()];
        let (mut drawn_m, mut end_m) = (0.0, 0.0);
        for stretch in Body::new(self.legs.clone(), person, seed) {
            end_m = stretch.from_m + stretch.length_m;
            while end_m - drawn_m >= every_m {
                drawn_m += every_m;
                places.push(self.way.at(drawn_m));
            }
        }
        if end_m > drawn_m {
            places.push(self.way.at(end_m));
        }
        places
    }

    /// The last midnight in Shanghai before it begins.
    fn midnight_ms(&self) -> i64 {
        let local = self.start_ms.saturating_add(8 * HOUR_MS);
        self.start_ms - local.rem_euclid(DAY_MS)
    }
}
