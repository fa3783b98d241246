//! The body profile: optional, only on the phone, for calories.

use haigou_contract::Day;
use haigou_route::{Body, Sex};
use serde::{Deserialize, Serialize};

use crate::PhoneError;

/// What the member told of himself. Nothing of it leaves the phone.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct BodyProfile {
    /// Centimetres, 50 to 272.
    pub height_cm: Option<u16>,
    /// Kilograms, 10 to 500.
    pub weight_kg: Option<f64>,
    /// Year of birth, from 1900.
    pub birth_year: Option<i32>,
    /// As the equations know it.
    pub sex: Option<Sex>,
    /// The greatest heart rate as it was measured, in beats per minute, 100 to 230. Without it the age tells one.
    pub max_heart_rate: Option<u8>,
}

impl BodyProfile {
    pub(crate) fn check(&self, today: Day) -> Result<(), PhoneError> {
        let bounds = |field, holds: bool| {
            if holds {
                Ok(())
            } else {
                Err(PhoneError::OutOfBounds { field })
            }
        };
        bounds(
            "height_cm",
            self.height_cm.is_none_or(|cm| (50..=272).contains(&cm)),
        )?;
        bounds(
            "weight_kg",
            self.weight_kg.is_none_or(|kg| (10.0..=500.0).contains(&kg)),
        )?;
        bounds(
            "birth_year",
            self.birth_year
                .is_none_or(|year| (1900..=year_of(today)).contains(&year)),
        )?;
        bounds(
            "max_heart_rate",
            self.max_heart_rate.is_none_or(|bpm| (100..=230).contains(&bpm)),
        )
    }

    pub(crate) fn height_m(&self) -> Option<f64> {
        self.height_cm.map(|cm| f64::from(cm) / 100.0)
    }

    pub(crate) fn for_calories(&self, today: Day) -> Body {
        let age = self
            .birth_year
            .and_then(|year| u8::try_from(year_of(today) - year).ok());
        let weight_kg = self.weight_kg.unwrap_or(Body::default().weight_kg);
        Body {
            weight_kg,
            age,
            sex: self.sex,
        }
    }
}

fn year_of(day: Day) -> i32 {
    // The calendar's own text begins with the year; a Day is always within the calendar.
    day.to_string()
        .split('-')
        .next()
        .and_then(|year| year.parse().ok())
        .unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_weighs_is_refused_by_name() {
        let today: Day = "2026-03-01".parse().unwrap();
        assert_eq!(BodyProfile::default().check(today), Ok(()));
        for (profile, field) in [
            (
                BodyProfile {
                    weight_kg: Some(f64::NAN),
                    ..Default::default()
                },
                "weight_kg",
            ),
            (
                BodyProfile {
                    weight_kg: Some(-1.0),
                    ..Default::default()
                },
                "weight_kg",
            ),
            (
                BodyProfile {
                    height_cm: Some(3),
                    ..Default::default()
                },
                "height_cm",
            ),
            (
                BodyProfile {
                    birth_year: Some(2027),
                    ..Default::default()
                },
                "birth_year",
            ),
            (
                BodyProfile {
                    max_heart_rate: Some(99),
                    ..Default::default()
                },
                "max_heart_rate",
            ),
        ] {
            assert_eq!(profile.check(today), Err(PhoneError::OutOfBounds { field }));
        }
        let adult = BodyProfile {
            birth_year: Some(1990),
            ..Default::default()
        };
        assert_eq!(adult.for_calories(today).age, Some(36));
        assert_eq!(adult.greatest_heart_rate(today), Some(208.0 - 0.7 * 36.0));
        let measured = BodyProfile {
            max_heart_rate: Some(191),
            ..adult
        };
        assert_eq!(measured.greatest_heart_rate(today), Some(191.0));
        assert_eq!(BodyProfile::default().greatest_heart_rate(today), None);
    }
}
