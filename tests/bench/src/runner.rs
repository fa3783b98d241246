//! Somebody who runs with the app, second by second.

use std::iter::Peekable;
use std::path::Path;
use std::sync::Arc;

use haigou_motion::Sample;
use haigou_phone::{Clock as _, CounterReading, ManualClock, MemoryKeys, Phone, PhoneOptions};
use haigou_route::Fix;
use haigou_simulator::{Leg, Person, Place, Plan, Simulation, Way, What, minutes};

use crate::Failed;

/// A phone hands samples over so often, and an app stores so often by itself, in milliseconds.
const BATCH_MS: i64 = 200;
const SECOND_MS: i64 = 1_000;
/// Metres per second.
const SPEED_MPS: f64 = 3.0;

/// See the module.
pub(crate) struct Runner {
    clock: Arc<ManualClock>,
    keys: Arc<MemoryKeys>,
    simulation: Peekable<Simulation>,
    /// Up to when the run was imagined.
    imagined_ms: i64,
    /// Up to when it was heard.
    heard_ms: i64,
    steps: u32,
}

/// Something that the app hears.
pub(crate) struct Heard {
    /// Since the run began, in milliseconds.
    pub(crate) t_ms: i64,
    what: Sense,
}

enum Sense {
    Samples(Vec<Sample>),
    Fix(Fix),
    Counter(u64),
    /// A second has passed.
    Second,
}

impl Runner {
    /// Runs so long, in milliseconds.
    pub(crate) fn new(length_ms: i64) -> Self {
        let way = Way::loop_from(Place::new(31.2165, 121.5503), 5_000.0, 1);
        // A little longer, so that nobody stands at the end.
        let length = minutes(length_ms as f64 / 60_000.0 + 1.0);
        let mut plan = Plan::new(way, [Leg::run(SPEED_MPS, length)]);
        plan.phone.barometer = true;
        plan.phone.heart_rate = true;
        Self {
            clock: Arc::new(ManualClock::new(plan.start_ms)),
            keys: Arc::default(),
            simulation: Simulation::new(plan, Person::anybody(1), 1).peekable(),
            imagined_ms: 0,
            heard_ms: 0,
            steps: 0,
        }
    }

    /// Opens the app, or opens it again.
    pub(crate) fn open(&self, folder: &Path) -> Result<Arc<Phone>, Failed> {
        let (clock, keys) = (Arc::clone(&self.clock), Arc::clone(&self.keys));
        Ok(Phone::open(PhoneOptions::new(
            folder,
            "http://127.0.0.1:1",
            clock,
            keys,
        ))?)
    }

    /// What is to be heard until then.
    pub(crate) fn until(&mut self, to_ms: i64) -> Vec<Heard> {
        let mut heard = Vec::new();
        while self.imagined_ms < to_ms {
            self.imagined_ms += BATCH_MS;
            let t_ms = self.imagined_ms;
            let mut samples = Vec::new();
            while let Some(event) = self.simulation.next_if(|event| event.t_ms < t_ms) {
                let t_ms = event.t_ms;
                match event.what {
                    What::Sample(sample) => samples.push(sample),
                    What::Fix(fix) => heard.push(Heard {
                        t_ms,
                        what: Sense::Fix(fix),
                    }),
                    What::Counter(reading) => {
                        let what = Sense::Counter(reading.raw);
                        heard.push(Heard { t_ms, what });
                    }
                    What::Step(_) => self.steps += 1,
                    What::Restarted { .. } => {}
                }
            }
            let what = Sense::Samples(samples);
            heard.push(Heard { t_ms, what });
            if t_ms % SECOND_MS == 0 {
                let what = Sense::Second;
                heard.push(Heard { t_ms, what });
            }
        }
        heard
    }

    /// The app hears it.
    pub(crate) fn hear(&mut self, phone: &Phone, heard: &Heard) -> Result<(), Failed> {
        self.clock.advance(heard.t_ms - self.heard_ms);
        self.heard_ms = heard.t_ms;
        match &heard.what {
            Sense::Samples(samples) => phone.feed_samples(samples)?,
            Sense::Fix(fix) => phone.feed_fix(*fix)?,
            Sense::Counter(raw) => phone.feed_counter_reading(CounterReading {
                boot_id: self.clock.boot_id(),
                raw: *raw,
                mono_ms: self.clock.mono_ms(),
            })?,
            Sense::Second => phone.tick(),
        }
        Ok(())
    }

    /// Steps that were made so far.
    pub(crate) const fn steps(&self) -> u32 {
        self.steps
    }
}
