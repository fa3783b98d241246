//! What an upload must look like before anybody asks whether it is plausible.
//!
//! Refused here is only what no sensor, however odd, can have measured: it is a fault of the program that sent it,
//! and sending it again won't help. What is merely not believable is taken, and doubted.

use std::collections::HashSet;

use haigou_contract::{
    ActivitySummary, MAX_ACTIVITIES_PER_UPLOAD, MAX_MINUTES_PER_UPLOAD, MinuteSteps, StepKind, Upload,
};

use crate::web::Refusal;

/// The most steps in a minute that are worth a doubt; more are no measurement.
const STEPS_IN_A_MINUTE: u32 = 10_000;
/// The most metres in a minute: 60 km.
const METRES_IN_A_MINUTE: u32 = 60_000;
/// The most of each figure of an activity.
const STEPS: u32 = 10_000_000;
const METRES: f64 = 10_000_000.0;
const KCAL: f64 = 1_000_000.0;
const SPEED_MPS: f64 = 10_000.0;
const HEART_RATE: u16 = 300;
const POSITIONS: u32 = 100_000_000;
/// The last moment that activities may name: the year 2200.
const LATEST_MS: i64 = 7_258_118_400_000;

/// Checks the shape of an upload.
///
/// # Errors
/// `invalid` with the path of the field, for example `minutes[3].steps`, and what would be right.
pub(crate) fn check(upload: &Upload) -> Result<(), Refusal> {
    at_most(upload.minutes.len(), MAX_MINUTES_PER_UPLOAD, "minutes")?;
    at_most(upload.activities.len(), MAX_ACTIVITIES_PER_UPLOAD, "activities")?;
    at_most(upload.corrections.len(), MAX_MINUTES_PER_UPLOAD, "corrections")?;
    check_minutes(&upload.minutes, "minutes")?;
    check_minutes(&upload.corrections, "corrections")?;
    let new: HashSet<_> = upload.minutes.iter().map(|minute| minute.minute).collect();
    let both = |correction: &MinuteSteps| new.contains(&correction.minute);
    if let Some(index) = upload.corrections.iter().position(both) {
        return Err(Refusal::invalid(
            format!("corrections[{index}].minute"),
            "同一分钟不能既是新数据又是更正。",
            "A minute is either new or corrected.",
        ));
    }
    let mut ids = HashSet::new();
    for (index, activity) in upload.activities.iter().enumerate() {
        if !ids.insert(activity.id) {
            return Err(Refusal::invalid(
                format!("activities[{index}].id"),
                "同一次上传中运动编号不能重复。",
                "Each activity comes once in an upload.",
            ));
        }
        check_activity(activity).map_err(|wrong| wrong.refusal(&format!("activities[{index}]")))?;
    }
    Ok(())
}

/// Rows of minutes: rising, each once, within bounds.
fn check_minutes(minutes: &[MinuteSteps], list: &str) -> Result<(), Refusal> {
    let mut before = -1;
    for (index, minute) in minutes.iter().enumerate() {
        if minute.minute.0 <= before {
            return Err(Refusal::invalid(
                format!("{list}[{index}].minute"),
                "分钟须从 0 起逐行递增，每分钟只能出现一次。",
                "Minutes start from 0 and rise from row to row, each once.",
            ));
        }
        before = minute.minute.0;
        check_minute(minute).map_err(|wrong| wrong.refusal(&format!("{list}[{index}]")))?;
    }
    Ok(())
}

/// A figure out of its bounds: the field and what is allowed.
struct Wrong {
    field: &'static str,
    zh: String,
    en: String,
}

impl Wrong {
    fn refusal(self, row: &str) -> Refusal {
        Refusal::invalid(format!("{row}.{}", self.field), self.zh, self.en)
    }
}

fn at_most(length: usize, most: usize, field: &str) -> Result<(), Refusal> {
    if length <= most {
        return Ok(());
    }
    Err(Refusal::invalid(
        field,
        format!("一次最多 {most} 条，请分批提交。"),
        format!("At most {most} at a time: send them in parts."),
    ))
}

fn bounded<T: Copy + PartialOrd + std::fmt::Display>(
    field: &'static str,
    value: T,
    least: T,
    most: T,
) -> Result<(), Wrong> {
    // A figure that is not a number lies within no bounds.
    if value >= least && value <= most {
        return Ok(());
    }
    Err(Wrong {
        field,
        zh: format!("应在 {least} 到 {most} 之间。"),
        en: format!("From {least} to {most} is possible."),
    })
}

fn check_minute(minute: &MinuteSteps) -> Result<(), Wrong> {
    bounded("steps", minute.steps, 0, STEPS_IN_A_MINUTE)?;
    bounded(
        "distance_m",
        minute.distance_m.unwrap_or(0),
        0,
        METRES_IN_A_MINUTE,
    )?;
    if (minute.kind == StepKind::Passive) == minute.activity.is_none() {
        return Ok(());
    }
    Err(Wrong {
        field: "activity",
        zh: "走路和跑步的分钟须注明所属运动，日常步数不可注明。".to_owned(),
        en: "Minutes of a walk or run name their activity, passive ones none.".to_owned(),
    })
}

fn check_activity(activity: &ActivitySummary) -> Result<(), Wrong> {
    bounded("started_ms", activity.started_ms, 0, LATEST_MS)?;
    bounded("ended_ms", activity.ended_ms, 0, LATEST_MS)?;
    bounded("active_ms", activity.active_ms, 0, LATEST_MS)?;
    bounded("monotonic_ms", activity.monotonic_ms.unwrap_or(0), 0, LATEST_MS)?;
    bounded("steps", activity.steps, 0, STEPS)?;
    bounded("distance_m", activity.distance_m, 0.0, METRES)?;
    bounded("ascent_m", activity.ascent_m, 0.0, METRES)?;
    bounded("kcal_gross", activity.kcal_gross, 0.0, KCAL)?;
    bounded("kcal_net", activity.kcal_net, 0.0, KCAL)?;
    bounded("heart_rate", activity.heart_rate.unwrap_or(0), 0, HEART_RATE)?;
    bounded("positions", activity.positions, 0, POSITIONS)?;
    bounded("mock_positions", activity.mock_positions, 0, POSITIONS)?;
    bounded(
        "top_speed_mps",
        activity.top_speed_mps.unwrap_or(0.0),
        0.0,
        SPEED_MPS,
    )
}

#[cfg(test)]
mod tests {
    use haigou_contract::{Minute, StepSource};
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;

    fn minute(number: i64) -> MinuteSteps {
        MinuteSteps {
            minute: Minute(number),
            kind: StepKind::Passive,
            source: StepSource::Counter,
            steps: 100,
            distance_m: None,
            interval_cv: None,
            peak_cv: None,
            activity: None,
        }
    }

    fn activity() -> Value {
        json!({
            "id": Uuid::nil(), "kind": "run", "started_ms": 1_767_196_800_000_i64, "ended_ms": 1_767_198_600_000_i64,
            "active_ms": 1_800_000, "steps": 4_800, "distance_m": 5_000.0, "ascent_m": 10.0, "kcal_gross": 300.0,
            "kcal_net": 270.0, "positions": 1_500, "mock_positions": 0
        })
    }

    fn refused(minutes: Vec<MinuteSteps>, activities: Vec<Value>) -> Option<String> {
        let activities = activities
            .into_iter()
            .map(|a| serde_json::from_value(a).unwrap())
            .collect();
        check(&Upload {
            minutes,
            activities,
            ..Upload::default()
        })
        .err()
        .and_then(|refusal| refusal.field)
    }

    #[test]
    fn odd_measurements_are_taken() {
        let mut backwards = activity();
        backwards["ended_ms"] = json!(1_767_190_000_000_i64);
        assert_eq!(
            refused(
                vec![
                    minute(0),
                    MinuteSteps {
                        steps: 999,
                        ..minute(7)
                    }
                ],
                vec![backwards]
            ),
            None
        );
        assert_eq!(refused(vec![], vec![]), None);
    }

    #[test]
    fn wrong_rows_are_named() {
        for (minutes, field) in [
            (vec![minute(5), minute(5)], "minutes[1].minute"),
            (vec![minute(5), minute(6), minute(4)], "minutes[2].minute"),
            (vec![minute(-1)], "minutes[0].minute"),
            (
                vec![
                    minute(1),
                    MinuteSteps {
                        steps: 1_000_000_000,
                        ..minute(2)
                    },
                ],
                "minutes[1].steps",
            ),
            (
                vec![MinuteSteps {
                    steps: u32::MAX,
                    ..minute(2)
                }],
                "minutes[0].steps",
            ),
            (
                vec![MinuteSteps {
                    distance_m: Some(u32::MAX),
                    ..minute(2)
                }],
                "minutes[0].distance_m",
            ),
            (
                vec![MinuteSteps {
                    kind: StepKind::Walk,
                    ..minute(2)
                }],
                "minutes[0].activity",
            ),
            (
                vec![MinuteSteps {
                    activity: Some(Uuid::nil()),
                    ..minute(2)
                }],
                "minutes[0].activity",
            ),
            ((0..1_441).map(minute).collect(), "minutes"),
        ] {
            assert_eq!(refused(minutes, vec![]).as_deref(), Some(field));
        }
    }

    #[test]
    fn wrong_corrections_are_named() {
        let refused = |minutes: Vec<MinuteSteps>, corrections: Vec<MinuteSteps>| {
            let upload = Upload {
                minutes,
                corrections,
                ..Upload::default()
            };
            check(&upload).err().and_then(|refusal| refusal.field)
        };
        assert_eq!(refused(vec![minute(5)], vec![minute(3), minute(6)]), None);
        for (minutes, corrections, field) in [
            (
                vec![minute(5)],
                vec![minute(4), minute(5)],
                "corrections[1].minute",
            ),
            (vec![], vec![minute(5), minute(5)], "corrections[1].minute"),
            (vec![], (0..1_441).map(minute).collect(), "corrections"),
        ] {
            assert_eq!(refused(minutes, corrections).as_deref(), Some(field));
        }
    }

    #[test]
    fn wrong_activities_are_named() {
        for (field, value) in [
            ("distance_m", json!(1e308)),
            ("distance_m", json!(-0.1)),
            ("ascent_m", json!(1e300)),
            ("kcal_gross", json!(-1.0)),
            ("kcal_net", json!(1e9)),
            ("top_speed_mps", json!(1e308)),
            ("steps", json!(4_000_000_000_u32)),
            ("started_ms", json!(-1)),
            ("ended_ms", json!(i64::MAX)),
            ("active_ms", json!(-5)),
            ("monotonic_ms", json!(i64::MIN)),
            ("heart_rate", json!(301)),
        ] {
            let mut wrong = activity();
            wrong[field] = value;
            assert_eq!(
                refused(vec![], vec![wrong]),
                Some(format!("activities[0].{field}"))
            );
        }
        assert_eq!(
            refused(vec![], vec![activity(), activity()]).as_deref(),
            Some("activities[1].id")
        );
    }
}
