//! Energy, gross and net.
//!
//! Gross is what the body used while moving; net is gross without what it would have used at rest meanwhile
//! (3.5 mL oxygen per kg and minute). Bands and watches show gross.

use serde::{Deserialize, Serialize};

/// Oxygen at rest, in mL per kg and minute.
const REST: f64 = 3.5;
/// Millilitres of oxygen per kilocalorie.
const ML_PER_KCAL: f64 = 200.0;
const KJ_PER_KCAL: f64 = 4.184;
/// Running from so many m/min on; somebody who is really running, from the second on.
const RUN_M_PER_MIN: f64 = 134.0;
const JOG_M_PER_MIN: f64 = 80.0;
/// Steps per minute that nobody walks with.
const RUN_CADENCE: f64 = 140.0;
/// Keytel's equation holds from so many beats per minute on.
const KEYTEL_FROM_BPM: f64 = 90.0;

/// As the equations know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// Whose energy it is. What is not known has a default, or leaves out the equation that needs it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// Kilograms; 70 where nothing else is known.
    pub weight_kg: f64,
    /// Years.
    pub age: Option<u8>,
    /// As the equations know it.
    pub sex: Option<Sex>,
}

impl Default for Body {
    fn default() -> Self {
        Self {
            weight_kg: 70.0,
            age: None,
            sex: None,
        }
    }
}

/// What the member said that this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gait {
    /// Nothing: speed and cadence tell.
    #[default]
    Auto,
    /// A walk.
    Walk,
    /// A run.
    Run,
}

impl Gait {
    /// Whether somebody at this speed (m/min) and cadence (steps/min) runs.
    fn runs(self, m_per_min: f64, cadence: Option<f64>) -> bool {
        let running = self == Gait::Run || (self == Gait::Auto && cadence.is_some_and(|c| c >= RUN_CADENCE));
        m_per_min >= if running { JOG_M_PER_MIN } else { RUN_M_PER_MIN }
    }
}

/// A stretch of moving.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Effort {
    pub(crate) minutes: f64,
    pub(crate) distance_m: f64,
    pub(crate) ascent_m: f64,
    /// The speed around it, steadier than the stretch's own.
    pub(crate) m_per_min: f64,
    pub(crate) heart_rate: Option<f64>,
    pub(crate) cadence: Option<f64>,
}

/// Kilocalories so far.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Energy {
    /// All that was used while moving.
    pub gross_kcal: f64,
    /// Without what rest would have used.
    pub net_kcal: f64,
}

impl Energy {
    /// That of a stretch on the level of which only the way in metres and the time in seconds are known, by the equations of
    /// the ACSM.
    #[must_use]
    pub fn on_the_level(distance_m: f64, seconds: f64, body: &Body, gait: Gait) -> Self {
        let minutes = seconds / 60.0;
        let m_per_min = if minutes > 0.0 { distance_m / minutes } else { 0.0 };
        let effort = Effort {
            minutes,
            distance_m,
            ascent_m: 0.0,
            m_per_min,
            heart_rate: None,
            cadence: None,
        };
        let mut energy = Self::default();
        energy.add(&effort, body, gait);
        energy
    }

    /// Keytel where heart rate, age and sex are known, else the walking or running equation of the ACSM.
    pub(crate) fn add(&mut self, effort: &Effort, body: &Body, gait: Gait) {
        let rest = REST * effort.minutes * body.weight_kg / ML_PER_KCAL;
        let gross = keytel_kcal(effort, body)
            .unwrap_or_else(|| acsm_kcal(effort, body, gait))
            .max(rest);
        self.gross_kcal += gross;
        self.net_kcal += gross - rest;
    }
}

/// ACSM, Guidelines for Exercise Testing and Prescription: oxygen per minute 3.5 + 0.1 S + 1.8 S·G walking, 3.5 + 0.2 S + 0.9 S·G
/// running; over a stretch, S is its way and S·G its ascent.
fn acsm_kcal(effort: &Effort, body: &Body, gait: Gait) -> f64 {
    let (way, rise) = if gait.runs(effort.m_per_min, effort.cadence) {
        (0.2, 0.9)
    } else {
        (0.1, 1.8)
    };
    let oxygen = REST * effort.minutes + way * effort.distance_m + rise * effort.ascent_m;
    oxygen * body.weight_kg / ML_PER_KCAL
}

/// Keytel et al. 2005, without measured VO2max; none below 90 beats per minute or where age or sex is unknown.
fn keytel_kcal(effort: &Effort, body: &Body) -> Option<f64> {
    let bpm = effort.heart_rate.filter(|bpm| *bpm >= KEYTEL_FROM_BPM)?;
    let age = f64::from(body.age?);
    let kg = body.weight_kg;
    let kj_per_min = match body.sex? {
        Sex::Male => -55.0969 + 0.6309 * bpm + 0.1988 * kg + 0.2017 * age,
        Sex::Female => -20.4022 + 0.4472 * bpm - 0.1263 * kg + 0.074 * age,
    };
    Some(kj_per_min / KJ_PER_KCAL * effort.minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: Body = Body {
        weight_kg: 80.0,
        age: Some(40),
        sex: Some(Sex::Male),
    };

    /// An hour at a speed.
    fn hour(m_per_min: f64) -> Effort {
        let distance_m = 60.0 * m_per_min;
        Effort {
            minutes: 60.0,
            distance_m,
            ascent_m: 0.0,
            m_per_min,
            heart_rate: None,
            cadence: None,
        }
    }

    fn kcal(effort: &Effort, body: &Body, gait: Gait) -> Energy {
        let mut energy = Energy::default();
        energy.add(effort, body, gait);
        energy
    }

    #[test]
    fn on_the_level_is_the_same_equation() {
        let energy = Energy::on_the_level(4_800.0, 3_600.0, &Body::default(), Gait::Walk);
        assert!((energy.gross_kcal - 241.5).abs() < 1e-9);
        let nothing = Energy::on_the_level(0.0, 0.0, &Body::default(), Gait::Run);
        assert_eq!(nothing, Energy::default());
    }

    #[test]
    fn acsm_by_hand() {
        // 3.5 + 0.1 * 80 = 11.5 mL; * 60 min * 70 kg / 200 = 241.5; at rest 73.5.
        let walk = kcal(&hour(80.0), &Body::default(), Gait::Auto);
        assert!((walk.gross_kcal - 241.5).abs() < 1e-9);
        assert!((walk.net_kcal - 168.0).abs() < 1e-9);
        // 3.5 + 0.2 * 200 = 43.5 mL; * 60 * 70 / 200 = 913.5.
        assert!((kcal(&hour(200.0), &Body::default(), Gait::Auto).gross_kcal - 913.5).abs() < 1e-9);
        // 100 m up while walking: 180 mL a kilogram more; * 70 / 200 = 63.
        let uphill = Effort {
            ascent_m: 100.0,
            ..hour(80.0)
        };
        assert!((kcal(&uphill, &Body::default(), Gait::Auto).gross_kcal - 304.5).abs() < 1e-9);
    }

    #[test]
    fn a_slow_run_is_a_run_if_said_or_seen() {
        let slow = hour(120.0);
        let walking = kcal(&slow, &BODY, Gait::Auto).gross_kcal;
        assert!(kcal(&slow, &BODY, Gait::Run).gross_kcal > walking);
        let seen = Effort {
            cadence: Some(165.0),
            ..slow
        };
        assert!(kcal(&seen, &BODY, Gait::Auto).gross_kcal > walking);
    }

    #[test]
    fn keytel_by_hand_where_the_body_is_known() {
        // -55.0969 + 0.6309 * 140 + 0.1988 * 80 + 0.2017 * 40 = 57.2011 kJ a minute.
        let effort = Effort {
            heart_rate: Some(140.0),
            ..hour(160.0)
        };
        let expected = 57.2011 / 4.184 * 60.0;
        assert!((kcal(&effort, &BODY, Gait::Auto).gross_kcal - expected).abs() < 1e-6);
        let acsm = kcal(&hour(160.0), &BODY, Gait::Auto);
        let unknown = Body { age: None, ..BODY };
        assert_eq!(kcal(&effort, &unknown, Gait::Auto), acsm);
        let calm = Effort {
            heart_rate: Some(85.0),
            ..effort
        };
        assert_eq!(kcal(&calm, &BODY, Gait::Auto), acsm);
    }
}
