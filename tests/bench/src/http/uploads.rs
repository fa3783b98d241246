//! Uploads that are each counted whole and booked: half an hour's walk of somebody at a time that he hasn't reported.

use haigou_contract::{
    ActivityKind, ActivitySummary, Day, Minute, MinuteSteps, StepKind, StepSource, Upload,
};
use haigou_store::{Clock as _, SystemClock};
use uuid::Uuid;

use super::people::{Member, People};
use crate::Failed;

/// Minutes of a walk.
pub(super) const MINUTES: i64 = 30;
/// Steps of a walk. The first of a day reaches the preset's rung of 3,000 steps, the second that of 6,000, the third that
/// of 10,000: each makes a journal.
pub(super) const STEPS: i64 = MINUTES * STEPS_A_MINUTE as i64;
const STEPS_A_MINUTE: u32 = 118;
/// When the walks of a day begin, as minutes of the day.
const BEGINS: [i64; 3] = [7 * 60 + 10, 12 * 60 + 15, 18 * 60 + 40];
/// So many days back is reported.
const DAYS: u32 = 30;
const PATH: &str = "/api/v1/sport/uploads";

/// Makes requests, each for a walk of its own: everybody's first, then everybody's second ...
pub(super) struct Uploads {
    people: People,
    today: Day,
    member: u32,
    walk: usize,
    back: u32,
}

impl Uploads {
    pub(super) fn new(people: People) -> Self {
        Self {
            people,
            today: Day::at(SystemClock.now_ms()),
            member: 0,
            walk: 0,
            back: 1,
        }
    }

    /// The next requests, whole and signed.
    pub(super) fn take(&mut self, count: u32) -> Result<Vec<Vec<u8>>, Failed> {
        (0..count).map(|_| self.next()).collect()
    }

    fn next(&mut self) -> Result<Vec<u8>, Failed> {
        if !self.people.members.contains_key(&self.member) {
            (self.member, self.walk) = (0, self.walk + 1);
        }
        if self.walk == BEGINS.len() {
            (self.walk, self.back) = (0, self.back + 1);
        }
        let member = self
            .people
            .members
            .get(&self.member)
            .filter(|_| self.back <= DAYS);
        let member = member.ok_or("the members have walked all there is: measure for a shorter time")?;
        let begin = BEGINS.get(self.walk).copied().unwrap_or(0);
        self.member += 1;
        let mut day = self.today;
        for _ in 0..self.back {
            day = day.previous();
        }
        request(
            &self.people,
            member,
            &walk(Minute(Minute::at(day.start_ms()).0 + begin)),
        )
    }
}

/// Half an hour's walk from a minute on, with positions, as a phone reports it.
fn walk(begin: Minute) -> Upload {
    let id = Uuid::new_v4();
    let minutes = (0..MINUTES).map(|nth| {
        // Faster and slower by turns; the sum stays.
        let swing = u32::from(nth % 2 == 0) * 8;
        MinuteSteps {
            minute: Minute(begin.0 + nth),
            kind: StepKind::Walk,
            source: StepSource::Motion,
            steps: STEPS_A_MINUTE + 4 - swing,
            distance_m: Some(84),
            interval_cv: Some(31),
            peak_cv: Some(92),
            activity: Some(id),
        }
    });
    let length_ms = MINUTES * 60_000;
    let summary = ActivitySummary {
        id,
        kind: ActivityKind::Walk,
        started_ms: begin.start_ms(),
        ended_ms: begin.start_ms() + length_ms,
        active_ms: length_ms,
        monotonic_ms: Some(length_ms),
        steps: u32::try_from(STEPS).unwrap_or(u32::MAX),
        distance_m: 2_520.4,
        estimated: false,
        ascent_m: 12.5,
        kcal_gross: 141.2,
        kcal_net: 106.9,
        heart_rate: None,
        positions: 1_790,
        mock_positions: 0,
        top_speed_mps: Some(1.9),
    };
    Upload {
        minutes: minutes.collect(),
        activities: vec![summary],
        ..Upload::default()
    }
}

fn request(people: &People, member: &Member, upload: &Upload) -> Result<Vec<u8>, Failed> {
    Ok(member.signed(people.address, PATH, &serde_json::to_string(upload)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_has_its_steps() {
        let upload = walk(Minute(29_000_000));
        let steps: u32 = upload.minutes.iter().map(|minute| minute.steps).sum();
        assert_eq!(i64::from(steps), STEPS);
    }
}
