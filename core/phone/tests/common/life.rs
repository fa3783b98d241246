//! A role of the simulator, lived with the phone in the pocket.

use std::ops::Range;
use std::sync::Arc;

use haigou_contract::ActivityKind;
use haigou_phone::{Clock as _, CounterReading, Phone};
use haigou_simulator::What;
use haigou_simulator::people::Role;

use super::Pocket;

/// Samples are handed over a second at a time, as a phone's sensor hub does.
const BATCH_MS: i64 = 1_000;

/// Plays a role to its end, with or without an activity. The app is killed at the begin of `dead` (milliseconds since the
/// role's begin) and opened again at its end. The answer: the steps that were really made.
pub fn live(
    pocket: &Pocket,
    phone: &mut Option<Arc<Phone>>,
    role: Role,
    kind: Option<ActivityKind>,
    dead: Range<i64>,
) -> u64 {
    let steps = role.truth().steps;
    pass_until(pocket, role.plan.start_ms);
    if let Some(kind) = kind {
        phone.as_ref().unwrap().start_activity(kind).unwrap();
    }
    let (mut batch, mut batch_began_ms) = (Vec::new(), 0);
    for event in role.simulate() {
        if dead.contains(&event.t_ms) {
            drop(phone.take());
            batch.clear();
            continue;
        }
        if phone.is_none() {
            pass_until(pocket, event.wall_ms);
            *phone = Some(pocket.open());
        }
        if event.t_ms - batch_began_ms >= BATCH_MS {
            pass_until(pocket, event.wall_ms);
            phone.as_ref().unwrap().feed_samples(&batch).unwrap();
            batch.clear();
            batch_began_ms = event.t_ms;
        }
        match event.what {
            What::Sample(sample) => batch.push(sample),
            What::Fix(fix) => {
                pass_until(pocket, event.wall_ms);
                phone.as_ref().unwrap().feed_fix(fix).unwrap();
            }
            What::Counter(reading) => {
                pass_until(pocket, event.wall_ms);
                let reading = CounterReading {
                    boot_id: pocket.clock.boot_id(),
                    raw: reading.raw,
                    mono_ms: pocket.clock.mono_ms(),
                };
                phone.as_ref().unwrap().feed_counter_reading(reading).unwrap();
            }
            What::Restarted { .. } | What::Step(_) => {}
        }
    }
    let phone = phone.as_ref().unwrap();
    phone.feed_samples(&batch).unwrap();
    if kind.is_some() {
        phone.finish().unwrap();
    }
    phone.tick();
    steps
}

/// Lets time pass until the wall clock shows this.
pub fn pass_until(pocket: &Pocket, wall_ms: i64) {
    pocket.clock.advance((wall_ms - pocket.clock.wall_ms()).max(0));
}
