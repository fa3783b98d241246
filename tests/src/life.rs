//! A role of the simulator, played on the real phone core.

use haigou_contract::ActivityKind;
use haigou_phone::Clock as _;
use haigou_simulator::people::Role;
use haigou_simulator::{Event, What};

use crate::Pocket;

/// Samples are handed over a second at a time, as a phone's sensor hub does.
const BATCH_MS: i64 = 1_000;

/// What really happened, and what was made of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Played {
    /// Steps that were really made.
    pub steps: u64,
    /// Metres on foot.
    pub distance_m: f64,
}

/// Plays a role from its beginning to its end; with a kind, the app records an activity.
///
/// The pocket's clocks follow the simulation's: set when they are set, started anew when the phone is.
pub async fn play(pocket: &mut Pocket, role: Role, kind: Option<ActivityKind>) -> Played {
    let truth = role.truth();
    let start_ms = role.plan.start_ms;
    hear(pocket, start_ms, role.simulate(), kind).await;
    Played {
        steps: truth.steps,
        distance_m: truth.distance_m,
    }
}

/// Lets the app hear events that begin at this time of the wall clock.
pub async fn hear(
    pocket: &mut Pocket,
    start_ms: i64,
    events: impl Iterator<Item = Event>,
    kind: Option<ActivityKind>,
) {
    pocket.clock.advance((start_ms - pocket.clock.wall_ms()).max(0));
    pocket.clock.set_wall(start_ms);
    if let Some(kind) = kind {
        pocket
            .app()
            .start_activity(kind)
            .expect("no activity is under way");
    }
    let (mut batch, mut batch_began_ms, mut mono_ms) = (Vec::new(), 0, None);
    for event in events {
        // The simulation's clocks begin anywhere; the phone's go on by as much as those do.
        let passed_ms = mono_ms.map_or(0, |before| event.mono_ms - before);
        if let What::Restarted { .. } = event.what {
            pocket.app().feed_samples(&batch).expect("numbers");
            batch.clear();
            let off_ms = event.wall_ms - pocket.clock.wall_ms();
            pocket.clock.reboot(off_ms);
            pocket.kill_and_open().await;
            mono_ms = Some(event.mono_ms);
            continue;
        }
        mono_ms = Some(event.mono_ms);
        pocket.clock.advance(passed_ms.max(0));
        if (pocket.clock.wall_ms() - event.wall_ms).abs() > BATCH_MS {
            pocket.clock.set_wall(event.wall_ms);
        }
        if event.t_ms - batch_began_ms >= BATCH_MS {
            pocket.app().feed_samples(&batch).expect("numbers");
            batch.clear();
            batch_began_ms = event.t_ms;
        }
        match event.what {
            What::Sample(sample) => batch.push(sample),
            What::Fix(fix) => pocket.app().feed_fix(fix).expect("a place on earth"),
            What::Counter(reading) => pocket.read_counter(reading.raw),
            What::Restarted { .. } | What::Step(_) => {}
        }
    }
    pocket.app().feed_samples(&batch).expect("numbers");
    if kind.is_some() {
        pocket.app().finish().expect("the activity is under way");
    }
    pocket.app().tick();
}
